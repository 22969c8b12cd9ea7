use super::{
    found::{Found, One},
    keys::{RequestedItem, TransactKeys, sealed},
    tuples::for_tuples,
};
use crate::{
    collection::{CollectionFrom, MemberKey},
    entity::{AnyKey, IntoKey, Member},
    op::{
        read::{Members, Queryable},
        read_one::AsMember,
    },
    schema::Primary,
};
use std::marker::PhantomData;

/// The keys of a transaction whose entities can be read as `R`, which has the form of the keys: for a key, or an array or
/// a vector of keys, a projection of their entity or the entity itself, and for a tuple of keys a tuple of these. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read as `{R}`",
    label = "expected a projection for each key or list of keys, in the form of the keys",
    note = "a projection is of the entity whose key it stands for; the entity itself is read whole"
)]
pub trait ReadAs<R>: TransactKeys {
    /// The results, in the form of the keys.
    type Output: Send + 'static;

    #[doc(hidden)]
    type Found: Found<Output = <Self as ReadAs<R>>::Output>;

    #[doc(hidden)]
    fn found_as(&self) -> <Self as ReadAs<R>>::Found;

    #[doc(hidden)]
    fn add_as(&self, asked: &mut Vec<RequestedItem>);
}

/// Keys of a transaction that are read as `R`: see [`TransactGetItems::project`](super::TransactGetItems::project).
pub struct KeysAs<K, R> {
    keys: K,
    of: PhantomData<fn() -> R>,
}

impl<K, R> KeysAs<K, R> {
    pub(super) fn new(keys: K) -> Self {
        Self { keys, of: PhantomData }
    }
}

impl<K, R> sealed::Sealed for KeysAs<K, R> {}

impl<R, K: ReadAs<R>> TransactKeys for KeysAs<K, R> {
    type Table = K::Table;
    type Output = <K as ReadAs<R>>::Output;
    type Found = <K as ReadAs<R>>::Found;

    fn found(&self) -> Self::Found {
        self.keys.found_as()
    }

    fn add_to(&self, asked: &mut Vec<RequestedItem>) {
        self.keys.add_as(asked);
    }
}

#[diagnostic::do_not_recommend]
impl<M: Member, K: IntoKey<Of = M::Entity> + Clone> ReadAs<M> for K {
    type Output = Option<M>;
    type Found = One<M::Entity, AsMember<M>>;

    fn found_as(&self) -> <Self as ReadAs<M>>::Found {
        One::of(0)
    }

    fn add_as(&self, asked: &mut Vec<RequestedItem>) {
        asked.push(RequestedItem::of::<M::Entity, AsMember<M>>(&self.clone().into_key()));
    }
}

impl<C: CollectionFrom<Primary> + Queryable<ReadShape = Members, Key = MemberKey<C>>> ReadAs<C>
    for MemberKey<C>
{
    type Output = Option<C::Item>;
    type Found = One<C, Members>;

    fn found_as(&self) -> <Self as ReadAs<C>>::Found {
        One::of(self.member())
    }

    fn add_as(&self, asked: &mut Vec<RequestedItem>) {
        asked.push(RequestedItem::of::<C, Members>(self));
    }
}

macro_rules! lists {
    ($([$($length:ident)?] $keys:ty, $found:ty, $output:ty, |$key:ident| $none:expr;)*) => { $(
        impl<M: Member, K: IntoKey<Of = M::Entity> + Clone $(, const $length: usize)?> ReadAs<M> for $keys {
            type Output = $output;
            type Found = $found;

            fn found_as(&self) -> $found {
                let $key = self;
                $none
            }

            fn add_as(&self, asked: &mut Vec<RequestedItem>) {
                asked.extend(self.iter().map(|key| RequestedItem::of::<M::Entity, AsMember<M>>(&key.clone().into_key())));
            }
        }
    )* };
}

lists! {
    [] Vec<K>, Vec<One<M::Entity, AsMember<M>>>, Vec<Option<M>>, |keys| keys.iter().map(|_| One::of(0)).collect();
    [N] [K; N], [One<M::Entity, AsMember<M>>; N], [Option<M>; N], |keys| keys.each_ref().map(|_| One::of(0));
}

macro_rules! tuples {
    ($(($first:ident $first_as:ident $first_at:tt $(, $next:ident $as:ident $at:tt)*))*) => { $(
        impl<$first_as, $($as,)* $first: ReadAs<$first_as>
            $(, $next: ReadAs<$as> + TransactKeys<Table = $first::Table>)*> ReadAs<($first_as, $($as,)*)>
            for ($first, $($next,)*)
        {
            type Output =
                (<$first as ReadAs<$first_as>>::Output, $(<$next as ReadAs<$as>>::Output,)*);
            type Found = (<$first as ReadAs<$first_as>>::Found, $(<$next as ReadAs<$as>>::Found,)*);

            fn found_as(&self) -> <Self as ReadAs<($first_as, $($as,)*)>>::Found {
                (self.$first_at.found_as(), $(self.$at.found_as(),)*)
            }

            fn add_as(&self, asked: &mut Vec<RequestedItem>) {
                self.$first_at.add_as(asked);
                $( self.$at.add_as(asked); )*
            }
        }
    )* };
}

for_tuples!(tuples);
