use super::encoded::{EncodedWrite, SHAPED_PUT, Scratch, Unencoded};
use crate::{
    call::Handle,
    entity::{EntityOf, IntoKey, Unversioned, WithoutUniqueFields},
    schema::TableSchema,
};
use std::{fmt, marker::PhantomData};

/// A put or a delete in the table `S`, of any of its entities, for a mixed batch.
///
/// ```
/// # use dynamap::{Entity, TableSchema, batch::BatchWrite};
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Shop;
/// # #[derive(Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{id}")]
/// # pub struct Customer { pub id: u32 }
/// # #[derive(Entity)]
/// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// # pub struct Order { pub number: u32 }
/// let writes: Vec<BatchWrite<Shop>> =
///     vec![BatchWrite::put(Order { number: 7 }), BatchWrite::delete(Customer::key(1_u32))];
/// # drop(writes);
/// ```
pub struct BatchWrite<S> {
    encode: Encode,
    of: PhantomData<fn() -> S>,
}

type Encode = Box<dyn FnOnce(&Handle, &mut Scratch) -> Result<EncodedWrite, Unencoded> + Send>;

impl<S: TableSchema> BatchWrite<S> {
    /// A put of `entity`.
    pub fn put<E: EntityOf<S> + Unversioned + WithoutUniqueFields>(entity: E) -> Self {
        Self::put_ignoring_version(entity)
    }

    /// A put of `entity`, also if it has a version: see
    /// [`put_ignoring_version`](super::BatchWriteItem::put_ignoring_version).
    pub fn put_ignoring_version<E: EntityOf<S> + WithoutUniqueFields>(entity: E) -> Self {
        const { assert!(E::SHAPE.is_none(), "{}", SHAPED_PUT) };
        Self::new(move |handle, scratch| EncodedWrite::put(handle, &entity, scratch))
    }

    /// A delete of the item with `key`.
    pub fn delete<K: IntoKey<Of: EntityOf<S> + Unversioned + WithoutUniqueFields>>(key: K) -> Self {
        Self::delete_ignoring_version(key)
    }

    /// A delete of the item with `key`, also if its entity has a version: changes by other writers since it was read are lost.
    pub fn delete_ignoring_version<K: IntoKey<Of: EntityOf<S> + WithoutUniqueFields>>(key: K) -> Self {
        let key = key.into_key();
        Self::new(move |_, scratch| EncodedWrite::delete(&key, scratch))
    }

    /// A put of `entity`, also if it has unique fields or a version: see
    /// [`put_unchecked`](super::BatchWriteItem::put_unchecked).
    pub fn put_unchecked<E: EntityOf<S>>(entity: E) -> Self {
        Self::new(move |handle, scratch| EncodedWrite::put(handle, &entity, scratch))
    }

    /// A delete of the item with `key`, also if its entity has unique fields or a version: see
    /// [`delete_unchecked`](super::BatchWriteItem::delete_unchecked).
    pub fn delete_unchecked<K: IntoKey<Of: EntityOf<S>>>(key: K) -> Self {
        let key = key.into_key();
        Self::new(move |_, scratch| EncodedWrite::delete(&key, scratch))
    }

    fn new(
        encode: impl FnOnce(&Handle, &mut Scratch) -> Result<EncodedWrite, Unencoded> + Send + 'static,
    ) -> Self {
        Self { encode: Box::new(encode), of: PhantomData }
    }

    pub(super) fn encode(self, handle: &Handle, scratch: &mut Scratch) -> Result<EncodedWrite, Unencoded> {
        (self.encode)(handle, scratch)
    }
}

impl<S> fmt::Debug for BatchWrite<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchWrite").finish_non_exhaustive()
    }
}
