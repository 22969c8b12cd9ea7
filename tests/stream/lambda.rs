//! The handler of Lambda functions.

mod course;
mod deadline;
mod poison;
mod service;
