//! The store, from its access patterns to the command line.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod suite;
