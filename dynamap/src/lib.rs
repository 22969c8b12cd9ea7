//! A typed single-table data mapper for Amazon DynamoDB.

#[doc(hidden)]
pub mod __private;
pub mod entity;
pub mod error;
pub mod expr;
pub mod key;
pub mod schema;
pub mod value;
pub mod wire;

pub use entity::{Entity, Projection};
pub use error::{Error, Result};
pub use expr::Attribute;
pub use schema::{Index, TableSchema};

#[cfg(feature = "derive")]
pub use dynamap_derive::{Attribute, Entity, Index, Projection, TableSchema};

// Lets generated code name this crate inside its own documentation and tests.
extern crate self as dynamap;
