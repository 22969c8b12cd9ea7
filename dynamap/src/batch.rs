//! Batches: many items by few requests, with an outcome for each.

mod get;
mod hydrate;
mod places;

pub use get::{Absence, BatchGet, Fetched};
pub use hydrate::Hydrate;
