//! Responses, with the headers and line ends of the original.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use examples_shared::with_sources;
use serde::Serialize;

use crate::{SessionError, rules::Refusal};

const NO_SNIFF: (HeaderName, HeaderValue) =
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
const PLAIN: (HeaderName, HeaderValue) =
    (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));

/// The response to a request that failed: a status, and a sentence for the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ErrorResponse(pub(super) StatusCode, pub(super) &'static str);

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        (self.0, [PLAIN, NO_SNIFF], format!("{}\n", self.1)).into_response()
    }
}

impl From<SessionError> for ErrorResponse {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound(_) => Self(StatusCode::NOT_FOUND, "session not exists"),
            SessionError::AlreadyExists(_) => Self(StatusCode::CONFLICT, "session already exists"),
            SessionError::VersionMismatch(_) => {
                Self(StatusCode::INTERNAL_SERVER_ERROR, "locking error, try again later")
            }
            SessionError::Refused(refusal) => refusal.into(),
            error => {
                eprintln!("error: {}", with_sources(&error));
                Self(StatusCode::INTERNAL_SERVER_ERROR, "unknown error")
            }
        }
    }
}

impl From<Refusal> for ErrorResponse {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Closed => Self(StatusCode::BAD_REQUEST, "session is closed"),
            Refusal::InvalidParticipant => Self(StatusCode::BAD_REQUEST, "not a valid participant"),
            Refusal::InvalidChoice => Self(StatusCode::BAD_REQUEST, "not a valid choice"),
            Refusal::NotAParticipant => Self(StatusCode::BAD_REQUEST, "not a participant"),
            Refusal::AlreadyJoined => Self(StatusCode::CONFLICT, "already joined"),
        }
    }
}

/// A success without a body.
pub(super) fn empty(status: StatusCode) -> Response {
    status.into_response()
}

/// The response to a request that created what is at this path.
pub(super) fn location(path: &str) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, path)]).into_response()
}

/// A body of JSON, which ends its line.
pub(super) fn json(body: &impl Serialize) -> Result<Response, ErrorResponse> {
    match serde_json::to_string(body) {
        Ok(text) => Ok(([(header::CONTENT_TYPE, "application/json")], text + "\n").into_response()),
        Err(_) => Err(ErrorResponse(StatusCode::INTERNAL_SERVER_ERROR, "response json encoding")),
    }
}

/// The response where there is no route.
pub(super) async fn no_route() -> ErrorResponse {
    ErrorResponse(StatusCode::NOT_FOUND, "404 page not found")
}
