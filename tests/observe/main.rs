//! Spans, events and metrics of every operation: their names, their numbers, and where they stand.
//!
//! `DYNAMAP_SEED` repeats a run of the generated cases, and `DYNAMAP_CASES` sets how many there are.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod dropped;
mod generated;
mod guide;
mod metrics;
mod model;
mod operations;
mod recipe;
mod recorder;
mod retries;
mod several;
