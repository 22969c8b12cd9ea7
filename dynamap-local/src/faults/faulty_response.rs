//! Responses that stand in the place of a result: errors of DynamoDB, pages of proxies and damaged bodies.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use serde_json::{Value, json};

use super::fault::Throttling;
use crate::transport::{Request, Response};

const NAMESPACE: &str = "com.amazonaws.dynamodb.v20120810#";

pub(super) fn internal_error() -> Response {
    Response::error(500, "InternalServerError", "Internal server error")
}

pub(super) fn throttled(throttling: Throttling, request: &Request) -> Response {
    let (code, reasons, reason) = match throttling {
        Throttling::ProvisionedThroughput => {
            ("ProvisionedThroughputExceededException", "ThrottlingReasons", "ProvisionedThroughputExceeded")
        }
        Throttling::KeyRange => ("ThrottlingException", "throttlingReasons", "KeyRangeThroughputExceeded"),
        Throttling::MaxOnDemandThroughput => {
            ("ThrottlingException", "throttlingReasons", "MaxOnDemandThroughputExceeded")
        }
        Throttling::AccountLimit => ("RequestLimitExceeded", "ThrottlingReasons", "AccountLimitExceeded"),
    };
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let (kind, name) = match body["IndexName"].as_str() {
        Some(index) => ("Index", format!("/index/{index}")),
        None => ("Table", String::new()),
    };
    let way = if is_read(&request.operation) { "Read" } else { "Write" };
    let table = table(&body).unwrap_or("unknown");
    let body = json!({
        "__type": format!("{NAMESPACE}{code}"),
        "message": "Throughput exceeds the current capacity of your table or index.",
        (reasons): [{
            "reason": format!("{kind}{way}{reason}"),
            "resource": format!("arn:aws:dynamodb:us-east-1:000000000000:table/{table}{name}"),
        }],
    });
    Response::new(400, body.to_string())
}

fn is_read(operation: &str) -> bool {
    matches!(operation, "GetItem" | "BatchGetItem" | "TransactGetItems" | "Query" | "Scan" | "SearchVectors")
}

/// The first table that the request names.
fn table(body: &Value) -> Option<&str> {
    body["TableName"]
        .as_str()
        .or_else(|| body["RequestItems"].as_object()?.keys().next().map(String::as_str))
        .or_else(|| body["TransactItems"][0].as_object()?.values().next()?["TableName"].as_str())
}

pub(super) fn conflict(request: &Request) -> Response {
    if request.operation.ends_with("Item") {
        return Response::error(400, "TransactionConflictException", "Transaction is ongoing for the item");
    }
    canceled(&["TransactionConflict".to_owned()], request)
}

pub(super) fn canceled(codes: &[String], request: &Request) -> Response {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let actions = body["TransactItems"].as_array().or(body["TransactStatements"].as_array());
    let codes: Vec<&str> = (0..actions.map_or(codes.len(), Vec::len))
        .map(|action| codes.get(action).map_or("None", String::as_str))
        .collect();
    let reasons: Vec<Value> = codes
        .iter()
        .map(|code| match *code {
            "None" => json!({"Code": "None"}),
            code => json!({"Code": code, "Message": explanation(code)}),
        })
        .collect();
    let message = format!(
        "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
        codes.join(", ")
    );
    let body = json!({
        "__type": format!("{NAMESPACE}TransactionCanceledException"),
        "Message": message,
        "CancellationReasons": reasons,
    });
    Response::new(400, body.to_string())
}

fn explanation(code: &str) -> &'static str {
    match code {
        "ConditionalCheckFailed" => "The conditional request failed",
        "TransactionConflict" => "Transaction is ongoing for the item",
        "ProvisionedThroughputExceeded" => {
            "The level of configured provisioned throughput for the table was exceeded."
        }
        "ThrottlingError" => "Throughput exceeds the current capacity of your table or index.",
        _ => "The action was refused",
    }
}

pub(super) fn in_progress() -> Response {
    Response::error(
        400,
        "TransactionInProgressException",
        "The transaction with the given request token is already in progress.",
    )
}

/// The server's clock is ahead of the one that signed the request.
pub(super) fn clock_skew(ahead: Duration, request: &Request) -> Response {
    let signed = request.headers.get("x-amz-date").and_then(signing_time).unwrap_or_else(SystemTime::now);
    let server = signed.checked_add(ahead).unwrap_or(signed);
    let seconds = server.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let date = DateTime::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX)).fmt(Format::HttpDate);
    let body = json!({
        "__type": "com.amazon.coral.service#InvalidSignatureException",
        "message": "Signature expired: the request's time is too far from the server's",
    });
    let mut response = Response::new(400, body.to_string());
    if let Ok(date) = date {
        response.headers.insert("date", date);
    }
    response
}

/// `20261121T170341Z`
fn signing_time(text: &str) -> Option<SystemTime> {
    let part = |from: usize, to: usize| text.get(from..to);
    let (date, time) = (text.get(..8)?, text.get(9..15)?);
    let spelled = format!(
        "{}-{}-{}T{}:{}:{}Z",
        date.get(..4)?,
        part(4, 6)?,
        part(6, 8)?,
        time.get(..2)?,
        part(11, 13)?,
        part(13, 15)?
    );
    let seconds = DateTime::from_str(&spelled, Format::DateTime).ok()?.secs();
    UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))
}

/// The engine's answer with its members in alphabetical order, so that the same byte is always damaged, and the sum of
/// that.
fn canonical(response: Response) -> Response {
    let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else { return response };
    body.sort_all_objects();
    let mut canonical = Response::new(response.status, body.to_string());
    let sum = canonical.headers.get("x-amz-crc32").unwrap_or_default().to_owned();
    canonical.headers = response.headers;
    canonical.headers.insert("x-amz-crc32", sum);
    canonical
}

pub(super) fn truncated(response: Response, bytes: usize) -> Response {
    let mut response = canonical(response);
    response.body.truncate(bytes.min(response.body.len().saturating_sub(1)));
    response
}

pub(super) fn corrupted(response: Response, byte: usize) -> Response {
    let mut response = canonical(response);
    let at = byte.checked_rem(response.body.len());
    if let Some(byte) = at.and_then(|at| response.body.get_mut(at)) {
        *byte ^= 1;
    }
    response
}

pub(super) fn emptied(mut response: Response) -> Response {
    response.body.clear();
    response
}

pub(super) fn garbled(mut response: Response) -> Response {
    if let Some(first) = response.body.first_mut() {
        *first ^= 1;
    }
    response
}

/// A page that a proxy or load balancer answers with, which knows nothing of DynamoDB's headers.
pub(super) fn proxy(status: u16) -> Response {
    let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    let mut response = Response::new(status, page);
    response.headers.remove("x-amz-crc32");
    response.headers.remove("x-amzn-requestid");
    response.headers.insert("content-type", "text/html");
    response
}
