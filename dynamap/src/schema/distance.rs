//! The distance functions of vector indexes, as types.

use super::DistanceFunction;

/// A distance function as a type: that of a vector index and of the scores of its searches.
pub trait Distance: Send + Sync + 'static {
    /// The function.
    const FUNCTION: DistanceFunction;
}

macro_rules! distances {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {}

        impl Distance for $name {
            const FUNCTION: DistanceFunction = DistanceFunction::$name;
        }
    )* };
}

distances! {
    /// One minus the cosine of the angle between two vectors.
    Cosine;
    /// The length of the difference of two vectors.
    Euclidean;
    /// The sum of the products of the values of two vectors.
    DotProduct;
}
