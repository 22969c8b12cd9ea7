//! A typed single-table data mapper for Amazon DynamoDB.

#[doc(hidden)]
pub mod __private;
pub mod cursor;
pub mod entity;
pub mod error;
pub mod expr;
pub mod key;
pub mod op;
mod repository;
pub mod schema;
mod table;
pub mod value;
pub mod wire;

pub use cursor::Cursor;
pub use entity::{Entity, Projection};
pub use error::{Error, Result};
pub use expr::Attribute;
pub use repository::Repository;
pub use schema::{Index, TableSchema};
pub use table::Table;

#[cfg(feature = "derive")]
pub use dynamap_derive::{Attribute, Entity, Index, Projection, TableSchema};

// Lets generated code name this crate inside its own documentation and tests.
extern crate self as dynamap;
