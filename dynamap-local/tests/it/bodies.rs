//! Requests that no SDK sends: each gets a proper answer and the database goes on.

use std::collections::HashSet;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextMut;
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_types::body::SdkBody;
use dynamap_local::{Local, Request, Response};
use serde_json::{Value, json};

use crate::shop::{self, TABLE, get, product, put};

async fn shop() -> Local {
    let local = Local::memory().unwrap();
    shop::create(&local.client()).await;
    put(&local.client(), product("p-1")).await;
    local
}

async fn send(local: &Local, operation: &str, body: impl Into<Vec<u8>>) -> Response {
    local.transport().call(Request::new(operation, body)).await.unwrap()
}

fn code(response: &Response) -> String {
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    body["__type"].as_str().unwrap().rsplit('#').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_a_serialization_exception() {
    let local = shop().await;
    let bodies: [&[u8]; 7] =
        [b"", b"\xff\xfe", b"{\"TableName\":\"\xff\"}", b"{", b"nonsense", b"[]", b"null"];
    for operation in ["PutItem", "GetItem", "DescribeTable", "TransactWriteItems", "GetRecords", "Query"] {
        for body in bodies {
            let response = send(&local, operation, body).await;
            assert_eq!((response.status, code(&response).as_str()), (400, "SerializationException"));
        }
    }
    assert!(get(&local.client(), product("p-1")).await.is_some());
}

#[tokio::test]
async fn an_operation_that_is_unknown_or_unnamed() {
    let local = shop().await;
    for operation in ["", "NoSuchOperation", "putitem", "CreateBackup", "OtherService_2012.PutItem"] {
        let response = send(&local, operation, "{}").await;
        assert_eq!((response.status, code(&response).as_str()), (400, "UnknownOperationException"));
    }
    let error = local.client().describe_limits().send().await.unwrap_err();
    assert_eq!(error.into_service_error().meta().code(), Some("UnknownOperationException"));
}

/// Changes the HTTP request after the SDK has signed it.
#[derive(Debug)]
struct Tamper {
    target: Option<&'static str>,
    body: &'static str,
}

impl Intercept for Tamper {
    fn name(&self) -> &'static str {
        "Tamper"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        request.headers_mut().remove("x-amz-target");
        if let Some(target) = self.target {
            request.headers_mut().insert("x-amz-target", target);
        }
        *request.body_mut() = SdkBody::from(self.body);
        Ok(())
    }
}

#[tokio::test]
async fn an_http_request_without_a_target_is_answered() {
    let local = shop().await;
    for (target, body, expected) in [
        (None, "{}", "UnknownOperationException"),
        (Some("Elsewhere_1.GetItem"), "{}", "UnknownOperationException"),
        (Some("DynamoDB_20120810.GetItem"), "}", "SerializationException"),
    ] {
        let config = local.config().interceptor(Tamper { target, body }).build();
        let error = Client::from_conf(config).list_tables().send().await.unwrap_err();
        assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
        assert_eq!(error.into_service_error().meta().code(), Some(expected));
    }
}

#[tokio::test]
async fn no_marker_of_the_engine_reaches_the_client() {
    let local = shop().await;
    let with =
        |value: Value| json!({"TableName": TABLE, "Item": {"pk": {"S": "a"}, "sk": {"S": "b"}, "v": value}});
    for (value, expected) in [
        (json!({"SS": []}), "ValidationException"),
        (json!({"NS": ["1", "1"]}), "ValidationException"),
        (json!({"NULL": false}), "ValidationException"),
        (json!({"N": "x"}), "ValidationException"),
        (json!({}), "ValidationException"),
        (json!({"S": "a", "N": "1"}), "ValidationException"),
        (json!({"S": 7}), "SerializationException"),
        (json!({"B": "?"}), "SerializationException"),
        (json!(7), "ValidationException"),
    ] {
        let response = send(&local, "PutItem", with(value.clone()).to_string()).await;
        let text = String::from_utf8(response.body.clone()).unwrap();
        assert_eq!((response.status, code(&response).as_str()), (400, expected), "{value} {text}");
        assert!(
            !["VALIDATION", "SERIALIZATION", " at line "].iter().any(|mark| text.contains(mark)),
            "{text}"
        );
    }
}

#[tokio::test]
async fn responses_carry_the_headers_of_dynamodb() {
    let local = shop().await;
    let mut ids = HashSet::new();
    for (operation, body) in [("ListTables", "{}"), ("ListTables", "{}"), ("Nothing", "{}"), ("GetItem", "")]
    {
        let response = send(&local, operation, body).await;
        let header = |name| response.headers.get(name).unwrap();
        assert_eq!(header("content-type"), "application/x-amz-json-1.0");
        assert_eq!(header("x-amz-crc32"), crc32(&response.body).to_string());
        assert_eq!(header("x-amzn-requestid").len(), 52);
        assert!(ids.insert(header("x-amzn-requestid").to_owned()));
    }
}

/// Bit by bit, so that it shares nothing with the code under test.
fn crc32(body: &[u8]) -> u32 {
    !body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

/// Each of these would overflow the stack of a test thread, which ends the process.
#[tokio::test]
async fn deep_expressions_leave_the_process_alive() {
    let local = shop().await;
    let nested = |levels: usize, open: &str| format!("{}a=:v{}", open.repeat(levels), ")".repeat(levels));
    for expression in [
        "(".repeat(4096),
        "NOT ".repeat(1000) + "a=:v",
        nested(400, "(a=:v OR "),
        nested(2000, "("),
        vec!["a=:v"; 500].join(" and "),
    ] {
        let body = json!({
            "TableName": TABLE, "Key": {"pk": {"S": "PRODUCT#p-1"}, "sk": {"S": "p-1"}},
            "ConditionExpression": expression, "ExpressionAttributeValues": {":v": {"S": "x"}},
        });
        let escaped = body.to_string().replace('(', "\\u0028").replace("NOT ", "\\u004eOT ");
        let escaped = escaped.replace("OR ", "\\u004fR ").replace("and ", "\\u0061nd ");
        for body in [body.to_string(), escaped] {
            assert_eq!(send(&local, "DeleteItem", body).await.status, 400);
        }
    }
    assert!(get(&local.client(), product("p-1")).await.is_some());
}

#[tokio::test]
async fn deep_values_are_refused() {
    let local = shop().await;
    for levels in [40, 62, 200, 100_000] {
        let value = "{\"L\":[".repeat(levels) + "{\"S\":\"x\"}" + &"]}".repeat(levels);
        let body =
            format!(r#"{{"TableName":"Shop","Item":{{"pk":{{"S":"a"}},"sk":{{"S":"b"}},"v":{value}}}}}"#);
        let response = send(&local, "PutItem", body).await;
        assert_eq!(code(&response), "ValidationException", "{levels}");
    }
}

/// Damaged copies of sound requests. `DYNAMAP_SEED` repeats a run.
#[tokio::test]
async fn damaged_bodies_never_break_the_database() {
    let seed = std::env::var("DYNAMAP_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    let mut random = fastrand::Rng::with_seed(seed);
    let local = shop().await;
    for round in 0..3000 {
        let (operation, body) = &sound_requests()[random.usize(..sound_requests().len())];
        let body = damaged(&mut random, body.to_string().into_bytes());
        let shown = String::from_utf8_lossy(&body).into_owned();
        // The engine answers 500 to a name that differs from another table's only in case.
        let empty = (*operation == "CreateTable").then(|| Local::memory().unwrap());
        let response = send(empty.as_ref().unwrap_or(&local), operation, body).await;
        assert!(
            matches!(response.status, 200 | 400),
            "DYNAMAP_SEED={seed} round {round}: {operation} {shown}"
        );
        assert!(serde_json::from_slice::<Value>(&response.body).is_ok());
    }
}

fn sound_requests() -> Vec<(&'static str, Value)> {
    let key = json!({"pk": {"S": "PRODUCT#p-1"}, "sk": {"S": "p-1"}});
    let update = json!({
        "TableName": TABLE, "Key": key, "UpdateExpression": "SET #a[0].b = if_not_exists(c, :v) ADD n :v REMOVE d[1]",
        "ConditionExpression": "NOT (#a BETWEEN :v AND :v) OR size(c) IN (:v)", "ReturnValues": "ALL_OLD",
        "ExpressionAttributeNames": {"#a": "list"}, "ExpressionAttributeValues": {":v": {"N": "1e-3"}},
    });
    vec![
        (
            "PutItem",
            json!({"TableName": TABLE, "Item": {"pk": {"S": "a"}, "sk": {"S": "b"}, "v": {"M": {"x": {"NS": ["1", "2"]}, "y": {"B": "AAEC"}, "z": {"L": [{"NULL": true}, {"BOOL": false}]}}}}}),
        ),
        ("UpdateItem", update.clone()),
        (
            "Query",
            json!({"TableName": TABLE, "IndexName": "by_group", "KeyConditionExpression": "#g = :v AND begins_with(sk, :s)", "FilterExpression": "contains(a.b[2], :v)", "ProjectionExpression": "pk, a.b[2]", "Limit": 3, "ExpressionAttributeNames": {"#g": "group"}, "ExpressionAttributeValues": {":v": {"S": "tea"}, ":s": {"S": "p"}}, "ExclusiveStartKey": key}),
        ),
        (
            "Scan",
            json!({"TableName": TABLE, "Segment": 0, "TotalSegments": 4, "ReturnConsumedCapacity": "INDEXES"}),
        ),
        (
            "TransactWriteItems",
            json!({"ClientRequestToken": "t", "TransactItems": [{"Update": {"TableName": TABLE, "Key": key, "UpdateExpression": "ADD n :v", "ExpressionAttributeValues": {":v": {"N": "1"}}}}, {"Delete": {"TableName": TABLE, "Key": {"pk": {"S": "x"}, "sk": {"S": "y"}}}}]}),
        ),
        (
            "BatchWriteItem",
            json!({"RequestItems": {TABLE: [{"PutRequest": {"Item": key}}, {"DeleteRequest": {"Key": {"pk": {"S": "x"}, "sk": {"S": "y"}}}}]}}),
        ),
        ("BatchGetItem", json!({"RequestItems": {TABLE: {"Keys": [key], "ProjectionExpression": "pk"}}})),
        (
            "ExecuteStatement",
            json!({"Statement": "UPDATE \"Shop\" SET v = {'a': [1, <<2>>]} WHERE pk = ? AND sk = 'p-1'", "Parameters": [{"S": "PRODUCT#p-1"}]}),
        ),
        (
            "CreateTable",
            json!({"TableName": "Other", "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}),
        ),
        (
            "UpdateTimeToLive",
            json!({"TableName": TABLE, "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "ttl"}}),
        ),
        (
            "GetShardIterator",
            json!({"StreamArn": "arn:aws:dynamodb:us-east-1:000000000000:table/Shop/stream/x", "ShardId": "shardId-0", "ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": "1"}),
        ),
        ("GetRecords", json!({"ShardIterator": "AAAA", "Limit": 5})),
    ]
}

fn damaged(random: &mut fastrand::Rng, mut body: Vec<u8>) -> Vec<u8> {
    for _ in 0..random.usize(1..4) {
        let at = random.usize(..body.len());
        match random.u8(..5) {
            0 => body[at] = random.u8(..),
            1 => body.truncate(at.max(1)),
            2 => body.insert(at, *random.choice(b"\"{}[]():,#.0-9eE\\ \xc3").unwrap()),
            3 => drop(body.remove(at)),
            _ => {
                let to = random.usize(at..body.len().min(at + 40));
                let copy = body[at..to].to_vec();
                body.splice(at..at, copy);
            }
        }
        if body.is_empty() {
            body.push(b'{');
        }
    }
    body
}

#[test]
fn requests_and_responses_show_no_values() {
    let request = format!("{:?}", Request::new("PutItem", "secret"));
    assert!(request.contains("PutItem") && !request.contains("secret"), "{request}");
    assert!(!format!("{:?}", Response::new(200, "secret")).contains("secret"));
}
