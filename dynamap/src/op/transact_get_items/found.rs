//! The results of a transaction that reads, in the form of its keys.

use super::tuples::for_tuples;
use crate::{
    call::item_status::{ItemStatus, ReadFilter, marks},
    entity::Item,
    error::DecodeError,
    op::{ReadShapeOne, read::Queryable},
    wire::JsonReader,
};
use std::marker::PhantomData;

/// The items that were found, by the positions of their keys.
pub trait Found: Send + 'static {
    /// The results, in the form of the keys.
    type Output;

    /// The number of positions.
    fn places(&self) -> usize;

    /// Forgets the items that were found.
    fn clear(&mut self);

    /// Reads the item that is the next value.
    fn read(&mut self, place: usize, r: &mut JsonReader<'_>, items: ReadFilter) -> Result<(), DecodeError>;

    /// Takes an item that the SDK has read.
    fn put(&mut self, place: usize, item: Item, items: ReadFilter) -> Result<(), DecodeError>;

    fn into_output(self) -> Self::Output;
}

/// The result at one key, as `T` reads it.
pub struct One<E, T: ReadShapeOne<E>> {
    at: usize,
    read: Option<T::Output>,
    of: PhantomData<fn() -> E>,
}

impl<E: Queryable, T: ReadShapeOne<E>> One<E, T> {
    /// `at` is the position of the member whose key it is; 0 of an entity.
    pub(super) fn of(at: usize) -> Self {
        Self { at, read: None, of: PhantomData }
    }

    fn check_absent(&self, standing: ItemStatus) -> Result<(), DecodeError> {
        if self.read.is_none() { T::check_absent(standing) } else { Ok(()) }
    }
}

impl<E: Queryable, T: ReadShapeOne<E>> Found for One<E, T> {
    type Output = Option<T::Output>;

    fn places(&self) -> usize {
        1
    }

    fn clear(&mut self) {
        self.read = None;
    }

    fn read(&mut self, _: usize, r: &mut JsonReader<'_>, items: ReadFilter) -> Result<(), DecodeError> {
        r.set_marks(marks::<T::Table>(T::fields(self.at), std::iter::empty()));
        let standing = T::read(self.at, items, r, &mut self.read)?;
        self.check_absent(standing)
    }

    fn put(&mut self, _: usize, item: Item, items: ReadFilter) -> Result<(), DecodeError> {
        let standing = T::take(self.at, items, item, &mut self.read)?;
        self.check_absent(standing)
    }

    fn into_output(self) -> Option<T::Output> {
        self.read
    }
}

/// Lists: each member is one place.
macro_rules! lists {
    ($([$($length:ident)?] $found:ty, $output:ty, |$read:ident| $into:expr;)*) => { $(
        impl<E: Queryable, T: ReadShapeOne<E> $(, const $length: usize)?> Found for $found {
            type Output = $output;

            fn places(&self) -> usize {
                self.len()
            }

            fn clear(&mut self) {
                self.iter_mut().for_each(Found::clear);
            }

            fn read(
                &mut self,
                place: usize,
                r: &mut JsonReader<'_>,
                items: ReadFilter,
            ) -> Result<(), DecodeError> {
                self.get_mut(place).map_or(Ok(()), |found| found.read(0, r, items))
            }

            fn put(&mut self, place: usize, item: Item, items: ReadFilter) -> Result<(), DecodeError> {
                self.get_mut(place).map_or(Ok(()), |found| found.put(0, item, items))
            }

            fn into_output(self) -> $output {
                let $read = self;
                $into
            }
        }
    )* };
}

lists! {
    [] Vec<One<E, T>>, Vec<Option<T::Output>>, |read| read.into_iter().map(Found::into_output).collect();
    [N] [One<E, T>; N], [Option<T::Output>; N], |read| read.map(Found::into_output);
}

macro_rules! tuples {
    ($(($first:ident $_first:ident $first_at:tt $(, $next:ident $_next:ident $at:tt)*))*) => { $(
        impl<$first: Found $(, $next: Found)*> Found for ($first, $($next,)*) {
            type Output = ($first::Output, $($next::Output,)*);

            fn places(&self) -> usize {
                self.$first_at.places() $(+ self.$at.places())*
            }

            fn clear(&mut self) {
                self.$first_at.clear();
                $( self.$at.clear(); )*
            }

            fn read(
                &mut self,
                place: usize,
                r: &mut JsonReader<'_>,
                items: ReadFilter,
            ) -> Result<(), DecodeError> {
                let end = self.$first_at.places();
                if place < end {
                    return self.$first_at.read(place, r, items);
                }
                $(
                    let (start, end) = (end, end + self.$at.places());
                    if place < end {
                        return self.$at.read(place - start, r, items);
                    }
                )*
                let _ = end;
                Ok(())
            }

            fn put(&mut self, place: usize, item: Item, items: ReadFilter) -> Result<(), DecodeError> {
                let end = self.$first_at.places();
                if place < end {
                    return self.$first_at.put(place, item, items);
                }
                $(
                    let (start, end) = (end, end + self.$at.places());
                    if place < end {
                        return self.$at.put(place - start, item, items);
                    }
                )*
                let _ = end;
                Ok(())
            }

            fn into_output(self) -> Self::Output {
                (self.$first_at.into_output(), $(self.$at.into_output(),)*)
            }
        }
    )* };
}

for_tuples!(tuples);
