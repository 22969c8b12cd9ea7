//! The measurements of the contenders.

pub(crate) mod allocations;
pub(crate) mod callgrind;
pub(crate) mod ratio;
pub(crate) mod region;
mod stopwatch;
pub(crate) mod time;
