//! Vectors of a fixed number of dimensions, as lists of numbers (L of N).

mod convert;
mod field;
mod serde;

pub use field::VectorField;

use super::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
use crate::error::{DecodeError, EncodeError, VectorError};
use std::{fmt, ops::Deref};

/// A vector of `N` dimensions, such as the embedding of a text, for a [vector index](crate::schema::VectorIndex).
///
/// It holds finite `f32`s, as a vector index does. It is stored as a list of numbers (L), each with the fewest digits that read
/// back as the same `f32`. A list of another length, or with something else than numbers, is an error when it is read.
///
/// ```
/// use dynamap::{value::Vector, wire::to_json};
///
/// let vector = Vector::<3>::new([0.5, -1.0, 0.25])?;
/// assert_eq!(to_json(&vector)?, br#"{"L":[{"N":"0.5"},{"N":"-1"},{"N":"0.25"}]}"#);
///
/// let of_model: Vec<f32> = vec![0.5, -1.0];
/// assert!(Vector::<3>::try_from(of_model).is_err(), "two dimensions are not three");
/// assert!(Vector::<2>::new([f32::NAN, 0.0]).is_err(), "DynamoDB has no NaN");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// `Debug` shows the number of dimensions and no value.
#[derive(Clone, PartialEq)]
pub struct Vector<const N: usize>(Box<[f32; N]>);

impl<const N: usize> Vector<N> {
    /// The number of dimensions, 1 to 4,096.
    pub const DIMENSIONS: usize = {
        // DynamoDB: a vector index has 1 to 4,096 dimensions.
        assert!(N >= 1 && N <= 4096, "a vector has 1 to 4,096 dimensions");
        N
    };

    /// A vector of these values.
    ///
    /// # Errors
    /// There are not `N` values, or one of them is not finite.
    pub fn new(values: impl Into<Vec<f32>>) -> Result<Self, VectorError> {
        let values: Vec<f32> = values.into();
        if let Some(position) = values.iter().position(|value| !value.is_finite()) {
            return Err(VectorError::NotFinite { position });
        }
        Self::of_finite(values)
    }

    fn of_finite(values: Vec<f32>) -> Result<Self, VectorError> {
        let found = values.len();
        let values: Result<Box<[f32; N]>, _> = values.into_boxed_slice().try_into();
        values.map(Self).map_err(|_| VectorError::Dimensions { expected: Self::DIMENSIONS, found })
    }

    /// The values.
    pub fn as_array(&self) -> &[f32; N] {
        &self.0
    }

    /// The values as a `Vec`, without a copy.
    pub fn into_vec(self) -> Vec<f32> {
        let values: Box<[f32]> = self.0;
        values.into_vec()
    }
}

impl<const N: usize> Deref for Vector<N> {
    type Target = [f32; N];

    fn deref(&self) -> &[f32; N] {
        &self.0
    }
}

impl<const N: usize> AsRef<[f32]> for Vector<N> {
    fn as_ref(&self) -> &[f32] {
        &*self.0
    }
}

/// Shows the number of dimensions: the values are many, and may tell what they were made of.
impl<const N: usize> fmt::Debug for Vector<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Vector<{N}>")
    }
}

impl<const N: usize> AttributeType for Vector<N> {
    type DataType = marker::Dimensions<N>;
}

impl<const N: usize> ToAttribute for Vector<N> {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        self.0.as_slice().write(w)
    }
}

impl<const N: usize> FromAttribute for Vector<N> {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let mut members = r.begin_list()?;
        let mut values = Vec::with_capacity(Self::DIMENSIONS);
        while r.next_element(&mut members).map_err(|error| error.at_index(values.len()))? {
            if values.len() == N {
                return Err(other_dimensions::<N>("a longer list".into()));
            }
            values.push(f32::read(r).map_err(|error| error.at_index(values.len()))?);
        }
        let found = values.len();
        // `f32::read` takes nothing that is not finite.
        Self::of_finite(values).map_err(|_| other_dimensions::<N>(format!("a list of {found}")))
    }
}

#[cold]
fn other_dimensions<const N: usize>(found: String) -> DecodeError {
    DecodeError::new(format!("a vector of {N} dimensions"), found)
}
