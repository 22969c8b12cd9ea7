use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_smithy_runtime_api::http::Headers;

/// A response of DynamoDB, or of a transport in its place.
///
/// `Debug` leaves the headers and the body out, because the body holds attribute values.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status, 100 to 999.
    pub status: u16,
    /// The HTTP headers.
    pub headers: Headers,
    /// The JSON body. Changing it leaves the header `x-amz-crc32` as it was, so a client that checks the
    /// sum sees that the body was damaged on the way.
    pub body: Vec<u8>,
}

impl Response {
    /// A response with DynamoDB's headers: content type, a fresh request id and the body's CRC32.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let mut headers = Headers::new();
        headers.insert("content-type", "application/x-amz-json-1.0");
        headers.insert("x-amzn-requestid", request_id());
        headers.insert("x-amz-crc32", crc32fast::hash(&body).to_string());
        Self { status, headers, body }
    }

    /// An error as DynamoDB words it, such as status 400 and the code `ThrottlingException`.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        let body = serde_json::json!({
            "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"),
            "message": message,
        });
        Self::new(status, body.to_string())
    }
}

/// DynamoDB: a request id is 52 characters of `0-9A-Z`. A counter keeps ids distinct in this process and
/// seeded simulations reproducible.
fn request_id() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("DYNAMAPLOCAL{:040}", NEXT.fetch_add(1, Ordering::Relaxed))
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
