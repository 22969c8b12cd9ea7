//! What is tried again on an executor that is not tokio's: pauses go by what the client sleeps with.

use crate::MAPPING;
use crate::model::{Order, Shop, order};
use aws_sdk_dynamodb::{
    Client,
    config::{AsyncSleep, Sleep, retry::RetryConfig},
};
use dynamap::value::Version;
use dynamap::{Budget, Entity, Table, direct};
use dynamap_local::faults::{Fault, Plan, Throttling, When};
use dynamap_local::{ConnectorError, Local, Request, Response, SharedTransport, Transport, TransportFuture};
use std::convert::Infallible;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "DRAFT#{id}", sk = "DRAFT")]
struct Draft {
    id: u32,
    text: String,
    #[dynamap(version)]
    version: Version<u64>,
}

/// The smallest executor there is.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let mut future = pin!(future);
    let waker = Arc::new(Unpark(thread::current())).into();
    let begun = Instant::now();
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park_timeout(Duration::from_secs(60)),
        }
        assert!(begun.elapsed() < Duration::from_secs(50), "nobody woke it");
    }
}

/// Sleeps in a thread, a hundred times as fast, and counts how often.
#[derive(Debug, Clone, Default)]
struct Threads(Arc<AtomicUsize>);

impl AsyncSleep for Threads {
    fn sleep(&self, time: Duration) -> Sleep {
        self.0.fetch_add(1, Ordering::Relaxed);
        let over = Arc::new((OnceLock::new(), OnceLock::<std::task::Waker>::new()));
        let asleep = over.clone();
        let mut begun = false;
        Sleep::new(std::future::poll_fn(move |cx| {
            if asleep.0.get().is_some() {
                return Poll::Ready(());
            }
            if !begun {
                begun = true;
                let _ = asleep.1.set(cx.waker().clone());
                let asleep = asleep.clone();
                thread::spawn(move || {
                    thread::sleep(time / 100);
                    let _ = asleep.0.set(());
                    asleep.1.get().unwrap().wake_by_ref();
                });
            }
            Poll::Pending
        }))
    }
}

/// Answers each request of an operation with an error, so many times.
#[derive(Debug)]
struct Refuses {
    inner: SharedTransport,
    operation: &'static str,
    times: AtomicUsize,
    code: &'static str,
}

impl Transport for Refuses {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        let left = |times: usize| times.checked_sub(1);
        let is_refused = request.operation == self.operation
            && self.times.fetch_update(Ordering::Relaxed, Ordering::Relaxed, left).is_ok();
        match is_refused {
            true if self.code.is_empty() => {
                Box::pin(async { Err(ConnectorError::io("the connection broke".into())) })
            }
            true => Box::pin(async { Ok(Response::error(400, self.code, "x")) }),
            false => self.inner.call(request),
        }
    }
}

/// A table whose client sleeps by threads, and how often it did. `retries` are those of the SDK.
fn shop(local: &Local, retries: u32) -> (Table<Shop>, Arc<AtomicUsize>) {
    let sleep = Threads::default();
    let config = local.config().sleep_impl(sleep.clone());
    let config = config.retry_config(RetryConfig::standard().with_max_attempts(retries));
    let client = Client::from_conf(direct::prepare(config).build());
    (Table::new(client, "shop").with_mapping(MAPPING), sleep.0)
}

fn refusing(operation: &'static str, times: usize, code: &'static str) -> Local {
    let local = Local::memory().unwrap();
    block_on(shop(&local, 1).0.create_table_if_absent().send()).unwrap();
    local.wrap(|inner| Refuses { inner, operation, times: AtomicUsize::new(times), code })
}

#[test]
fn a_put_is_retried() {
    let (shop, slept) = shop(&refusing("PutItem", 2, "ProvisionedThroughputExceededException"), 3);
    block_on(shop.put(&order("c-1", 2024, 1)).send()).unwrap();
    assert!(slept.load(Ordering::Relaxed) > 0);
    assert!(block_on(shop.exists(Order::key("c-1", 2024, 1)).send()).unwrap());
}

#[test]
fn a_write_without_an_answer_is_sent_again() {
    let (shop, slept) = shop(&refusing("UpdateItem", 1, ""), 1);
    let mut draft = Draft { id: 1, text: "a".into(), version: Version::NEW };
    block_on(shop.create(&mut draft).send()).unwrap();
    draft.text = "b".into();
    let before = slept.load(Ordering::Relaxed);
    block_on(shop.save(&mut draft).send()).unwrap();
    assert!(slept.load(Ordering::Relaxed) > before + 1, "beside the timeouts of the SDK");
}

#[test]
fn batches_wait_for_throughput() {
    let throttled = [
        (When::operation("BatchWriteItem").times(2), Fault::Throttle(Throttling::KeyRange)),
        (When::operation("BatchGetItem").times(2), Fault::Throttle(Throttling::KeyRange)),
        (When::operation("Scan").times(2), Fault::Throttle(Throttling::KeyRange)),
    ];
    let local = Local::memory().unwrap();
    block_on(shop(&local, 1).0.create_table_if_absent().send()).unwrap();
    let (local, _) = local.with_faults(Plan::script(throttled));
    let (shop, slept) = shop(&local, 1);
    let all = || (1..=60).map(|number| order("c-1", 2024, number));
    block_on(shop.repository::<Order>().batch_write().put_all(all()).send()).unwrap();
    assert!(slept.load(Ordering::Relaxed) > 0);
    let orders = shop.repository::<Order>();
    let keys = (1..=60).map(|number| Order::key("c-1", 2024, number));
    let got = block_on(orders.batch_get(keys).send()).unwrap();
    assert_eq!(got.into_iter().filter_map(dynamap::batch::Fetched::found).count(), 60);
    assert_eq!(block_on(orders.scan().parallel(2).try_collect()).unwrap().len(), 60);
}

#[test]
fn a_change_that_meets_a_conflict_is_made_again() {
    let (shop, slept) = shop(&refusing("UpdateItem", 2, "TransactionConflictException"), 1);
    let mut draft = Draft { id: 1, text: "a".into(), version: Version::NEW };
    block_on(shop.create(&mut draft).send()).unwrap();
    let before = slept.load(Ordering::Relaxed);
    let change = |draft: &mut Draft| {
        draft.text.push('!');
        Ok::<_, Infallible>(())
    };
    let modified = block_on(shop.repository::<Draft>().modify(Draft::key(1), change).send()).unwrap();
    assert_eq!(modified.text, "a!");
    assert!(slept.load(Ordering::Relaxed) > before);
}

#[test]
fn transactions_wait_for_one_another() {
    let conflict = "TransactionInProgressException";
    let (shop, slept) = shop(&refusing("TransactWriteItems", 2, conflict), 1);
    let write = shop.transact_write().put(&order("c-1", 2024, 1)).put(&order("c-1", 2024, 2));
    block_on(write.send()).unwrap();
    assert!(slept.load(Ordering::Relaxed) > 0);
    let keys = (Order::key("c-1", 2024, 1), Order::key("c-1", 2024, 2));
    let (one, two) = block_on(shop.transact_get(keys).send()).unwrap();
    assert!(one.is_some() && two.is_some());
}

#[test]
fn a_table_is_waited_for() {
    let (shop, slept) = shop(&refusing("DescribeTable", 2, "ResourceNotFoundException"), 1);
    block_on(shop.wait_until_active().send()).unwrap();
    assert!(slept.load(Ordering::Relaxed) > 0);
}

#[test]
fn a_budget_is_waited_for() {
    let (shop, slept) = shop(&refusing("", 0, ""), 1);
    let budget = Budget::builder().writes(20.0).build().unwrap();
    let shop = shop.with_budget(&budget);
    let begun = Instant::now();
    for number in 1..=30 {
        block_on(shop.put(&order("c-1", 2024, number)).send()).unwrap();
    }
    assert!(begun.elapsed() > Duration::from_millis(200), "{:?}", begun.elapsed());
    assert!(slept.load(Ordering::Relaxed) > 0);
}
