use std::fmt;

use aws_smithy_runtime_api::http::Headers;

/// One attempt of one request, as DynamoDB receives it.
///
/// `Debug` leaves the headers and the body out, because the body holds attribute values.
#[derive(Clone)]
#[non_exhaustive]
pub struct Request {
    /// The operation's name, such as `PutItem`; empty if the request names none.
    pub operation: String,
    /// The HTTP headers; `amz-sdk-request` carries the attempt's number.
    pub headers: Headers,
    /// The JSON body.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers.
    pub fn new(operation: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Self { operation: operation.into(), headers: Headers::new(), body: body.into() }
    }

    pub(crate) fn from_http(headers: Headers, body: Vec<u8>) -> Self {
        let target = headers.get("x-amz-target").unwrap_or_default();
        Self { operation: operation(target).to_owned(), headers, body }
    }
}

/// A target of another service stays whole, so that it names no operation of this one.
fn operation(target: &str) -> &str {
    ["DynamoDB_20120810.", "DynamoDBStreams_20120810."]
        .into_iter()
        .find_map(|service| target.strip_prefix(service))
        .unwrap_or(target)
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
