//! A typed single-table data mapper for Amazon DynamoDB.

pub mod error;
pub mod value;
pub mod wire;
