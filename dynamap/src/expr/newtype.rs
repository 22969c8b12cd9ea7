//! Structs around one value.

use super::{Attribute, Path};
use crate::value::Nullable;

/// A struct around one `I`, as which it is stored; derived with [`Attribute`](macro@crate::Attribute). Also behind an `Option`.
///
/// A newtype of a set, a list or a map has the operators of that already; [`inner`](Attribute::inner) is for operands of the
/// type inside.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no newtype",
    label = "expected a struct around one value, such as `struct Cents(i64)`, that derives `Attribute`",
    note = "a field of a newtype with `serde` or `with` has no type inside that the attribute would have"
)]
pub trait Newtype<I> {}

impl<T: Newtype<I>, I> Newtype<Option<I>> for Option<T> {}
impl<T> Newtype<T> for Nullable<T> {}

macro_rules! inner {
    ($($path:ident)*) => { $(
        impl<E, T, R> $path<E, T, R> {
            /// The same attribute as one of the type inside a newtype, with all its operators: for a
            /// `struct Cents(i64)`, `Product::PRICE.inner().add(5)`.
            ///
            /// ```
            /// use dynamap::Attribute;
            /// use std::collections::BTreeSet;
            ///
            /// #[derive(Attribute)]
            /// pub struct Cents(i64);
            ///
            /// #[derive(Attribute)]
            /// pub struct Tags(BTreeSet<String>);
            ///
            /// #[derive(Attribute)]
            /// pub struct Product {
            ///     pub price: Cents,
            ///     pub tags: Tags,
            /// }
            ///
            /// assert_eq!(Product::PRICE.set(Product::PRICE + Cents(5)).to_string(), "SET price = price + ?");
            /// assert_eq!(Product::PRICE.inner().ge(100).to_string(), "price >= ?");
            /// assert_eq!(Product::TAGS.contains("new").to_string(), "contains(tags, ?)");
            /// assert_eq!(Product::TAGS.inner().add(["new"]).to_string(), "ADD tags ?");
            /// ```
            pub fn inner<I>(self) -> $path<E, I, R>
            where
                T: Newtype<I>,
            {
                self.of_type()
            }
        }
    )* };
}

inner! { Attribute Path }
