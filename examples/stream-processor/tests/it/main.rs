//! The access patterns of the views, by events, by processes and by the tour.
#![allow(clippy::unwrap_used, clippy::panic)]

mod command_line;
mod events;
mod function;
mod processes;
mod scratch;
mod tour;
