//! The time of an invocation.

use crate::event::{event, image, record};
use crate::model::{Order, Status, order};
use dynamap::stream::lambda::{BatchResponse, StreamHandler};
use serde_json::Value;
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};
use tokio::time::{Instant, sleep};

const SECOND: Duration = Duration::from_secs(1);

/// Five records of as many items.
fn records() -> Vec<Value> {
    let item = |number| image(&Order { number, ..order(Status::Open) });
    (0..5).map(|number| record(number as usize, "INSERT", None, Some(item(number)))).collect()
}

/// The numbers of the failures, from 0.
fn failures(response: &BatchResponse) -> Vec<u64> {
    let numbers = response.failures().iter().map(|failure| failure.sequence_number().as_str());
    numbers.map(|number| number.parse::<u64>().unwrap() - 4_421_584_500).collect()
}

/// One record a time, each in three seconds, and ten seconds for all.
#[tokio::test(start_paused = true)]
async fn what_was_not_started_in_time_is_told() {
    let handler = StreamHandler::<Order>::new(|_| async {
        sleep(3 * SECOND).await;
        Ok::<(), String>(())
    });
    let (handler, begun) = (handler.concurrency(1), Instant::now());
    let deadline = SystemTime::now() + 10 * SECOND;
    let response = handler.handle(&event(&records()), Some(deadline)).await.unwrap();
    // At 8 s no more is started, and the one at work is finished at 9 s.
    assert_eq!((failures(&response), begun.elapsed().as_secs()), (vec![3], 9));

    let begun = Instant::now();
    let response = handler.handle(&event(&records()), None).await.unwrap();
    assert_eq!((failures(&response), begun.elapsed().as_secs()), (vec![], 15));
}

#[tokio::test(start_paused = true)]
async fn what_is_at_work_at_the_deadline_is_dropped() {
    let dropped = Arc::new(AtomicUsize::new(0));
    struct Dropped(Arc<AtomicUsize>);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let own = dropped.clone();
    let handler = StreamHandler::<Order>::new(move |change| {
        let guard = Dropped(own.clone());
        async move {
            sleep(if change.key.number == 1 { 60 * SECOND } else { SECOND }).await;
            drop(guard);
            Ok::<(), String>(())
        }
    });
    let begun = Instant::now();
    let deadline = SystemTime::now() + 20 * SECOND;
    let response = handler.handle(&event(&records()), Some(deadline)).await.unwrap();
    assert_eq!((failures(&response), dropped.load(Ordering::Relaxed)), (vec![1], 5));
    assert_eq!(begun.elapsed().as_secs(), 19, "two tenths of a second before the deadline");
}

/// A record that fails when the time is over is not poison: it is delivered again.
#[tokio::test(start_paused = true)]
async fn no_record_is_poison_since_the_time_was_over() {
    let poison = Arc::new(AtomicUsize::new(0));
    let own = poison.clone();
    let handler = StreamHandler::<Order>::new(|_| async {
        sleep(3 * SECOND).await;
        Err("not now")
    });
    let handler = handler.max_attempts(3).backoff(Duration::ZERO, Duration::ZERO).on_poison(move |_| {
        own.fetch_add(1, Ordering::Relaxed);
        std::future::ready(Ok::<(), String>(()))
    });
    let deadline = |seconds| Some(SystemTime::now() + seconds * SECOND);
    let response = handler.handle(&event(&records()), deadline(10)).await.unwrap();
    assert_eq!((failures(&response), poison.load(Ordering::Relaxed)), (vec![0], 0));
    let response = handler.handle(&event(&records()), deadline(30)).await.unwrap();
    assert_eq!((failures(&response), poison.load(Ordering::Relaxed)), (vec![], 5));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_is_over_starts_nothing() {
    let handler = StreamHandler::<Order>::new(|_| std::future::ready(Ok::<(), String>(())));
    let response = handler.handle(&event(&records()), Some(SystemTime::UNIX_EPOCH)).await.unwrap();
    assert_eq!(failures(&response), [0]);
}

/// The pause before the next attempt would end behind the time at which nothing is started any more.
#[tokio::test(start_paused = true)]
async fn nothing_is_tried_again_when_the_time_is_over() {
    let calls = Arc::new(AtomicUsize::new(0));
    let own = calls.clone();
    let handler = StreamHandler::<Order>::new(move |_| {
        own.fetch_add(1, Ordering::Relaxed);
        async {
            sleep(SECOND).await;
            Err("not now")
        }
    });
    let handler = handler.concurrency(1).max_attempts(1000).backoff(60 * SECOND, 60 * SECOND);
    for _ in 0..20 {
        let begun = Instant::now();
        let deadline = SystemTime::now() + 10 * SECOND;
        let response = handler.handle(&event(&records()), Some(deadline)).await.unwrap();
        assert_eq!(failures(&response), [0]);
        // The last attempt begins before 8 s.
        assert!(begun.elapsed() <= 9 * SECOND, "{:?}", begun.elapsed());
    }
    assert!(calls.load(Ordering::Relaxed) >= 20);
}
