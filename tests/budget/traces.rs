//! Random traces: in every window no more is used than the rate allows, the burst, and what is on its way.

use crate::{number, seed, writes};
use dynamap::Budget;
use fastrand::Rng;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// A request that was sent: what it was taken to use, and what it used.
struct Sent {
    at: Duration,
    answered: Option<Duration>,
    most: f64,
    used: f64,
}

#[derive(Default)]
struct Trace {
    sent: Vec<Sent>,
}

impl Trace {
    /// What was on its way at a time, that of the same moment included: it is granted together.
    fn in_flight(&self, at: Duration) -> f64 {
        let sent = self.sent.iter();
        let sent = sent.filter(|sent| sent.at <= at && sent.answered.is_none_or(|answered| answered >= at));
        sent.map(|sent| sent.most).sum()
    }

    /// The window that breaks the bound, and by how much.
    fn broken(&self, rate: f64, burst: f64) -> Option<(Duration, Duration, f64)> {
        let in_flight: Vec<f64> = self.sent.iter().map(|sent| self.in_flight(sent.at)).collect();
        for (first, start) in self.sent.iter().enumerate() {
            let mut used = 0.0;
            for (last, end) in self.sent.iter().enumerate().skip(first) {
                used += end.used;
                let window = (end.at - start.at).as_secs_f64();
                let most = rate * window + burst + in_flight[first] + in_flight[last];
                if used > most + 0.001 {
                    return Some((start.at, end.at, used - most));
                }
            }
        }
        None
    }
}

#[test]
fn no_window_breaks_the_bound() {
    let seed = seed();
    let traces = number("DYNAMAP_BUDGET_TRACES").unwrap_or(300);
    let mut seeds = Rng::with_seed(seed);
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    for number in 0..traces {
        let random = seeds.fork();
        let runtime = runtime().unwrap();
        runtime.block_on(tokio::task::LocalSet::new().run_until(trace(random, seed, number)));
    }
}

async fn trace(mut random: Rng, seed: u64, number: u64) {
    let rate = f64::from(random.u32(1..500));
    let burst = Duration::from_millis(random.u64(50..5000));
    let budget = Budget::builder().writes(rate).burst(burst).build().unwrap();
    let largest = random.u32(1..400);
    let (exact, latency) = (random.bool(), random.u64(1..2000));
    let (start, trace) = (Instant::now(), Rc::new(RefCell::new(Trace::default())));
    let tasks: Vec<_> = (0..random.usize(1..24))
        .map(|_| {
            let (budget, trace, mut random) = (budget.clone(), trace.clone(), random.fork());
            tokio::task::spawn_local(async move {
                for _ in 0..random.u32(1..20) {
                    if random.u32(..4) == 0 {
                        sleep(Duration::from_millis(random.u64(..3000))).await;
                    }
                    let predicted = f64::from(random.u32(1..=largest));
                    let asked = budget.reserve(None, writes(predicted));
                    let patience = Duration::from_millis(if random.u32(..5) == 0 { 50 } else { 100_000_000 });
                    let Ok(reservation) = timeout(patience, asked).await else { continue };
                    if random.u32(..10) == 0 {
                        // The request is not sent after all.
                        continue;
                    }
                    let in_flight = reservation.into_sent();
                    let used = if exact { predicted } else { f64::from(random.u32(1..=2 * largest)) };
                    let place = {
                        let trace = &mut *trace.borrow_mut();
                        let at = start.elapsed();
                        let most = used.max(predicted);
                        trace.sent.push(Sent { at, answered: None, most, used });
                        trace.sent.len() - 1
                    };
                    let answered = match random.u32(..3) {
                        0 => Duration::ZERO,
                        _ => Duration::from_millis(random.u64(..latency)),
                    };
                    if !answered.is_zero() {
                        sleep(answered).await;
                    }
                    let used = match random.u32(..12) {
                        // Refused: it has used nothing.
                        0 => {
                            in_flight.refund();
                            Some(0.0)
                        }
                        // No answer: it may have used what it was taken to.
                        1 => None,
                        _ => {
                            in_flight.settle(writes(used));
                            Some(used)
                        }
                    };
                    let trace = &mut *trace.borrow_mut();
                    if let Some(sent) = trace.sent.get_mut(place) {
                        sent.used = used.unwrap_or_else(|| predicted.min(sent.used));
                        sent.answered = Some(start.elapsed());
                    }
                }
            })
        })
        .collect();
    // The process stands still for a while.
    if random.bool() {
        sleep(Duration::from_millis(random.u64(..2000))).await;
        tokio::time::advance(Duration::from_secs(random.u64(..1000))).await;
    }
    for task in tasks {
        task.await.unwrap();
    }
    let trace = trace.borrow();
    let broken = trace.broken(rate, rate * burst.as_secs_f64());
    assert_eq!(broken, None, "trace {number}, DYNAMAP_SEED={seed}");
    assert!(trace.sent.iter().all(|sent| sent.answered.is_some()));
}
