//! Errors of one item, one expression or one request.
//!
//! A whole call returns [`Error`](crate::Error), of [`outcome`](crate::outcome). No error shows an attribute's value,
//! the key of a map or the name of an attribute that no entity declares, neither in `Display` nor in `Debug`; methods
//! whose name ends with `unredacted` give them. See the [guide to errors and logs](crate::guide::errors_and_logs).

mod collection;
mod cursor;
mod decode;
mod encode;
mod expression;
mod item;
mod key;
mod path;
mod random;
mod redacted;
mod schema;
mod schema_difference;
mod service;
mod throttling;
mod vector;

pub use collection::ItemCollectionError;
pub use cursor::{CursorError, CursorRefusal};
pub use decode::DecodeError;
pub use encode::EncodeError;
pub use expression::{ExpressionError, ExpressionErrorKind};
pub use item::ItemError;
pub use key::{InvalidPart, KeyError, KeyErrorKind};
pub(crate) use path::HIDDEN_KEY;
pub use random::NoRandomBytes;
pub use redacted::Redacted;
pub use schema::SchemaMismatch;
pub use schema_difference::{SchemaDifference, SchemaDifferenceKind, SchemaDifferences, TableSetting};
pub use service::{ServiceError, ServiceErrorKind};
pub use throttling::{ThrottlingCause, ThrottlingReason};
pub use vector::VectorError;
