//! The engine matrix: what dynamap needs of DynamoDB, tried on any implementation of it.
//!
//! An engine states the capabilities that it lacks, and its known deviations. A case that fails without being one of them,
//! or passes although it is listed, fails the run.

mod capability;
mod case;
mod cases;
mod context;
pub mod engine;
mod key_value_suite;
mod lost_answer;
mod model;
mod outcome;
pub mod page;
mod run;
mod target;

pub use capability::Capability;
pub use case::Case;
pub use outcome::{Outcome, Row, Rows};
pub use run::{names, run};
pub use target::Target;

/// The cases of dynamap itself.
pub fn cases() -> impl Iterator<Item = &'static Case> {
    cases::ALL.iter().copied().flatten()
}
