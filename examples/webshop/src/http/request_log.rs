use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use dynamap::capacity::Meter;
use tracing::{Instrument, Span, error, info, info_span, warn};
use uuid::Uuid;

use super::refusal::Cause;

/// The header with the id of a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The most characters of an id that a client gives.
const MAX_ID: usize = 64;

/// Gives each request an id and a meter, and logs its outcome with the capacity units that it has consumed.
///
/// Neither the query nor any other header is logged: they have tokens.
pub(super) async fn request_log(mut request: Request, next: Next) -> Response {
    let id = given_id(request.headers()).unwrap_or_else(|| Uuid::new_v4().to_string());
    let meter = Meter::new();
    request.extensions_mut().insert(meter.clone());
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let span = info_span!("request", %id, method = %request.method(), route);
    let record = Record { began: Instant::now(), meter, span: span.clone(), is_answered: false };
    let mut response = next.run(request).instrument(span).await;
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    record.answered(&response);
    response
}

/// The id that the client, or a proxy before the server, has given, if it can stand in a log.
fn given_id(headers: &HeaderMap) -> Option<String> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((1..=MAX_ID).contains(&id.len()) && id.bytes().all(is_plain)).then(|| id.to_owned())
}

/// The line that a request leaves in the log, also if its client goes away before it is answered.
struct Record {
    began: Instant,
    meter: Meter,
    span: Span,
    is_answered: bool,
}

impl Record {
    fn answered(mut self, response: &Response) {
        self.is_answered = true;
        let Cost { ms, requests, read, write } = self.cost();
        let status = response.status().as_u16();
        let _entered = self.span.enter();
        match response.extensions().get::<Cause>() {
            None => info!(status, ms, requests, read, write, "answered"),
            Some(Cause { code, cause: None }) => {
                info!(status, %code, ms, requests, read, write, "refused");
            }
            Some(Cause { code, cause: Some(cause) }) if !code.status().is_server_error() => {
                info!(status, %code, cause, ms, requests, read, write, "refused");
            }
            Some(Cause { code, cause: Some(cause) }) => {
                error!(status, %code, cause, ms, requests, read, write, "failed");
            }
        }
    }

    fn cost(&self) -> Cost {
        let (consumed, ms) = (self.meter.consumed(), self.began.elapsed().as_millis());
        let units = consumed.total();
        Cost { ms, requests: consumed.requests, read: units.read, write: units.write }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if !self.is_answered {
            let Cost { ms, requests, read, write } = self.cost();
            let _entered = self.span.enter();
            warn!(ms, requests, read, write, "abandoned by the client");
        }
    }
}

/// The time and the DynamoDB requests of a request, and the capacity units of the table and its index.
struct Cost {
    ms: u128,
    requests: u64,
    read: f64,
    write: f64,
}
