//! Every call where all goes well: one operation each, with the names of OpenTelemetry.

use crate::model::{CALLS, Note, Order, Stage, call, recorded};
use crate::recorder::{Recorded, RecordedSpan, Recorder};
use dynamap::observe::OperationOutcome;
use std::collections::BTreeSet;
use tracing::Level;

/// The calls whose requests have spans of their own.
pub(crate) fn has_requests(operation: &str) -> bool {
    operation.starts_with("Batch")
        || operation.starts_with("Transact")
        || matches!(operation, "Query" | "Scan")
}

#[test]
fn each_call_is_one_operation_with_the_names_of_opentelemetry() {
    for (name, operation, index) in CALLS {
        let recorder = Recorder::new(Level::TRACE);
        let (told, recorded) = recorded(&recorder, async {
            let stage = Stage::new().await;
            call(&stage.shop, name).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            stage.listener.take()
        });
        let span = last_operation(&recorded);
        let kind = if has_requests(operation) { "internal" } else { "client" };
        for (field, value) in [
            ("otel.name", &*format!("{operation} shop")),
            ("otel.kind", kind),
            ("db.system.name", "aws.dynamodb"),
            ("db.operation.name", operation),
            ("db.collection.name", "shop"),
            ("aws.dynamodb.table_names", "[\"shop\"]"),
            ("dynamap.outcome", "ok"),
        ] {
            assert_eq!(span.field(field), value, "{name}");
        }
        assert_eq!(span.fields.get("aws.dynamodb.index_name").map(String::as_str), index, "{name}");
        for absent in ["otel.status_code", "error.type", "db.response.status_code"] {
            assert_eq!(span.fields.get(absent), None, "{name}");
        }
        assert!(span.number("dynamap.attempts") > 0, "{name}: {span:?}");
        assert!(
            span.field("aws.dynamodb.consumed_capacity").starts_with("[{\"TableName\":\"shop\""),
            "{name}"
        );
        let [told] = &*told else { panic!("{name}: {told:?}") };
        assert_eq!((told.operation, &*told.tables, told.index), (operation, &["shop".to_owned()][..], index));
        assert_eq!((told.outcome, &told.error), (OperationOutcome::Ok, &None), "{name}");
        same_numbers(name, span, told, &recorded);
    }
}

pub(crate) fn last_operation(recorded: &Recorded) -> &RecordedSpan {
    recorded.operations().last().copied().unwrap()
}

/// The numbers of a span are those that its observer was told, and those of its requests.
#[track_caller]
pub(crate) fn same_numbers(name: &str, span: &RecordedSpan, told: &crate::model::Told, recorded: &Recorded) {
    for (field, number) in [
        ("dynamap.requests", told.requests),
        ("dynamap.attempts", told.attempts),
        ("dynamap.throttled", told.throttled),
        ("dynamap.items", told.items),
        ("dynamap.pages", told.pages),
    ] {
        assert_eq!(span.number(field), number, "{name}: {field} of {span:?}");
    }
    let units = told.consumed.total();
    assert_eq!(span.field("dynamap.read_units").parse::<f64>().unwrap(), units.read, "{name}");
    assert_eq!(span.field("dynamap.write_units").parse::<f64>().unwrap(), units.write, "{name}");
    let children = recorded.children(span);
    let requests: Vec<_> = children.iter().filter(|child| child.target == "dynamap::request").collect();
    match has_requests(told.operation) {
        false => assert!(requests.is_empty(), "{name}: {requests:?}"),
        true => {
            // One that ended before its first attempt is no request.
            let sent: Vec<_> =
                requests.iter().filter(|request| request.number("dynamap.attempts") > 0).collect();
            assert_eq!(sent.len() as u64, told.requests, "{name}");
            let attempts: u64 = sent.iter().map(|request| request.number("dynamap.attempts")).sum();
            assert_eq!(attempts, told.attempts, "{name}");
            for request in requests {
                assert_eq!(request.field("otel.kind"), "client", "{name}");
                assert_eq!(request.field("otel.name"), format!("{} shop", told.operation), "{name}");
            }
        }
    }
}

#[test]
fn items_and_pages_are_counted() {
    for (name, requests, pages, items) in [
        ("get", 1, 0, 1),
        ("exists", 1, 0, 1),
        ("put", 1, 0, 1),
        ("delete", 1, 0, 1),
        ("query", 1, 1, 3),
        ("all of a query", 4, 4, 10),
        ("items of a query", 3, 3, 10),
        ("count", 1, 1, 0),
        ("parallel scan", 3, 3, 10),
        ("search", 1, 0, 2),
        ("batch get", 1, 0, 4),
        ("batch write", 1, 0, 2),
        ("transact get", 1, 0, 2),
        ("transact write", 1, 0, 2),
    ] {
        let recorder = Recorder::new(Level::TRACE);
        let (told, _) = recorded(&recorder, async {
            let stage = Stage::new().await;
            call(&stage.shop, name).await.unwrap();
            stage.listener.take()
        });
        let [told] = &*told else { panic!("{name}: {told:?}") };
        assert_eq!((told.requests, told.pages, told.items), (requests, pages, items), "{name}");
        assert_eq!(told.attempts, told.requests, "{name}");
        // A search counts bytes.
        let has_units = told.consumed.total() != dynamap::capacity::Units::default();
        assert!(
            has_units || told.consumed.vector_indexes.contains_key("vec1"),
            "{name}: {:?}",
            told.consumed
        );
    }
}

/// A call that is made of several operations has a span around them, and no record.
#[test]
fn a_call_of_several_operations_has_a_span_around_them() {
    let recorder = Recorder::new(Level::TRACE);
    let (told, recorded) = recorded(&recorder, async {
        let stage = Stage::new().await;
        let notes = stage.shop.repository::<Note>();
        notes
            .modify(Note::key(1), |note| {
                note.text.push('!');
                Ok::<_, String>(())
            })
            .await
            .unwrap();
        stage.listener.take()
    });
    let told: Vec<_> = told.iter().map(|told| told.operation).collect();
    assert_eq!(told, ["GetItem", "UpdateItem"]);
    let calls: Vec<_> = recorded.spans.iter().filter(|span| span.target == "dynamap::call").collect();
    let names: Vec<_> = calls.iter().map(|call| call.field("otel.name")).collect();
    assert_eq!(names, ["CreateTableIfAbsent shop", "Modify shop"]);
    for (call, operations) in calls.iter().zip([
        &["DescribeTable", "CreateTable", "DescribeTable", "DescribeTable"][..],
        &["GetItem", "UpdateItem"],
    ]) {
        assert_eq!((call.field("otel.kind"), call.field("dynamap.outcome")), ("internal", "ok"));
        let inside: Vec<_> =
            recorded.children(call).iter().map(|span| span.field("db.operation.name").to_owned()).collect();
        assert_eq!(inside, operations);
    }
}

#[test]
fn a_hydration_is_a_query_of_keys_for_each_page_and_a_batch_get() {
    let recorder = Recorder::new(Level::TRACE);
    let (told, _) = recorded(&recorder, async {
        let stage = Stage::new().await;
        let open = stage.shop.query(Order::by_status("open")).page_size(6);
        assert_eq!(open.hydrate().try_collect().await.unwrap().len(), 10);
        stage.listener.take()
    });
    let mut told: Vec<_> = told.iter().map(|told| (told.operation, told.requests, told.items)).collect();
    told.sort_unstable();
    let queries: Vec<_> = told.iter().filter(|(operation, ..)| *operation == "Query").collect();
    assert_eq!(queries, [&("Query", 1, 4), &("Query", 1, 6)]);
    let found: u64 =
        told.iter().filter(|(operation, ..)| *operation == "BatchGetItem").map(|(.., items)| items).sum();
    assert_eq!(found, 10);
}

/// Without an observer and without a meter nothing asks for the consumed capacity, and the span is there all the same.
#[test]
fn a_subscriber_changes_no_request() {
    let recorder = Recorder::new(Level::TRACE);
    let (_, recorded) = recorded(&recorder, async {
        let local = dynamap_local::Local::memory().unwrap();
        let shop = dynamap::Table::<crate::model::Shop>::new(local.client(), "shop");
        shop.create_table_if_absent().await.unwrap();
        shop.get(Order::key("c-1", 1)).await.unwrap();
    });
    let span = last_operation(&recorded);
    assert_eq!(span.field("db.operation.name"), "GetItem");
    assert_eq!(span.fields.get("aws.dynamodb.consumed_capacity"), None);
}

/// By their levels: operations at INFO, requests at DEBUG, warnings for throttling and unknown outcomes.
#[test]
fn a_level_selects_what_is_recorded() {
    let targets = |level| {
        let recorder = Recorder::new(level);
        let (_, recorded) = recorded(&recorder, async {
            let stage = Stage::new().await;
            call(&stage.shop, "query").await.unwrap();
        });
        recorded.spans.iter().map(|span| span.target.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(targets(Level::WARN), BTreeSet::new());
    let info = targets(Level::INFO);
    assert_eq!(info, ["dynamap::call", "dynamap::operation"].map(str::to_owned).into());
    let debug = targets(Level::DEBUG);
    assert_eq!(debug, ["dynamap::call", "dynamap::operation", "dynamap::request"].map(str::to_owned).into());
}
