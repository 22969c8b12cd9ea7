//! Bodies of requests, whatever their content type, as in the original.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
};
use serde::de::DeserializeOwned;

use super::response::ErrorResponse;

/// A body of JSON.
pub(super) struct Json<T>(pub(super) T);

/// A body that is a text, of which nothing is taken away.
pub(super) struct Text(pub(super) String);

const WRONG_BODY: ErrorResponse = ErrorResponse(StatusCode::BAD_REQUEST, "wrong body");

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = ErrorResponse;

    async fn from_request(request: Request, state: &S) -> Result<Self, ErrorResponse> {
        let body = body(request, state).await?;
        let parsed = serde_json::from_slice(&body);
        parsed.map(Self).map_err(|_| ErrorResponse(StatusCode::BAD_REQUEST, "request json decoding"))
    }
}

impl<S: Send + Sync> FromRequest<S> for Text {
    type Rejection = ErrorResponse;

    async fn from_request(request: Request, state: &S) -> Result<Self, ErrorResponse> {
        let body = body(request, state).await?;
        String::from_utf8(body.into()).map(Self).map_err(|_| WRONG_BODY)
    }
}

async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, ErrorResponse> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => ErrorResponse(StatusCode::PAYLOAD_TOO_LARGE, "body is too large"),
        _ => WRONG_BODY,
    })
}
