//! 64 tasks for an hour, against a service that counts what they use.

use crate::{reads, seed, writes};
use dynamap::Budget;
use fastrand::Rng;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

const TASKS: usize = 64;
const HOUR: Duration = Duration::from_secs(3600);
const RATE: f64 = 20.0;

/// Runs `request` over and over in many tasks, each with a source of random numbers.
async fn hour<F: Future<Output = ()> + 'static>(seed: u64, request: impl Fn(Rng) -> F + Clone + 'static) {
    let until = Instant::now() + HOUR;
    let mut random = Rng::with_seed(seed);
    let mut tasks = JoinSet::new();
    let local = tokio::task::LocalSet::new();
    for _ in 0..TASKS {
        let (mut random, request) = (random.fork(), request.clone());
        tasks.spawn_local_on(
            async move {
                while Instant::now() < until {
                    request(random.fork()).await;
                }
            },
            &local,
        );
    }
    local.run_until(async { while tasks.join_next().await.is_some() {} }).await;
}

/// Items from a few bytes to 400 KB, most of them small.
fn size(random: &mut Rng) -> f64 {
    match random.u32(..100) {
        0 => f64::from(random.u32(100..=400)),
        1..10 => f64::from(random.u32(5..50)),
        _ => f64::from(random.u32(1..4)),
    }
}

/// The part of what the rate allows that was used, burst and all.
fn utilisation(used: f64, taken: Duration) -> f64 {
    used / (RATE * taken.as_secs_f64())
}

#[tokio::test(start_paused = true)]
async fn writes_keep_to_the_rate() {
    let seed = seed();
    let budget = Budget::builder().writes(RATE).build().unwrap();
    let (used, start) = (Rc::new(Cell::new(0.0)), Instant::now());
    let count = used.clone();
    hour(seed, move |mut random| {
        let (budget, used) = (budget.clone(), count.clone());
        async move {
            let units = size(&mut random);
            let in_flight = budget.reserve(None, writes(units)).await.into_sent();
            sleep(Duration::from_millis(random.u64(1..50))).await;
            // Now and then the item was larger before.
            let consumed = if random.u32(..20) == 0 { size(&mut random).max(units) } else { units };
            used.set(used.get() + consumed);
            in_flight.settle(writes(consumed));
        }
    })
    .await;
    let rate = utilisation(used.get(), start.elapsed());
    println!("writes: {:.2} % of the rate", 100.0 * rate);
    assert!((rate - 1.0).abs() <= 0.01, "{rate} of the rate was used, DYNAMAP_SEED={seed}");
}

/// The size of a page is known only when it is there: the average of those before predicts it.
#[tokio::test(start_paused = true)]
async fn reads_keep_to_the_rate() {
    let seed = seed();
    let budget = Budget::builder().reads(RATE).build().unwrap();
    let (used, average, start) = (Rc::new(Cell::new(0.0)), Rc::new(Cell::new(128.0)), Instant::now());
    let count = used.clone();
    hour(seed, move |mut random| {
        let (budget, used, average) = (budget.clone(), count.clone(), average.clone());
        async move {
            let in_flight = budget.reserve(None, reads(average.get())).await.into_sent();
            sleep(Duration::from_millis(random.u64(1..200))).await;
            let consumed = size(&mut random).min(128.0) / 2.0;
            average.set(average.get() + 0.05 * (consumed - average.get()));
            used.set(used.get() + consumed);
            in_flight.settle(reads(consumed));
        }
    })
    .await;
    let rate = utilisation(used.get(), start.elapsed());
    println!("reads: {:.2} % of the rate", 100.0 * rate);
    assert!((rate - 1.0).abs() <= 0.03, "{rate} of the rate was used, DYNAMAP_SEED={seed}");
}

/// Everybody gets as much as everybody else.
#[tokio::test(start_paused = true)]
async fn nobody_starves() {
    let seed = seed();
    let budget = Budget::builder().writes(RATE).build().unwrap();
    let (longest, order) = (Rc::new(Cell::new(Duration::ZERO)), Rc::new(RefCell::new((0_u64, 0_u64))));
    let (wait, places) = (longest.clone(), order.clone());
    hour(seed, move |mut random| {
        let (budget, wait, places) = (budget.clone(), wait.clone(), places.clone());
        async move {
            let units = size(&mut random).min(40.0);
            let (asked, place) = (Instant::now(), places.borrow().0);
            places.borrow_mut().0 += 1;
            drop(budget.reserve(None, writes(units)).await.into_sent());
            let served = places.borrow().1;
            places.borrow_mut().1 += 1;
            // As many may be woken before it as are served at the same moment.
            assert!(
                served.abs_diff(place) <= TASKS as u64,
                "{place} is served as {served}, DYNAMAP_SEED={seed}"
            );
            wait.set(wait.get().max(asked.elapsed()));
        }
    })
    .await;
    // All others, with the largest items that there are.
    let most = Duration::from_secs_f64(TASKS as f64 * 40.0 / RATE);
    assert!(longest.get() <= most, "{:?}, DYNAMAP_SEED={seed}", longest.get());
    let (asked, served) = *order.borrow();
    assert_eq!(asked, served);
}
