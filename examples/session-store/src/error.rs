use dynamap::op::ModifyError;

use crate::rules::Refusal;

/// The reason why a session was not loaded or saved. Nothing was written then, unless it is
/// [`dynamap::Error::Unknown`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// There is no session with this id.
    #[error("there is no session `{0}`")]
    NotFound(String),
    /// There is a session with the id of a new one.
    #[error("there is a session `{0}` already")]
    AlreadyExists(String),
    /// The session has another version than the expected one, or it is gone.
    #[error("session `{0}` has another version")]
    VersionMismatch(String),
    /// An item of this id has no version: none of this table's programs wrote it.
    #[error("session `{0}` has no version")]
    NoVersion(String),
    /// The rules refuse the change.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The table cannot be read or written.
    #[error(transparent)]
    Table(#[from] dynamap::Error),
    /// The session was not modified for a reason that this version of dynamap does not have.
    #[error(transparent)]
    NotModified(ModifyError<Refusal>),
}

impl SessionError {
    /// The error of the read-modify-write of a session.
    pub(crate) fn not_modified(id: &str, error: ModifyError<Refusal>) -> Self {
        match error {
            ModifyError::Refused(refusal) => Self::Refused(refusal),
            ModifyError::NotFound(_) => Self::NotFound(id.into()),
            ModifyError::Table(error) => Self::not_saved(id, error),
            error => Self::NotModified(error),
        }
    }

    /// The error of a session that was saved by its version.
    pub(crate) fn not_saved(id: &str, error: dynamap::Error) -> Self {
        match error {
            dynamap::Error::VersionConflict(_) => Self::VersionMismatch(id.into()),
            error => Self::Table(error),
        }
    }
}

/// The result of an access pattern.
pub type Result<T> = std::result::Result<T, SessionError>;
