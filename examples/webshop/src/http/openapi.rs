use axum::{
    http::{HeaderValue, StatusCode},
    response::Response,
};

use super::reply;

/// The description of the shop's interface: OpenAPI 3.1.
pub const OPENAPI: &str = include_str!("openapi.json");

/// `GET /openapi.json`: the description.
pub(super) async fn document() -> Response {
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    reply::with_content(StatusCode::OK, json, OPENAPI)
}
