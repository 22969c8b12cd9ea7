//! The embedded DynamoDB through the SDK's real clients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bodies;
mod database;
mod faults;
mod items;
mod legality;
mod recording;
mod shards;
mod shop;
mod streams;
mod time;
mod wrapping;
