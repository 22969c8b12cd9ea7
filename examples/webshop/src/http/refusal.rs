use std::{borrow::Cow, time::Duration};

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use dynamap::error::{CursorError, ServiceErrorKind};
use examples_shared::with_sources;
use serde::Serialize;

use super::{code::Code, reply};
use crate::{ShopError, passwords::PasswordError};

/// A refusal or failure of a request, as the client sees it.
#[derive(Debug)]
pub(super) struct Refusal {
    code: Code,
    msg: Cow<'static, str>,
    email: Option<String>,
    retry_after: Option<Duration>,
    /// For the log only.
    cause: Option<String>,
}

/// The part of a refusal that the log shows.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    pub(super) code: Code,
    pub(super) cause: Option<String>,
}

#[derive(Serialize)]
struct Refused<'a> {
    ret: &'static str,
    msg: &'a str,
    code: Code,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self { code, msg: code.message().into(), email: None, retry_after: None, cause: None }
    }
}

impl Refusal {
    /// The refusal of a product that is not in a group.
    pub(super) fn no_product(group: &str, id: &str) -> Self {
        let msg = format!("Did not find product for pg-id: {group}, and p-id: {id}");
        Self { msg: msg.into(), ..Code::ProductNotFound.into() }
    }

    /// The refusal of a login for so long.
    pub(super) fn too_many_logins(wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..Code::TooManyLogins.into() }
    }

    /// The same refusal with the email address that the client sent.
    pub(super) fn with_email(self, email: String) -> Self {
        Self { email: Some(email), ..self }
    }
}

impl From<ShopError> for Refusal {
    fn from(error: ShopError) -> Self {
        let code = code(&error);
        let is_fault = code.status().is_server_error();
        let retry_after = (code == Code::Unavailable).then_some(Duration::from_secs(1));
        let cause = match &error {
            // The client learns no more than that the cursor is refused.
            ShopError::Table(dynamap::Error::Cursor(CursorError::Refused(reason))) => {
                Some(format!("{reason:?}"))
            }
            error => is_fault.then(|| with_sources(error)),
        };
        Self { retry_after, cause, ..code.into() }
    }
}

impl From<PasswordError> for Refusal {
    fn from(error: PasswordError) -> Self {
        ShopError::from(error).into()
    }
}

impl From<dynamap::Error> for Refusal {
    fn from(error: dynamap::Error) -> Self {
        ShopError::from(error).into()
    }
}

fn code(error: &ShopError) -> Code {
    match error {
        ShopError::EmailTaken => Code::EmailTaken,
        ShopError::WrongCredentials => Code::WrongCredentials,
        ShopError::NoSuchProduct => Code::ProductNotFound,
        ShopError::Table(dynamap::Error::Cursor(_)) => Code::CursorInvalid,
        ShopError::Table(dynamap::Error::Unknown(_)) => Code::OutcomeUnknown,
        ShopError::Table(dynamap::Error::Service(error)) => match error.kind() {
            ServiceErrorKind::Throttled
            | ServiceErrorKind::LimitExceeded
            | ServiceErrorKind::TransactionConflict
            | ServiceErrorKind::NotSent
            | ServiceErrorKind::TimedOut
            | ServiceErrorKind::Unreachable
            | ServiceErrorKind::UnreadableResponse
            | ServiceErrorKind::Internal => Code::Unavailable,
            _ => Code::Internal,
        },
        ShopError::NoSuchGroup
        | ShopError::NoWords
        | ShopError::SoldOut { .. }
        | ShopError::Password(_)
        | ShopError::Table(_) => Code::Internal,
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { code, msg, email, retry_after, cause } = self;
        let body = Refused { ret: "failed", msg: &msg, code, email: email.as_deref() };
        let mut response = reply::json(code.status(), &body);
        let headers = response.headers_mut();
        if matches!(code, Code::TokenInvalid | Code::WrongCredentials) {
            // Not `Basic`, for which a browser would show a dialogue of its own.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"webshop\""));
        }
        if let Some(wait) = retry_after {
            // Rounded up: a client that waits so long is not refused again.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Cause { code, cause });
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_waits_as_long_as_it_is_told_has_waited_long_enough() {
        for (millis, seconds) in [(1, "1"), (999, "1"), (1000, "1"), (1001, "2"), (30_000, "30")] {
            let refusal = Refusal::too_many_logins(Duration::from_millis(millis));
            assert_eq!(refusal.into_response().headers()[header::RETRY_AFTER], seconds);
        }
    }
}
