use std::{error::Error, io};

use crate::{Revision, model::Kind};

/// The reason of a function that was given to [`update`](crate::update), for not changing the value.
pub type Refusal = Box<dyn Error + Send + Sync>;

/// An error of the store. Nothing was written then, unless it is [`dynamap::Error::Unknown`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The key is not at the revision that the write expects.
    #[error("`{key}` is not at the expected revision")]
    RevisionMismatch {
        /// The key.
        key: String,
        /// The revision of the key; `None` if it is absent.
        current: Option<Revision>,
    },
    /// The key has a value of another kind.
    #[error("`{key}` is a {found}, not a {expected}")]
    OtherKind {
        /// The key.
        key: String,
        /// The kind of its value.
        found: Kind,
        /// The kind that the call takes.
        expected: Kind,
    },
    /// A path leads through something that has no members.
    #[error("`{key}` has nothing at step {step} of the path that could have members, or such an element")]
    NoPlace {
        /// The key.
        key: String,
        /// The step of the path that cannot be taken, from 1.
        step: usize,
    },
    /// A call has more keys than DynamoDB takes at once.
    #[error("{count} keys in one call, of which there may be {limit}")]
    TooManyKeys {
        /// The number of keys.
        count: usize,
        /// The largest number.
        limit: usize,
    },
    /// A call has more bytes than DynamoDB takes at once.
    #[error("{size} bytes in one call, of which there may be {limit}")]
    TooLarge {
        /// The size of the items.
        size: usize,
        /// The largest size.
        limit: usize,
    },
    /// A value or an entry is larger than an item of DynamoDB.
    #[error(
        "`{key}` would be an item of {size} bytes, of which there may be {limit}; `bassoc` takes larger values"
    )]
    ItemTooLarge {
        /// The key.
        key: String,
        /// The size of the item.
        size: usize,
        /// The largest size.
        limit: usize,
    },
    /// The value cannot be stored.
    #[error("the value cannot be stored")]
    Encode(#[source] serde_dynamo::Error),
    /// The stored value does not have the form of the type.
    #[error("the value of `{key}` has another form")]
    Decode {
        /// The key.
        key: String,
        /// The reason that serde gives.
        #[source]
        source: serde_dynamo::Error,
    },
    /// The function that changes the value refused to.
    #[error("the change was refused")]
    Refused(#[source] Refusal),
    /// The input of a binary value cannot be read.
    #[error("the input cannot be read")]
    Input(#[source] io::Error),
    /// The output of a binary value cannot be written.
    #[error("the output cannot be written")]
    Output(#[source] io::Error),
    /// The value was replaced or removed while it was read. Read it again.
    #[error("`{0}` was replaced while it was read")]
    Replaced(String),
    /// A part of the value is missing, or is not what was written.
    #[error("a part of `{0}` is missing or damaged")]
    Damaged(String),
    /// The input stood still for so long that `collect` took the upload for a dead one.
    #[error("the upload of `{0}` was collected, since its input stood still")]
    Collected(String),
    /// Other writers were faster each time.
    #[error("`{key}` was changed by another writer at each of {attempts} attempts")]
    Contended {
        /// The key, or the first one of several.
        key: String,
        /// The number of attempts.
        attempts: u32,
    },
    /// The table is absent, and was not to be created.
    #[error("there is no table `{0}`")]
    NoTable(String),
    /// The table cannot be deleted.
    #[error("the store cannot be deleted")]
    NotDeleted(#[source] Box<aws_sdk_dynamodb::Error>),
    /// The table cannot be read or written.
    #[error(transparent)]
    Table(#[from] dynamap::Error),
}

/// The result of an access pattern.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
