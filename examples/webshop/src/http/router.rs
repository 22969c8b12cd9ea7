use axum::{
    Router,
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use serde::Serialize;

use super::{
    app::App, code::Code, cors::cors, openapi, page, products, refusal::Refusal, reply,
    request_limits::request_limits, request_log::request_log, users,
};

/// The methods and paths of the shop.
pub const ROUTES: &[(&str, &str)] = &[
    ("GET", "/"),
    ("GET", "/index.html"),
    ("GET", "/page.css"),
    ("GET", "/page.js"),
    ("GET", "/openapi.json"),
    ("GET", "/info"),
    ("POST", "/signin"),
    ("POST", "/login"),
    ("GET", "/product-groups"),
    ("GET", "/products/{group}"),
    ("GET", "/product/{group}/{id}"),
];

/// The shop's routes, with limits and a log around them.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for &(_, path) in ROUTES {
        router = router.route(path, handler(path));
    }
    router
        .fallback(async || Refusal::from(Code::RouteNotFound))
        .method_not_allowed_fallback(async || Refusal::from(Code::MethodNotAllowed))
        .layer(middleware::from_fn_with_state(app.clone(), request_limits))
        .layer(cors())
        // The outermost, so that every request has an id and leaves a line.
        .layer(middleware::from_fn(request_log))
        .with_state(app)
}

fn handler(path: &str) -> MethodRouter<App> {
    match path {
        "/" | "/index.html" => get(page::html),
        "/page.css" => get(page::css),
        "/page.js" => get(page::script),
        "/openapi.json" => get(openapi::document),
        "/info" => get(info),
        "/signin" => post(users::sign_in),
        "/login" => post(users::log_in),
        "/product-groups" => get(products::product_groups),
        "/products/{group}" => get(products::products),
        "/product/{group}/{id}" => get(products::product),
        _ => unreachable!("ROUTES has no other path"),
    }
}

#[derive(Serialize)]
struct Info {
    info: &'static str,
}

async fn info() -> Response {
    reply::json(StatusCode::OK, &Info { info: "index.html => Info in HTML format" }).into_response()
}
