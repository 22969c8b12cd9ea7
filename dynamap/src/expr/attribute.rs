use super::{AttributeTypes, role};
use std::{fmt, marker::PhantomData};

/// The attribute of the entity or struct `E` that holds a `T`, such as `Order::STATUS`.
///
/// It is a constant that is derived with `E`. Its methods are the operators that make a
/// [`Condition`](super::Condition), and the actions that make an [`Update`](super::Update); each states the expression
/// that it renders and its data types. They are for an `Option<T>` as for a `T`.
///
/// `R` is the role of the attribute in the keys of the entity, which decides how an update may change it; see [`role`].
pub struct Attribute<E, T, R = role::Plain> {
    name: &'static str,
    of: AttributeTypes<E, T, R>,
}

impl<E, T, R> Attribute<E, T, R> {
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }

    /// The attribute's name in DynamoDB.
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// The same attribute with values of another type.
    pub(super) const fn of_type<U>(self) -> Attribute<E, U, R> {
        Attribute::new(self.name)
    }

    /// The same attribute for generated code that reads it only.
    #[doc(hidden)]
    pub const fn of_any_role(self) -> Attribute<E, T> {
        Attribute::new(self.name)
    }
}

impl<E, T, R> Clone for Attribute<E, T, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, T, R> Copy for Attribute<E, T, R> {}

impl<E, T, R> fmt::Debug for Attribute<E, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attribute({})", self.name)
    }
}
