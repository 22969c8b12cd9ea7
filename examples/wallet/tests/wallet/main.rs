//! The wallets, from their access patterns to the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command_line;
mod patterns;
mod schema;
mod stress;
mod tour;
