//! Fields whose attributes stand beside those of the entity.

use super::{Attribute, DocumentIn, KeyOf, Map, Path, path::Steps, role};
use crate::value::Document;
use std::{fmt, marker::PhantomData};

/// A flattened field of `E` that holds a `T`: it has no attribute of its own, and leads to those that it is stored as.
///
/// ```
/// use dynamap::Attribute;
/// use std::collections::BTreeMap;
///
/// #[derive(Attribute)]
/// pub struct Order {
///     pub total: u64,
///     #[dynamap(flatten)]
///     pub ship_to: Address,
///     #[dynamap(flatten)]
///     pub others: BTreeMap<String, String>,
/// }
///
/// #[derive(Attribute)]
/// pub struct Address {
///     pub city: String,
///     #[dynamap(flatten)]
///     pub place: Place,
/// }
///
/// #[derive(Attribute)]
/// pub struct Place {
///     pub floor: u8,
/// }
///
/// assert_eq!(Order::SHIP_TO.field(Address::CITY).eq("Oslo").to_string(), "city = ?");
/// let floor = Order::SHIP_TO.field(Address::PLACE.field(Place::FLOOR));
/// assert_eq!(floor.set(3).to_string(), "SET floor = ?");
/// assert_eq!(Order::OTHERS.key("color").exists().to_string(), "attribute_exists({key})");
/// ```
pub struct FlattenedField<E, T>(PhantomData<fn() -> (E, T)>);

impl<E, T> FlattenedField<E, T> {
    #[doc(hidden)]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    /// The attribute of the struct that is flattened, which is an attribute of `E`.
    ///
    /// Where the field is an `Option`, no update sets one attribute of it: there may be no others, and half a struct
    /// would be left.
    pub fn field<D, U, R>(self, attribute: Attribute<D, U, R>) -> Attribute<E, U, D::Role<R>>
    where
        D: FlattenedIn<T>,
    {
        Attribute::new(attribute.name())
    }

    /// The attribute that a flattened map has for `key`, as [`Path::named`] gives it.
    pub fn key<K, U>(self, key: impl KeyOf<K>) -> Path<E, U, role::Named>
    where
        T: Map<Key = K, Value = U>,
    {
        Path::of_steps(Steps::of(key.into_text()))
    }
}

/// A struct that a flattened field of type `T` holds, also behind an `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the struct that is flattened, which is `{T}`",
    label = "an attribute of `{Self}`",
    note = "`field` takes the constants of the struct; what that flattens itself is `Address::PLACE.field(Place::FLOOR)`"
)]
pub trait FlattenedIn<T> {
    /// The role of the struct's attributes, where the flattened field has the role `R`: what updates may do to them.
    type Role<R>;
}

impl<D: Document> FlattenedIn<D> for D {
    type Role<R> = R;
}
impl<D: DocumentIn<T>, T> FlattenedIn<Option<T>> for D {
    type Role<R> = role::OfOptional;
}

impl<E, T> Default for FlattenedField<E, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E, T> Clone for FlattenedField<E, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, T> Copy for FlattenedField<E, T> {}

impl<E, T> fmt::Debug for FlattenedField<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FlattenedField")
    }
}
