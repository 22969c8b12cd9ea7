//! Every test that needs more than one crate.
//!
//! The library holds what two of them share: the bodies of the fuzz targets, the simulation, the topologies, the
//! progress of both, and the engine matrix.

pub mod fuzz_target;
#[cfg(not(trybuild))]
pub mod matrix;
#[cfg(not(trybuild))]
pub mod progress;
#[cfg(not(trybuild))]
pub mod simulation;
#[cfg(not(trybuild))]
pub mod topology;
