use super::{absence::Absence, outcome::KeyOutcome};
use crate::{
    entity::AnyKey,
    error::{DecodeError, ServiceError},
    op::read::Queryable,
};
use std::{fmt, sync::Arc};

/// The item that a batch found at a key of the entity or item collection `E`: the entity, or the type that it was read
/// as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched<E: Queryable, T = E> {
    /// The entity, or the projection of it.
    Found(T),
    /// No entity has this key.
    Absent {
        /// The key that was asked for.
        key: E::Key,
        /// The reason why there is none.
        absence: Absence,
    },
}

impl<E: Queryable, T> Fetched<E, T> {
    /// The entity or projection, if there is one.
    pub fn found(self) -> Option<T> {
        match self {
            Self::Found(found) => Some(found),
            Self::Absent { .. } => None,
        }
    }

    /// True if there is no entity.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent { .. })
    }
}

/// A key of a batch that was not read.
pub struct UnreadItem<E: Queryable> {
    pub(super) key: E::Key,
    pub(super) reason: Unread,
}

/// The reason why a key of a batch was not read.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Unread {
    /// The item does not have the form of its entity.
    #[error(transparent)]
    Decode(DecodeError),
    /// The last request that asked for it failed.
    #[error(transparent)]
    Failed(Arc<ServiceError>),
    /// DynamoDB left it unprocessed again and again: there is no throughput.
    #[error("it was not processed")]
    Unprocessed,
}

impl<E: Queryable> UnreadItem<E> {
    /// The key.
    pub fn key(&self) -> &E::Key {
        &self.key
    }

    /// The key.
    pub fn into_key(self) -> E::Key {
        self.key
    }

    /// The reason why it was not read.
    pub fn reason(&self) -> &Unread {
        &self.reason
    }
}

/// The result at each key of a batch: found, absent, or not read.
pub type FetchedOrUnread<E, T = E> = Result<Fetched<E, T>, UnreadItem<E>>;

/// The results of the batch for these keys.
///
/// The outcomes come first: what is collected of them takes their place in memory.
pub(super) fn results<E: Queryable, O, T>(
    keys: Vec<E::Key>,
    outcomes: impl IntoIterator<Item = Result<KeyOutcome<O>, Unread>>,
    of_kept: impl Fn(O) -> T,
) -> impl Iterator<Item = FetchedOrUnread<E, T>> {
    let result = move |(outcome, key): (_, E::Key)| match outcome {
        Ok(KeyOutcome::Found(kept)) => Ok(Fetched::Found(of_kept(kept))),
        Ok(KeyOutcome::Absent(absence)) => Ok(Fetched::Absent { key, absence }),
        Ok(KeyOutcome::Malformed(error)) => {
            let error = match key.to_item() {
                Ok(item) => error.with_item_key(item),
                Err(_) => error,
            };
            Err(UnreadItem { key, reason: Unread::Decode(error) })
        }
        Err(reason) => Err(UnreadItem { key, reason }),
    };
    outcomes.into_iter().zip(keys).map(result)
}

/// Shows no key.
impl<E: Queryable> fmt::Debug for UnreadItem<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnreadItem")
            .field("entity", &E::SUBJECT)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}
