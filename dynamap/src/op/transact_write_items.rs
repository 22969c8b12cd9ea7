//! TransactWriteItems.

mod action;
mod check;
mod cost;
mod into_action;
mod mend;
mod outcome;
mod plan;
mod rounds;
mod sending;
mod sentinels;
mod settings;
mod transactional;

pub(super) use action::{Action, Operators};
use into_action::ConditionOfAnAction;
pub use into_action::{IntoDelete, IntoTransactWrite, IntoUpdate};
pub(super) use mend::mend;
pub(super) use rounds::read_item;
pub use transactional::Transactional;

use super::{
    DeleteItem, PutItem, UpdateItem,
    write::{Precondition, Writable, demand::Demand},
};
use crate::{
    call::{Explanation, Handle, Requests, metering::metered, observe_all, transaction_retry::RetryTimeout},
    direct::{Mapping, TRANSACT_WRITE_ITEMS},
    entity::{self, EntityOf, IntoKey, Key, Unversioned},
    expr::Condition,
    observe::Observing,
    outcome::{Error, Result},
    schema::TableSchema,
    value::FromDocument,
};
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use settings::{TransactWriteSettings, explain, request, writes_alone};
use std::{fmt, iter, marker::PhantomData, time::Duration};

/// Writes several entities, all of them or none.
///
/// One
/// [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)
/// request, of one action or of up to 100 on different items, of 4 MB together. It costs twice the single writes: two
/// write capacity units (WCU) for each 1 KB of each item, rounded up, also for a check and where the transaction is
/// cancelled.
///
/// Each action does the same as the operation of the same name. It takes that operation's builder, where it is to have
/// a condition or to expect a version.
///
/// ```
/// use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", sort_key = "sk")]
/// pub struct Shop;
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "PROFILE")]
/// pub struct Customer {
///     pub id: String,
///     pub active: bool,
/// }
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "PRODUCT#{id}", sk = "STOCK")]
/// pub struct Product {
///     pub id: u32,
///     pub stock: u32,
/// }
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
/// pub struct Order {
///     pub customer_id: String,
///     pub number: u32,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # shop.create(&Customer { id: "c-1".into(), active: true }).send().await?;
/// # shop.create(&Product { id: 7, stock: 2 }).send().await?;
/// let order = Order { customer_id: "c-1".into(), number: 1 };
/// let products = shop.repository::<Product>();
/// shop.transact_write()
///     .create(&order)
///     .update(products.update(Product::key(7)).apply(Product::STOCK.set(Product::STOCK - 1)).condition(Product::STOCK.ge(1)))
///     .check(Customer::key("c-1"), Customer::ACTIVE.eq(true))
///     .send()
///     .await?;
///
/// let (order, product) = shop.transact_get((Order::key("c-1", 1), Product::key(7))).send().await?;
/// assert_eq!((order.is_some(), product.map(|product| product.stock)), (true, Some(1)));
/// # Ok(())
/// # }
/// ```
///
/// # When answers are lost
///
/// The request has an idempotency token (`ClientRequestToken`) of 128 random bits, which DynamoDB knows for ten
/// minutes: sent again, the request is applied once. So it is sent again after an attempt without a response, and also
/// if DynamoDB was still at work on it, another transaction had an item, or there was no throughput: with exponential
/// backoff and full jitter, for 30 seconds or as [`retry_timeout`](Self::retry_timeout) says.
///
/// A condition that fails after an attempt without a response tells that the transaction is not applied so far. Yet
/// that attempt may arrive later, and be applied if the condition holds by then. If the version of an item has
/// advanced, it can never be applied, and the transaction is cancelled. Otherwise the error is [`Error::Unknown`].
#[must_use = "a transaction does nothing until it is sent"]
#[doc(alias("transaction", "ACID"))]
pub struct TransactWriteItems<'a, S> {
    handle: Handle,
    actions: Vec<Action<'a>>,
    settings: TransactWriteSettings,
    /// The handles of the tables of other transactions that were added.
    others: Vec<Handle>,
    schema: PhantomData<fn() -> S>,
}

impl<'a, S: TableSchema> TransactWriteItems<'a, S> {
    pub(crate) fn new(handle: Handle) -> Self {
        let settings = TransactWriteSettings::default();
        Self { handle, actions: Vec::new(), settings, others: Vec::new(), schema: PhantomData }
    }

    /// Writes an entity, and replaces one with the same key. See [`Repository::put`](crate::Repository::put).
    pub fn put<'w: 'a, W: Writable<'w, Entity: EntityOf<S> + Unversioned>>(self, entity: W) -> Self {
        let put = PutItem::new(self.of_values(), entity, Precondition::NoOther);
        self.write(put)
    }

    /// Writes an entity that must not be there yet. See [`Repository::create`](crate::Repository::create).
    pub fn create<'w: 'a, W: Writable<'w, Entity: EntityOf<S>>>(self, entity: W) -> Self {
        let put = PutItem::new(self.of_values(), entity, Precondition::Absent);
        self.write(put)
    }

    /// Writes an entity that must be there already, as a whole. See [`Repository::replace`](crate::Repository::replace).
    pub fn replace<'w: 'a, W: Writable<'w, Entity: EntityOf<S>>>(self, entity: W) -> Self {
        let put = PutItem::new(self.of_values(), entity, Precondition::Present);
        self.write(put)
    }

    /// Writes all attributes of an entity that must be there already. See [`Repository::save`](crate::Repository::save).
    pub fn save<'w: 'a, W: Writable<'w, Entity: EntityOf<S>>>(self, entity: W) -> Self {
        const { assert!(!<W::Entity as FromDocument>::TAKES_ANY, "{}", super::SAVED_MAP) };
        let save = UpdateItem::save(self.handle.clone(), entity);
        self.write(save)
    }

    /// Changes attributes: takes an update or upsert of this table that returns nothing.
    pub fn update<U: IntoUpdate<'a, S>>(self, update: U) -> Self {
        self.write(update)
    }

    /// A condition belongs to one action of a transaction.
    #[doc(hidden)]
    pub fn condition<C: ConditionOfAnAction>(self, _: C) -> Self {
        self
    }

    /// Deletes an entity, if there is one: takes its key, or a delete of this table, which may have a condition. That of an
    /// entity with a version is a delete that says if it checks the version.
    pub fn delete<D: IntoDelete<S>>(self, delete: D) -> Self {
        let delete = delete.into_delete(|key| DeleteItem::new(self.handle.clone(), key));
        self.write(delete)
    }

    /// Checks that the condition is true of the stored item, which stays as it is (ConditionCheck).
    ///
    /// If there is no item, the condition is evaluated on one without attributes. An item whose time to live is over
    /// counts as none, and one of another entity fails.
    #[doc(alias = "ConditionCheck")]
    pub fn check<K: IntoKey<Of: EntityOf<S>>>(self, key: K, condition: Condition<K::Of>) -> Self {
        let condition = check::condition(condition, self.handle.now_of_write::<S>());
        self.checked(&key.into_key(), condition, (Precondition::NoOther, false))
    }

    /// Checks that the entity is there (ConditionCheck).
    pub fn check_exists<K: IntoKey<Of: EntityOf<S>>>(self, key: K) -> Self {
        let condition = Precondition::Present.condition::<K::Of>(self.handle.now_of_write::<S>());
        self.checked(&key.into_key(), condition, (Precondition::Present, true))
    }

    /// Checks that there is no item with the key, or one that has expired (ConditionCheck).
    pub fn check_absent<K: IntoKey<Of: EntityOf<S>>>(self, key: K) -> Self {
        let condition = Precondition::Absent.condition::<K::Of>(self.handle.now_of_write::<S>());
        self.checked(&key.into_key(), condition, (Precondition::Absent, true))
    }

    fn checked<K: Key<Entity: EntityOf<S>>>(
        mut self,
        key: &K,
        condition: Option<Condition<K::Entity>>,
        (precondition, is_alone): (Precondition, bool),
    ) -> Self {
        let demand = Demand::of::<K::Entity>(precondition, is_alone, self.handle.now_of_write::<S>());
        let key = entity::key_item(key).map_err(Error::from);
        self.actions.push(Action::check::<K::Entity>(self.handle.table.clone(), demand, condition, key));
        self
    }

    /// Adds the write of a builder of this table, with its conditions and the version that it expects.
    pub fn write<W: IntoTransactWrite<'a, S>>(mut self, write: W) -> Self {
        self.actions.push(write.into_action());
        self
    }

    /// Adds the actions of several builders.
    pub fn write_all<W: IntoTransactWrite<'a, S>>(self, writes: impl IntoIterator<Item = W>) -> Self {
        writes.into_iter().fold(self, Self::write)
    }

    /// Adds the actions of a transaction on another table of the same account and Region, with all their checks: all of them
    /// are applied, or none.
    ///
    /// It is sent by the client of this table, with the token and the time that are set here. The meters and the budget of this
    /// table count its consumed capacity of all tables, and the observers of all tables are told of it.
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "id")]
    /// # pub struct Audit;
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order { pub number: u32 }
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Audit, pk = id)]
    /// # pub struct Entry { pub id: String, pub what: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Local::memory()?.client();
    /// # let shop = Table::<Shop>::new(client.clone(), "shop");
    /// # let audit = Table::<Audit>::new(client, "audit");
    /// # shop.create_table_if_absent().send().await?;
    /// # audit.create_table_if_absent().send().await?;
    /// let order = Order { number: 7 };
    /// let entry = Entry { id: "e-1".into(), what: "order 7".into() };
    /// shop.transact_write().create(&order).and(audit.transact_write().create(&entry)).send().await?;
    /// assert!(audit.exists(&entry).send().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn and<T: TableSchema>(mut self, other: TransactWriteItems<'a, T>) -> Self {
        let table = other.handle.table.clone();
        let regions = self.handle.regions_apart(&other.handle);
        self.actions.extend(other.actions.into_iter().map(|action| Action {
            // A builder that was given to the wrong one of the two is still an error.
            is_elsewhere: action.is_elsewhere || action.table == table,
            regions: action.regions.or_else(|| regions.clone()),
            ..action
        }));
        self.others.push(other.handle);
        self.others.extend(other.others);
        self
    }

    /// The number of actions.
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// True if it has no actions.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// Sends this idempotency token (`ClientRequestToken`, 1 to 36 characters) instead of a random one.
    ///
    /// DynamoDB takes two requests with one token within ten minutes for one, and refuses the second if it differs from
    /// the first. A token that comes from the caller's own message makes its redelivery harmless: the second request is
    /// acknowledged, or refused as [`IdempotencyMismatch`](crate::error::ServiceErrorKind::IdempotencyMismatch), and not applied
    /// again. It is refused where something in it is new each time: the id or random version of a versioned write, a stamp,
    /// or the time at which a table with a time to live is asked.
    /// [`Table::with_client_request_token`](crate::Table::with_client_request_token) takes those from the message as well, so
    /// that it is acknowledged.
    #[doc(alias("ClientRequestToken", "idempotency"))]
    pub fn client_request_token(mut self, token: impl Into<String>) -> Self {
        self.settings.token = Some(token.into());
        self
    }

    /// Sets the time for which it is sent again, with exponential backoff and full jitter. Default: 30 seconds. It is
    /// 4 minutes at most: DynamoDB forgets the idempotency token after ten, and an attempt may be late by five.
    ///
    /// DynamoDB may be at work on an attempt without a response for 5 seconds; a shorter time gives up on it.
    pub fn retry_timeout(mut self, time: Duration) -> Self {
        self.settings.retry_timeout = RetryTimeout::of(time);
        self
    }

    /// The handle of builders whose item will go by the SDK's types.
    fn of_values(&self) -> Handle {
        let mut handle = self.handle.clone();
        handle.mapping = Mapping::AttributeValue;
        handle
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// [`Error::InvalidTransaction`], which names the action: DynamoDB would refuse the transaction, a value cannot be
    /// stored, or a key cannot be made.
    pub fn into_sdk(self) -> Result<TransactWriteItemsFluentBuilder> {
        let writes = writes_alone(&self.handle, self.actions, false)?;
        let token = self.settings.token(&self.handle)?;
        Ok(request(&self.handle, writes, token))
    }

    /// The request and its cost in capacity units; nothing is sent. An idempotency token is shown if it was given.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        explain(&self.handle, self.actions, &self.settings, false)
    }

    /// Runs the transaction. The versions of entities in memory change only if it succeeds.
    ///
    /// # Errors
    /// [`Error::TransactionCanceled`], with a reason for each action: nothing of it was written.
    /// [`Error::Unknown`], with its token: an attempt got no response, and no later one could tell if the transaction
    /// was applied. [`Error::InvalidTransaction`]: as [`into_sdk`](Self::into_sdk). [`Error::Service`]: the request failed,
    /// and nothing was written.
    pub async fn send(mut self) -> Result<()> {
        let observing = self.observe();
        let actions = self.actions.len();
        observing.watch(Box::pin(self.run()).as_mut(), |()| actions).await
    }

    /// Begins the transaction, if somebody observes one of its tables.
    fn observe(&mut self) -> Observing {
        let mut handles = iter::once(&self.handle).chain(&self.others);
        match handles.any(Handle::is_to_be_observed) {
            true => {
                let handles = iter::once(&mut self.handle).chain(&mut self.others);
                observe_all(handles, &TRANSACT_WRITE_ITEMS, None, Requests::Several)
            }
            false => Observing::none(),
        }
    }

    async fn run(self) -> Result<()> {
        let Self { handle, actions, settings, .. } = self;
        rounds::run(handle, actions, &settings, false).await
    }
}

metered!(['a, S] TransactWriteItems<'a, S>, handle);

impl<S> fmt::Debug for TransactWriteItems<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let actions: Vec<String> = self.actions.iter().map(ToString::to_string).collect();
        f.debug_struct("TransactWriteItems").field("actions", &actions).finish_non_exhaustive()
    }
}
