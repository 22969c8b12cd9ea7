//! GetItem.

use super::{
    Capacity, Explanation, Handle, MAX_ITEM, received, send,
    standing::{FoundBy, ReadItems, Standing, marks},
};
use crate::{
    direct::{GET_ITEM, Receiver},
    entity::{self, Entity, Item},
    error::{DecodeError, KeyError, Result},
    expr::Placeholders,
    schema::TableSchema,
    wire::JsonReader,
};
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use std::marker::PhantomData;

/// Reads an entity by its primary key.
///
/// One [GetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html) request. It
/// costs half a read unit for every 4 KB of the item, begun ones included, and twice that if it is consistent.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct GetItem<E> {
    handle: Handle,
    key: Result<Item, KeyError>,
    consistent_read: bool,
    include_expired: bool,
    of: PhantomData<fn() -> E>,
}

impl<E: Entity> GetItem<E> {
    pub(crate) fn new(handle: Handle, key: &E::Key) -> Self {
        let key = entity::key_item(key);
        Self { handle, key, consistent_read: false, include_expired: false, of: PhantomData }
    }

    /// Reads what was written last, at twice the cost; otherwise a write of the last second may be missing.
    pub fn consistent_read(mut self) -> Self {
        self.consistent_read = true;
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
    /// The key cannot be made.
    pub fn into_sdk(self) -> Result<GetItemFluentBuilder> {
        let consistent_read = self.consistent_read.then_some(true);
        Ok(self
            .handle
            .client
            .get_item()
            .table_name(&*self.handle.table)
            .set_key(Some(self.key?))
            .set_consistent_read(consistent_read))
    }

    /// What would be sent, and what it costs. Nothing is sent.
    ///
    /// # Errors
    /// As [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        self.into_sdk().map(|request| explain(&request))
    }

    /// Runs the request: the entity, or `None` if there is no such item or it has expired.
    ///
    /// # Errors
    /// The key cannot be made, the item is not of the form of `E` or is of another entity, or the request fails.
    pub async fn send(self) -> Result<Option<E>> {
        let (handle, items) = (self.handle.clone(), self.read_items());
        let exchange = handle.exchange(&GET_ITEM, || ReadEntity { items, entity: None });
        let sent = send!(handle, self.into_sdk()?, exchange);
        let output = sent.map_err(|error| handle.error("GetItem", error))?;
        let read = received(exchange, |read| read.entity.take())?;
        Ok(read.or_read(|| output.item.map_or(Ok(None), |item| from_values(item, items)))?)
    }

    fn read_items(&self) -> ReadItems {
        let (include_expired, now) = (self.include_expired, self.handle.now::<E::Table>());
        ReadItems { found_by: FoundBy::Key, include_expired, now }
    }
}

fn explain(request: &GetItemFluentBuilder) -> Explanation {
    let consistent_read = request.get_consistent_read();
    let capacity = Capacity::of_read(MAX_ITEM, *consistent_read);
    Explanation::new("GetItem", request.get_table_name(), capacity)
        .item("Key", request.get_key())
        .flag("ConsistentRead", consistent_read)
        .expression("ProjectionExpression", request.get_projection_expression(), 0)
        .names(request.get_expression_attribute_names())
}

/// Reads the item of a response as an entity.
#[derive(Debug)]
struct ReadEntity<E> {
    items: ReadItems,
    entity: Option<E>,
}

impl<E: Entity> Receiver for ReadEntity<E> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        r.set_marks(marks::<E::Table>(E::FIELDS, std::iter::empty()));
        self.entity = None;
        let standing = self.items.read::<E, E>(r, false, |entity| self.entity = Some(entity))?;
        if self.entity.is_none() {
            absent::<E>(standing)?;
        }
        Ok(())
    }
}

fn from_values<E: Entity>(item: Item, items: ReadItems) -> Result<Option<E>, DecodeError> {
    match Standing::of::<E>(&item, items.found_by, items.now) {
        standing if items.counts(standing) => entity::from_item(item).map(Some),
        standing => absent::<E>(standing),
    }
}

/// No entity, unless the item that does not count is of another one: that is an error.
fn absent<E: Entity>(standing: Standing) -> Result<Option<E>, DecodeError> {
    if standing != Standing::OtherEntity {
        return Ok(None);
    }
    let expected = format!("an item of entity `{}`", E::NAME);
    Err(DecodeError::new(expected, "an item of another entity").in_entity(E::NAME))
}

/// Asks whether there is an entity with a primary key.
///
/// One [GetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html) request that
/// returns the key only. It costs as much as reading the item.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct Exists<E>(GetItem<E>);

impl<E: Entity> Exists<E> {
    pub(crate) fn new(handle: Handle, key: &E::Key) -> Self {
        Self(GetItem::new(handle, key))
    }

    /// Asks for what was written last, at twice the cost.
    pub fn consistent_read(self) -> Self {
        Self(self.0.consistent_read())
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
        let names = [Some(E::Table::PARTITION_KEY.name), E::Table::ENTITY_TYPE, E::Table::TTL];
        let projection = placeholders.projection(names.into_iter().flatten());
        let request = self.0.into_sdk()?;
        Ok(request
            .projection_expression(projection)
            .set_expression_attribute_names(placeholders.take_names()))
    }

    /// What would be sent, and what it costs. Nothing is sent.
    ///
    /// # Errors
    /// As [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        self.into_sdk().map(|request| explain(&request))
    }

    /// Runs the request: false also for an item that has expired or is of another entity.
    ///
    /// # Errors
    /// The key cannot be made, or the request fails.
    pub async fn send(self) -> Result<bool> {
        let (handle, items) = (self.0.handle.clone(), self.0.read_items());
        let exchange =
            handle.exchange(&GET_ITEM, || LookAtItem::<E> { items, exists: false, of: PhantomData });
        let sent = send!(handle, self.into_sdk()?, exchange);
        let output = sent.map_err(|error| handle.error("GetItem", error))?;
        let counts = |item| items.counts(Standing::of::<E>(&item, items.found_by, items.now));
        Ok(received(exchange, |look| look.exists)?.or_read(|| Ok(output.item.is_some_and(counts)))?)
    }
}

/// Reads of the item of a response only whether it counts.
#[derive(Debug)]
struct LookAtItem<E> {
    items: ReadItems,
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
