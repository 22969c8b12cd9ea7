use super::{
    found::{Found, One},
    tuples::for_tuples,
};
use crate::{
    collection::{CollectionFrom, MemberKey},
    entity::{AnyKey, Entity, IntoKey, Item, KeyValues},
    error::KeyError,
    expr::ProjectionExpression,
    op::{
        ReadShapeOne,
        read::{Members, Queryable, Whole},
        read_one::marks_of_one,
    },
    schema::{Primary, TableSchema},
};

/// The keys that a transaction reads: a key, an array or a vector of keys of one entity, or a tuple of up to 12 of
/// these. Sealed.
///
/// A key may also be a key condition that has all components, or a reference to an entity. It gives an `Option` of its
/// entity, a [`MemberKey`] one of its item collection, and the others what their members give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the key of an entity, nor an array, a vector or a tuple of keys of one table",
    note = "make keys with the entity's `key` function, such as `Order::key(..)`"
)]
pub trait TransactKeys: sealed::Sealed {
    /// The table of the entities.
    type Table: TableSchema;
    /// The results, in the form of the keys.
    type Output: Send + 'static;

    #[doc(hidden)]
    type Found: Found<Output = Self::Output>;

    /// Nothing was found yet.
    #[doc(hidden)]
    fn found(&self) -> Self::Found;

    #[doc(hidden)]
    fn add_to(&self, asked: &mut Vec<RequestedItem>);
}

/// A key that is asked for.
#[derive(Debug)]
pub struct RequestedItem {
    pub(super) entity: &'static str,
    pub(super) key: Result<Item, KeyError>,
    pub(super) identity: Option<KeyValues>,
    /// Adds the attributes that are requested; false if that is the whole item.
    pub(super) ask: fn(&mut ProjectionExpression) -> bool,
}

impl RequestedItem {
    pub(super) fn of<E: Queryable, T: ReadShapeOne<E>>(key: &impl AnyKey) -> Self {
        let key = key.to_item();
        let identity = key.as_ref().ok().and_then(KeyValues::of_item::<T::Table>);
        Self { entity: E::SUBJECT, key, identity, ask: ask::<E, T> }
    }
}

fn ask<E, T: ReadShapeOne<E>>(asked: &mut ProjectionExpression) -> bool {
    marks_of_one::<T::Table>().for_each(|name| asked.add_whole(name));
    T::ask(asked)
}

/// One key, and the type that its item is read as.
#[doc(hidden)]
pub trait OneKey {
    type Of: Queryable;
    type ReadShape: ReadShapeOne<Self::Of>;

    fn to_key(&self) -> <Self::Of as Queryable>::Key;

    /// The position of the member whose key it is.
    fn member(&self) -> usize {
        0
    }
}

impl<K: IntoKey + Clone> OneKey for K {
    type Of = K::Of;
    type ReadShape = Whole;

    fn to_key(&self) -> <K::Of as Entity>::Key {
        self.clone().into_key()
    }
}

impl<C: CollectionFrom<Primary> + Queryable<ReadShape = Members, Key = Self>> OneKey for MemberKey<C> {
    type Of = C;
    type ReadShape = Members;

    fn to_key(&self) -> Self {
        self.clone()
    }

    fn member(&self) -> usize {
        AnyKey::member(self)
    }
}

/// The table of the item that a key is of.
type TableOfOne<K> = <<K as OneKey>::ReadShape as ReadShapeOne<<K as OneKey>::Of>>::Table;

/// The result at a key.
type OutputOf<K> = <<K as OneKey>::ReadShape as ReadShapeOne<<K as OneKey>::Of>>::Output;

/// The item that was found at a key.
type FoundOf<K> = One<<K as OneKey>::Of, <K as OneKey>::ReadShape>;

impl<K: OneKey> TransactKeys for K {
    type Table = TableOfOne<K>;
    type Output = Option<OutputOf<K>>;
    type Found = FoundOf<K>;

    fn found(&self) -> Self::Found {
        One::of(OneKey::member(self))
    }

    fn add_to(&self, asked: &mut Vec<RequestedItem>) {
        asked.push(RequestedItem::of::<K::Of, K::ReadShape>(&self.to_key()));
    }
}

macro_rules! lists {
    ($([$($length:ident)?] $keys:ty, $found:ty, $output:ty, |$key:ident| $none:expr;)*) => { $(
        impl<K: OneKey $(, const $length: usize)?> TransactKeys for $keys {
            type Table = TableOfOne<K>;
            type Output = $output;
            type Found = $found;

            fn found(&self) -> $found {
                let $key = self;
                $none
            }

            fn add_to(&self, asked: &mut Vec<RequestedItem>) {
                asked.extend(self.iter().map(|key| RequestedItem::of::<K::Of, K::ReadShape>(&key.to_key())));
            }
        }
    )* };
}

lists! {
    [] Vec<K>, Vec<FoundOf<K>>, Vec<Option<OutputOf<K>>>, |keys| keys.iter().map(|key| One::of(OneKey::member(key))).collect();
    [N] [K; N], [FoundOf<K>; N], [Option<OutputOf<K>>; N], |keys| keys.each_ref().map(|key| One::of(OneKey::member(key)));
}

macro_rules! tuples {
    ($(($first:ident $_first:ident $first_at:tt $(, $next:ident $_next:ident $at:tt)*))*) => { $(
        impl<$first: TransactKeys $(, $next: TransactKeys<Table = $first::Table>)*> TransactKeys
            for ($first, $($next,)*)
        {
            type Table = $first::Table;
            type Output = ($first::Output, $($next::Output,)*);
            type Found = ($first::Found, $($next::Found,)*);

            fn found(&self) -> Self::Found {
                (self.$first_at.found(), $(self.$at.found(),)*)
            }

            fn add_to(&self, asked: &mut Vec<RequestedItem>) {
                self.$first_at.add_to(asked);
                $( self.$at.add_to(asked); )*
            }
        }

        impl<$first: sealed::Sealed $(, $next: sealed::Sealed)*> sealed::Sealed for ($first, $($next,)*) {}
    )* };
}

for_tuples!(tuples);

pub(super) mod sealed {
    use super::OneKey;

    pub trait Sealed {}
    impl<K: OneKey> Sealed for K {}
    impl<K: OneKey> Sealed for Vec<K> {}
    impl<K: OneKey, const N: usize> Sealed for [K; N] {}
}
