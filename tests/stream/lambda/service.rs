//! The handler as a service of the runtime, and its sources.

use crate::event::{ARN, event, image, record};
use crate::model::{Order, Status, order};
use dynamap::stream::{
    StreamRecord,
    lambda::{BatchResponse, RawEvent, StreamHandler},
};
use lambda_runtime::{Context, LambdaEvent, Service};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

type Seen = Arc<Mutex<Vec<(u32, String)>>>;

fn handler() -> (StreamHandler<Order>, Seen) {
    let seen = Seen::default();
    let own = seen.clone();
    let handler = StreamHandler::new(move |change: dynamap::stream::ChangeRecord<Order>| {
        let number = change.key.number;
        own.lock().unwrap().push((number, change.operation_id().to_string()));
        std::future::ready(if number == 99 { Err("no") } else { Ok(()) })
    });
    (handler.max_attempts(1).concurrency(1), seen)
}

fn records(numbers: &[u32]) -> Vec<Value> {
    let item = |number| image(&Order { number, ..order(Status::Open) });
    numbers.iter().map(|number| record(*number as usize, "INSERT", None, Some(item(*number)))).collect()
}

async fn call(handler: &mut StreamHandler<Order>, event: &[u8]) -> BatchResponse {
    let payload: RawEvent = serde_json::from_slice(event).unwrap();
    assert!(!format!("{payload:?}").contains("ada"));
    let mut context = Context::default();
    let deadline = SystemTime::now() + Duration::from_secs(60);
    let since = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    context.deadline = since.as_millis().try_into().unwrap();
    std::future::poll_fn(|cx| handler.poll_ready(cx)).await.unwrap();
    handler.call(LambdaEvent::new(payload, context)).await.unwrap()
}

#[tokio::test]
async fn it_is_called_with_an_event_as_it_came() {
    let (mut handler, seen) = handler();
    let response = call(&mut handler, &event(&records(&[1, 2, 99, 100]))).await;
    let numbers: Vec<u32> = seen.lock().unwrap().iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [1, 2, 99]);
    let expected = json!({ "batchItemFailures": [{ "itemIdentifier": "0000000000000004421584599" }] });
    assert_eq!(serde_json::to_value(&response).unwrap(), expected);
    assert!(call(&mut handler, &event(&[])).await.is_complete());
}

#[tokio::test]
async fn it_takes_the_records_of_aws_lambda_events() {
    let (handler, seen) = handler();
    let event: aws_lambda_events::dynamodb::Event =
        serde_json::from_slice(&event(&records(&[4, 5]))).unwrap();
    let records = event.records.into_iter().map(StreamRecord::from);
    assert!(handler.handle_records(records, None).await.unwrap().is_complete());
    assert_eq!(seen.lock().unwrap().len(), 2);
}

/// An event of Kinesis, in which the second record is the first once more.
#[tokio::test]
async fn it_takes_the_records_that_kinesis_carries() {
    let carried = |number: u32| {
        let item = image(&Order { number, ..order(Status::Open) });
        let body = json!({
            "ApproximateCreationDateTime": 1_700_000_000_123_456_u64,
            "ApproximateCreationDateTimePrecision": "MICROSECOND",
            "Keys": { "pk": item["pk"], "sk": item["sk"] },
            "NewImage": item,
            "SizeBytes": 59,
        });
        json!({
            "awsRegion": "us-east-1", "eventID": format!("change-{number}"), "eventName": "INSERT", "userIdentity": null,
            "recordFormat": "application/json", "tableName": "shop", "dynamodb": body, "eventSource": "aws:dynamodb",
        })
    };
    let around = |at: usize, data: &str| {
        json!({
            "kinesis": {
                "kinesisSchemaVersion": "1.0", "partitionKey": "7", "approximateArrivalTimestamp": 1_700_000_000.987,
                "sequenceNumber": format!("4959033827149025660855969253836157105760800{at:013}"), "data": data,
            },
            "eventSource": "aws:kinesis", "eventVersion": "1.0", "eventName": "aws:kinesis:record",
            "eventID": format!("shardId-000000000006:{at}"), "eventSourceARN": ARN.replace("dynamodb", "kinesis"),
            "awsRegion": "us-east-1",
        })
    };
    let base64 = |record: &Value| base64_simd::STANDARD.encode_to_string(serde_json::to_vec(record).unwrap());
    let data = [base64(&carried(6)), base64(&carried(6)), base64(&carried(7)), "%".to_owned()];
    let records: Vec<Value> = data.iter().enumerate().map(|(at, data)| around(at, data)).collect();
    let (mut handler, seen) = handler();
    let response = call(&mut handler, &event(&records)).await;
    let expected = [(6, "change-6"), (6, "change-6"), (7, "change-7")];
    assert_eq!(*seen.lock().unwrap(), expected.map(|(number, id)| (number, id.to_owned())));
    // The last is damaged.
    let failure = response.failures()[0].sequence_number();
    assert_eq!(failure.as_str(), "49590338271490256608559692538361571057608000000000000003");
}
