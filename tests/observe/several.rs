//! Calls of several tables, several operations and requests of several kinds.

use crate::model::{Listener, Note, Order, Shop, Stage, Told, order, recorded};
use crate::operations::last_operation;
use crate::recorder::{Recorded, RecordedSpan, Recorder};
use dynamap::observe::OperationOutcome;
use dynamap::{Entity, Error, Table, TableSchema};
use dynamap_local::faults::{Fault, Throttling, When};
use std::sync::Arc;
use tracing::Level;

#[derive(TableSchema)]
#[dynamap(partition_key = "id")]
struct Audit;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Audit, pk = id)]
struct Entry {
    id: String,
    what: String,
}

fn entry() -> Entry {
    Entry { id: "e-1".into(), what: "order 1".into() }
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "USER#{id}", sk = "USER")]
struct User {
    id: u32,
    #[dynamap(unique)]
    email: String,
}

fn user(id: u32) -> User {
    User { id, email: format!("{id}@example.com") }
}

async fn audit(stage: &Stage) -> Table<Audit> {
    let audit = Table::<Audit>::new(stage.shop.client().clone(), "audit");
    audit.create_table_if_absent().await.unwrap();
    audit
}

/// The operations of the observers of two tables that are in one call, which may be the same.
fn of_two_tables(call: &'static str, is_same: bool) -> ([Vec<Told>; 2], Recorded) {
    let recorder = Recorder::new(Level::TRACE);
    recorded(&recorder, async move {
        let stage = Stage::new().await;
        let other = if is_same { stage.listener.clone() } else { Arc::new(Listener::default()) };
        let audit = audit(&stage).await.with_observer(other.clone());
        let (orders, entry) = ([order(1), order(2)], entry());
        match call {
            "TransactWriteItems" => {
                let writes = stage.shop.transact_write().put(&orders[0]);
                writes.and(audit.transact_write().put(&entry)).await.unwrap();
            }
            "BatchWriteItem" => {
                let writes = stage.shop.batch_write().put(&orders[0]).put(&orders[1]);
                writes.and(audit.batch_write().put(&entry)).send().await.unwrap();
            }
            _ => {
                let keys = orders.iter().map(|order| Order::key("c-1", order.number));
                let gets = stage.shop.batch_get(keys);
                gets.and(audit.batch_get([Entry::key("e-1")])).send().await.unwrap();
            }
        }
        [stage.listener.take(), other.take()]
    })
}

#[test]
fn an_operation_on_two_tables_names_both_and_tells_the_observers_of_both() {
    for call in ["TransactWriteItems", "BatchWriteItem", "BatchGetItem"] {
        for is_same in [false, true] {
            let (told, recorded) = of_two_tables(call, is_same);
            let span = last_operation(&recorded);
            assert_eq!(span.field("otel.name"), call);
            assert_eq!(span.field("aws.dynamodb.table_names"), "[\"shop\", \"audit\"]", "{call}");
            assert_eq!(span.fields.get("db.collection.name"), None, "{call}");
            let [first, second] = told;
            // One that observes both is told once.
            assert_eq!((first.len(), second.len()), (1, usize::from(!is_same)), "{call}");
            for told in first.iter().chain(&second) {
                assert_eq!((told.operation, &*told.tables), (call, &["shop".into(), "audit".into()][..]));
                assert_eq!((told.requests, told.outcome), (1, OperationOutcome::Ok), "{call}");
            }
        }
    }
}

#[test]
fn the_size_of_a_batch_is_that_of_its_request() {
    let size = |number: u32, is_transaction: bool| {
        let recorder = Recorder::new(Level::TRACE);
        let (_, recorded) = recorded(&recorder, async move {
            let stage = Stage::new().await;
            // Of which some are not there.
            let keys = (1..=number).map(|number| Order::key("c-1", 9 + number));
            match is_transaction {
                true => drop(stage.shop.transact_get(Vec::from_iter(keys)).await.unwrap()),
                false => drop(stage.shop.batch_get(keys).await.unwrap()),
            }
        });
        let span = last_operation(&recorded);
        span.fields.get("db.operation.batch.size").cloned()
    };
    for is_transaction in [false, true] {
        assert_eq!(size(1, is_transaction), None);
        assert_eq!(size(5, is_transaction).as_deref(), Some("5"));
    }
}

/// A call with the operations inside it, in their order.
fn inside(recorded: &Recorded, call: &str) -> Vec<String> {
    let calls: Vec<_> = recorded.spans.iter().filter(|span| span.target == "dynamap::call").collect();
    let call =
        calls.iter().rev().find(|span| span.field("otel.name") == call).unwrap_or_else(|| panic!("{call}"));
    assert_eq!((call.field("otel.kind"), call.field("dynamap.outcome")), ("internal", "ok"));
    let inside = recorded.children(call);
    assert!(inside.iter().all(|span| span.is_operation()), "{inside:?}");
    inside.iter().map(|span| span.field("db.operation.name").to_owned()).collect()
}

#[test]
fn operations_of_tables_and_repairs_are_inside_a_call() {
    let recorder = Recorder::new(Level::TRACE);
    let (told, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        let users = stage.shop.repository::<User>();
        users.create(&user(1)).await.unwrap();
        users.batch_write().put_unchecked(&user(2)).await.unwrap();
        stage.listener.take();
        assert_eq!(users.repair_unique().send().await.unwrap().missing(), 1);
        let told = stage.listener.take();
        stage.shop.verify().send().await.unwrap();
        stage.shop.update_table().send().await.unwrap();
        assert!(stage.shop.delete_table("shop").send().await.unwrap());
        told
    });
    // The sentinel item of the first user is its own; that of the second is not there.
    let repair = inside(&recorded, "RepairUnique shop");
    let count = |name| repair.iter().filter(|operation| *operation == name).count();
    assert_eq!((count("Scan"), count("TransactWriteItems")), (1, 1), "{repair:?}");
    assert!(count("GetItem") >= 2 && repair.len() == 2 + count("GetItem"), "{repair:?}");
    // Each is told when it ends, and the scan last.
    let mut told = Vec::from_iter(told.iter().map(|told| told.operation));
    told.sort_unstable();
    let mut expected = repair.clone();
    expected.sort_unstable();
    assert_eq!(told, expected);
    let verify = inside(&recorded, "Verify shop");
    assert_eq!(verify, ["DescribeTable", "DescribeTimeToLive"]);
    let update = inside(&recorded, "UpdateTable shop");
    assert_eq!(update[0], "DescribeTable");
    let delete = inside(&recorded, "DeleteTable shop");
    assert_eq!(delete[..2], ["DescribeTable", "DeleteTable"]);
    assert_eq!(delete.last().unwrap(), "DescribeTable");
}

fn requests<'r>(recorded: &'r Recorded, of: &RecordedSpan) -> Vec<&'r RecordedSpan> {
    let children = recorded.children(of).into_iter();
    children.filter(|span| span.target == "dynamap::request").collect()
}

#[test]
fn a_request_of_another_operation_has_its_name() {
    let recorder = Recorder::new(Level::TRACE);
    let (_, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        let users = stage.shop.repository::<User>();
        users.create(&user(1)).await.unwrap();
        stage.faults.add(When::operation("GetItem"), Fault::Throttle(Throttling::KeyRange));
        users.put(&User { email: "new@example.com".into(), ..user(1) }).await.unwrap();
    });
    let span = last_operation(&recorded);
    assert_eq!(span.field("otel.name"), "TransactWriteItems shop");
    let requests = requests(&recorded, span);
    let names: Vec<_> = requests.iter().map(|request| request.field("otel.name")).collect();
    assert_eq!(names, ["GetItem shop", "TransactWriteItems shop"]);
    assert_eq!((requests[0].number("dynamap.attempts"), span.number("dynamap.attempts")), (2, 3));
    for message in ["throttled", "retry"] {
        let events = recorded.messages(message);
        let operations: Vec<_> = events.iter().map(|event| &*event.fields["db.operation.name"]).collect();
        assert_eq!(operations, ["GetItem"], "{message}");
    }
}

/// A request has the error of its last attempt.
#[test]
fn a_request_that_failed_says_why() {
    let errors = |faults: Vec<Fault>| {
        let recorder = Recorder::new(Level::TRACE);
        let (_, recorded) = recorded(&recorder, async move {
            let stage = Stage::new().await;
            for (at, fault) in faults.into_iter().enumerate() {
                stage.faults.add(When::operation("Query").after(at as u64), fault);
            }
            drop(crate::model::call(&stage.shop, "query").await);
        });
        let span = last_operation(&recorded);
        let [request] = *requests(&recorded, span) else { panic!("{recorded:?}") };
        assert_eq!(request.fields.get("error.type"), span.fields.get("error.type"));
        assert_eq!(request.fields.get("otel.status_code"), span.fields.get("otel.status_code"));
        request.fields.get("error.type").cloned()
    };
    let throttle = || Fault::Throttle(Throttling::KeyRange);
    assert_eq!(errors(vec![]), None);
    assert_eq!(errors(vec![throttle()]), None, "another attempt succeeded");
    assert_eq!(errors(vec![throttle(), throttle(), throttle()]).as_deref(), Some("ThrottlingException"));
    let denied = Fault::Error(400, "AccessDeniedException".into());
    assert_eq!(errors(vec![throttle(), denied]).as_deref(), Some("AccessDeniedException"));
    assert_eq!(errors(vec![Fault::DropBefore; 3]).as_deref(), Some("unreachable"));
    assert_eq!(errors(vec![Fault::HangBefore; 3]).as_deref(), Some("timed_out"));
    assert_eq!(errors(vec![Fault::Emptied; 3]).as_deref(), Some("unreadable_response"));
    assert_eq!(errors(vec![Fault::ProxyBefore(502); 3]).as_deref(), Some("internal"));
}

#[test]
fn a_later_resolution_of_a_transaction_has_a_span_of_its_own() {
    let recorder = Recorder::new(Level::TRACE);
    let (told, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        stage.faults.add(When::operation("TransactWriteItems").always(), Fault::DropAfter);
        let writes = stage.shop.transact_write().put(&order(1)).put(&order(2));
        let Err(Error::Unknown(unknown)) = writes.await else { panic!() };
        stage.faults.stop();
        unknown.resolve().await.unwrap();
        stage.listener.take()
    });
    let outcomes: Vec<_> = told.iter().map(|told| (told.operation, told.outcome, told.items)).collect();
    let operation = "TransactWriteItems";
    assert_eq!(outcomes, [(operation, OperationOutcome::Unknown, 0), (operation, OperationOutcome::Ok, 2)]);
    let span = last_operation(&recorded);
    assert_eq!((span.field("dynamap.outcome"), requests(&recorded, span).len()), ("ok", 1));
}

#[test]
fn a_retry_of_a_modification_names_the_write() {
    let recorder = Recorder::new(Level::TRACE);
    let (_, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        // More than the SDK retries.
        for at in 0..3 {
            stage.faults.add(When::operation("UpdateItem").after(at), Fault::TransactionConflict);
        }
        let change = |note: &mut Note| {
            note.text.push('!');
            Ok::<_, String>(())
        };
        stage.shop.repository::<Note>().modify(Note::key(1), change).await.unwrap();
    });
    let retries = recorded.messages("retry");
    let of_calls = retries.iter().filter(|retry| !retry.fields.contains_key("dynamap.attempt"));
    let operations: Vec<_> = of_calls.map(|retry| &*retry.fields["db.operation.name"]).collect();
    assert_eq!(operations, ["UpdateItem"]);
}
