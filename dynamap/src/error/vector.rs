use std::{error::Error, fmt};

/// Values that are no vector of its type, refused before any request. It holds none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VectorError {
    /// There are more values than dimensions, or fewer.
    Dimensions {
        /// The number of dimensions.
        expected: usize,
        /// The number of values.
        found: usize,
    },
    /// A value is NaN or infinite.
    NotFinite {
        /// The position of the first such value.
        position: usize,
    },
}

impl fmt::Display for VectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dimensions { expected, found } => {
                write!(f, "expected a vector of {expected} dimensions, found {found} values")
            }
            Self::NotFinite { position } => {
                write!(f, "the value at {position} of the vector is not finite")
            }
        }
    }
}

impl Error for VectorError {}
