//! The parts that the examples share: output, the guided tour, the location of the table, and the
//! signals that end a program.
//!
//! Nothing here is about dynamap itself. To learn that, read an example.

#[cfg(feature = "browser")]
pub mod browser;
mod failure;
pub mod log;
pub mod output;
pub mod profile;
pub mod readme;
mod signal;
pub mod tour;

pub use failure::{Failure, exit_code, with_sources};
pub use signal::stop_signal;
