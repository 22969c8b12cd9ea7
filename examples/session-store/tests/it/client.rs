//! A client of the routes, without a connection.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use serde_json::Value;
use tower::ServiceExt;

/// A response of the service.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Response {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body of a success that is JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!((self.status, self.header("content-type")), (200, Some("application/json")), "{self:?}");
        assert!(self.body.ends_with("}\n"), "{self:?}");
        serde_json::from_str(&self.body).unwrap()
    }

    /// Asserts a success without a body.
    #[track_caller]
    pub(crate) fn is_empty(&self, status: u16) {
        assert_eq!((self.status, self.body.as_str()), (status, ""), "{self:?}");
    }

    /// Asserts an error, in the form of the original's.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, sentence: &str) {
        assert_eq!((self.status, self.body.as_str()), (status, format!("{sentence}\n").as_str()), "{self:?}");
        assert_eq!(self.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(self.header("x-content-type-options"), Some("nosniff"));
    }
}

/// Sends a request such as `PUT /abcde/join`.
pub(crate) async fn send(routes: &Router, request: &str, body: impl Into<Body>) -> Response {
    let (method, path) = request.split_once(' ').unwrap();
    let method: Method = method.parse().unwrap();
    let request = Request::builder().method(method).uri(path).body(body.into()).unwrap();
    let response = routes.clone().oneshot(request).await.unwrap();
    let (status, headers): (StatusCode, _) = (response.status(), response.headers().clone());
    assert_eq!(headers["access-control-allow-origin"], "*");
    assert_eq!(headers["access-control-expose-headers"], "Location");
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Response { status: status.as_u16(), headers, body: String::from_utf8(body.into()).unwrap() }
}

/// Creates a session with these choices, and returns its id.
pub(crate) async fn create(routes: &Router, choices: &[&str]) -> String {
    let created = send(routes, "POST /", serde_json::to_string(choices).unwrap()).await;
    created.is_empty(201);
    created.header("location").unwrap().strip_prefix('/').unwrap().to_owned()
}

/// The body of a vote.
pub(crate) fn vote(participant: &str, choice: &str) -> String {
    serde_json::json!({ "Participant": participant, "Choice": choice }).to_string()
}
