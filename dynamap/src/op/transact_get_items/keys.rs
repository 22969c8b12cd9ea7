use crate::{
    entity::{Entity, IntoKey, Item, Key, KeyValues, TableOf, from_item, key_item, name_of},
    error::{DecodeError, KeyError},
    op::{
        get_item::check_absent,
        standing::{ReadItems, Standing, marks},
    },
    schema::TableSchema,
    wire::JsonReader,
};

/// The keys that a transaction reads: a key, an array or a vector of keys of one entity, or a tuple of up to 12 of
/// these. Sealed.
///
/// A key may also be a key condition that has all components, or a reference to an entity. It gives an `Option` of its entity, and the others what their members give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the key of an entity, nor an array, a vector or a tuple of keys of one table",
    note = "make keys with the entity's `key` function, such as `Order::key(..)`"
)]
pub trait TransactKeys: sealed::Sealed {
    /// The table of the entities.
    type Table: TableSchema;
    /// What is found, in the form of the keys.
    type Output: Send + 'static;

    #[doc(hidden)]
    type Found: Found<Output = Self::Output>;

    /// Nothing was found yet.
    #[doc(hidden)]
    fn found(&self) -> Self::Found;

    #[doc(hidden)]
    fn add_to(&self, asked: &mut Vec<Asked>);
}

/// A key that is asked for.
#[derive(Debug)]
pub struct Asked {
    pub(super) entity: &'static str,
    pub(super) key: Result<Item, KeyError>,
    pub(super) identity: Option<KeyValues>,
}

impl Asked {
    fn of<K: Key>(key: &K) -> Self {
        let key = key_item(key);
        let identity = key.as_ref().ok().and_then(KeyValues::of_item::<TableOf<K>>);
        Self { entity: name_of::<K>(), key, identity }
    }
}

/// What was found at each key, by the places of the keys.
pub trait Found: Send + 'static {
    /// What is found, in the form of the keys.
    type Output;

    /// How many places there are.
    fn places(&self) -> usize;

    /// Forgets what was found.
    fn clear(&mut self);

    /// Reads the item that is the next value.
    fn read(&mut self, place: usize, r: &mut JsonReader<'_>, items: ReadItems) -> Result<(), DecodeError>;

    /// Takes an item that the SDK has read.
    fn put(&mut self, place: usize, item: Item, items: ReadItems) -> Result<(), DecodeError>;

    fn into_output(self) -> Self::Output;
}

impl<E: Entity> Found for Option<E> {
    type Output = Self;

    fn places(&self) -> usize {
        1
    }

    fn clear(&mut self) {
        *self = None;
    }

    fn read(&mut self, _: usize, r: &mut JsonReader<'_>, items: ReadItems) -> Result<(), DecodeError> {
        r.set_marks(marks::<E::Table>(E::FIELDS, std::iter::empty()));
        let standing = items.read::<E, E>(r, false, |read| *self = Some(read))?;
        if items.counts(standing) { Ok(()) } else { check_absent::<E>(standing) }
    }

    fn put(&mut self, _: usize, item: Item, items: ReadItems) -> Result<(), DecodeError> {
        let standing = Standing::of::<E>(&item, items.found_by, items.now);
        if !items.counts(standing) {
            return check_absent::<E>(standing);
        }
        *self = Some(from_item(item)?);
        Ok(())
    }

    fn into_output(self) -> Self {
        self
    }
}

impl<K: IntoKey + Clone> TransactKeys for K {
    type Table = <K::Of as Entity>::Table;
    type Output = Option<K::Of>;
    type Found = Option<K::Of>;

    fn found(&self) -> Option<K::Of> {
        None
    }

    fn add_to(&self, asked: &mut Vec<Asked>) {
        asked.push(Asked::of(&self.clone().into_key()));
    }
}

/// Lists: each member is one place.
macro_rules! lists {
    ($([$($length:ident)?] $keys:ty, $found:ty, |$key:ident| $none:expr;)*) => { $(
        impl<E: Entity $(, const $length: usize)?> Found for $found {
            type Output = Self;

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
                items: ReadItems,
            ) -> Result<(), DecodeError> {
                self.get_mut(place).map_or(Ok(()), |found| found.read(0, r, items))
            }

            fn put(&mut self, place: usize, item: Item, items: ReadItems) -> Result<(), DecodeError> {
                self.get_mut(place).map_or(Ok(()), |found| found.put(0, item, items))
            }

            fn into_output(self) -> Self {
                self
            }
        }

        impl<E: Entity, K: IntoKey<Of = E> + Clone $(, const $length: usize)?> TransactKeys for $keys {
            type Table = E::Table;
            type Output = $found;
            type Found = $found;

            fn found(&self) -> $found {
                let $key = self;
                $none
            }

            fn add_to(&self, asked: &mut Vec<Asked>) {
                asked.extend(self.iter().map(|key| Asked::of(&key.clone().into_key())));
            }
        }
    )* };
}

lists! {
    [] Vec<K>, Vec<Option<E>>, |keys| keys.iter().map(|_| None).collect();
    [N] [K; N], [Option<E>; N], |_keys| std::array::from_fn(|_| None);
}

macro_rules! tuples {
    ($(($first:ident $first_at:tt $(, $next:ident $at:tt)*))*) => { $(
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
                items: ReadItems,
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

            fn put(&mut self, place: usize, item: Item, items: ReadItems) -> Result<(), DecodeError> {
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

        impl<$first: TransactKeys $(, $next: TransactKeys<Table = $first::Table>)*> TransactKeys
            for ($first, $($next,)*)
        {
            type Table = $first::Table;
            type Output = ($first::Output, $($next::Output,)*);
            type Found = ($first::Found, $($next::Found,)*);

            fn found(&self) -> Self::Found {
                (self.$first_at.found(), $(self.$at.found(),)*)
            }

            fn add_to(&self, asked: &mut Vec<Asked>) {
                self.$first_at.add_to(asked);
                $( self.$at.add_to(asked); )*
            }
        }

        impl<$first: sealed::Sealed $(, $next: sealed::Sealed)*> sealed::Sealed for ($first, $($next,)*) {}
    )* };
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}

mod sealed {
    use super::IntoKey;

    pub trait Sealed {}
    impl<K: IntoKey> Sealed for K {}
    impl<K: IntoKey> Sealed for Vec<K> {}
    impl<K: IntoKey, const N: usize> Sealed for [K; N] {}
}
