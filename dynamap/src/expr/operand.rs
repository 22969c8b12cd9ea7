//! What an operator takes on its right side.

use super::{Attribute, Path, Serde, Size, path::Steps};
use crate::{
    error::{EncodeError, ExpressionError},
    value::{AttributeType, Bytes, ToAttribute, marker, serde},
    wire::{self, AttributeValueWriter},
};
use ::serde::Serialize;
use aws_sdk_dynamodb::types::AttributeValue;

/// What can be compared with an attribute of `E` that holds a `T`: a value, a reference to one, a `&str` for a
/// `String`, and another attribute of `E` with the same data type.
///
/// Where the attribute is an `Option<T>`, the values are those of `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be compared with an attribute of `{E}` that holds a `{T}`",
    label = "expected a `{T}`, a reference to one, or an attribute of `{E}` with the same data type"
)]
pub trait Operand<E, T> {
    #[doc(hidden)]
    fn into_term(self) -> Result<Term, ExpressionError>;
}

/// An operand as it is kept in a condition.
#[derive(Clone)]
pub struct Term(pub(super) TermKind);

#[derive(Clone, PartialEq)]
pub(super) enum TermKind {
    Path(Steps),
    Size(Steps),
    Value(AttributeValue),
}

impl TermKind {
    /// The operand that this one is compared with, or the error with the place.
    pub(super) fn operand(&self, operand: Result<Term, ExpressionError>) -> Result<Self, ExpressionError> {
        match (operand, self) {
            (Ok(Term(operand)), _) => Ok(operand),
            (Err(error), Self::Path(steps) | Self::Size(steps)) => Err(steps.locate(error)),
            (Err(error), Self::Value(_)) => Err(error),
        }
    }
}

fn value<T: ToAttribute + ?Sized>(value: &T) -> Result<Term, ExpressionError> {
    if value.is_absent() {
        return Err(EncodeError::new(
            "nothing is no value to compare with; ask whether the attribute exists",
        )
        .into());
    }
    Ok(Term(TermKind::Value(wire::to_attribute_value(value)?)))
}

impl<E, T: ToAttribute> Operand<E, T> for T {
    fn into_term(self) -> Result<Term, ExpressionError> {
        value(&self)
    }
}

impl<E, T: ToAttribute> Operand<E, T> for &T {
    fn into_term(self) -> Result<Term, ExpressionError> {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: ToAttribute> Operand<E, Option<T>> for T {
    fn into_term(self) -> Result<Term, ExpressionError> {
        value(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: ToAttribute> Operand<E, Option<T>> for &T {
    fn into_term(self) -> Result<Term, ExpressionError> {
        value(self)
    }
}

macro_rules! borrowed {
    ($($borrowed:ty => $owned:ty, $as_value:expr;)*) => { $(
        impl<E> Operand<E, $owned> for &$borrowed {
            fn into_term(self) -> Result<Term, ExpressionError> {
                value(&$as_value(self))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<E> Operand<E, Option<$owned>> for &$borrowed {
            fn into_term(self) -> Result<Term, ExpressionError> {
                value(&$as_value(self))
            }
        }
    )* };
}

borrowed! {
    str => String, std::convert::identity;
    [u8] => Bytes, |bytes: &[u8]| Bytes(bytes.to_vec());
}

fn serde_value<T: Serialize>(value: &T) -> Result<Term, ExpressionError> {
    if serde::is_absent(value) {
        return Err(EncodeError::new(
            "nothing is no value to compare with; ask whether the attribute exists",
        )
        .into());
    }
    let mut writer = AttributeValueWriter::new();
    serde::write(value, &mut writer)?;
    Ok(Term(TermKind::Value(writer.finish()?)))
}

#[diagnostic::do_not_recommend]
impl<E, T: Serialize> Operand<E, Serde<T>> for T {
    fn into_term(self) -> Result<Term, ExpressionError> {
        serde_value(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: Serialize> Operand<E, Serde<T>> for &T {
    fn into_term(self) -> Result<Term, ExpressionError> {
        serde_value(self)
    }
}

macro_rules! paths {
    ($($path:ident)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<E, T: AttributeType, U: AttributeType> Operand<E, T> for $path<E, U>
        where
            T::DataType: ComparableWith<U::DataType>,
        {
            fn into_term(self) -> Result<Term, ExpressionError> {
                Ok(Term(TermKind::Path(Path::from(self).steps)))
            }
        }
    )* };
}

paths! { Attribute Path }

#[diagnostic::do_not_recommend]
impl<E, T: AttributeType> Operand<E, T> for Size<E>
where
    T::DataType: ComparableWith<marker::N>,
{
    fn into_term(self) -> Result<Term, ExpressionError> {
        Ok(Term(TermKind::Size(self.steps)))
    }
}

/// A data type whose values can equal those of the data type `Other`: the same, or one that varies.
#[diagnostic::on_unimplemented(
    message = "attributes of the data types {Self} and {Other} cannot be compared",
    label = "this attribute is stored as {Other}, the other one as {Self}"
)]
pub trait ComparableWith<Other> {}

macro_rules! comparable {
    ($($marker:ident)*) => { $(
        impl ComparableWith<marker::$marker> for marker::$marker {}
        impl ComparableWith<marker::Any> for marker::$marker {}
        impl ComparableWith<marker::$marker> for marker::Any {}
    )* };
}

comparable! { S N B Bool Null M L Ss Ns Bs }

impl ComparableWith<marker::Any> for marker::Any {}
