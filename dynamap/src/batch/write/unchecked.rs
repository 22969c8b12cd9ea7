//! Writes of entities with unique fields or a numbered shape, of which a batch checks neither.

use super::{BatchEntity, BatchKey, BatchSource, BatchWriteItem, Mixed, encoded::EncodedWrite};
use crate::{
    entity::{Entity, EntityOf, IntoKey},
    schema::TableSchema,
};

impl<'a, E: Entity> BatchWriteItem<'a, E> {
    /// Puts an entity, also if it has unique fields, a version or a numbered shape.
    ///
    /// DynamoDB checks nothing in a batch: neither that the unique values are free, nor the shape of the stored item, which is replaced
    /// even if it is newer, nor the version, as
    /// [`put_ignoring_version`](Self::put_ignoring_version) says. The items that hold the unique values stay as they are, so that
    /// another entity can take the same values, until [`repair_unique`](crate::Repository::repair_unique) has run.
    pub fn put_unchecked(self, entity: &E) -> Self {
        self.push_put(entity)
    }

    /// Adds puts of all entities: see [`put_unchecked`](Self::put_unchecked).
    pub fn put_all_unchecked<T: BatchEntity<E> + 'a, M>(
        mut self,
        entities: impl BatchSource<'a, T, M>,
    ) -> Self {
        let handle = self.tables.first().clone();
        self.sources.push_all(entities, move |entity: T, scratch| {
            EncodedWrite::put(&handle, entity.borrow(), scratch)
        });
        self
    }

    /// Deletes the item with a key, also if its entity has unique fields or a version.
    ///
    /// The items that hold its unique values stay, and keep other entities from taking them, until
    /// [`repair_unique`](crate::Repository::repair_unique) has run.
    pub fn delete_unchecked(self, key: impl IntoKey<Of = E>) -> Self {
        self.push_delete(key)
    }

    /// Adds deletes of all keys: see [`delete_unchecked`](Self::delete_unchecked).
    pub fn delete_all_unchecked<K: BatchKey<E> + 'a, M>(mut self, keys: impl BatchSource<'a, K, M>) -> Self {
        self.sources.push_all(keys, |key: K, scratch| EncodedWrite::delete(&key.into_key(), scratch));
        self
    }
}

impl<'a, S: TableSchema> BatchWriteItem<'a, Mixed<S>> {
    /// Puts an entity, also if it has unique fields, a version or a numbered shape.
    ///
    /// DynamoDB checks nothing in a batch: neither that the unique values are free, nor the shape of the stored item, which is replaced
    /// even if it is newer, nor the version, as
    /// [`put_ignoring_version`](Self::put_ignoring_version) says. The items that hold the unique values stay as they are, so that
    /// another entity can take the same values, until [`repair_unique`](crate::Repository::repair_unique) has run.
    pub fn put_unchecked<E: EntityOf<S>>(self, entity: &E) -> Self {
        self.push_put(entity)
    }

    /// Deletes the item with a key, also if its entity has unique fields or a version.
    ///
    /// The items that hold its unique values stay, and keep other entities from taking them, until
    /// [`repair_unique`](crate::Repository::repair_unique) has run.
    pub fn delete_unchecked<K: IntoKey<Of: EntityOf<S>>>(self, key: K) -> Self {
        self.push_delete(key)
    }
}
