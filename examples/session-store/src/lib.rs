//! The access patterns of planning-poker sessions, one function each, on one DynamoDB table.
//!
//! The table in the README lists them; [`model`] has the entity.

pub mod cli;
mod error;
pub mod events;
pub mod http;
pub mod model;
pub mod rules;
pub mod service;
pub mod tour;

pub use error::{Result, SessionError};

use dynamap::{Error, Table, op::ModifyError, value::Version};
use examples_shared::profile::Program;
use uuid::Uuid;

use model::{Session, SessionVersion, Sessions, StoredSession};
use rules::Refusal;

/// The names of this example.
const PROGRAM: Program = Program { package: "session-store", creates_table: "create-table" };

/// The most tries of a read-modify-write.
pub const TRIES: u32 = 5;

/// The most ids that are drawn for one new session.
const DRAWS: u32 = 5;

/// The number of characters of an id, which are digits to the base 36.
const ID_LENGTH: u32 = 5;

/// Creates the table if it is absent, and waits until it is active; true if this call created it.
///
/// # Errors
/// A request fails, or there is a table with other keys.
pub async fn create_table(sessions: &Table<Sessions>) -> Result<bool> {
    Ok(sessions.create_table_if_absent().send().await?)
}

/// The session with this id, and the version that it is saved with.
///
/// # Errors
/// [`SessionError::NotFound`] if there is none.
pub async fn load(sessions: &Table<Sessions>, id: &str) -> Result<(Session, SessionVersion)> {
    let stored = sessions.get(StoredSession::key(id)).consistent_read().send().await?;
    let StoredSession { data, version, .. } = stored.ok_or_else(|| SessionError::NotFound(id.into()))?;
    let version = version.stored().copied().ok_or_else(|| SessionError::NoVersion(id.into()))?;
    Ok((data, version))
}

/// Saves a session, and returns its new version.
///
/// Without a version, there must be no session with this id. With one, the stored session must have it: it is as it was
/// when it was loaded.
///
/// # Errors
/// [`SessionError::AlreadyExists`] without a version, and [`SessionError::VersionMismatch`] with one, also if there is no
/// session. [`Error::Unknown`] if no answer came for 30 seconds: load the session to see.
pub async fn save(
    sessions: &Table<Sessions>,
    id: &str,
    session: &Session,
    version: Option<SessionVersion>,
) -> Result<SessionVersion> {
    let version = version.map_or(Version::NEW, Version::from_stored);
    let mut stored = StoredSession { session_id: id.into(), data: session.clone(), version };
    if stored.version.is_new() {
        match sessions.create(&mut stored).send().await {
            Err(Error::ConditionFailed(_) | Error::VersionConflict(_)) => {
                return Err(SessionError::AlreadyExists(id.into()));
            }
            outcome => outcome?,
        }
    } else {
        sessions.save(&mut stored).send().await.map_err(|error| SessionError::not_saved(id, error))?;
    }
    stored.version.stored().copied().ok_or_else(|| SessionError::NoVersion(id.into()))
}

/// Saves a new session under an id that is drawn for it, and returns the id.
///
/// # Errors
/// As [`save`], if all ids that were drawn are taken.
pub async fn create(sessions: &Table<Sessions>, session: &Session) -> Result<String> {
    let mut draws = DRAWS;
    loop {
        let id = draw_id();
        draws -= 1;
        match save(sessions, &id, session, None).await {
            Err(SessionError::AlreadyExists(_)) if draws > 0 => {}
            outcome => return outcome.map(|_| id),
        }
    }
}

/// Five characters of `a` to `z` and `0` to `9`, by the random source of the operating system.
fn draw_id() -> String {
    let random = Uuid::new_v4().as_u128();
    let digits = (0..ID_LENGTH).map(|digit| (random / 36_u128.pow(digit) % 36) as u32);
    digits.filter_map(|digit| char::from_digit(digit, 36)).collect()
}

/// Read-modify-write: loads a session, changes it and saves it, with at most [`TRIES`] tries. Returns the session as
/// it was saved.
///
/// Where another writer was faster, the change begins anew, with the session of that writer. If no answer told whether
/// the session was saved, the same write is sent again to find out, and the session is returned as it is by then.
///
/// # Errors
/// [`SessionError::Refused`] if the change refuses, and nothing is saved then; [`SessionError::NotFound`];
/// [`SessionError::VersionMismatch`] after the last try.
pub async fn read_modify_write(
    sessions: &Table<Sessions>,
    id: &str,
    change: impl FnMut(&mut Session) -> std::result::Result<(), Refusal> + Send,
) -> Result<Session> {
    let mut change = change;
    let stored = sessions.repository::<StoredSession>();
    let modified = stored.modify(StoredSession::key(id), |stored| change(&mut stored.data));
    match modified.attempts(TRIES).send().await {
        Ok(stored) => Ok(stored.data),
        Err(ModifyError::Table(Error::Unknown(unknown))) => {
            unknown.resolve().await.map_err(|error| SessionError::not_saved(id, error))?;
            load(sessions, id).await.map(|(session, _)| session)
        }
        Err(error) => Err(SessionError::not_modified(id, error)),
    }
}
