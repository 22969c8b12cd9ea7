//! Storage of fields whose type alone does not say how they are stored: by serde, or by a codec.

use crate::{
    error::EncodeError,
    value::{AttributeType, marker},
    wire::AttributeValueWriter,
};
use std::marker::PhantomData;

/// In the place of the type of an [`Attribute`](super::Attribute): a `T` that serde maps.
///
/// It is compared with values of `T`. Its data type is known only when it is written.
#[derive(Debug, Clone, Copy)]
pub struct Serde<T>(PhantomData<fn() -> T>);

impl<T> AttributeType for Serde<T> {
    type DataType = marker::Any;
}

/// In the place of the type of an [`Attribute`](super::Attribute): a `T` that functions of the user's map, which `M`
/// stands for.
///
/// It is compared with references to values of `T`, and set to them. Its data type is known only when it is written.
#[derive(Debug, Clone, Copy)]
pub struct With<T, M>(PhantomData<fn() -> (T, M)>);

impl<T, M> AttributeType for With<T, M> {
    type DataType = marker::Any;
}

/// The functions of the user's that map a `T`.
#[diagnostic::on_unimplemented(
    message = "dynamap does not know the functions that map the `{T}` of a generic struct",
    label = "this attribute has no operators with values"
)]
pub trait WithCodec<T> {
    #[doc(hidden)]
    fn write(value: &T, w: &mut AttributeValueWriter) -> Result<(), EncodeError>;

    /// True if a field with this value is left out.
    #[doc(hidden)]
    fn is_absent(value: &T) -> bool;
}
