use std::{fmt, marker::PhantomData};

/// The attribute of the entity `E` that holds a `T`, such as `Order::STATUS`. Derived with the entity.
pub struct Attribute<E, T> {
    name: &'static str,
    of: PhantomData<fn() -> (E, T)>,
}

impl<E, T> Attribute<E, T> {
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Self { name, of: PhantomData }
    }

    /// The attribute's name in DynamoDB.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<E, T> Clone for Attribute<E, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, T> Copy for Attribute<E, T> {}

impl<E, T> fmt::Debug for Attribute<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attribute({})", self.name)
    }
}
