//! The embedded DynamoDB through the SDK's real clients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bodies;
mod database;
mod items;
mod recording;
mod shop;
mod streams;
mod time;
mod wrapping;
