//! Operands: the right sides of operators.

use super::{Attribute, Path, Serde, Size, With, WithCodec, path::Steps};
use crate::{
    error::{EncodeError, ExpressionError},
    value::{
        AttributeType, Bytes, ToAttribute,
        marker::{self, SetMember},
        serde,
    },
    wire::{self, AttributeValueWriter},
};
use ::serde::Serialize;
use aws_sdk_dynamodb::types::AttributeValue;
use std::{
    collections::{BTreeSet, HashSet},
    hash::Hash,
};

/// A value that can be compared with an attribute of `E` that holds a `T`, or assigned to it: a value of `T`, a
/// reference to one, a `&str` for a `String`, an array for a list or set, and another attribute of `E` with the same
/// data type.
///
/// Where the attribute is an `Option<T>`, the values are those of `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not go with an attribute of `{E}` that holds a `{T}`",
    label = "expected a `{T}`, a reference to one, or an attribute of `{E}` with the same data type",
    note = "where the attribute is an `Option`, a value stands without `Some`: `.set(\"text\")`, and `remove()` removes it",
    note = "an attribute of a field with `with`, which holds a `With<T, ..>`, takes a reference to a `T`"
)]
pub trait Operand<E, T> {
    /// The kind of operand, which says where it can stand.
    type Kind;

    #[doc(hidden)]
    fn into_term(self) -> Result<Term, ExpressionError>;
}

/// The kinds of operands.
pub mod kind {
    /// A value that the request carries.
    #[derive(Debug)]
    pub enum Value {}

    /// An attribute of the stored item.
    #[derive(Debug)]
    pub enum Stored {}

    /// The size of an attribute.
    #[derive(Debug)]
    pub enum Size {}

    /// A function of an update, such as `if_not_exists`.
    #[derive(Debug)]
    pub enum Function {}

    /// A sum or a difference.
    #[derive(Debug)]
    pub enum Arithmetic {}
}

/// A kind of operand that conditions take.
#[diagnostic::on_unimplemented(
    message = "DynamoDB does not compute in conditions",
    label = "a condition takes a value, an attribute or a size",
    note = "arithmetic and `if_not_exists` are for updates: `attribute.set(..)`"
)]
pub trait ConditionOperand {}

impl ConditionOperand for kind::Value {}
impl ConditionOperand for kind::Stored {}
impl ConditionOperand for kind::Size {}

/// A kind of operand that arithmetic and the functions of updates take.
#[diagnostic::on_unimplemented(
    message = "DynamoDB does not compute with this",
    label = "expected a value, an attribute or `if_not_exists`",
    note = "an action has one `+` or `-`, and no `size`"
)]
pub trait ArithmeticOperand {}

impl ArithmeticOperand for kind::Value {}
impl ArithmeticOperand for kind::Stored {}
impl ArithmeticOperand for kind::Function {}

/// A kind of operand that the request carries.
#[diagnostic::on_unimplemented(
    message = "this takes a value, not what DynamoDB stores or computes",
    label = "expected a value that the request carries",
    note = "`add` and `delete` take values",
    note = "an attribute that an index key is made of is set to a value, so that the key can be written with it"
)]
pub trait RequestValue {}

impl RequestValue for kind::Value {}

/// An operand as it is kept in an expression.
#[derive(Clone)]
pub struct Term(pub(super) TermKind);

#[derive(Clone, PartialEq)]
pub(super) enum TermKind {
    Path(Steps),
    Size(Steps),
    Value(AttributeValue),
    /// Nothing: an `Option` without a value, or a set without members. It has a value where something has to
    /// stand: NULL for an `Option`.
    Nothing(Option<AttributeValue>),
    Computed(Box<Computed>),
}

/// A value that DynamoDB computes in an update. The types of conditions exclude it there.
#[derive(Clone, PartialEq)]
pub(super) enum Computed {
    IfNotExists(Steps, TermKind),
    ListAppend(TermKind, TermKind),
    Plus(TermKind, TermKind),
    Minus(TermKind, TermKind),
}

impl Computed {
    /// The attributes that it is computed from.
    pub(super) fn paths(&self) -> Vec<&Steps> {
        let (first, terms) = match self {
            Self::IfNotExists(path, term) => (Some(path), vec![term]),
            Self::ListAppend(left, right) | Self::Plus(left, right) | Self::Minus(left, right) => {
                (None, vec![left, right])
            }
        };
        let inside = terms.into_iter().flat_map(|term| match term {
            TermKind::Path(path) | TermKind::Size(path) => vec![path],
            TermKind::Computed(computed) => computed.paths(),
            TermKind::Value(_) | TermKind::Nothing(_) => Vec::new(),
        });
        first.into_iter().chain(inside).collect()
    }
}

impl TermKind {
    /// The operand that this one is compared with, or the error with the place.
    pub(super) fn operand(&self, operand: Result<Term, ExpressionError>) -> Result<Self, ExpressionError> {
        let operand = operand.and_then(|Term(operand)| match operand {
            Self::Nothing(_) => {
                Err(EncodeError::new("nothing is no value to compare with; ask whether the attribute exists")
                    .into())
            }
            operand => Ok(operand),
        });
        match self {
            Self::Path(steps) | Self::Size(steps) => operand.map_err(|error| steps.locate(error)),
            _ => operand,
        }
    }
}

fn value<T: ToAttribute + ?Sized>(value: &T) -> Result<Term, ExpressionError> {
    if value.is_absent() {
        return Ok(Term(TermKind::Nothing(wire::to_attribute_value(value).ok())));
    }
    Ok(Term(TermKind::Value(wire::to_attribute_value(value)?)))
}

impl<E, T: ToAttribute> Operand<E, T> for T {
    type Kind = kind::Value;

    fn into_term(self) -> Result<Term, ExpressionError> {
        value(&self)
    }
}

impl<E, T: ToAttribute> Operand<E, T> for &T {
    type Kind = kind::Value;

    fn into_term(self) -> Result<Term, ExpressionError> {
        value(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: ToAttribute> Operand<E, Option<T>> for T {
    type Kind = kind::Value;

    fn into_term(self) -> Result<Term, ExpressionError> {
        value(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: ToAttribute> Operand<E, Option<T>> for &T {
    type Kind = kind::Value;

    fn into_term(self) -> Result<Term, ExpressionError> {
        value(self)
    }
}

macro_rules! borrowed {
    ($($borrowed:ty => $owned:ty, $as_value:expr;)*) => { $(
        impl<E> Operand<E, $owned> for &$borrowed {
            type Kind = kind::Value;

            fn into_term(self) -> Result<Term, ExpressionError> {
                value(&$as_value(self))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<E> Operand<E, Option<$owned>> for &$borrowed {
            type Kind = kind::Value;

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

macro_rules! arrays {
    ($([$($generics:tt)*] [$member:ty] => $collection:ty, $make:expr;)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<E, const N: usize, $($generics)*> Operand<E, $collection> for [$member; N] {
            type Kind = kind::Value;

            fn into_term(self) -> Result<Term, ExpressionError> {
                $make(self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<E, const N: usize, $($generics)*> Operand<E, Option<$collection>> for [$member; N] {
            type Kind = kind::Value;

            fn into_term(self) -> Result<Term, ExpressionError> {
                $make(self)
            }
        }
    )* };
}

arrays! {
    [T, O: Operand<E, T, Kind = kind::Value>] [O] => Vec<T>, |array: [O; N]| list(array.map(O::into_term));
    [T: ToAttribute<DataType: SetMember> + Ord] [T] => BTreeSet<T>, |array| value(&BTreeSet::from(array));
    [T: ToAttribute<DataType: SetMember> + Eq + Hash, H] [T] => HashSet<T, H>, |array| value(&HashSet::from(array));
    [] [&str] => BTreeSet<String>, |array: [&str; N]| value(&BTreeSet::from(array.map(str::to_owned)));
    [H] [&str] => HashSet<String, H>, |array: [&str; N]| value(&BTreeSet::from(array.map(str::to_owned)));
}

/// A list of these elements.
fn list<const N: usize>(elements: [Result<Term, ExpressionError>; N]) -> Result<Term, ExpressionError> {
    let elements = elements.into_iter().enumerate().map(|(at, element)| {
        let value = |Term(element)| match element {
            TermKind::Value(value) | TermKind::Nothing(Some(value)) => Ok(value),
            _ => Err(EncodeError::new("nothing is no element of a list").into()),
        };
        element.and_then(value).map_err(|error: ExpressionError| error.located(|error| error.at_index(at)))
    });
    Ok(Term(TermKind::Value(AttributeValue::L(elements.collect::<Result<_, _>>()?))))
}

fn serde_value<T: Serialize>(value: &T) -> Result<Term, ExpressionError> {
    if serde::is_absent(value) {
        return Ok(Term(TermKind::Nothing(Some(AttributeValue::Null(true)))));
    }
    let mut writer = AttributeValueWriter::new();
    serde::write(value, &mut writer)?;
    Ok(Term(TermKind::Value(writer.finish()?)))
}

#[diagnostic::do_not_recommend]
impl<E, T: Serialize> Operand<E, Serde<T>> for T {
    type Kind = kind::Value;

    fn into_term(self) -> Result<Term, ExpressionError> {
        serde_value(&self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, T: Serialize> Operand<E, Serde<T>> for &T {
    type Kind = kind::Value;

    fn into_term(self) -> Result<Term, ExpressionError> {
        serde_value(self)
    }
}

fn mapped_value<T, M: WithCodec<T>>(value: &T) -> Result<Term, ExpressionError> {
    if M::is_absent(value) {
        return Ok(Term(TermKind::Nothing(None)));
    }
    let mut writer = AttributeValueWriter::new();
    M::write(value, &mut writer)?;
    Ok(Term(TermKind::Value(writer.finish()?)))
}

#[diagnostic::do_not_recommend]
impl<E, T, M: WithCodec<T>> Operand<E, With<T, M>> for &T {
    type Kind = kind::Value;

    fn into_term(self) -> Result<Term, ExpressionError> {
        mapped_value::<T, M>(self)
    }
}

#[diagnostic::do_not_recommend]
impl<E, M: WithCodec<String>> Operand<E, With<String, M>> for &str {
    type Kind = kind::Value;

    fn into_term(self) -> Result<Term, ExpressionError> {
        mapped_value::<String, M>(&self.to_owned())
    }
}

macro_rules! paths {
    ($($path:ident)*) => { $(
        #[diagnostic::do_not_recommend]
        impl<E, T: AttributeType, U: AttributeType, R> Operand<E, T> for $path<E, U, R>
        where
            T::DataType: ComparableWith<U::DataType>,
        {
            type Kind = kind::Stored;

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
    type Kind = kind::Size;

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
// A list of anything else, or of another length, would be no vector any more.
impl<const N: usize> ComparableWith<marker::Dimensions<N>> for marker::Dimensions<N> {}
