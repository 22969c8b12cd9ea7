//! The parts that the examples share: output, the guided tour, and the location of the table.
//!
//! Nothing here is about dynamap itself. To learn that, read an example.

#[cfg(feature = "browser")]
pub mod browser;
mod failure;
pub mod output;
pub mod profile;
pub mod tour;

pub use failure::{Failure, exit_code, with_sources};
