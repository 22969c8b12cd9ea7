//! Records that cannot be handled.

use crate::event::{event, image, record};
use crate::model::{Order, Status, Strict, archived, order};
use dynamap::stream::{
    Change, PoisonRecord, RecordErrorKind,
    lambda::{StreamHandler, StreamHandlerError},
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

fn inserted(number: u32) -> Value {
    let item = image(&Order { number, ..order(Status::Open) });
    record(number as usize, "INSERT", None, Some(item))
}

/// Three records, of which the second cannot be read.
fn damaged() -> [Value; 3] {
    let mut records = [0, 1, 2].map(inserted);
    records[1]["dynamodb"]["NewImage"]["status"] = json!({ "S": "SECRET" });
    records
}

/// Stores what is passed to it.
#[derive(Clone, Default)]
struct Letters(Arc<Mutex<Vec<String>>>);

impl Letters {
    fn handler(&self, is_stored: bool) -> StreamHandler<Order> {
        let letters = self.clone();
        StreamHandler::new(|_| std::future::ready(Ok::<(), String>(()))).on_poison(move |poison| {
            let PoisonRecord::Unreadable(error) = &poison else { panic!("{poison:?}") };
            assert!(!format!("{poison:?} {error}").contains("SECRET"));
            assert!(matches!(error.kind(), RecordErrorKind::Decode(_)), "{error:?}");
            let json = error.record().json_unredacted().unwrap();
            letters.0.lock().unwrap().push(String::from_utf8(json.to_vec()).unwrap());
            std::future::ready(if is_stored { Ok(()) } else { Err("full") })
        })
    }
}

#[tokio::test]
async fn a_record_that_was_stored_lets_the_others_go_on() {
    let letters = Letters::default();
    let response = letters.handler(true).handle(&event(&damaged()), None).await.unwrap();
    assert_eq!(serde_json::to_value(&response).unwrap(), json!({ "batchItemFailures": [] }));
    let stored = letters.0.lock().unwrap();
    assert_eq!(serde_json::from_str::<Value>(&stored[0]).unwrap(), damaged()[1]);
}

#[tokio::test]
async fn a_record_that_was_not_stored_is_the_failure() {
    let expected =
        json!({ "batchItemFailures": [{ "itemIdentifier": damaged()[1]["dynamodb"]["SequenceNumber"] }] });
    let response = Letters::default().handler(false).handle(&event(&damaged()), None).await.unwrap();
    assert_eq!(serde_json::to_value(&response).unwrap(), expected);
    let handler = StreamHandler::<Order>::new(|_| std::future::ready(Ok::<(), String>(())));
    let response = handler.handle(&event(&damaged()), None).await.unwrap();
    assert_eq!(serde_json::to_value(&response).unwrap(), expected);
}

/// Of a record with two changes, what was done of it is not tried again.
#[tokio::test(start_paused = true)]
async fn the_second_change_of_a_record_fails_alone() {
    let modified = record(0, "MODIFY", Some(image(&order(Status::Open))), Some(image(&archived())));
    let seen: Arc<Mutex<Vec<&str>>> = Arc::default();
    let (changes, poison) = (seen.clone(), seen.clone());
    let handler = StreamHandler::<Strict>::new(move |record| {
        let is_removed = matches!(record.change, Change::Remove { .. });
        changes.lock().unwrap().push(if is_removed { "remove" } else { "insert" });
        std::future::ready(if is_removed { Ok(()) } else { Err("no") })
    });
    let handler = handler.max_attempts(2).on_poison(move |record| {
        let PoisonRecord::Failed { change, attempts: 2, .. } = record else { panic!("{record:?}") };
        assert!(matches!(change.change, Change::Insert { .. }));
        poison.lock().unwrap().push("poison");
        std::future::ready(Ok::<(), String>(()))
    });
    assert!(handler.handle(&event(&[modified]), None).await.unwrap().is_complete());
    assert_eq!(*seen.lock().unwrap(), ["remove", "insert", "insert", "poison"]);
}

#[tokio::test]
async fn a_failure_without_a_number_is_an_error_of_the_function() {
    let mut records = [0, 1, 2].map(inserted);
    records[1]["dynamodb"].as_object_mut().unwrap().remove("SequenceNumber");
    let handler = StreamHandler::<Order>::new(|_| std::future::ready(Ok::<(), String>(())));
    let error = handler.handle(&event(&records), None).await.unwrap_err();
    assert_eq!(error, StreamHandlerError::NoSequenceNumber { index: 1 });
    let stored = handler.on_poison(|_| std::future::ready(Ok::<(), String>(())));
    assert!(stored.handle(&event(&records), None).await.unwrap().is_complete());
}

/// The others are in their order all the same: what is answered is never behind a record that was not handled.
#[tokio::test]
async fn a_record_without_a_number_hides_no_lower_one() {
    let mut records = [2, 1, 0].map(inserted);
    records[1]["dynamodb"].as_object_mut().unwrap().remove("SequenceNumber");
    let handler = StreamHandler::<Order>::new(|change| {
        std::future::ready(if change.key.number == 2 { Err("not this one") } else { Ok(()) })
    });
    let handler =
        handler.concurrency(1).max_attempts(1).on_poison(|_| std::future::ready(Err::<(), _>("full")));
    // Record 0 is handled first, and the one without a number is the first that is not.
    let error = handler.handle(&event(&records), None).await.unwrap_err();
    assert_eq!(error, StreamHandlerError::NoSequenceNumber { index: 1 });
}

#[tokio::test]
async fn an_event_that_is_none_is_an_error_of_the_function() {
    let handler = StreamHandler::<Order>::new(|_| std::future::ready(Ok::<(), String>(())));
    for text in ["", "{}", "[]", r#"{"Records": 7}"#, r#"{"Records": ["#] {
        let error = handler.handle(text.as_bytes(), None).await.unwrap_err();
        assert!(matches!(error, StreamHandlerError::NoEvent(_)), "{text}: {error:?}");
    }
    let empty = handler.handle(br#"{"Records": []}"#, None).await.unwrap();
    assert_eq!(serde_json::to_string(&empty).unwrap(), r#"{"batchItemFailures":[]}"#);
}
