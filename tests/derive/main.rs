//! What the derives generate, without a database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod enums;
mod errors;
mod fields;
mod hygiene;
mod indexes;
mod keys;
mod newtypes;
mod projections;
mod stored;
