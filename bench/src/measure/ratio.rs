//! Time, as ratios: short turns side by side, so that what slows the machine down slows all contenders.

use super::stopwatch::{Stopwatch, median};
use crate::case::Case;
use std::time::Duration;

/// The median, over many rounds, of how many times as long each contender took as the first one did.
pub(crate) fn ratios(case: &mut Case, rounds: usize, turn: Duration) -> Vec<(&'static str, f64, f64)> {
    let count = case.contenders.len();
    let sizes: Vec<usize> = case
        .contenders
        .iter_mut()
        .map(|contender| {
            contender.run(20, Stopwatch);
            let one = contender.run(100, Stopwatch) / 100;
            (turn.as_nanos() / one.as_nanos().max(1)).clamp(1, 100_000) as usize
        })
        .collect();
    let mut times = vec![Vec::with_capacity(rounds); count];
    for round in 0..rounds {
        // Each round begins with another contender: none always follows the same one.
        for step in 0..count {
            let index = (round + step) % count;
            // The one before it had the caches: some of the contenders share more code than others.
            case.contenders[index].run(sizes[index].div_ceil(4), Stopwatch);
            let time = case.contenders[index].run(sizes[index], Stopwatch);
            times[index].push(time.as_nanos() as f64 / sizes[index] as f64);
        }
    }
    let first = times[0].clone();
    let rows = case.contenders.iter().zip(times);
    rows.map(|(contender, times)| {
        let ratios = times.iter().zip(&first).map(|(time, first)| time / first).collect();
        (contender.name, median(times.clone()), median(ratios))
    })
    .collect()
}
