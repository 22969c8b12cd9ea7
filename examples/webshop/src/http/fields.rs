use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::Value;
use tokio::time::timeout;

use super::{app::App, code::Code, refusal::Refusal};

/// The fields of a JSON body.
///
/// The content type is not looked at: no form of another site can send a token, and so none can do harm.
#[derive(Debug)]
pub(super) struct Fields(Value);

impl FromRequest<App> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let body = body(request, app).await?;
        let body = serde_json::from_slice(&body).map_err(|_| Code::MalformedJson)?;
        Ok(Self(body))
    }
}

impl Fields {
    /// The texts of these fields, of which none may be empty.
    pub(super) fn texts<const N: usize>(mut self, names: [&str; N]) -> Result<[String; N], Refusal> {
        let is_empty = |value: &Value| value.is_null() || value == "";
        if names.iter().any(|name| self.0.get(name).is_none_or(is_empty)) {
            return Err(Code::EmptyFields.into());
        }
        if !names.iter().all(|name| self.0[name].is_string()) {
            return Err(Code::FieldNotText.into());
        }
        Ok(names.map(|name| match self.0[name].take() {
            Value::String(text) => text,
            _ => unreachable!("every field was found to be a text"),
        }))
    }
}

async fn body(request: Request, app: &App) -> Result<Bytes, Code> {
    let limits = app.limits();
    let body = Limited::new(request.into_body(), limits.body_bytes).collect();
    match timeout(limits.body_time, body).await {
        Err(_) => Err(Code::BodyTimedOut),
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Code::BodyTooLarge),
        Ok(Err(_)) => Err(Code::MalformedJson),
    }
}
