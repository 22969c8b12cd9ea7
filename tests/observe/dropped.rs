//! Futures and streams that are dropped, and operations that run at the same time on one thread.

use crate::model::{CALLS, Order, Stage, call, order, recorded};
use crate::recorder::Recorder;
use dynamap::observe::OperationOutcome;
use dynamap_local::faults::{Fault, When};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;
use tracing::Level;

/// Dropped at any poll, a call ends as dropped, once, and no span stays entered.
#[test]
fn a_call_that_is_dropped_ends_as_dropped() {
    for (name, operation, _) in CALLS {
        let recorder = Recorder::new(Level::TRACE);
        let (told, recorded) = recorded(&recorder, async {
            let stage = Stage::new().await;
            stage.faults.add(When::operation(operation).always(), Fault::HangBefore);
            let timeout = tokio::time::timeout(Duration::from_millis(1), call(&stage.shop, name));
            assert!(timeout.await.is_err(), "{name}");
            stage.listener.take()
        });
        let [told] = &*told else { panic!("{name}: {told:?}") };
        assert_eq!(told.outcome, OperationOutcome::Dropped, "{name}");
        assert_eq!(told.attempts, told.requests, "{name}");
        let span = recorded.operations().last().copied().unwrap();
        assert_eq!(span.field("dynamap.outcome"), "dropped", "{name}");
        assert_eq!(span.field("error.type"), "dropped", "{name}");
    }
}

#[test]
fn a_stream_that_is_dropped_early_ends_as_dropped_and_one_that_ends_as_ok() {
    let recorder = Recorder::new(Level::TRACE);
    let (told, _) = recorded(&recorder, async {
        let stage = Stage::new().await;
        let query = || stage.shop.query(Order::partition("c-1")).page_size(4).read_ahead(false);
        let mut items = query().items();
        assert!(items.next().await.is_some());
        drop(items);
        let mut items = query().items();
        while items.next().await.is_some() {}
        assert!(items.next().await.is_none(), "it has ended once");
        drop(items);
        stage.listener.take()
    });
    let told: Vec<_> = told.iter().map(|told| (told.outcome.as_str(), told.pages, told.items)).collect();
    assert_eq!(told, [("dropped", 1, 4), ("ok", 3, 10)]);
}

/// A builder that is never sent is no operation, and a future that is never polled is none either.
#[test]
fn what_is_not_sent_is_no_operation() {
    let recorder = Recorder::new(Level::TRACE);
    let (told, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        drop(stage.shop.get(Order::key("c-1", 1)));
        drop(stage.shop.get(Order::key("c-1", 1)).send());
        drop(stage.shop.put(&order(1)).send());
        stage.shop.get(Order::key("c-1", 1)).explain().unwrap();
        stage.listener.take()
    });
    assert!(told.is_empty(), "{told:?}");
    assert!(recorded.operations().iter().all(|span| span.field("db.operation.name") != "GetItem"));
}

/// Polled in turn on one thread, each operation keeps its own events and requests.
#[test]
fn operations_at_the_same_time_keep_their_spans_apart() {
    let recorder = Recorder::new(Level::TRACE);
    let (_, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        stage.faults.add(When::operation("PutItem"), Fault::DropAfter);
        stage.faults.add(When::operation("BatchGetItem"), Fault::DropBefore);
        let put = order(1);
        let (get, put, batch) = tokio::join!(
            stage.shop.get(Order::key("c-1", 1)).send(),
            stage.shop.put(&put).send(),
            stage.shop.batch_get([Order::key("c-1", 2)]).send(),
        );
        assert!(get.is_ok() && put.is_ok() && batch.is_ok());
    });
    let of = |message: &str| -> Vec<String> {
        let events = recorded.messages(message);
        let operation = |span| recorded.operation_of(span).unwrap().field("db.operation.name").to_owned();
        events
            .iter()
            .map(|event| {
                let (said, stands_in) = (event.fields["db.operation.name"].clone(), operation(event.span));
                assert_eq!(said, stands_in, "{event:?}");
                said
            })
            .collect()
    };
    let mut retries = of("retry");
    retries.sort();
    assert_eq!(retries, ["BatchGetItem", "PutItem"]);
    assert_eq!(of("lost response"), ["PutItem"]);
    // None of the three is inside another.
    for span in recorded.operations().iter().rev().take(3) {
        assert_eq!(span.parent, None, "{span:?}");
    }
}

/// Each poll enters and leaves the span: between two polls the caller is in its own.
#[test]
fn no_span_is_entered_between_two_polls() {
    let recorder = Recorder::new(Level::TRACE);
    recorded(&recorder, async {
        let stage = Stage::new().await;
        let mut get = pin!(stage.shop.get(Order::key("c-1", 1)).send());
        let mut polls = 0;
        while get.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            assert!(tracing::Span::current().is_none(), "after {polls} polls");
            polls += 1;
            tokio::task::yield_now().await;
            assert!(polls < 10_000);
        }
    });
}
