//! Each call of dynamap, and the request that DynamoDB receives.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod batch;
mod capacity;
mod condition;
mod given;
mod members;
mod model;
mod operators;
mod projection;
mod read;
mod readme;
mod scan;
mod search;
mod table;
mod table_settings;
mod throughput;
mod transaction;
mod update;
mod vector_index;
mod verbs;
mod write;
