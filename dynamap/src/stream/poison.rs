use super::{ChangeRecord, NewAndOldImages, RecordError, StreamView};
use crate::{batch::BoxError, op::read::Queryable};
use std::fmt;

/// A record that cannot be handled, now or later.
///
/// Its `Debug` shows no value of the item.
#[non_exhaustive]
pub enum PoisonRecord<T: Queryable, V: StreamView = NewAndOldImages> {
    /// The record cannot be read. The error gives it back.
    Unreadable(RecordError),
    /// The function has failed with each attempt.
    Failed {
        /// The change.
        change: Box<ChangeRecord<T, V>>,
        /// The number of attempts.
        attempts: u32,
        /// The error of the last attempt.
        error: BoxError,
    },
}

impl<T: Queryable, V: StreamView> fmt::Debug for PoisonRecord<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => f.debug_tuple("Unreadable").field(error).finish(),
            Self::Failed { change, attempts, .. } => f
                .debug_struct("Failed")
                .field("change", change)
                .field("attempts", attempts)
                .finish_non_exhaustive(),
        }
    }
}
