//! GetItem.

use super::{
    read::{Projected, Queryable, Whole},
    read_one::{ReadShapeOne, marks_of_one},
};
use crate::{
    budget::{CallForm, Cost, Forecast},
    call::{
        Capacity, Explanation, Handle, call,
        item_status::{FoundBy, ItemStatus, ReadFilter, marks},
        max_item_size,
        metering::metered,
        send,
    },
    capacity::{Billing, ReadConsistency, read_units},
    direct::{GET_ITEM, Receiver},
    entity::{AnyKey, Entity, Item, Projection},
    error::DecodeError,
    expr::{Placeholders, ProjectionExpression},
    outcome::{Error, Result},
    schema::TableSchema,
    wire::JsonReader,
};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use std::{fmt, marker::PhantomData};

/// Reads an entity by its primary key.
///
/// One [GetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html) request. It costs
/// half a read capacity unit (RCU) for each 4 KB of the item, rounded up, as an eventually consistent read (the
/// default), and one RCU as a strongly consistent read.
///
/// `E` is the entity, and `T` the part of it that is read: the [`Whole`], or a projection after
/// [`project`](Self::project).
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, Clone, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer: u32, pub number: u32, pub total: u64 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # shop.put(&Order { customer: 1, number: 7, total: 10 }).send().await?;
/// let order = shop.get(Order::key(1, 7)).consistent_read().send().await?;
/// assert_eq!(order.map(|order| order.total), Some(10));
///
/// assert_eq!(shop.get(Order::key(1, 8)).send().await?, None);
/// assert!(shop.exists(Order::key(1, 7)).send().await?);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct GetItem<E: Queryable, T = Whole> {
    handle: Handle,
    key: E::Key,
    consistent_read: bool,
    include_expired: bool,
    of: PhantomData<fn() -> (E, T)>,
}

impl<E: Entity> GetItem<E> {
    pub(crate) fn new(handle: Handle, key: E::Key) -> Self {
        Self::of(handle, key)
    }

    /// Reads a projection instead of the whole entity (`ProjectionExpression`): the attributes of the projection, and
    /// those that tell if the item counts.
    ///
    /// The read capacity units are those of the whole item.
    ///
    /// ```no_run
    /// # use dynamap::{Entity, Projection, Table, TableSchema};
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order { pub number: u32, pub total: u64, pub note: String }
    /// #[derive(Projection)]
    /// #[dynamap(entity = Order)]
    /// pub struct Total {
    ///     pub total: u64,
    /// }
    ///
    /// # async fn of(shop: Table<Shop>) -> dynamap::Result<()> {
    /// let total: Option<Total> = shop.get(Order::key(7)).project::<Total>().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("ProjectionExpression", "AttributesToGet"))]
    pub fn project<P: Projection<Entity = E>>(self) -> GetItem<E, Projected<P>> {
        let Self { handle, key, consistent_read, include_expired, .. } = self;
        GetItem { handle, key, consistent_read, include_expired, of: PhantomData }
    }
}

impl<E: Queryable, T: ReadShapeOne<E>> GetItem<E, T> {
    pub(crate) fn of(handle: Handle, key: E::Key) -> Self {
        Self { handle, key, consistent_read: E::IS_CONSISTENT, include_expired: false, of: PhantomData }
    }

    /// Uses a strongly consistent read (`ConsistentRead: true`), which costs twice the read capacity units. The
    /// default is eventually consistent: a write of the last second may be missing.
    #[doc(alias("ConsistentRead", "strongly_consistent"))]
    pub fn consistent_read(mut self) -> Self {
        self.consistent_read = true;
        self
    }

    /// Uses eventually consistent reads, at half the read capacity units: for entities whose default is strongly
    /// consistent (`#[dynamap(consistent_read)]`). Writes of the last second may be missing.
    pub fn eventually_consistent_read(mut self) -> Self {
        self.consistent_read = false;
        self
    }

    /// Returns the item also if its time to live is over and DynamoDB has not deleted it yet.
    pub fn include_expired(mut self) -> Self {
        self.include_expired = true;
        self
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// The key cannot be made, or the projection is too long for DynamoDB (4 KB).
    pub fn into_sdk(self) -> Result<GetItemFluentBuilder> {
        self.request()
    }

    fn request(&self) -> Result<GetItemFluentBuilder> {
        let key = self.key.to_item()?;
        let request = self.handle.client.get_item().table_name(&*self.handle.table).set_key(Some(key));
        let request = if self.consistent_read { request.consistent_read(true) } else { request };
        let request = match self.handle.returned_capacity() {
            None => request,
            capacity => request.set_return_consumed_capacity(capacity),
        };
        let mut asked = ProjectionExpression::default();
        if !T::ask(&mut asked) {
            return Ok(request);
        }
        marks_of_one::<T::Table>().for_each(|name| asked.add_whole(name));
        let mut placeholders = Placeholders::default();
        let request = request.projection_expression(asked.render(&mut placeholders)?);
        Ok(request.set_expression_attribute_names(placeholders.take_names()))
    }

    /// The request and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        let billing = self.handle.billing;
        self.into_sdk().map(|request| explain(&request, billing))
    }

    /// Runs the request: the entity or projection, or `None` if there is no such item or it has expired.
    ///
    /// # Errors
    /// The key cannot be made, the item is not of the form of `E` or is of another entity, or the request fails.
    pub async fn send(mut self) -> Result<Option<T::Output>> {
        let mut observing = self.handle.observe(&GET_ITEM, None);
        let found = self.run().await;
        observing.count_items(usize::from(matches!(found, Ok(Some(_)))));
        observing.end_with(&found);
        found
    }

    async fn run(mut self) -> Result<Option<T::Output>> {
        self.handle = self.handle.for_call();
        let (handle, items, at) = (&self.handle, self.read_items(), self.key.member());
        let reader = ReadOne::<E, T> { items, at, read: None, of: PhantomData };
        let exchange = handle.exchange(&GET_ITEM, reader);
        let request = self.request()?;
        let forecast = || forecast::<E>(self.consistent_read);
        let failed = |error| Error::from(handle.error(&exchange, error));
        let output = call!(handle.permit(forecast), send!(handle, request, exchange), exchange, failed)?;
        let read = exchange.finish(|one| one.read.take());
        let read = read.and_then(|read| read.or_read(|| from_values::<E, T>(output.item, at, items)));
        read.map_err(|error| match self.key.to_item() {
            Ok(key) => error.with_item_key(key).into(),
            Err(_) => error.into(),
        })
    }

    fn read_items(&self) -> ReadFilter {
        let (include_expired, now) = (self.include_expired, self.handle.now::<T::Table>());
        ReadFilter { found_by: FoundBy::Key, include_expired, now }
    }
}

fn explain(request: &GetItemFluentBuilder, billing: Billing) -> Explanation {
    let consistent_read = request.get_consistent_read();
    let capacity = Capacity::of_read(max_item_size(billing), *consistent_read);
    Explanation::new(GET_ITEM.name, request.get_table_name(), capacity)
        .item("Key", request.get_key())
        .flag("ConsistentRead", consistent_read)
        .expression("ProjectionExpression", request.get_projection_expression(), 0)
        .names(request.get_expression_attribute_names())
        .returns_capacity(request.get_return_consumed_capacity())
}

metered!([E: Queryable, T] GetItem<E, T>, handle);

/// Shows the request without values.
impl<E: Queryable, T> fmt::Debug for GetItem<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GetItem")
            .field("table", &self.handle.table)
            .field("entity", &E::SUBJECT)
            .field("key", &format_args!(".."))
            .field("consistent_read", &self.consistent_read)
            .field("include_expired", &self.include_expired)
            .finish_non_exhaustive()
    }
}
metered!([E: Entity] Exists<E>, 0.handle);

/// The likely cost of reading an item of `E`.
fn forecast<E: Queryable>(consistent: bool) -> Forecast {
    let consistency = if consistent { ReadConsistency::Strong } else { ReadConsistency::Eventual };
    let form = CallForm { operation: GET_ITEM.name, entity: E::SUBJECT, index: None, consistent };
    let cost = Cost::Average(read_units(1, consistency));
    Forecast { form, writes: false, index: None, cost, items: 1 }
}

/// Reads the item of a response as `T` does.
struct ReadOne<E, T: ReadShapeOne<E>> {
    items: ReadFilter,
    at: usize,
    read: Option<T::Output>,
    of: PhantomData<fn() -> E>,
}

impl<E: 'static, T: ReadShapeOne<E>> Receiver for ReadOne<E, T> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        // A projection of an item that was found by its key needs no marks where nothing in it tells what it is or when it
        // expires.
        if T::Table::ENTITY_TYPE.is_some() || T::Table::TTL.is_some() || T::is_checked() {
            r.set_marks(marks::<T::Table>(T::fields(self.at), std::iter::empty()));
        }
        self.read = None;
        let standing = T::read(self.at, self.items, r, &mut self.read)?;
        if self.read.is_none() { T::check_absent(standing) } else { Ok(()) }
    }
}

fn from_values<E, T: ReadShapeOne<E>>(
    item: Option<Item>,
    at: usize,
    items: ReadFilter,
) -> Result<Option<T::Output>, DecodeError> {
    let (Some(item), mut read) = (item, None) else { return Ok(None) };
    let standing = T::take(at, items, item, &mut read)?;
    if read.is_none() {
        T::check_absent(standing)?;
    }
    Ok(read)
}

/// Tells if there is an entity with a primary key.
///
/// One [GetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html) request that
/// returns the key only. It costs as much as reading the item.
#[must_use = "a request does nothing until it is sent"]
pub struct Exists<E: Entity>(GetItem<E>);

/// Shows the request without values.
impl<E: Entity> fmt::Debug for Exists<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Exists").field(&self.0).finish()
    }
}

impl<E: Entity> Exists<E> {
    pub(crate) fn new(handle: Handle, key: E::Key) -> Self {
        Self(GetItem::new(handle, key))
    }

    /// Uses a strongly consistent read (`ConsistentRead: true`), which costs twice the read capacity units.
    #[doc(alias("ConsistentRead", "strongly_consistent"))]
    pub fn consistent_read(self) -> Self {
        Self(self.0.consistent_read())
    }

    /// Uses an eventually consistent read, at half the read capacity units: for entities whose default is strongly
    /// consistent (`#[dynamap(consistent_read)]`). Writes of the last second may be missing.
    pub fn eventually_consistent_read(self) -> Self {
        Self(self.0.eventually_consistent_read())
    }

    /// Counts an item whose time to live is over and that DynamoDB has not deleted yet.
    pub fn include_expired(self) -> Self {
        Self(self.0.include_expired())
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// The key cannot be made.
    pub fn into_sdk(self) -> Result<GetItemFluentBuilder> {
        let mut placeholders = Placeholders::default();
        let projection = placeholders.projection(marks_of_one::<E::Table>());
        let request = self.0.into_sdk()?;
        Ok(request
            .projection_expression(projection)
            .set_expression_attribute_names(placeholders.take_names()))
    }

    /// The request and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        let billing = self.0.handle.billing;
        self.into_sdk().map(|request| explain(&request, billing))
    }

    /// Runs the request: false also for an item that has expired or is of another entity.
    ///
    /// # Errors
    /// The key cannot be made, or the request fails.
    pub async fn send(mut self) -> Result<bool> {
        let mut observing = self.0.handle.observe(&GET_ITEM, None);
        let found = self.run().await;
        observing.count_items(usize::from(matches!(found, Ok(true))));
        observing.end_with(&found);
        found
    }

    async fn run(mut self) -> Result<bool> {
        self.0.handle = self.0.handle.for_call();
        let (handle, items) = (self.0.handle.clone(), self.0.read_items());
        let exchange = handle.exchange(&GET_ITEM, LookAtItem::<E> { items, exists: false, of: PhantomData });
        let (consistent, request) = (self.0.consistent_read, self.into_sdk()?);
        let forecast = || forecast::<E>(consistent);
        let failed = |error| Error::from(handle.error(&exchange, error));
        let output = call!(handle.permit(forecast), send!(handle, request, exchange), exchange, failed)?;
        let counts = |item| items.counts(ItemStatus::of::<E>(&item, items.found_by, items.now));
        Ok(exchange.finish(|look| look.exists)?.or_read(|| Ok(output.item.is_some_and(counts)))?)
    }
}

/// Reads only the attributes of a response that tell if the item counts.
#[derive(Debug)]
struct LookAtItem<E> {
    items: ReadFilter,
    exists: bool,
    of: PhantomData<fn() -> E>,
}

impl<E: Entity> Receiver for LookAtItem<E> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        r.set_marks(marks::<E::Table>(E::FIELDS, std::iter::empty()));
        self.exists = self.items.counts(self.items.look::<E>(r)?);
        Ok(())
    }
}
