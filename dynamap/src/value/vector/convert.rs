//! Conversions of vectors from and to the types that models return and take.

use super::Vector;
use crate::error::VectorError;

/// # Errors
/// There are not `N` values, or one of them is not finite.
impl<const N: usize> TryFrom<Vec<f32>> for Vector<N> {
    type Error = VectorError;

    fn try_from(values: Vec<f32>) -> Result<Self, VectorError> {
        Self::new(values)
    }
}

/// # Errors
/// There are not `N` values, or one of them is not finite.
impl<const N: usize> TryFrom<&[f32]> for Vector<N> {
    type Error = VectorError;

    fn try_from(values: &[f32]) -> Result<Self, VectorError> {
        Self::new(values)
    }
}

/// # Errors
/// One of the values is not finite.
impl<const N: usize> TryFrom<[f32; N]> for Vector<N> {
    type Error = VectorError;

    fn try_from(values: [f32; N]) -> Result<Self, VectorError> {
        Self::new(values)
    }
}

/// # Errors
/// One of the values is not finite.
impl<const N: usize> TryFrom<&[f32; N]> for Vector<N> {
    type Error = VectorError;

    fn try_from(values: &[f32; N]) -> Result<Self, VectorError> {
        Self::new(*values)
    }
}

/// Each value becomes the nearest `f32`, which is what a vector index compares.
///
/// # Errors
/// There are not `N` values, or one of them is not finite as an `f32`.
impl<const N: usize> TryFrom<&[f64]> for Vector<N> {
    type Error = VectorError;

    fn try_from(values: &[f64]) -> Result<Self, VectorError> {
        let nearest = |value: &f64| *value as f32;
        Self::new(Vec::from_iter(values.iter().map(nearest)))
    }
}

impl<const N: usize> From<Vector<N>> for Vec<f32> {
    fn from(vector: Vector<N>) -> Self {
        vector.into_vec()
    }
}

impl<const N: usize> From<Vector<N>> for [f32; N] {
    fn from(vector: Vector<N>) -> Self {
        *vector.0
    }
}
