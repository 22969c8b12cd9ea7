//! The web shop, from its parser to its command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod command_line;
mod http;
mod interrupted;
mod mistakes;
mod passwords;
mod patterns;
mod real_data;
mod schema;
mod scratch;
mod search;
mod tour;
