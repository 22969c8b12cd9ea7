//! The store, from its access patterns to the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bytes;
mod command_line;
mod cut_off;
mod late;
mod lost_answers;
mod place;
mod readme;
mod reports;
mod rights;
mod schema;
mod simulation;
mod suite;
mod tour;
