use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::AUTHORIZATION, request::Parts},
};
use uuid::Uuid;

use super::{
    app::{App, MeteredTable},
    code::Code,
    refusal::Refusal,
};
use crate::{
    model::{Email, SessionToken},
    session,
};

/// The most characters of an `Authorization` header that are looked at.
const MAX_CREDENTIALS: usize = 256;

/// Proof that the request has the token of a session, with the user who has logged in.
///
/// A token that is absent, damaged, unknown or expired gives one and the same refusal.
#[derive(Debug, Clone)]
pub(super) struct Authorized(pub(super) Email);

impl FromRequestParts<App> for Authorized {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        let token = token(&parts.headers).ok_or(Code::TokenInvalid)?;
        let Ok(MeteredTable(table)) = MeteredTable::from_request_parts(parts, app).await;
        match session(&table, token).await? {
            Some(session) => Ok(Self(session.email)),
            None => Err(Code::TokenInvalid.into()),
        }
    }
}

/// The token of `Bearer TOKEN`, or of `Basic` with the token as the user, whatever the password.
fn token(headers: &HeaderMap) -> Option<SessionToken> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, credentials) = value.to_str().ok()?.split_once(' ')?;
    let credentials = Some(credentials.trim()).filter(|text| text.len() <= MAX_CREDENTIALS)?;
    if scheme.eq_ignore_ascii_case("Bearer") {
        return parsed(credentials);
    }
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = base64_simd::STANDARD.decode_to_vec(credentials).ok()?;
    let decoded = std::str::from_utf8(&decoded).ok()?;
    parsed(decoded.split_once(':').map_or(decoded, |(user, _)| user))
}

/// A token in the only form in which the shop gives it.
fn parsed(text: &str) -> Option<SessionToken> {
    let token = SessionToken(Uuid::try_parse(text).ok()?);
    (token.to_string() == text).then_some(token)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    const TOKEN: &str = "b0e52b5d-9acf-4fec-86dc-a21e0978a9bc";

    fn of(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        }
        token(&headers).map(|token| token.to_string())
    }

    fn basic(text: &str) -> String {
        format!("Basic {}", base64_simd::STANDARD.encode_to_string(text))
    }

    #[test]
    fn the_token_is_found_in_both_schemes() {
        for value in [
            format!("Bearer {TOKEN}"),
            format!("bearer  {TOKEN}"),
            basic(TOKEN),
            basic(&format!("{TOKEN}:NOT")),
            basic(&format!("{TOKEN}:")),
            basic(TOKEN).replace("Basic", "BASIC"),
        ] {
            assert_eq!(of(&[&value]).as_deref(), Some(TOKEN), "{value}");
        }
    }

    #[test]
    fn all_else_is_no_token() {
        for value in [
            String::new(),
            TOKEN.to_owned(),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            format!("Token {TOKEN}"),
            format!("Bearer {}", TOKEN.to_uppercase()),
            format!("Bearer {}", TOKEN.replace('-', "")),
            format!("Bearer {TOKEN}:NOT"),
            format!("Basic {TOKEN}"),
            "Basic *".to_owned(),
            basic(&format!(":{TOKEN}")),
            format!("{} x", basic(TOKEN)),
            "Basic /w==".to_owned(),
            format!("Basic {}", "QUFB".repeat(100)),
        ] {
            assert_eq!(of(&[&value]), None, "{value}");
        }
        assert_eq!(of(&[]), None);
        let bearer = format!("Bearer {TOKEN}");
        assert_eq!(of(&[&bearer, &bearer]), None);
    }
}
