mod schema;
mod searched;
mod streamed;
mod throughput;
mod vector_indexes;

use crate::{
    batch::{BatchGet, BatchWriteItem, Dump, Load, Mixed, MixedBatchGet, MixedKeys},
    budget::Budget,
    call::{Clock, Handle, redelivery::Redelivery},
    capacity::Meter,
    collection::MemberKey,
    direct::{Mapping, Random},
    entity::{EntityOf, IntoKey, Unversioned, Versioned},
    key::IntoKeyCondition,
    observe::{Observer, SharedObserver},
    op::{
        CreateTableIfAbsent, DeleteItem, Exists, GetItem, PutItem, Query, Scan, TransactGetItems,
        TransactKeys, TransactWriteItems, UpdateItem, WaitUntilActive,
        read::{CollectionOf, Members, Queryable},
        update_item::{IfAbsent, Nothing},
        write::{Writable, version_choice::Chosen},
    },
    repository::Repository,
    schema::{Primary, Source, TableSchema},
};
use aws_sdk_dynamodb::Client;
use std::{fmt, io, marker::PhantomData, sync::Arc, time::SystemTime};
use tokio::io::{AsyncRead, AsyncWrite};

/// A DynamoDB table with the schema `S`: one table for several entities (single-table design). Cheap to clone.
///
/// Its methods take entities and keys of every entity of the table. [`repository`](Table::repository) gives those of
/// one entity.
pub struct Table<S> {
    handle: Handle,
    schema: PhantomData<fn() -> S>,
}

impl<S: TableSchema> Table<S> {
    /// The table `name`, reached through `client`. The fastest client is one that [`dynamap::client`](crate::client)
    /// made.
    ///
    /// With any other client, the first calls take some microseconds more. Then the table makes such a client for
    /// itself, which shares connections and cached credentials with `client`: keep the table, rather than make one for
    /// each call.
    pub fn new(client: Client, name: impl Into<String>) -> Self {
        Self { handle: Handle::new::<S>(client, Arc::from(name.into())), schema: PhantomData }
    }

    /// The same table with another mapping of items. Default: [`Mapping::Direct`].
    pub fn with_mapping(mut self, mapping: Mapping) -> Self {
        self.handle.mapping = mapping;
        self
    }

    /// Sets the clock of stamps and of times to live. Default: the clock of the client's configuration.
    ///
    /// This is for tests. Requests are signed with the time of the client all the same.
    pub fn with_clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.handle.clock = Some(Clock(Arc::new(clock)));
        self
    }

    /// Adds up the capacity units that its calls and those of its repositories consume, in `meter`.
    ///
    /// They ask DynamoDB for the consumed capacity (`ReturnConsumedCapacity`), which costs no units. Batches and
    /// transactions are counted as well.
    pub fn with_meter(mut self, meter: &Meter) -> Self {
        self.handle.add_meter(meter);
        self
    }

    /// Tells `observer` of each operation of it and of its repositories at its end. It replaces an observer that the
    /// table had.
    ///
    /// The calls ask DynamoDB for what they consume (`ReturnConsumedCapacity`), which costs no units. See
    /// [`observe`](crate::observe).
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.handle.set_observer(SharedObserver(observer));
        self
    }

    /// Limits the rate of its calls and those of its repositories by `budget`, a rate limiter in capacity units per
    /// second. It replaces a budget that the table had.
    ///
    /// A call waits until the units are there, and asks DynamoDB for what it has consumed (`ReturnConsumedCapacity`).
    /// Batches and transactions do so for each of their requests.
    pub fn with_budget(mut self, budget: &Budget) -> Self {
        self.handle.set_budget(budget);
        self
    }

    /// Sets the source of random bytes for the idempotency tokens of transactions. Default: the operating system.
    ///
    /// This is for simulations, which repeat a run with the same seed. Two transactions with one token are one to
    /// DynamoDB, so no other code should use it.
    pub fn with_random(mut self, fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        self.handle.random = Some(Random(Arc::new(fill)));
        self
    }

    /// The table for one message that may be delivered again: a transaction that it sends is applied once, however
    /// often the message arrives within ten minutes.
    ///
    /// `token` (1 to 36 characters), such as the id of the message, is the idempotency token (`ClientRequestToken`) of
    /// its transactions. Values that are new in each request of other tables are taken from the message: stamps and
    /// the checks of a time to live from `time`, such as the time at which the message was sent, and random ids and
    /// versions from the token and the position of the action. So the transaction of a second delivery is the same
    /// request if it has the same actions. DynamoDB acknowledges it for ten minutes. After them only a transaction
    /// with a condition that fails then, such as that of a `create` or of an expected version, is not applied again; it is
    /// acknowledged if all its entities with a lineage or a random version tell that it was applied, and cancelled otherwise.
    ///
    /// The position of an action counts on: make this table anew for each attempt to handle the message.
    ///
    /// One message has one transaction: DynamoDB refuses another one with the same token
    /// ([`IdempotencyMismatch`](crate::error::ServiceErrorKind::IdempotencyMismatch)). The content of the actions must
    /// come from the message too. Reads and the checks of single writes go by the clock. A single write has no token and is
    /// not recognized. Build all actions from tables of the message, also those of another table that
    /// [`and`](crate::op::TransactWriteItems::and) adds.
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema, value::Version};
    /// # use dynamap_local::Local;
    /// # use std::time::{Duration, SystemTime};
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order {
    /// #     pub number: u32,
    /// #     #[dynamap(version)]
    /// #     pub version: Version<u64>,
    /// # }
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Shop, pk = "COUNT")]
    /// # pub struct Count { pub orders: u64 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
    /// # shop.create_table_if_absent().send().await?;
    /// let sent_at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_790_000_000);
    /// for _delivery in 1..=2 {
    ///     let shop = shop.clone().with_client_request_token("message-17", sent_at);
    ///     let mut order = Order { number: 7, version: Version::default() };
    ///     let count = shop.repository::<Count>().upsert(Count::key()).apply(Count::ORDERS.add(1));
    ///     shop.transact_write().create(&mut order).update(count).send().await?;
    /// }
    /// assert_eq!(shop.get(Count::key()).send().await?.map(|count| count.orders), Some(1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_client_request_token(mut self, token: impl Into<String>, time: SystemTime) -> Self {
        self.handle.redelivery = Some(Redelivery::new(token.into(), time));
        self
    }

    /// The table's name.
    pub fn name(&self) -> &str {
        &self.handle.table
    }

    /// The SDK's client.
    pub fn client(&self) -> &Client {
        &self.handle.client
    }

    /// The typed calls of one entity.
    pub fn repository<E: EntityOf<S>>(&self) -> Repository<E> {
        Repository::new(self.handle.clone())
    }

    /// Creates the table unless it is there (CreateTable), and waits until it is active.
    pub fn create_table_if_absent(&self) -> CreateTableIfAbsent<S> {
        CreateTableIfAbsent::new(self.handle.clone())
    }

    /// Waits until the table and its indexes are active (DescribeTable).
    pub fn wait_until_active(&self) -> WaitUntilActive<S> {
        WaitUntilActive::new(self.handle.clone())
    }

    /// Reads an entity (GetItem). Eventually consistent by default, at half a read capacity unit (RCU) for each 4 KB,
    /// rounded up.
    pub fn get<K: IntoKey<Of: EntityOf<S>>>(&self, key: K) -> GetItem<K::Of> {
        GetItem::new(self.handle.clone(), key.into_key())
    }

    /// Reads an item of an [`ItemCollection`](crate::ItemCollection) that is an enum by the key of one of its members
    /// (GetItem).
    ///
    /// The item itself tells which member it is: if it is of another member than its key, it is returned as that. An
    /// item of no member is an error, unless the collection takes it. It costs the same as [`get`](Self::get).
    pub fn get_member<C: CollectionOf<S>>(&self, key: impl Into<MemberKey<C>>) -> GetItem<C, Members> {
        GetItem::of(self.handle.clone(), key.into())
    }

    /// Reads many entities by their keys (BatchGetItem). See [`Repository::batch_get`].
    pub fn batch_get<K: IntoKey<Of: EntityOf<S>>>(
        &self,
        keys: impl IntoIterator<Item = K>,
    ) -> BatchGet<K::Of> {
        BatchGet::new(self.handle.clone(), keys.into_iter().map(K::into_key).collect())
    }

    /// Reads many items of an [`ItemCollection`](crate::ItemCollection) that is an enum by the keys of its members
    /// (BatchGetItem, 100 keys with a request). It returns the item at each key, in the order of the keys. See
    /// [`get_member`](Self::get_member) and [`BatchGet`].
    pub fn batch_get_members<C: CollectionOf<S>>(
        &self,
        keys: impl IntoIterator<Item = MemberKey<C>>,
    ) -> BatchGet<C, Members> {
        BatchGet::of(self.handle.clone(), keys.into_iter().collect(), C::IS_CONSISTENT, false)
    }

    /// Reads many entities of several types by their keys (BatchGetItem): a tuple of lists of keys, one for each entity.
    /// See [`MixedBatchGet`].
    pub fn batch_get_mixed<L: MixedKeys<S>>(&self, keys: L) -> MixedBatchGet<S, L> {
        MixedBatchGet::new(self.handle.clone(), keys)
    }

    /// Puts and deletes many items of all entities of the table (BatchWriteItem). See [`BatchWriteItem`].
    ///
    /// ```no_run
    /// # use dynamap::{Entity, Table, TableSchema, batch::BatchWrite};
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "CUSTOMER#{id}")]
    /// # pub struct Customer { pub id: u32 }
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order { pub number: u32 }
    /// # async fn of(shop: Table<Shop>, customer: Customer) -> dynamap::Result<()> {
    /// shop.batch_write().put(&customer).delete(Order::key(7_u32)).send().await?;
    /// let more = (1..=100_000).map(|number| BatchWrite::put(Order { number }));
    /// shop.batch_write().write_all(more).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn batch_write<'a>(&self) -> BatchWriteItem<'a, Mixed<S>> {
        BatchWriteItem::new(self.handle.clone())
    }

    /// Puts the items of a file or another reader into the table, one of each line (BatchWriteItem, 25 with a
    /// request). See [`Load`].
    ///
    /// The reader is read on the task that runs the load. For one that waits for long there is
    /// [`load_async`](Self::load_async).
    pub fn load<'a>(&self, input: impl io::Read + Send + 'a) -> Load<'a, S> {
        Load::blocking(self.handle.clone(), input)
    }

    /// Writes the lines of an asynchronous reader, as [`load`](Self::load) does.
    pub fn load_async<'a>(&self, input: impl AsyncRead + Send + 'a) -> Load<'a, S> {
        Load::new(self.handle.clone(), input)
    }

    /// Writes all items of the table to a file or another writer, one in each line (Scan). See [`Dump`].
    ///
    /// The writer is written on the task that runs the dump. For one that waits for long there is
    /// [`dump_async`](Self::dump_async).
    pub fn dump<'a>(&self, output: impl io::Write + Send + 'a) -> Dump<'a, S> {
        Dump::blocking(self.handle.clone(), output)
    }

    /// Writes the table to an asynchronous writer, as [`dump`](Self::dump) does.
    pub fn dump_async<'a>(&self, output: impl AsyncWrite + Send + 'a) -> Dump<'a, S> {
        Dump::new(self.handle.clone(), output)
    }

    /// Returns true if there is an entity with the key (GetItem of the key only). It costs as much as reading the
    /// whole item.
    pub fn exists<K: IntoKey<Of: EntityOf<S>>>(&self, key: K) -> Exists<K::Of> {
        Exists::new(self.handle.clone(), key.into_key())
    }

    /// Writes an entity, and replaces one with the same key (PutItem). See [`Repository::put`].
    pub fn put<'a, W>(&self, entity: W) -> PutItem<'a, W::Entity>
    where
        W: Writable<'a, Entity: EntityOf<S> + Unversioned>,
    {
        self.repository().put(entity)
    }

    /// Writes an entity that must not be there yet: a conditional write (PutItem with a condition).
    ///
    /// An item whose time to live is over counts as absent.
    pub fn create<'a, W>(&self, entity: W) -> PutItem<'a, W::Entity>
    where
        W: Writable<'a, Entity: EntityOf<S>>,
    {
        self.repository().create(entity)
    }

    /// Writes an entity unless it is there, and returns true if it was written. See [`Repository::create_if_absent`].
    pub fn create_if_absent<'a, W>(&self, entity: W) -> PutItem<'a, W::Entity, IfAbsent>
    where
        W: Writable<'a, Entity: EntityOf<S>>,
    {
        self.repository().create_if_absent(entity)
    }

    /// Writes an entity that must be there already: a conditional write (PutItem with a condition).
    ///
    /// The whole item is replaced: attributes that `E` does not know are lost.
    pub fn replace<'a, W>(&self, entity: W) -> PutItem<'a, W::Entity>
    where
        W: Writable<'a, Entity: EntityOf<S>>,
    {
        self.repository().replace(entity)
    }

    /// Changes attributes of an entity that must be there already. See [`Repository::update`].
    pub fn update<K: IntoKey<Of: EntityOf<S>>>(&self, key: K) -> UpdateItem<'static, K::Of> {
        self.repository().update(key)
    }

    /// Changes attributes of an entity that was read. Afterwards the entity in memory is as it is stored. See
    /// [`Repository::update_entity`].
    pub fn update_entity<'a, E: Versioned + EntityOf<S>>(
        &self,
        entity: &'a mut E,
    ) -> UpdateItem<'a, E, Nothing, Chosen> {
        self.repository().update_entity(entity)
    }

    /// Changes attributes of an entity, or creates it. See [`Repository::upsert`].
    pub fn upsert<K: IntoKey<Of: EntityOf<S>>>(&self, key: K) -> UpdateItem<'static, K::Of> {
        self.repository().upsert(key)
    }

    /// Writes all attributes of an entity that must be there already. See [`Repository::save`].
    pub fn save<'a, W>(&self, entity: W) -> UpdateItem<'a, W::Entity, Nothing, Chosen>
    where
        W: Writable<'a, Entity: EntityOf<S>>,
    {
        self.repository().save(entity)
    }

    /// Writes all attributes of an entity, or creates it, and keeps attributes that it does not know. See
    /// [`Repository::save_or_create`].
    pub fn save_or_create<'a, W>(&self, entity: W) -> UpdateItem<'a, W::Entity, Nothing, Chosen>
    where
        W: Writable<'a, Entity: EntityOf<S> + Unversioned>,
    {
        self.repository().save_or_create(entity)
    }

    /// Deletes an entity, if there is one (DeleteItem).
    pub fn delete<K: IntoKey<Of: EntityOf<S>>>(&self, key: K) -> DeleteItem<K::Of> {
        DeleteItem::new(self.handle.clone(), &key.into_key())
    }

    /// Writes several entities, all of them or none (TransactWriteItems, at twice the write capacity units).
    pub fn transact_write<'a>(&self) -> TransactWriteItems<'a, S> {
        TransactWriteItems::new(self.handle.clone())
    }

    /// Reads several entities as they are at one time (TransactGetItems, at four times the read capacity units of an
    /// eventually consistent read). Takes a tuple of keys, an array or a vector of keys of one entity, or a tuple of
    /// those.
    pub fn transact_get<K: TransactKeys<Table = S>>(&self, keys: K) -> TransactGetItems<K> {
        TransactGetItems::new(self.handle.clone(), keys)
    }

    /// Reads the entities that a key condition selects, or the items of an [`ItemCollection`](crate::ItemCollection), from the table or an
    /// index (Query).
    pub fn query<C>(&self, condition: C) -> Query<C::Entity, C::Source, <C::Entity as Queryable>::ReadShape>
    where
        C: IntoKeyCondition<Entity: Queryable<Table = S>, Source: Source>,
    {
        Query::new(self.handle.clone(), condition.into_key_condition())
    }

    /// Reads all entities `E` of the table, or all items if `E` is an [`ItemCollection`](crate::ItemCollection) (Scan).
    ///
    /// A scan reads every item of the table, those of other entities as well, and all of them cost read capacity
    /// units.
    pub fn scan<E: Queryable<Table = S>>(&self) -> Scan<E, Primary, E::ReadShape> {
        Scan::new(self.handle.clone())
    }
}

impl<S> Clone for Table<S> {
    fn clone(&self) -> Self {
        Self { handle: self.handle.clone(), schema: PhantomData }
    }
}

impl<S> fmt::Debug for Table<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("name", &self.handle.table).finish_non_exhaustive()
    }
}
