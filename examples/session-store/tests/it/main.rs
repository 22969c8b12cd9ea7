//! The sessions, from the store to the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod client;
mod events;
mod items;
mod routes;
mod sockets;
mod store;
mod voters;
mod world;
