//! The throughput of a table: given when it is created, described, and changed while it is in use.

use crate::model::{ByPlace, ByStatus, Order, Shop, order};
use aws_sdk_dynamodb::types::TableDescription;
use dynamap::error::ServiceErrorKind;
use dynamap::op::Throughput;
use dynamap::outcome::InvalidThroughputKind;
use dynamap::{Error, Table, TableSchema};
use dynamap_local::faults::{Fault, Plan, When};
use dynamap_local::{Local, Request, Requests, Response, SharedTransport, Transport, TransportFuture};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

#[derive(TableSchema)]
#[dynamap(partition_key = number("id"))]
struct Counters;

const ALL: [Throughput; 5] = [
    Throughput::OnDemand,
    Throughput::Provisioned { read: 1, write: 1 },
    Throughput::Provisioned { read: 5, write: 1 },
    Throughput::Provisioned { read: 1, write: 5 },
    Throughput::Provisioned { read: 5, write: 5 },
];

fn counters() -> (Table<Counters>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    (Table::new(local.client(), "counters"), requests)
}

async fn described<S: TableSchema>(table: &Table<S>) -> TableDescription {
    table.describe().send().await.unwrap().unwrap()
}

fn operations(requests: &Requests) -> Vec<String> {
    requests.take().into_iter().map(|request| request.operation).collect()
}

#[tokio::test(start_paused = true)]
async fn any_throughput_becomes_any_other() {
    for from in ALL {
        for to in ALL {
            let (counters, requests) = counters();
            assert!(counters.create_table_if_absent().throughput(from).send().await.unwrap());
            assert_eq!(Throughput::of(&described(&counters).await), Some(from));
            requests.clear();
            let changed = counters.update_throughput(to).await.unwrap();
            assert_eq!(changed, from != to, "from {from} to {to}");
            let expected = if changed {
                &["DescribeTable", "UpdateTable", "DescribeTable"][..]
            } else {
                &["DescribeTable"]
            };
            assert_eq!(operations(&requests), expected, "from {from} to {to}");
            assert_eq!(Throughput::of(&described(&counters).await), Some(to));
            // A table that is there keeps its throughput.
            assert!(!counters.create_table_if_absent().throughput(from).send().await.unwrap());
            assert_eq!(Throughput::of(&counters.describe().await.unwrap().unwrap()), Some(to));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_dynamodb_would_refuse_is_not_sent() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop");
    let good = Throughput::Provisioned { read: 1, write: 1 };
    for (read, write) in [(0, 1), (1, 0), (-1, 5), (5, i64::MIN), (0, 0)] {
        let bad = Throughput::Provisioned { read, write };
        let refused = [
            (None, shop.create_table_if_absent().provisioned(read, write).send().await),
            (None, shop.update_throughput(bad).send().await),
            (None, shop.update_throughput(bad).explain().map(|_| true)),
            (Some("gsi1"), shop.update_throughput(good).index_throughput::<ByStatus>(read, write).await),
        ];
        for (index, outcome) in refused {
            let Err(Error::InvalidThroughput(error)) = outcome else { panic!("{outcome:?}") };
            let kind = InvalidThroughputKind::TooFewUnits { read, write };
            assert_eq!((error.index(), error.kind()), (index, &kind));
            assert!(error.to_string().contains(&format!("{read} read and {write} write units")), "{error}");
        }
    }
    let on_demand = shop.update_throughput(Throughput::OnDemand).index_throughput::<ByPlace>(5, 5);
    let Err(Error::InvalidThroughput(error)) = on_demand.send().await else { panic!("it is taken") };
    assert_eq!(error.to_string(), "throughput of index `gsi2`: provisioned, while the table is on demand");
    assert!(requests.take().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_absent_table_is_an_error_at_once() {
    let (counters, requests) = counters();
    assert_eq!(counters.describe().send().await.unwrap(), None);
    let (start, absent) = (Instant::now(), counters.update_throughput(Throughput::OnDemand).send().await);
    let Err(Error::Service(error)) = absent else { panic!("{absent:?}") };
    assert_eq!(error.kind(), ServiceErrorKind::TableNotFound);
    assert_eq!(error.to_string(), "UpdateTable on table `counters`: there is no such table");
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    assert_eq!(operations(&requests), ["DescribeTable", "DescribeTable"]);
}

#[tokio::test(start_paused = true)]
async fn another_schema_is_not_changed() {
    let local = Local::memory().unwrap();
    Table::<Shop>::new(local.client(), "shop").create_table_if_absent().send().await.unwrap();
    let (local, requests) = local.recording();
    let other = Table::<Counters>::new(local.client(), "shop");
    let refused = other.update_throughput(ALL[1]).send().await;
    assert!(matches!(refused, Err(Error::SchemaMismatch(_))), "{refused:?}");
    assert_eq!(operations(&requests), ["DescribeTable"]);
}

/// The engine keeps no throughput of an index that UpdateTable gives: `update_throughput/change.rs` tests which are sent.
#[tokio::test(start_paused = true)]
async fn a_table_with_indexes_is_used_while_it_changes() {
    let local = Local::memory().unwrap();
    let shop = Table::<Shop>::new(local.client(), "shop");
    shop.create_table_if_absent().send().await.unwrap();
    shop.put(&order("c-1", 2024, 1)).send().await.unwrap();
    for throughput in [ALL[4], ALL[1], ALL[0]] {
        assert!(shop.update_throughput(throughput).send().await.unwrap());
        let key = Order::key("c-1", 2024, 1);
        assert_eq!(shop.get(key).send().await.unwrap(), Some(order("c-1", 2024, 1)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_a_change_all_the_same() {
    for to in [ALL[0], ALL[4]] {
        for fault in [
            Fault::DropBefore,
            Fault::DropAfter,
            Fault::ErrorBefore,
            Fault::ErrorAfter,
            Fault::Truncated(3),
            Fault::HangAfter,
        ] {
            for times in [1, 2] {
                let local = Local::memory().unwrap();
                let plain = Table::<Counters>::new(local.client(), "counters");
                plain.create_table_if_absent().throughput(ALL[1]).send().await.unwrap();
                let plan = Plan::script([(When::operation("UpdateTable").times(times), fault.clone())]);
                let counters = Table::<Counters>::new(local.with_faults(plan).0.client(), "counters");
                let changed = counters.update_throughput(to).send().await;
                assert!(matches!(changed, Ok(true)), "{fault:?} {times} times: {changed:?}");
                assert_eq!(Throughput::of(&described(&plain).await), Some(to));
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_change_of_another_caller_is_none_of_this_one() {
    let in_use = || Fault::Error(400, "ResourceInUseException".into());
    for (others, expected) in [(ALL[4], Ok(false)), (ALL[2], Err(ServiceErrorKind::TableInUse))] {
        let local = Local::memory().unwrap();
        let plain = Table::<Counters>::new(local.client(), "counters");
        plain.create_table_if_absent().send().await.unwrap();
        let racing = local.clone().wrap(|inner| Racing { inner, plain: plain.clone(), others });
        let (local, _) =
            racing.with_faults(Plan::script([(When::operation("UpdateTable").always(), in_use())]));
        let counters = Table::<Counters>::new(local.client(), "counters");
        // The other caller was faster.
        let changed = counters.update_throughput(ALL[4]).send().await;
        let changed = changed.map_err(|error| match error {
            Error::Service(error) => error.kind(),
            error => panic!("{error}"),
        });
        assert_eq!(changed, expected);
    }
    let local = Local::memory().unwrap();
    let plain = Table::<Counters>::new(local.client(), "counters");
    plain.create_table_if_absent().send().await.unwrap();
    let refusal = Fault::Error(400, "LimitExceededException".into());
    let (local, _) = local.with_faults(Plan::script([(When::operation("UpdateTable").always(), refusal)]));
    let refused = Table::<Counters>::new(local.client(), "counters").update_throughput(ALL[4]).await;
    let Err(Error::Service(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.kind(), ServiceErrorKind::LimitExceeded);
}

/// Another caller changes the table after its first description.
#[derive(Debug)]
struct Racing {
    inner: SharedTransport,
    plain: Table<Counters>,
    others: Throughput,
}

impl Transport for Racing {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async {
            let answer = self.inner.call(request).await;
            self.plain.update_throughput(self.others).send().await.unwrap();
            answer
        })
    }
}

/// Descriptions after UpdateTable that are of before, or say that the table is being changed.
#[derive(Debug)]
struct Slow {
    inner: SharedTransport,
    is_stale: bool,
    /// The last description, and how many are still to be wrong.
    state: Mutex<(Vec<u8>, usize)>,
    wrong: usize,
}

impl Transport for Slow {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async {
            let operation = request.operation.clone();
            let answer = self.inner.call(request).await?;
            let mut state = self.state.lock().unwrap();
            match (operation.as_str(), state.1) {
                ("UpdateTable", _) => state.1 = self.wrong,
                ("DescribeTable", 0) => state.0.clone_from(&answer.body),
                ("DescribeTable", _) => {
                    state.1 -= 1;
                    let text = String::from_utf8(answer.body).unwrap();
                    let updating = text.replace("\"TableStatus\":\"ACTIVE\"", "\"TableStatus\":\"UPDATING\"");
                    assert_ne!(text, updating);
                    let body = if self.is_stale { state.0.clone() } else { updating.into_bytes() };
                    return Ok(Response::new(200, body));
                }
                _ => {}
            }
            Ok(answer)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn it_waits_until_the_table_is_active_and_as_wanted() {
    for is_stale in [false, true] {
        for (wrong, to) in [(0, ALL[4]), (3, ALL[4]), (7, ALL[1]), (usize::MAX, ALL[4])] {
            let (local, requests) = Local::memory().unwrap().recording();
            let state = Mutex::new((Vec::new(), 0));
            let local = local.wrap(|inner| Slow { inner, is_stale, state, wrong });
            let counters = Table::<Counters>::new(local.client(), "counters");
            counters.create_table_if_absent().send().await.unwrap();
            requests.clear();
            let start = Instant::now();
            let changed = counters.update_throughput(to).retry_timeout(Duration::from_secs(60)).send().await;
            if wrong == usize::MAX {
                let Err(Error::Service(error)) = changed else { panic!("{changed:?}") };
                assert_eq!(error.kind(), ServiceErrorKind::TimedOut);
                let state = if is_stale { "it has its earlier throughput" } else { "it is UPDATING" };
                assert!(error.to_string().ends_with(state), "{error}");
                assert!(start.elapsed() <= Duration::from_secs(60), "{:?}", start.elapsed());
            } else {
                assert!(changed.unwrap(), "{is_stale}");
                assert_eq!(operations(&requests).len(), 2 + wrong + 1, "{is_stale}");
            }
        }
    }
}
