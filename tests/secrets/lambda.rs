//! The handler of Lambda functions, what it is given and what it says.

use crate::Shown;
use crate::model::{HUSH, OwnerItem, secret};
use dynamap::entity::write_item;
use dynamap::stream::lambda::{RawEvent, StreamHandler};
use dynamap::wire::JsonWriter;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

pub(crate) async fn all(shown: &mut Shown) {
    let poison: Arc<Mutex<Vec<String>>> = Arc::default();
    let own = poison.clone();
    let handler = StreamHandler::<OwnerItem>::new(|_| std::future::ready(Err(HUSH)));
    let handler = handler.max_attempts(1).on_poison(move |record| {
        own.lock().unwrap().push(format!("{record:?} {record:#?}"));
        std::future::ready(Err("no"))
    });
    shown.debug("StreamHandler", &handler);
    for event in [event(false), event(true)] {
        let raw: RawEvent = serde_json::from_str(&event).unwrap();
        shown.debug("RawEvent", &raw);
        let response = handler.handle(raw.json_unredacted().as_bytes(), None).await.unwrap();
        assert_eq!(response.failures().len(), 1);
        shown.debug("BatchResponse", &response);
        shown.debug("BatchItemFailure", &response.failures()[0]);
    }
    let poison = poison.lock().unwrap().clone();
    assert_eq!(poison.len(), 2);
    poison.iter().for_each(|text| shown.text("PoisonRecord", text));

    let error = handler.handle(format!(r#"{{"Records": "{HUSH}"}}"#).as_bytes(), None).await.unwrap_err();
    shown.error("StreamHandlerError", &error);
    let diagnostic = lambda_runtime::Diagnostic::from(error);
    shown.debug("StreamHandlerError", &diagnostic);
}

/// An event of one record, whose item can be read or not.
fn event(is_damaged: bool) -> String {
    let mut json = Vec::new();
    write_item(&secret("a"), &mut JsonWriter::new(&mut json)).unwrap();
    let mut item: Value = serde_json::from_slice(&json).unwrap();
    let keys = json!({ "pk": item["pk"], "sk": item["sk"] });
    if is_damaged {
        item["owner"] = json!({ "N": HUSH });
    }
    let body = json!({ "Keys": keys, "NewImage": item, "OldImage": item, "SequenceNumber": "12345" });
    json!({ "Records": [{ "eventID": "e-1", "eventName": "MODIFY", "dynamodb": body }] }).to_string()
}
