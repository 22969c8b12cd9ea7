//! Direct mapping against the SDK's own types: both must give the same, whatever DynamoDB answers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod answer;
mod damage;
mod documents;
mod failures;
mod hooks;
mod operations;
mod prepared;
mod protocols;
mod standing;
