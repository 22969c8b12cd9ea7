//! Many writes at once: of several sources, and of those that may fail.

use super::{
    BatchSource, BatchWriteItem, Mixed,
    encoded::{EncodedWrite, SHAPED_PUT},
    entities::EntitySource,
    source::BoxError,
};
use crate::{
    entity::{Entity, EntityOf, IntoKey, Unversioned, WithoutUniqueFields},
    schema::TableSchema,
};
use std::borrow::Borrow;

impl<'a, E: Entity + Unversioned + WithoutUniqueFields> BatchWriteItem<'a, E> {
    /// Puts the entities of a source that may fail, such as the items of a query: an iterator or a stream of `Result`s.
    ///
    /// The first error ends the batch: writes that were taken before it are written, nothing is taken after it, and the report has the
    /// error as its [`failure`](crate::batch::BatchWriteReport::failure).
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order { pub number: u32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Local::memory()?.client();
    /// # let [shop, archive] = ["shop", "archive"].map(|name| Table::<Shop>::new(client.clone(), name));
    /// # shop.create_table_if_absent().send().await?;
    /// # archive.create_table_if_absent().send().await?;
    /// # shop.put(&Order { number: 7 }).send().await?;
    /// let orders = shop.repository::<Order>().scan().items();
    /// let report = archive.batch_write().try_put_all(orders).send().await?;
    /// assert_eq!(report.written(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_put_all<T, X, M>(mut self, entities: impl BatchSource<'a, Result<T, X>, M>) -> Self
    where
        T: Borrow<E> + 'a,
        X: Into<BoxError> + 'a,
    {
        const { assert!(E::SHAPE.is_none(), "{}", SHAPED_PUT) };
        let handle = self.tables.first().clone();
        let put = move |entity: T, scratch: &mut _| EncodedWrite::put(&handle, entity.borrow(), scratch);
        self.sources.try_push_all(entities, put);
        self
    }

    /// Deletes the items with the keys of a source that may fail. It ends as [`try_put_all`](Self::try_put_all) does.
    pub fn try_delete_all<X, M>(mut self, keys: impl BatchSource<'a, Result<E::Key, X>, M>) -> Self
    where
        X: Into<BoxError> + 'a,
    {
        self.sources.try_push_all(keys, |key, scratch| EncodedWrite::delete(&key, scratch));
        self
    }
}

impl<'a, S: TableSchema> BatchWriteItem<'a, Mixed<S>> {
    /// Puts the entities of a `Vec`, an iterator or a stream of any length, which are of one type; they or references to them.
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "CUSTOMER#{id}")]
    /// # pub struct Customer { pub id: u32 }
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order { pub number: u32 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
    /// # shop.create_table_if_absent().send().await?;
    /// let (customers, orders) = (vec![Customer { id: 1 }], (1..=3).map(|number| Order { number }));
    /// let report = shop.batch_write().put_all(&customers).put_all(orders).send().await?;
    /// assert_eq!(report.written(), 4);
    /// # Ok(())
    /// # }
    /// ```
    pub fn put_all<I, M>(mut self, entities: I) -> Self
    where
        I: EntitySource<'a, S, M, Entity: Unversioned + WithoutUniqueFields>,
    {
        const { assert!(<I::Entity as Entity>::SHAPE.is_none(), "{}", SHAPED_PUT) };
        let handle = self.tables.first().clone();
        self.sources.push_all(entities.into_entities(), move |entity: I::Item, scratch| {
            EncodedWrite::put::<I::Entity>(&handle, entity.borrow(), scratch)
        });
        self
    }

    /// Deletes the items with the keys of a `Vec`, an iterator or a stream of any length, which are of one type.
    pub fn delete_all<K, M>(mut self, keys: impl BatchSource<'a, K, M>) -> Self
    where
        K: IntoKey<Of: EntityOf<S> + Unversioned + WithoutUniqueFields> + 'a,
    {
        self.sources.push_all(keys, |key: K, scratch| EncodedWrite::delete(&key.into_key(), scratch));
        self
    }

    /// Puts the entities of a source that may fail, which are of one type: an iterator or a stream of `Result`s.
    ///
    /// The first error ends the batch: writes that were taken before it are written, nothing is taken after it, and the report has the
    /// error as its [`failure`](crate::batch::BatchWriteReport::failure).
    pub fn try_put_all<E, X, M>(mut self, entities: impl BatchSource<'a, Result<E, X>, M>) -> Self
    where
        E: EntityOf<S> + Unversioned + WithoutUniqueFields,
        X: Into<BoxError> + 'a,
    {
        const { assert!(E::SHAPE.is_none(), "{}", SHAPED_PUT) };
        let handle = self.tables.first().clone();
        let put = move |entity: E, scratch: &mut _| EncodedWrite::put(&handle, &entity, scratch);
        self.sources.try_push_all(entities, put);
        self
    }

    /// Deletes the items with the keys of a source that may fail, which are of one type. It ends as
    /// [`try_put_all`](Self::try_put_all) does.
    pub fn try_delete_all<K, X, M>(mut self, keys: impl BatchSource<'a, Result<K, X>, M>) -> Self
    where
        K: IntoKey<Of: EntityOf<S> + Unversioned + WithoutUniqueFields> + 'a,
        X: Into<BoxError> + 'a,
    {
        self.sources.try_push_all(keys, |key: K, scratch| EncodedWrite::delete(&key.into_key(), scratch));
        self
    }
}
