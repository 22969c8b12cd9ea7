//! The access patterns of the views, by events, by processes and by the tour.
#![allow(clippy::unwrap_used, clippy::panic)]

mod command_line;
mod entities_of_the_shop;
mod events;
mod function;
mod processes;
mod schema;
mod scratch;
mod tour;
