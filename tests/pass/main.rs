//! The derives compile, without a warning, wherever a user puts them.
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::unwrap_used,
    clippy::panic
)]

mod in_a_function;
mod names;
mod no_prelude;
mod private_types;
mod raw_identifiers;
mod renamed_crate;
mod shadowed_types;
mod visibility;
mod wide;
