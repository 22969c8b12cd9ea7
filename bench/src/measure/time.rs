//! Time: all contenders of a case in turns, round after round, and of each the median.

use super::stopwatch::{Stopwatch, median};
use crate::case::{Case, Contender};
use std::time::Duration;

/// The length of a measurement of time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// The number of turns of each contender.
    pub(crate) rounds: usize,
    /// The least that a turn lasts.
    pub(crate) turn: Duration,
}

impl Effort {
    pub(crate) const FULL: Self = Self { rounds: 31, turn: Duration::from_millis(15) };
    pub(crate) const SMOKE: Self = Self { rounds: 1, turn: Duration::ZERO };
}

/// The least between two looks at the clock, which takes some 25 ns itself.
const BATCH: Duration = Duration::from_micros(50);

/// Nanoseconds for each contender of `case`, in their order.
pub(crate) fn medians(case: &mut Case, effort: Effort) -> Vec<f64> {
    let batches: Vec<usize> = case.contenders.iter_mut().map(batch_size).collect();
    let mut turns = vec![Vec::with_capacity(effort.rounds); batches.len()];
    for _ in 0..effort.rounds {
        for (index, contender) in case.contenders.iter_mut().enumerate() {
            turns[index].push(turn(contender, batches[index], effort.turn));
        }
    }
    turns.into_iter().map(median).collect()
}

/// The number of repetitions that make a [`BATCH`]. Warms the contender up as well.
fn batch_size(contender: &mut Contender) -> usize {
    let mut count = 1;
    while contender.run(count, Stopwatch) < BATCH && count < 4096 {
        count *= 2;
    }
    count
}

/// Nanoseconds of one repetition.
fn turn(contender: &mut Contender, batch: usize, least: Duration) -> f64 {
    // The one before it had the caches.
    contender.run(batch, Stopwatch);
    let (mut total, mut count) = (Duration::ZERO, 0_usize);
    while count == 0 || total < least {
        total += contender.run(batch, Stopwatch);
        count += batch;
    }
    total.as_nanos() as f64 / count as f64
}
