//! Events for retries, throttling, conflicts and unknown outcomes: what they say, and at which level.

use crate::model::{Note, Order, Stage, order, recorded};
use crate::operations::last_operation;
use crate::recorder::Recorder;
use dynamap::Error;
use dynamap_local::faults::{Fault, Processed, Throttling, When};
use tracing::Level;

/// The messages with their levels that a call with these faults has, in their order.
fn messages(name: &'static str, operation: &'static str, faults: Vec<Fault>) -> Vec<(String, Level)> {
    let recorder = Recorder::new(Level::TRACE);
    let (_, recorded) = recorded(&recorder, async move {
        let stage = Stage::new().await;
        for (at, fault) in faults.into_iter().enumerate() {
            stage.faults.add(When::operation(operation).after(at as u64), fault);
        }
        drop(crate::model::call(&stage.shop, name).await);
    });
    let own = recorded.events.iter().filter(|event| event.target == "dynamap::event");
    own.map(|event| (event.message().to_owned(), event.level)).collect()
}

#[test]
fn each_fault_has_its_events() {
    let told = |events: &[(&str, Level)]| -> Vec<(String, Level)> {
        events.iter().map(|(message, level)| ((*message).to_owned(), *level)).collect()
    };
    let throttle = Fault::Throttle(Throttling::KeyRange);
    let (throttled, retry) = (("throttled", Level::WARN), ("retry", Level::DEBUG));
    let (lost, conflict) = (("lost response", Level::WARN), ("conflict", Level::DEBUG));
    assert_eq!(messages("get", "GetItem", vec![]), told(&[]));
    assert_eq!(messages("get", "GetItem", vec![throttle.clone()]), told(&[throttled, retry]));
    assert_eq!(messages("get", "GetItem", vec![Fault::DropAfter]), told(&[retry]));
    assert_eq!(messages("put", "PutItem", vec![Fault::DropAfter]), told(&[lost, retry]));
    assert_eq!(messages("put", "PutItem", vec![Fault::TransactionConflict]), told(&[conflict, retry]));
    let partial = Fault::Partial(Processed::First(1));
    assert_eq!(messages("batch get", "BatchGetItem", vec![partial.clone()]), told(&[throttled, retry]));
    assert_eq!(messages("batch write", "BatchWriteItem", vec![partial]), told(&[throttled, retry]));
    let canceled = Fault::canceled(["TransactionConflict", "None"]);
    assert_eq!(
        messages("transact write", "TransactWriteItems", vec![canceled.clone()]),
        told(&[conflict, retry])
    );
    assert_eq!(messages("transact get", "TransactGetItems", vec![canceled]), told(&[conflict, retry]));
    let canceled = Fault::canceled(["ThrottlingError", "None"]);
    assert_eq!(messages("transact write", "TransactWriteItems", vec![canceled]), told(&[throttled, retry]));
    let lost_for_good = vec![Fault::DropAfter; 3];
    let events = messages("delete", "DeleteItem", lost_for_good);
    assert_eq!(events, told(&[lost, ("unknown outcome", Level::WARN)]));
}

#[test]
fn a_throttled_event_names_the_resource() {
    let recorder = Recorder::new(Level::WARN);
    let (_, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        stage.faults.add(When::operation("GetItem"), Fault::Throttle(Throttling::KeyRange));
        stage.shop.get(Order::key("c-1", 1)).await.unwrap();
    });
    // Also where no span is wanted.
    assert!(recorded.spans.is_empty());
    let [event] = &*recorded.messages("throttled") else { panic!("{:?}", recorded.events) };
    assert_eq!(event.fields["db.collection.name"], "shop");
    assert_eq!(event.fields["dynamap.throttling_cause"], "key_range");
    assert_eq!(event.fields["db.operation.name"], "GetItem");
}

#[test]
fn conflicts_are_told_and_are_no_secret() {
    let recorder = Recorder::new(Level::TRACE);
    let (_, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        let exists = stage.shop.create(&order(1)).await;
        assert!(matches!(exists, Err(Error::ConditionFailed(_))));
        let mut note = stage.shop.get(Note::key(1)).await.unwrap().unwrap();
        let mut stale = note.clone();
        stage.shop.save(&mut note).await.unwrap();
        assert!(matches!(stage.shop.save(&mut stale).await, Err(Error::VersionConflict(_))));
    });
    let conflicts = recorded.messages("conflict");
    let kinds: Vec<_> = conflicts.iter().map(|event| &*event.fields["error.type"]).collect();
    assert_eq!(kinds, ["ConditionalCheckFailedException", "version_conflict"]);
    assert_eq!(last_operation(&recorded).field("dynamap.outcome"), "conflict");
    assert_eq!(last_operation(&recorded).field("otel.status_code"), "ERROR");
}

/// An outcome that is found out later is an operation of its own.
#[test]
fn a_later_resolution_has_a_span_of_its_own() {
    let recorder = Recorder::new(Level::TRACE);
    let (_, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        let mut note = stage.shop.get(Note::key(1)).await.unwrap().unwrap();
        stage.faults.add(When::operation("UpdateItem").always(), Fault::DropBefore);
        let Err(Error::Unknown(unknown)) = stage.shop.save(&mut note).await else { panic!() };
        stage.faults.stop();
        unknown.resolve().await.unwrap();
    });
    let operations = recorded.operations();
    let outcomes: Vec<_> =
        operations.iter().rev().take(2).map(|span| span.field("dynamap.outcome")).collect();
    assert_eq!(outcomes, ["ok", "unknown"]);
    assert_eq!(recorded.messages("unknown outcome").len(), 1);
}
