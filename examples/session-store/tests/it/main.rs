//! The sessions, from the store to the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;
mod command_line;
mod events;
mod items;
mod page;
mod readme;
mod routes;
mod schema;
mod shutdown;
mod sockets;
mod store;
mod tour;
mod voters;
mod world;
