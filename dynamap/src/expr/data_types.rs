//! The operators that each data type has.

use super::List;
use crate::value::{AttributeType, Bytes, marker};
use std::collections::{BTreeSet, HashSet};

/// A data type whose values have an order: S, N and B.
///
/// Where it varies, it is looked at when the condition is used.
#[diagnostic::on_unimplemented(
    message = "`<`, `<=`, `>`, `>=` and `BETWEEN` need a string (S), a number (N) or a binary value (B)",
    label = "the attribute is stored as `{Self}`"
)]
pub trait Ordered: marker::Marker {}

impl Ordered for marker::S {}
impl Ordered for marker::N {}
impl Ordered for marker::B {}
impl Ordered for marker::Any {}

/// A data type whose values have a beginning: S and B.
#[diagnostic::on_unimplemented(
    message = "`begins_with` needs a string (S) or a binary value (B)",
    label = "the attribute is stored as `{Self}`"
)]
pub trait HasBeginning: marker::Marker {
    /// The type of a beginning.
    type Beginning;
}

impl HasBeginning for marker::S {
    type Beginning = String;
}
impl HasBeginning for marker::B {
    type Beginning = Bytes;
}

/// A data type whose values have a size: all but N, BOOL and NULL.
#[diagnostic::on_unimplemented(
    message = "`size` needs a string (S), a binary value (B), a set (SS, NS, BS), a list (L) or a map (M)",
    label = "the attribute is stored as `{Self}`"
)]
pub trait HasSize: marker::Marker {}

macro_rules! sized {
    ($($marker:ident)*) => { $( impl HasSize for marker::$marker {} )* };
}

sized! { S B Ss Ns Bs L M Any }

impl<const N: usize> HasSize for marker::Dimensions<N> {}

/// A data type whose values contain others: S, B, sets and L. `T` is the type that is stored as it.
#[diagnostic::on_unimplemented(
    message = "`contains` needs a string (S), a binary value (B), a set (SS, NS, BS) or a list (L)",
    label = "the attribute is stored as `{Self}`"
)]
pub trait Container<T>: marker::Marker {
    /// The type of an element that can be contained.
    type Element;
}

impl<T> Container<T> for marker::S {
    type Element = String;
}
impl<T> Container<T> for marker::B {
    type Element = Bytes;
}
impl<T: List> Container<T> for marker::L {
    type Element = T::Element;
}

/// A set, also behind an `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no set",
    label = "expected a set such as `BTreeSet<T>`"
)]
pub trait Set {
    /// The type of the members.
    type Member: AttributeType;
}

impl<T: AttributeType, H> Set for HashSet<T, H> {
    type Member = T;
}
impl<T: AttributeType> Set for BTreeSet<T> {
    type Member = T;
}
impl<T: Set> Set for Option<T> {
    type Member = T::Member;
}

impl<T: Set> Container<T> for marker::Ss {
    type Element = T::Member;
}
impl<T: Set> Container<T> for marker::Ns {
    type Element = T::Member;
}
impl<T: Set> Container<T> for marker::Bs {
    type Element = T::Member;
}
