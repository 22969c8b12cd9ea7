//! The elements of tuples, which are stored as lists.

use super::{Attribute, Path, path::PathStep, role};

/// A tuple with an element at the place `AT`, counted from 0; also behind an `Option` or a `Box`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no element `{AT}`",
    label = "expected a tuple that is long enough",
    note = "the elements of a list are reached by `index`; a derived struct of several values is a newtype of a tuple: `inner()`"
)]
pub trait Tuple<const AT: usize> {
    /// The type of the element.
    type Element;
}

impl<T: Tuple<AT>, const AT: usize> Tuple<AT> for Option<T> {
    type Element = T::Element;
}

impl<T: Tuple<AT>, const AT: usize> Tuple<AT> for Box<T> {
    type Element = T::Element;
}

macro_rules! elements {
    ($([$($all:ident)+] $($at:literal $element:ident)+;)*) => { $( elements! { @each [$($all)+] $($at $element)+ } )* };
    (@each [$($all:ident)+]) => {};
    (@each [$($all:ident)+] $at:literal $element:ident $($more:tt)*) => {
        impl<$($all),+> Tuple<$at> for ($($all,)+) {
            type Element = $element;
        }
        elements! { @each [$($all)+] $($more)* }
    };
}

elements! {
    [A] 0 A;
    [A B] 0 A 1 B;
    [A B C] 0 A 1 B 2 C;
    [A B C D] 0 A 1 B 2 C 3 D;
    [A B C D F] 0 A 1 B 2 C 3 D 4 F;
    [A B C D F G] 0 A 1 B 2 C 3 D 4 F 5 G;
    [A B C D F G H] 0 A 1 B 2 C 3 D 4 F 5 G 6 H;
    [A B C D F G H I] 0 A 1 B 2 C 3 D 4 F 5 G 6 H 7 I;
}

macro_rules! tuples {
    ($($path:ident)*) => { $(
        impl<E, T, R> $path<E, T, R> {
            /// The element at `AT` of a tuple, counted from 0: renders `#n0[0]`.
            ///
            /// It is set and not removed, as the elements behind it would move up: `set(None)` stores NULL in its place.
            ///
            /// ```
            /// # use dynamap::Attribute;
            /// #[derive(Attribute)]
            /// pub struct Place {
            ///     pub at: (f64, f64),
            /// }
            ///
            /// assert_eq!(Place::AT.element::<1>().gt(60.0).to_string(), "at[1] > ?");
            /// ```
            pub fn element<const AT: usize>(self) -> Path<E, T::Element, R::TupleElement>
            where
                R: role::Holder,
                T: Tuple<AT>,
            {
                const { assert!(AT <= u32::MAX as usize) };
                Path::from(self).with(PathStep::Index(AT as u32))
            }
        }
    )* };
}

tuples! { Attribute Path }
