use axum::{extract::State, http::StatusCode, response::Response};
use serde::Serialize;

use super::{
    app::{App, MeteredTable, Peer},
    code::Code,
    fields::Fields,
    refusal::Refusal,
    reply,
};
use crate::{
    ShopError,
    model::{Email, User},
    sign_up,
};

#[derive(Serialize)]
struct SignedIn<'a> {
    email: &'a str,
    ret: &'static str,
}

#[derive(Serialize)]
struct LoggedIn {
    ret: &'static str,
    msg: &'static str,
    #[serde(rename = "json-web-token")]
    token: String,
}

/// `POST /signin`: adds a user.
pub(super) async fn sign_in(
    State(app): State<App>,
    MeteredTable(table): MeteredTable,
    fields: Fields,
) -> Result<Response, Refusal> {
    let names = ["first-name", "last-name", "email", "password"];
    let [first_name, last_name, email, password] = fields.texts(names)?;
    let user = User {
        email: email.parse().map_err(|_| Code::EmailInvalid)?,
        id: None,
        first_name,
        last_name,
        password: app.passwords().hash(&password).await?,
    };
    match sign_up(&table, &user).await {
        Ok(()) => Ok(reply::json(StatusCode::OK, &SignedIn { email: &email, ret: "ok" })),
        Err(ShopError::EmailTaken) => Err(Refusal::from(Code::EmailTaken).with_email(email)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /login`: checks a password, and starts a session.
pub(super) async fn log_in(
    State(app): State<App>,
    MeteredTable(table): MeteredTable,
    Peer(address): Peer,
    fields: Fields,
) -> Result<Response, Refusal> {
    let [email, password] = fields.texts(["email", "password"])?;
    // What is no email address is the address of no user.
    let email: Email = email.parse().map_err(|_| Code::WrongCredentials)?;
    let attempt = app.logins().attempt(&email, address).map_err(Refusal::too_many_logins)?;
    let login = crate::log_in(&table, app.passwords(), &email, &password).await;
    if !matches!(login, Err(ShopError::WrongCredentials)) {
        attempt.give_back();
    }
    let token = login?.token.to_string();
    Ok(reply::json(StatusCode::OK, &LoggedIn { ret: "ok", msg: "Credentials ok", token }))
}
