//! The mapping of values in both wire forms.
//!
//! The properties take their seed from `PROPTEST_RNG_SEED` and their number of cases from `PROPTEST_CASES`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agreement;
mod damaged;
mod documents;
mod fast_paths;
mod generate;
mod hostile;
#[cfg(all(feature = "uuid", feature = "jiff", feature = "chrono", feature = "rust_decimal"))]
mod integration;
mod lookahead;
mod nesting;
mod numbers;
mod oracle;
mod round_trip;
mod serde;
mod vectors;
