//! What a write says of itself when answers are lost. The SDK repeats such writes.

use crate::MAPPING;
use crate::model::{Order, Shop, Status, order};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use dynamap::{Error, Result, Table};
use dynamap::{error::ServiceErrorKind, outcome::UnknownOutcome};
use dynamap_local::{ConnectorError, Local, Request, Response, SharedTransport, Transport, TransportFuture};
use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

/// What happens to one attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    None,
    LostBefore,
    LostAfter,
    ErrorBefore,
    ErrorAfter,
    TimeoutAfter,
    CutAfter,
    Throttled,
    NeverConnected,
    /// Another transaction has the item.
    Conflict,
    /// Its connection breaks, and it arrives when the test lets it.
    Late,
}
use Fault::{
    Conflict, CutAfter, ErrorAfter, ErrorBefore, Late, LostAfter, LostBefore, NeverConnected, Throttled,
    TimeoutAfter,
};

/// The faults of the next attempts, and how many attempts there were.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script(
    Arc<Mutex<(VecDeque<Fault>, usize)>>,
    Arc<Mutex<Option<Rival>>>,
    Arc<Mutex<Arrivals>>,
);

/// The requests that are late, and where they go.
#[derive(Debug, Default)]
struct Arrivals {
    late: Vec<Request>,
    engine: Option<SharedTransport>,
}

/// What somebody else does meanwhile.
struct Rival(Pin<Box<dyn Future<Output = ()> + Send>>);

impl fmt::Debug for Rival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rival")
    }
}

impl Script {
    pub(crate) fn set(&self, faults: &[Fault]) {
        *self.0.lock().unwrap() = (faults.iter().copied().collect(), 0);
    }

    fn next(&self) -> Fault {
        let (faults, attempts) = &mut *self.0.lock().unwrap();
        *attempts += 1;
        faults.pop_front().unwrap_or(Fault::None)
    }

    /// What somebody else does after the first attempt from now on, which must have a fault.
    pub(crate) fn meanwhile(&self, rival: impl Future<Output = ()> + Send + 'static) {
        *self.1.lock().unwrap() = Some(Rival(Box::pin(rival)));
    }

    async fn rival(&self) {
        let rival = self.1.lock().unwrap().take();
        if let Some(Rival(rival)) = rival {
            rival.await;
        }
    }

    /// Lets the requests arrive that are late.
    pub(crate) async fn arrive(&self) {
        let (late, engine) = {
            let arrivals = &mut *self.2.lock().unwrap();
            (std::mem::take(&mut arrivals.late), arrivals.engine.clone().unwrap())
        };
        assert!(!late.is_empty());
        for request in late {
            // Whatever comes of it, nobody hears of it.
            let _ = engine.call(request).await;
        }
    }

    pub(crate) fn attempts(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

#[derive(Debug)]
struct Faulty {
    inner: SharedTransport,
    script: Script,
}

impl Transport for Faulty {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        let fault = self.script.next();
        Box::pin(async move {
            let lost = || ConnectorError::io("connection reset".into());
            match fault {
                LostBefore => {
                    self.script.rival().await;
                    return Err(lost());
                }
                ErrorBefore => return Ok(Response::error(500, "InternalServerError", "x")),
                Throttled => {
                    return Ok(Response::error(400, "ProvisionedThroughputExceededException", "slow down"));
                }
                Conflict => return Ok(Response::error(400, "TransactionConflictException", "x")),
                Late => {
                    self.script.2.lock().unwrap().late.push(request);
                    self.script.rival().await;
                    return Err(lost());
                }
                NeverConnected => {
                    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
                    return Err(ConnectorError::io(refused.into()));
                }
                _ => {}
            }
            let mut response = self.inner.call(request).await?;
            match fault {
                LostAfter => {
                    self.script.rival().await;
                    Err(lost())
                }
                TimeoutAfter => Err(ConnectorError::timeout("no answer".into())),
                ErrorAfter => Ok(Response::error(500, "InternalServerError", "x")),
                CutAfter => {
                    response.body.truncate(1);
                    Ok(response)
                }
                _ => Ok(response),
            }
        })
    }
}

/// A client whose attempts have the faults of the script.
pub(crate) fn faulty() -> (Client, Script) {
    let script = Script::default();
    let local = Local::memory().unwrap();
    script.2.lock().unwrap().engine = Some(local.transport());
    let local = local.wrap(|inner| Faulty { inner, script: script.clone() });
    let retries = RetryConfig::standard().with_initial_backoff(std::time::Duration::from_millis(1));
    let config = dynamap::direct::prepare(local.config()).retry_config(retries);
    (Client::from_conf(config.build()), script)
}

async fn shop() -> (Table<Shop>, Script) {
    let (client, script) = faulty();
    let shop = Table::new(client, "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    (shop, script)
}

#[track_caller]
fn unknown<T: std::fmt::Debug>(result: Result<T>) -> UnknownOutcome {
    match result {
        Err(Error::Unknown(unknown)) => unknown,
        other => panic!("{other:?}"),
    }
}

fn mine() -> Order {
    order("c-1", 2024, 1)
}

async fn stored(shop: &Table<Shop>) -> Option<Order> {
    shop.get(Order::key("c-1", 2024, 1)).consistent_read().send().await.unwrap()
}

#[tokio::test]
async fn a_create_that_was_applied_is_never_called_a_failed_condition() {
    for fault in [LostAfter, ErrorAfter, TimeoutAfter] {
        let (shop, script) = shop().await;
        script.set(&[fault]);
        let outcome = unknown(shop.create(&mine()).send().await);
        assert_eq!(script.attempts(), 2, "{fault:?}");
        assert_eq!((outcome.operation(), outcome.entity(), outcome.table()), ("PutItem", "Order", "shop"));
        assert!(outcome.service_error().is_none());
        // What made the condition fail was the first attempt.
        assert_eq!(outcome.current::<Order>().unwrap().unwrap(), mine());
        assert_eq!(stored(&shop).await, Some(mine()));
        assert!(!format!("{outcome} {outcome:?}").contains("c-1"), "{outcome:?}");
    }
}

#[tokio::test]
async fn an_attempt_that_was_not_applied_leaves_no_doubt() {
    for fault in [LostBefore, ErrorBefore, Throttled, NeverConnected] {
        let (shop, script) = shop().await;
        script.set(&[fault]);
        shop.create(&mine()).send().await.unwrap();
        assert_eq!(script.attempts(), 2, "{fault:?}");
    }
    for fault in [Throttled, NeverConnected] {
        let (shop, script) = shop().await;
        shop.create(&mine()).send().await.unwrap();
        script.set(&[fault]);
        let conflict = shop.create(&mine()).send().await;
        assert!(matches!(conflict, Err(Error::ConditionFailed(_))), "{fault:?}: {conflict:?}");
        assert_eq!(script.attempts(), 2);
        script.set(&[fault; 3]);
        let refused = shop.put(&mine()).send().await;
        assert!(matches!(refused, Err(Error::Service(_))), "{fault:?}: {refused:?}");
    }
}

#[tokio::test]
async fn a_condition_that_fails_at_once_is_a_conflict() {
    let (shop, script) = shop().await;
    shop.create(&mine()).send().await.unwrap();
    script.set(&[]);
    let conflict = shop.create(&mine()).send().await;
    let Err(Error::ConditionFailed(failed)) = conflict else { panic!("{conflict:?}") };
    assert_eq!(failed.current::<Order>().unwrap().unwrap(), mine());
    assert_eq!(script.attempts(), 1);
}

#[tokio::test]
async fn a_conflict_after_a_lost_attempt_is_not_known_to_be_one() {
    let (shop, script) = shop().await;
    let theirs = Order { total: 999, ..mine() };
    shop.create(&theirs).send().await.unwrap();
    // It was lost on the way there, which nobody here can see.
    script.set(&[LostBefore]);
    let outcome = unknown(shop.create(&mine()).send().await);
    assert_eq!(outcome.current::<Order>().unwrap().unwrap(), theirs);
}

#[tokio::test]
async fn what_does_no_harm_is_repeated() {
    for fault in [LostAfter, ErrorAfter, TimeoutAfter, LostBefore] {
        let (shop, script) = shop().await;
        script.set(&[fault]);
        shop.put(&mine()).send().await.unwrap();
        assert_eq!(script.attempts(), 2);
        script.set(&[fault]);
        let update = Order::NOTE.set("x".to_owned()).and(Order::STATUS.set(Status::Shipped));
        shop.update(Order::key("c-1", 2024, 1)).apply(update).send().await.unwrap();
        assert_eq!(script.attempts(), 2, "{fault:?}");
        let expected = Order { note: Some("x".into()), status: Some(Status::Shipped), ..mine() };
        assert_eq!(stored(&shop).await, Some(expected));
    }
}

#[tokio::test]
async fn nothing_is_counted_twice() {
    let (shop, script) = shop().await;
    shop.put(&mine()).send().await.unwrap();
    let key = || Order::key("c-1", 2024, 1);
    let total = async || stored(&shop).await.unwrap().total;
    for (update, fault) in [
        (Order::TOTAL.add(1_u64), LostAfter),
        (Order::TOTAL.set(Order::TOTAL + 1_u64), ErrorAfter),
        (Order::TOTAL.set(Order::TOTAL.if_not_exists(0_u64) + 1_u64), TimeoutAfter),
    ] {
        let before = total().await;
        script.set(&[fault]);
        let outcome = unknown(shop.update(key()).apply(update.clone()).send().await);
        assert_eq!((outcome.operation(), script.attempts()), ("UpdateItem", 1), "{update}");
        assert_eq!(total().await, before + 1, "{update}");
    }
    // Where nothing was applied, it is not repeated either: nobody here can see that.
    script.set(&[LostBefore]);
    unknown(shop.update(key()).apply(Order::TOTAL.add(1_u64)).send().await);
    assert_eq!((script.attempts(), total().await), (1, 13));
    // A refusal is no doubt, and the SDK goes on.
    script.set(&[Throttled, NeverConnected]);
    shop.update(key()).apply(Order::TOTAL.add(1_u64)).send().await.unwrap();
    assert_eq!((script.attempts(), total().await), (3, 14));
    // Whoever allows it gets it.
    script.set(&[LostAfter]);
    shop.update(key()).apply(Order::TOTAL.add(1_u64)).at_least_once().send().await.unwrap();
    assert_eq!((script.attempts(), total().await), (2, 16));
}

#[tokio::test]
async fn a_delete_is_not_repeated_unasked() {
    let (shop, script) = shop().await;
    let key = || Order::key("c-1", 2024, 1);
    for fault in [LostAfter, LostBefore] {
        shop.put(&mine()).send().await.unwrap();
        script.set(&[fault]);
        unknown(shop.delete(key()).send().await);
        assert_eq!(script.attempts(), 1);
        script.set(&[fault]);
        shop.delete(key()).at_least_once().send().await.unwrap();
        assert_eq!((script.attempts(), stored(&shop).await), (2, None));
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_no_success_and_no_failure() {
    let (shop, script) = shop().await;
    script.set(&[CutAfter]);
    let outcome = unknown(shop.create(&mine()).send().await);
    // It was repeated, and found an item, perhaps its own.
    assert!(outcome.service_error().is_none() && outcome.current::<Order>().is_some());
    assert!(!outcome.can_be_resolved(), "an item without a lineage does not tell whose it is");
    assert_eq!(stored(&shop).await, Some(mine()));
    script.set(&[LostAfter, LostAfter, LostAfter]);
    let outcome = unknown(shop.put(&mine()).send().await);
    assert_eq!(outcome.service_error().unwrap().kind(), ServiceErrorKind::Unreachable);
    // A refusal at the end does not tell what became of the attempt before it.
    script.set(&[LostBefore, Throttled, Throttled]);
    let outcome = unknown(shop.put(&mine()).send().await);
    assert_eq!(outcome.service_error().unwrap().kind(), ServiceErrorKind::Throttled);
}
