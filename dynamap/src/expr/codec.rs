//! How a field is stored, where its type alone does not say it.

use crate::value::{AttributeType, marker};
use std::marker::PhantomData;

/// In the place of the type of an [`Attribute`](super::Attribute): a `T` that serde maps.
///
/// It is compared with values of `T`. Its data type is known only when it is written.
#[derive(Debug, Clone, Copy)]
pub struct Serde<T>(PhantomData<fn() -> T>);

impl<T> AttributeType for Serde<T> {
    type DataType = marker::Any;
}

/// In the place of the type of an [`Attribute`](super::Attribute): a `T` that functions of the user's map.
///
/// Its values cannot be compared with values of `T`, as the functions are known to the entity only.
#[derive(Debug, Clone, Copy)]
pub struct With<T>(PhantomData<fn() -> T>);

impl<T> AttributeType for With<T> {
    type DataType = marker::Any;
}
