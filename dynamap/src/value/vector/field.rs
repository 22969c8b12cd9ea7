use super::Vector;
use crate::value::{AttributeType, marker};
use std::{rc::Rc, sync::Arc};

/// The type of a field that a vector index searches: a [`Vector`], an `Option` of one, or a pointer to one.
///
/// Implement it for a newtype of a vector.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a vector",
    label = "expected a `Vector<..>` or an `Option` of one",
    note = "a vector index searches an attribute of the type `dynamap::value::Vector`, which has a fixed number of dimensions"
)]
pub trait VectorField: AttributeType<DataType: marker::OfVector> {
    /// The number of dimensions.
    const DIMENSIONS: usize;
}

impl<const N: usize> VectorField for Vector<N> {
    const DIMENSIONS: usize = Self::DIMENSIONS;
}

macro_rules! of_target {
    ($($holder:ident)*) => { $(
        impl<T: VectorField> VectorField for $holder<T> {
            const DIMENSIONS: usize = T::DIMENSIONS;
        }
    )* };
}

of_target! { Option Box Rc Arc }
