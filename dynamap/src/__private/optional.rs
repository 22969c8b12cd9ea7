use std::marker::PhantomData;

/// Tells whether a field may be `None` by its type, under whatever name and in whatever macro: what an `Option` has itself
/// goes before what [`NotOptional`] gives every type.
pub struct Optional<T>(PhantomData<T>);

impl<T> Optional<Option<T>> {
    pub const IS: bool = true;

    pub fn is_none(value: &Option<T>) -> bool {
        value.is_none()
    }

    pub fn absent() -> Option<Option<T>> {
        Some(None)
    }
}

/// The counterpart of [`Optional`] for all other types.
pub trait NotOptional {
    type Value;

    const IS: bool = false;

    fn is_none(_: &Self::Value) -> bool {
        false
    }

    fn absent() -> Option<Self::Value> {
        None
    }
}

impl<T> NotOptional for Optional<T> {
    type Value = T;
}
