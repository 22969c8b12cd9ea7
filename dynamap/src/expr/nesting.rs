//! Types with values inside them that a path can lead to.

use super::{Attribute, Path, path::PathStep, role};
use crate::value::{Document, MapKey};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, VecDeque},
};

/// A struct that an attribute of type `T` holds: `T` itself, also behind an `Option` or a `Box`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the struct that the attribute holds, which is `{T}`",
    label = "an attribute of `{Self}`",
    note = "`field` takes the constants of the struct that the attribute holds; a list has `index` before it, a map `key`"
)]
pub trait DocumentIn<T> {}

impl<D: Document> DocumentIn<D> for D {}
impl<D: Document> DocumentIn<Box<D>> for D {}
impl<D: DocumentIn<T>, T> DocumentIn<Option<T>> for D {}

/// A list, also behind an `Option`.
#[diagnostic::on_unimplemented(message = "`{Self}` is no list", label = "expected a list such as `Vec<T>`")]
pub trait List {
    /// The type of the elements.
    type Element;
}

impl<T> List for Vec<T> {
    type Element = T;
}
impl<T> List for VecDeque<T> {
    type Element = T;
}
impl<T, const N: usize> List for [T; N] {
    type Element = T;
}
impl<T: List> List for Option<T> {
    type Element = T::Element;
}

/// A map, also behind an `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no map, so it has no keys",
    label = "expected a map such as `BTreeMap<String, T>`",
    note = "the attributes of a struct are reached by `field`"
)]
pub trait Map {
    /// The type of the keys.
    type Key: MapKey;
    /// The type of the values.
    type Value;
}

impl<K: MapKey, V, H> Map for HashMap<K, V, H> {
    type Key = K;
    type Value = V;
}
impl<K: MapKey, V> Map for BTreeMap<K, V> {
    type Key = K;
    type Value = V;
}
impl<T: Map> Map for Option<T> {
    type Key = T::Key;
    type Value = T::Value;
}

/// A key of a map with keys of type `K`: the key, a reference to it, or a `&str` for a `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of the map, whose keys are of type `{K}`",
    label = "expected `{K}` or `&{K}`"
)]
pub trait KeyOf<K> {
    #[doc(hidden)]
    fn into_text(self) -> String;
}

impl<K: MapKey> KeyOf<K> for K {
    fn into_text(self) -> String {
        self.to_key().into_owned()
    }
}
impl<K: MapKey> KeyOf<K> for &K {
    fn into_text(self) -> String {
        self.to_key().into_owned()
    }
}
impl KeyOf<String> for &str {
    fn into_text(self) -> String {
        self.to_owned()
    }
}

macro_rules! nesting {
    ($($path:ident)*) => { $(
        impl<E, T, R> $path<E, T, R> {
            /// The attribute of the struct that this one holds: renders `#n0.#n1`.
            pub fn field<D, U>(self, attribute: Attribute<D, U>) -> Path<E, U, R::Field>
            where
                R: role::Holder,
                D: DocumentIn<T>,
            {
                Path::from(self).with(PathStep::Name(Cow::Borrowed(attribute.name())))
            }

            /// The element of the list (L) at `index`, counted from 0: renders `#n0[3]`.
            pub fn index<U>(self, index: u32) -> Path<E, U, R::Element>
            where
                R: role::Holder,
                T: List<Element = U>,
            {
                Path::from(self).with(PathStep::Index(index))
            }

            /// The value that the map (M) has for `key`: renders `#n0.#n1`.
            pub fn key<K, U>(self, key: impl KeyOf<K>) -> Path<E, U, R::Element>
            where
                R: role::Holder,
                T: Map<Key = K, Value = U>,
            {
                Path::from(self).with(PathStep::Name(Cow::Owned(key.into_text())))
            }
        }
    )* };
}

nesting! { Attribute Path }
