use crate::{
    Attribute,
    expr::{Condition, Update},
};
use std::marker::PhantomData;

/// Stands where the constant of a `key_only` field of `E` would: each use of it fails with a message.
pub struct KeyOnly<E>(PhantomData<fn() -> E>);

/// An attribute of its own, which no `key_only` field has.
#[diagnostic::on_unimplemented(
    message = "this field of `{E}` is stored only inside a key, so it has no attribute",
    label = "a `key_only` field",
    note = "a projection takes it from the primary key: mark its field `#[dynamap(key)]`",
    note = "a key condition selects by it; a filter, a condition or an update needs an attribute: remove `key_only`"
)]
pub trait HasAttribute<E> {}

impl<E> KeyOnly<E> {
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self(PhantomData)
    }

    pub const fn of_any_role<T>(&self) -> Attribute<E, T>
    where
        Self: HasAttribute<E>,
    {
        Attribute::new("")
    }

    pub const fn name(&self) -> &'static str
    where
        Self: HasAttribute<E>,
    {
        ""
    }
}

macro_rules! refused {
    ($($output:ident: $($name:ident($($operand:ident)*))*;)*) => {
        #[allow(clippy::should_implement_trait, clippy::extra_unused_type_parameters)]
        impl<E> KeyOnly<E> { $($(
            pub fn $name(&self $(, $operand: impl Sized)*) -> $output<E>
            where
                Self: HasAttribute<E>,
            {
                $(let _ = $operand;)*
                super::derive_failed()
            }
        )*)* }
    };
}

refused! {
    Condition: eq(value) ne(value) lt(value) le(value) gt(value) ge(value) between(low high) is_in(values) exists()
        not_exists() begins_with(beginning) contains(value);
    Update: set(value) remove() add(value) set_if_not_exists(value);
}
