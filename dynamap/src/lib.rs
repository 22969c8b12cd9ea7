//! A typed single-table data mapper for Amazon DynamoDB.

pub mod error;
pub mod key;
pub mod value;
pub mod wire;
