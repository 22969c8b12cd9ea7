//! The mapping of values in both wire forms.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agreement;
mod round_trip;
