use std::time::{Duration, SystemTime};

use dynamap::value::EpochSeconds;
use examples_shared::{Failure, tour::unexpected};

use super::guide::Tour;
use crate::{ShopError, catalogue::ADAS_PASSWORD, log_in, model::User, session, sign_up, start_session};

const NEWCOMER: &str = "cleo@example.com";
const ADA: &str = "ada@example.com";
const MINUTE: Duration = Duration::from_secs(60);

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    newcomer(tour).await?;
    login(tour).await?;
    wrong_password(tour).await?;
    expired(tour).await
}

async fn newcomer(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Sign up a new user",
        "sign_up",
        "The email address is the key, and the item may not be there yet. The second time it is:\n\
         no read beforehand, and no race between two who want the same address.",
    )?;
    let user = User {
        email: NEWCOMER.parse()?,
        id: None,
        first_name: "Cleo".to_owned(),
        last_name: "Marsh".to_owned(),
        password: tour.passwords.hash("pancake").await?,
    };
    sign_up(&tour.shop, &user).await?;
    tour.guide.sent()?;
    tour.guide.got(format!("{NEWCOMER} is signed up"))?;
    match sign_up(&tour.shop, &user).await {
        Err(ShopError::EmailTaken) => tour.guide.got(format!("refused: {}", ShopError::EmailTaken)),
        outcome => Err(unexpected("a second user with one address", outcome)),
    }
}

async fn login(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Log in",
        "log_in",
        "Reads the user, checks the password, and puts a session with a random token. Ada was imported with\n\
         an old hash of her password: it is replaced by Argon2id.",
    )?;
    let started = log_in(&tour.shop, &tour.passwords, &ADA.parse()?, ADAS_PASSWORD).await?;
    tour.guide.sent()?;
    tour.guide.got(format!("session {} of {}, for 2000 seconds", started.token, started.email))?;

    tour.guide.stop("Session of a login token", "session", "Who is it that sends this token?")?;
    let found = session(&tour.shop, started.token).await?;
    tour.guide.sent()?;
    match found {
        Some(session) => tour.guide.got(session.email),
        None => Err(unexpected("a session that is not there", started)),
    }
}

async fn wrong_password(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("Log in, with a wrong password", "log_in", "Nothing is written.")?;
    let refused = log_in(&tour.shop, &tour.passwords, &ADA.parse()?, "a guess").await;
    tour.guide.sent()?;
    match refused {
        Err(ShopError::WrongCredentials) => {
            tour.guide.got(format!("refused: {}", ShopError::WrongCredentials))
        }
        outcome => Err(unexpected("a login with a wrong password", outcome)),
    }
}

async fn expired(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Session of a login token, expired",
        "session",
        "expires_at is the table's time to live. DynamoDB deletes expired items when it comes to it and\n\
         returns them until then; dynamap does not. This session ended a minute ago:",
    )?;
    let ended = EpochSeconds::from(SystemTime::now()) - MINUTE;
    let expired = start_session(&tour.shop, &ADA.parse()?, ended).await?;
    tour.guide.sent()?;
    let found = session(&tour.shop, expired.token).await?;
    tour.guide.sent()?;
    match found {
        None => tour.guide.got("no such session"),
        Some(session) => Err(unexpected("an expired session", session)),
    }
}
