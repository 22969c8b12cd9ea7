mod backfill;

use crate::{
    batch::{BatchGet, BatchWriteItem},
    call::Handle,
    entity::{Entity, IntoKey, Unversioned, Versioned},
    key::IntoKeyCondition,
    op::{
        DeleteItem, Exists, GetItem, Modify, PutItem, Query, RepairUnique, Scan, SearchVectors,
        TransactGetItems, UpdateItem,
        search_vectors::IntoVectorSearch,
        update_item::{IfAbsent, Nothing},
        write::{Precondition, Writable, version_choice::Chosen},
    },
    schema::{Source, VectorIndex},
};
use std::{fmt, marker::PhantomData};

/// The typed calls of one entity of a table. Cheap to clone.
///
/// ```
/// use dynamap::{Entity, Table, TableSchema};
/// use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", sort_key = "sk")]
/// pub struct Shop;
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
/// pub struct Order {
///     pub customer_id: String,
///     pub number: u32,
///     pub total: u64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// shop.create_table_if_absent().send().await?;
///
/// let orders = shop.repository::<Order>();
/// let order = Order { customer_id: "c-1".into(), number: 7, total: 120 };
/// orders.create(&order).send().await?;
///
/// let found = orders.get(Order::key("c-1", 7)).send().await?;
/// assert_eq!(found, Some(order));
///
/// let page = orders.query(Order::partition("c-1").number(1..=9)).descending().limit(20).send().await?;
/// assert_eq!(page.items.len(), 1);
/// # Ok(())
/// # }
/// ```
pub struct Repository<E> {
    handle: Handle,
    of: PhantomData<fn() -> E>,
}

impl<E: Entity> Repository<E> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, of: PhantomData }
    }

    /// The table's name.
    pub fn table_name(&self) -> &str {
        &self.handle.table
    }

    /// Reads an entity (GetItem). Eventually consistent by default, at half a read capacity unit (RCU) for each 4 KB,
    /// rounded up.
    #[doc(alias = "GetItem")]
    pub fn get(&self, key: impl IntoKey<Of = E>) -> GetItem<E> {
        GetItem::new(self.handle.clone(), key.into_key())
    }

    /// Reads many entities (BatchGetItem, 100 keys with a request). It returns the entity at each key, in the order of
    /// the keys. See [`BatchGet`].
    #[doc(alias = "BatchGetItem")]
    pub fn batch_get(&self, keys: impl IntoIterator<Item: IntoKey<Of = E>>) -> BatchGet<E> {
        BatchGet::new(self.handle.clone(), keys.into_iter().map(IntoKey::into_key).collect())
    }

    /// Puts and deletes many entities (BatchWriteItem, 25 with a request), without a condition. See
    /// [`BatchWriteItem`].
    #[doc(alias = "BatchWriteItem")]
    pub fn batch_write<'a>(&self) -> BatchWriteItem<'a, E> {
        BatchWriteItem::new(self.handle.clone())
    }

    /// Reads up to 100 entities as they are at one time (TransactGetItems). It returns the entity at each key, in the order
    /// of the keys.
    pub fn transact_get(
        &self,
        keys: impl IntoIterator<Item: IntoKey<Of = E>>,
    ) -> TransactGetItems<Vec<E::Key>> {
        TransactGetItems::new(self.handle.clone(), keys.into_iter().map(IntoKey::into_key).collect())
    }

    /// Returns true if there is an entity with the key (GetItem of the key only). It costs as much as reading the
    /// whole item.
    pub fn exists(&self, key: impl IntoKey<Of = E>) -> Exists<E> {
        Exists::new(self.handle.clone(), key.into_key())
    }

    /// Writes an entity, and replaces one with the same key (PutItem).
    ///
    /// An item of another entity at this key is not replaced: that is
    /// [`Error::ConditionFailed`](crate::Error::ConditionFailed), unless
    /// [`overwrite_other_entities`](PutItem::overwrite_other_entities) allows it.
    ///
    /// With [unique fields](crate::guide::unique): a strongly consistent GetItem and a transaction, at twice the write
    /// capacity units (WCU), and 2 WCU for each sentinel item that changes.
    #[doc(alias("PutItem", "overwrite"))]
    pub fn put<'a>(&self, entity: impl Writable<'a, Entity = E>) -> PutItem<'a, E>
    where
        E: Unversioned,
    {
        PutItem::new(self.handle.clone(), entity, Precondition::NoOther)
    }

    /// Writes an entity that must not be there yet: a conditional write (PutItem with a condition).
    ///
    /// An item whose time to live is over counts as absent.
    ///
    /// With [unique fields](crate::guide::unique): one transaction, at twice the write capacity units (WCU), and 2 WCU for
    /// each unique value.
    #[doc(alias("PutItem", "attribute_not_exists", "insert"))]
    pub fn create<'a>(&self, entity: impl Writable<'a, Entity = E>) -> PutItem<'a, E> {
        PutItem::new(self.handle.clone(), entity, Precondition::Absent)
    }

    /// Writes an entity unless it is there, and returns true if it was written (PutItem with a condition). False means
    /// that there is an item with its key, perhaps of another entity, which stays as it is.
    ///
    /// An item whose time to live is over counts as absent.
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "MAIL#{address}")]
    /// # pub struct Mail { pub address: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
    /// # shop.create_table_if_absent().send().await?;
    /// # let mails = shop.repository::<Mail>();
    /// let mail = Mail { address: "ada@example.com".into() };
    /// assert!(mails.create_if_absent(&mail).send().await?);
    /// assert!(!mails.create_if_absent(&mail).send().await?);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("PutItem", "put_if_absent", "insert"))]
    pub fn create_if_absent<'a>(&self, entity: impl Writable<'a, Entity = E>) -> PutItem<'a, E, IfAbsent> {
        self.create(entity).if_absent()
    }

    /// Writes an entity that must be there already: a conditional write (PutItem with a condition).
    ///
    /// The whole item is replaced: attributes that `E` does not know are lost.
    ///
    /// With [unique fields](crate::guide::unique): as [`save`](Self::save).
    #[doc(alias("PutItem", "attribute_exists"))]
    pub fn replace<'a>(&self, entity: impl Writable<'a, Entity = E>) -> PutItem<'a, E> {
        PutItem::new(self.handle.clone(), entity, Precondition::Present)
    }

    /// Changes attributes of an entity that must be there already: a conditional write (UpdateItem with a condition).
    ///
    /// An item whose time to live is over counts as absent. An update of an entity with a version says if it [checks
    /// it](UpdateItem::expect_version) (optimistic locking).
    ///
    /// An update of [unique fields](crate::guide::unique): a strongly consistent GetItem and a transaction, at twice the
    /// write capacity units (WCU), and 2 WCU for each sentinel item that changes.
    #[doc(alias("UpdateItem", "patch"))]
    pub fn update(&self, key: impl IntoKey<Of = E>) -> UpdateItem<'static, E> {
        UpdateItem::new(self.handle.clone(), key.into_key(), Precondition::Present)
    }

    /// Changes attributes of an entity that was read. Afterwards the entity in memory is as it is stored (UpdateItem
    /// with a condition).
    ///
    /// The update expects the version of the entity (optimistic locking). If another writer has changed the item, the
    /// error is [`Error::VersionConflict`](crate::Error::VersionConflict), with the stored entity. In memory only what
    /// is stored remains; fields that are not stored have their defaults.
    ///
    /// Where DynamoDB does not return the item, the entity stays as it was, with the version that it had. That is so
    /// in a transaction, after another method that returns something, and where a response was lost though the update
    /// was applied. Read it again; a `save` of it is a [`Error::VersionConflict`](crate::Error::VersionConflict).
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema, value::Version};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Desk;
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Desk, pk = "NOTE#{id}")]
    /// # pub struct Note { pub id: u32, pub likes: u32, #[dynamap(version)] pub version: Version }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let desk = Table::<Desk>::new(Local::memory()?.client(), "desk");
    /// # desk.create_table_if_absent().send().await?;
    /// let mut note = Note { id: 1, likes: 2, version: Version::NEW };
    /// desk.create(&mut note).send().await?;
    /// desk.update_entity(&mut note).apply(Note::LIKES.add(1_u32)).send().await?;
    /// assert_eq!((note.likes, note.version.stored()), (3, Some(&2)));
    /// # Ok(())
    /// # }
    /// ```
    pub fn update_entity<'a>(&self, entity: &'a mut E) -> UpdateItem<'a, E, Nothing, Chosen>
    where
        E: Versioned,
    {
        UpdateItem::of_instance(self.handle.clone(), entity)
    }

    /// Changes attributes of an entity, or creates an item that has only these (UpdateItem).
    ///
    /// The actions must give all attributes that the entity needs; otherwise the item that is created cannot be read.
    /// Index keys are written if all attributes are set that they are made of. No action sets a field that is
    /// `key_only` in the key of an index: an entity with one is created by `create`, `put` or `save_or_create`.
    ///
    /// An item whose time to live is over, and which DynamoDB has not deleted yet, refuses the request. The call then
    /// deletes it (DeleteItem with a condition) and sends the request again, so that nothing of it comes back. In a
    /// transaction such an item is a refusal.
    ///
    /// An upsert of [unique fields](crate::guide::unique) costs as an [`update`](Self::update) of them.
    #[doc(alias("UpdateItem", "insert_or_update"))]
    pub fn upsert(&self, key: impl IntoKey<Of = E>) -> UpdateItem<'static, E> {
        const { assert!(!E::KEY_ONLY_IN_INDEX, "{}", crate::op::UPSERTED_KEY_ONLY) };
        UpdateItem::new(self.handle.clone(), key.into_key(), Precondition::Upsert)
    }

    /// Writes all attributes of an entity that must be there already, and keeps those that `E` does not know
    /// (UpdateItem with a condition).
    ///
    /// A field that is `None`, or a set without members, is removed. A nested document is one attribute, which is
    /// written as a whole: members of it that its struct does not know are lost. It does not compile for an entity
    /// with a flattened map, which holds the attributes that `E` does not know: [`replace`](Self::replace) loses none
    /// of them, and removes those that were taken out of the map.
    ///
    /// With [unique fields](crate::guide::unique): a transaction at twice the write capacity units. Of an entity with a
    /// version it takes them to be unchanged; where they are not, a second transaction follows, with 2 WCU for each sentinel
    /// item that changes. Without a version: as [`put`](Self::put).
    #[doc(alias = "UpdateItem")]
    pub fn save<'a>(&self, entity: impl Writable<'a, Entity = E>) -> UpdateItem<'a, E, Nothing, Chosen> {
        const { assert!(!E::TAKES_ANY, "{}", crate::op::SAVED_MAP) };
        UpdateItem::save(self.handle.clone(), entity)
    }

    /// Writes all attributes of an entity, or creates it, and keeps attributes that `E` does not know (UpdateItem).
    ///
    /// A field that is `None`, or a set without members, is removed. An item of another entity at this key is not
    /// changed: that is [`Error::ConditionFailed`](crate::Error::ConditionFailed). An item whose time to live is over,
    /// and which DynamoDB has not deleted yet, is deleted before, as by [`upsert`](Self::upsert). Then the stamps in
    /// memory of an entity that is `transactional` stay as they were. It does not compile for an entity with a
    /// flattened map, as [`save`](Self::save) does not: [`put`](Self::put) loses none of its attributes.
    ///
    /// With [unique fields](crate::guide::unique): as [`put`](Self::put).
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Shop, pk = "PROFILE#{id}")]
    /// # pub struct Profile { pub id: u32, pub name: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
    /// # shop.create_table_if_absent().send().await?;
    /// let profiles = shop.repository::<Profile>();
    /// profiles.save_or_create(&Profile { id: 1, name: "Ada".into() }).send().await?;
    /// profiles.save_or_create(&Profile { id: 1, name: "Ada L.".into() }).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("UpdateItem", "upsert"))]
    pub fn save_or_create<'a>(
        &self,
        entity: impl Writable<'a, Entity = E>,
    ) -> UpdateItem<'a, E, Nothing, Chosen>
    where
        E: Unversioned,
    {
        const { assert!(!E::TAKES_ANY, "{}", crate::op::SAVED_MAP) };
        UpdateItem::save_or_create(self.handle.clone(), entity)
    }

    /// Read-modify-write with optimistic locking: reads an entity, changes it and saves it, and retries on a version
    /// conflict with exponential backoff and full jitter (GetItem and UpdateItem).
    ///
    /// The closure `change` may refuse. It is called once for each attempt, with the entity as it is then.
    ///
    /// With [unique fields](crate::guide::unique): each attempt is a [`save`](Self::save).
    #[doc(alias("optimistic_locking", "read_modify_write", "compare_and_swap"))]
    pub fn modify<R, F>(&self, key: impl IntoKey<Of = E>, change: F) -> Modify<E, R, F>
    where
        E: Versioned,
        F: FnMut(&mut E) -> Result<(), R>,
    {
        Modify::new(self.handle.clone(), key.into_key(), change)
    }

    /// Deletes an entity, if there is one (DeleteItem).
    ///
    /// A delete of an entity with a version says if it [checks it](DeleteItem::expect_version) (optimistic locking).
    /// An item of another entity stays.
    ///
    /// With [unique fields](crate::guide::unique): a strongly consistent GetItem and a transaction, at twice the write
    /// capacity units (WCU), and 2 WCU for each unique value.
    #[doc(alias("DeleteItem", "remove"))]
    pub fn delete(&self, key: impl IntoKey<Of = E>) -> DeleteItem<E> {
        DeleteItem::new(self.handle.clone(), &key.into_key())
    }

    /// Looks for sentinel items of [unique fields](crate::guide::unique) that are missing or behind, and mends them (Scan, GetItem and
    /// TransactWriteItems). See [`RepairUnique`].
    pub fn repair_unique(&self) -> RepairUnique<E> {
        RepairUnique::new(self.handle.clone())
    }

    /// Finds the entities whose vectors are nearest to a given one, in a vector index (SearchVectors). See [`SearchVectors`].
    pub fn search<V>(&self, search: V) -> SearchVectors<E, V::Index>
    where
        V: IntoVectorSearch<Entity = E, Index: VectorIndex>,
    {
        SearchVectors::new(self.handle.clone(), search.into_vector_search())
    }

    /// Reads the entities that a key condition selects, from the table or an index (Query).
    #[doc(alias = "KeyConditionExpression")]
    pub fn query<C>(&self, condition: C) -> Query<E, C::Source>
    where
        C: IntoKeyCondition<Entity = E, Source: Source>,
    {
        Query::new(self.handle.clone(), condition.into_key_condition())
    }

    /// Reads all entities of the table, or of an index (Scan).
    ///
    /// A scan reads every item of the table, those of other entities as well, and all of them cost read capacity
    /// units.
    ///
    /// ```no_run
    /// # use dynamap::{Entity, Index, Table, TableSchema};
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk", indexes(ByTotal))]
    /// # pub struct Shop;
    /// # #[derive(Index)]
    /// # #[dynamap(table = Shop, name = "gsi1", partition_key = number("total"))]
    /// # pub struct ByTotal;
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # #[dynamap(index = ByTotal, pk = total)]
    /// # pub struct Order { pub number: u32, pub total: u64 }
    /// # async fn of(shop: Table<Shop>) -> dynamap::Result<()> {
    /// let orders = shop.repository::<Order>();
    /// let mut large = orders.scan().filter(Order::TOTAL.gt(1000)).items();
    /// while let Some(order) = large.next().await {
    ///     println!("{}", order?.number);
    /// }
    /// let of_index = orders.scan().index::<ByTotal>().limit(100).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn scan(&self) -> Scan<E> {
        Scan::new(self.handle.clone())
    }
}

impl<E> Clone for Repository<E> {
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone(), of: PhantomData }
    }
}

impl<E: Entity> fmt::Debug for Repository<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repository")
            .field("entity", &E::NAME)
            .field("table", &self.handle.table)
            .finish_non_exhaustive()
    }
}
