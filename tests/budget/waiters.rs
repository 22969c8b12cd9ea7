//! Those who wait: given up at any moment, not polled, served by other threads, and after the process stood still.

use crate::{number, reads, seed, writes};
use dynamap::Budget;
use dynamap::budget::InvalidBudget;
use fastrand::Rng;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, advance, sleep};

fn budget(rate: f64) -> Budget {
    Budget::builder().writes(rate).burst(Duration::from_secs(10)).build().unwrap()
}

/// Whoever gives up, at whichever poll, leaves the units to those behind.
#[tokio::test(start_paused = true)]
async fn whoever_gives_up_leaves_the_units() {
    for polls in 0..9 {
        let budget = budget(1.0);
        let start = Instant::now();
        drop(budget.reserve(None, writes(10.0)).await.into_sent());
        assert_eq!(budget.available(None).write, 0.0);
        let mut first = Box::pin(budget.reserve(None, writes(5.0)));
        let second = tokio::spawn({
            let budget = budget.clone();
            async move {
                sleep(Duration::from_millis(10)).await;
                budget.reserve(None, writes(3.0)).await.into_sent();
                Instant::now()
            }
        });
        for _ in 0..polls {
            let _ = poll_fn(|cx| Poll::Ready(first.as_mut().poll(cx).is_ready())).await;
            sleep(Duration::from_millis(700)).await;
        }
        let given_up = start.elapsed();
        drop(first);
        let served = second.await.unwrap() - start;
        // Alone it waits for three units; behind the first, until that gives up or is served.
        let earliest = Duration::from_secs(3);
        let fair = match polls {
            0 => earliest,
            _ if given_up <= earliest => earliest,
            _ => given_up.min(Duration::from_secs(8)),
        };
        let late = served.saturating_sub(fair);
        assert!(served >= fair && late <= Duration::from_millis(2), "{polls}: {served:?} for {fair:?}");
        sleep(Duration::from_secs(100)).await;
        assert_eq!(budget.available(None).write, 10.0);
    }
}

/// What is granted and not sent comes back; what is sent does not.
#[tokio::test(start_paused = true)]
async fn only_what_was_sent_is_used() {
    let budget = budget(1.0);
    let full = budget.available(None);
    drop(budget.reserve(None, writes(4.0)).await);
    assert_eq!(budget.available(None), full);
    budget.reserve(None, writes(4.0)).await.into_sent().refund();
    assert_eq!(budget.available(None), full);
    drop(budget.reserve(None, writes(4.0)).await.into_sent());
    assert_eq!(budget.available(None).write, 6.0);
    budget.reserve(None, writes(4.0)).await.into_sent().settle(writes(1.0));
    assert_eq!(budget.available(None).write, 5.0);
    // A debt, which the next one waits for.
    budget.reserve(None, writes(5.0)).await.into_sent().settle(writes(25.0));
    assert_eq!(budget.available(None).write, -20.0);
    let start = Instant::now();
    drop(budget.reserve(None, writes(1.0)).await.into_sent());
    assert_eq!(start.elapsed().as_secs(), 21);
    // What is not limited is not waited for.
    drop(budget.reserve(None, reads(1e12)).await.into_sent());
    drop(budget.reserve(Some("gsi1"), writes(1e12)).await.into_sent());
    assert_eq!((start.elapsed().as_secs(), budget.available(None).read), (21, f64::INFINITY));
}

/// More than the burst is taken at once from a full bucket.
#[tokio::test(start_paused = true)]
async fn what_is_larger_than_the_burst_passes() {
    let budget = budget(1.0);
    drop(budget.reserve(None, writes(1.0)).await.into_sent());
    let start = Instant::now();
    drop(budget.reserve(None, writes(50.0)).await.into_sent());
    assert_eq!(start.elapsed().as_secs(), 1);
    assert_eq!(budget.available(None).write.floor(), -40.0);
}

/// A future that nobody polls, such as that of a page read ahead, keeps nobody waiting.
#[tokio::test(start_paused = true)]
async fn one_that_is_not_polled_blocks_nobody() {
    let budget = budget(1.0);
    drop(budget.reserve(None, writes(10.0)).await.into_sent());
    let mut idle = pin!(budget.reserve(None, writes(2.0)));
    assert!(poll_fn(|cx| Poll::Ready(idle.as_mut().poll(cx).is_pending())).await);
    let start = Instant::now();
    drop(budget.reserve(None, writes(1.0)).await.into_sent());
    assert_eq!(start.elapsed().as_secs(), 3);
    drop(idle.await.into_sent());
    assert_eq!(start.elapsed().as_secs(), 3);
}

/// What was granted to one who is not polled, and then gives up, comes back.
#[tokio::test(start_paused = true)]
async fn what_nobody_fetched_comes_back() {
    let budget = budget(1.0);
    drop(budget.reserve(None, writes(10.0)).await.into_sent());
    let mut idle = Box::pin(budget.reserve(None, writes(2.0)));
    assert!(poll_fn(|cx| Poll::Ready(idle.as_mut().poll(cx).is_pending())).await);
    drop(budget.reserve(None, writes(1.0)).await.into_sent());
    let before = budget.available(None).write;
    drop(idle);
    assert_eq!(budget.available(None).write, before + 2.0);
}

/// A process that stood still for an hour has the burst, and no more.
#[tokio::test(start_paused = true)]
async fn a_process_that_stood_still_has_the_burst() {
    let budget = budget(1.0);
    drop(budget.reserve(None, writes(10.0)).await.into_sent());
    let served = || async {
        drop(budget.reserve(None, writes(1.0)).await.into_sent());
        Instant::now()
    };
    let mut waiters: Vec<_> = (0..30).map(|_| Box::pin(served())).collect();
    for waiter in &mut waiters {
        assert!(poll_fn(|cx| Poll::Ready(waiter.as_mut().poll(cx).is_pending())).await);
    }
    advance(Duration::from_secs(3600)).await;
    let start = Instant::now();
    let mut at_once = 0;
    for waiter in waiters {
        at_once += usize::from(waiter.await == start);
    }
    assert_eq!(at_once, 10);
    assert_eq!(start.elapsed().as_secs(), 20);
}

/// Threads with runtimes of their own share a budget; all are served.
#[test]
fn threads_share_a_budget() {
    let seed = seed();
    let budget = Budget::builder().writes(200_000.0).burst(Duration::from_millis(5)).build().unwrap();
    let mut random = Rng::with_seed(seed);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let (budget, mut random) = (budget.clone(), random.fork());
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                runtime.block_on(async {
                    for _ in 0..number("DYNAMAP_BUDGET_TURNS").unwrap_or(200) {
                        let asked = budget.reserve(None, writes(f64::from(random.u32(1..400))));
                        let patience = Duration::from_micros(random.u64(1..20_000));
                        match tokio::time::timeout(patience, asked).await {
                            Ok(reservation) if random.bool() => reservation.into_sent().settle(writes(1.0)),
                            Ok(_) | Err(_) => {}
                        }
                    }
                });
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    // Nobody waits any more: what is there can be taken.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async { drop(budget.reserve(None, writes(1000.0)).await) });
    assert!(budget.available(None).write <= 1000.0);
}

#[tokio::test]
async fn a_budget_that_cannot_be_is_refused() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e10] {
        assert_eq!(Budget::builder().writes(rate).build().unwrap_err(), InvalidBudget::Rate, "{rate}");
        assert_eq!(Budget::builder().index_reads("gsi1", rate).build().unwrap_err(), InvalidBudget::Rate);
    }
    for burst in [Duration::ZERO, Duration::from_secs(3601)] {
        assert_eq!(Budget::builder().burst(burst).build().unwrap_err(), InvalidBudget::Burst);
    }
    // The last rate counts.
    let budget = Budget::builder().reads(-1.0).reads(5.0).build().unwrap();
    assert_eq!(budget.rate(None), dynamap::capacity::Units { read: 5.0, write: f64::INFINITY });
}
