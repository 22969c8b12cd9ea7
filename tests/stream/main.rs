//! Change streams: typed changes from the records of each source.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod damage;
mod diff;
mod event;
mod json;
mod lambda;
mod model;
mod reader;
mod sdk;
mod sequence_number;
mod sources;
mod vectors;
