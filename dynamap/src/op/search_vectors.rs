//! SearchVectors.

mod vector_search;

pub use vector_search::{IntoVectorSearch, VectorSearch};
