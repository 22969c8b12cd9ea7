use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use serde::Serialize;

/// The content type of all JSON, as clients of the shop know it.
const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// A response with a JSON body, or an empty one of status 500 if the body cannot be written.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => with_content(status, JSON, body),
        Err(_) => with_content(StatusCode::INTERNAL_SERVER_ERROR, JSON, Vec::new()),
    }
}

/// A response with this body.
pub(super) fn with_content(status: StatusCode, content_type: HeaderValue, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, content_type);
    // Products and tokens are for one user, and no cache between.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
