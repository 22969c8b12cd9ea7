use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::timeout;

use super::{app::App, code::Code, refusal::Refusal};

/// Refuses requests with too many or too large headers, and ends those that take too long.
pub(super) async fn request_limits(State(app): State<App>, request: Request, next: Next) -> Response {
    let limits = app.limits();
    let headers = request.headers();
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if headers.len() > limits.headers || bytes + target > limits.header_bytes {
        return Refusal::from(Code::HeadersTooLarge).into_response();
    }
    match timeout(limits.request_time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::from(Code::TimedOut).into_response(),
    }
}
