use axum::http::{Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use super::request_log::REQUEST_ID;

/// Lets scripts of all origins call the shop.
///
/// A token is sent by the script itself and never by the browser alone, so that no other site can act as a user.
pub(super) fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(AllowOrigin::mirror_request())
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE, header::AUTHORIZATION])
        .expose_headers([REQUEST_ID, header::RETRY_AFTER])
}
