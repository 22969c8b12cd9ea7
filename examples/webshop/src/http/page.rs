use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};

use super::reply;

const SECURITY: [(HeaderName, &str); 3] = [
    // Nothing of another host, nothing inline, and no way into another site's frame.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// `GET /`: the page, to sign in and to browse groups and products.
pub(super) async fn html() -> Response {
    asset("text/html; charset=utf-8", include_str!("page/index.html"))
}

/// `GET /page.css`: its style.
pub(super) async fn css() -> Response {
    asset("text/css; charset=utf-8", include_str!("page/page.css"))
}

/// `GET /page.js`: its script.
pub(super) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("page/page.js"))
}

fn asset(content_type: &'static str, text: &'static str) -> Response {
    let mut response = reply::with_content(StatusCode::OK, HeaderValue::from_static(content_type), text);
    for (name, value) in SECURITY {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
