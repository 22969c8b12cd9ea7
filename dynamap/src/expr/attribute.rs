use std::{fmt, marker::PhantomData};

/// The attribute of the entity or struct `E` that holds a `T`, such as `Order::STATUS`.
///
/// It is a constant that is derived with `E`. Its methods are the operators that make a
/// [`Condition`](super::Condition); each says what it renders and for which data types it is. They are for an
/// `Option<T>` as for a `T`.
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
