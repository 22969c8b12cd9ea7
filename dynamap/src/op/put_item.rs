//! PutItem.

use super::{
    Action, UNIQUE_INTO_SDK,
    update_item::{
        BY_TRANSACTION, IfAbsent, Nothing, Old, ReturnedAttributes, Returns, repeats_of, returned,
    },
    write::{
        ConditionalWrite, Precondition, ShapeDemand, WriteCondition,
        precondition::expiry_of,
        settle::Settlement,
        writable::{EncodedEntity, StoredState, Writable, WriteHandle},
    },
};
use crate::{
    budget::{Cost, Forecast},
    call::{Capacity, Explanation, Handle, call, check_item_size, metering::metered},
    capacity::{Billing, write_units},
    direct::{self, Mapping, PUT_ITEM, RetryAfterUnknown},
    entity::{self, Entity, Item, Unversioned},
    expr::{Condition, ConditionExpression},
    observe::Observing,
    outcome::{Error, Result},
};
use aws_sdk_dynamodb::{
    operation::put_item::builders::PutItemFluentBuilder,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use std::{borrow::Cow, convert::Infallible, fmt, marker::PhantomData};

/// Writes an entity as a whole item.
///
/// One [PutItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html) request. It costs
/// one write capacity unit (WCU) for each 1 KB of the larger of the old and the new item, rounded up, and as much for
/// every index that holds the item. A failed condition costs as much as a write of the old item.
///
/// `V` is the type that it returns: nothing, or the replaced entity after [`return_old`](Self::return_old), at no
/// extra cost.
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
/// let order = Order { customer: 1, number: 7, total: 10 };
/// shop.create(&order).send().await?;                      // must not be there
/// assert!(shop.create(&order).send().await.is_err());
///
/// let order = Order { total: 20, ..order };
/// shop.put(&order).send().await?;                         // replaces it
/// shop.replace(&order).condition(Order::TOTAL.le(20)).send().await?;
/// assert_eq!(shop.get(&order).send().await?, Some(order));
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct PutItem<'a, E, V = Nothing> {
    pub(super) handle: Handle,
    item: Result<NewItem>,
    condition: WriteCondition<E>,
    settlement: Settlement<'a>,
    repeats: RetryAfterUnknown,
    returns: PhantomData<fn() -> V>,
}

/// An item that is to be written, encoded for the way it goes.
enum NewItem {
    /// The member `"Item":{..}` of the request.
    Member(Vec<u8>),
    Values(Item),
}

impl NewItem {
    fn new<E: Entity>(handle: &Handle, entity: &E) -> Result<Self> {
        match handle.mapping {
            Mapping::Direct => direct::item_member(entity).map(Self::Member),
            Mapping::AttributeValue => Ok(Self::Values(entity::to_item(entity)?)),
        }
    }

    /// The cost of the item, unless the one before it is larger.
    fn cost(&self, billing: Billing) -> Cost {
        let read;
        let item = match self {
            Self::Member(member) => {
                // We wrote it, so it can be read.
                read = direct::item_of_member(member).unwrap_or_default();
                &read
            }
            Self::Values(item) => item,
        };
        Cost::Known(write_units(billing.item_size(item)))
    }

    /// Refuses an item that DynamoDB would refuse for its size.
    fn check_size<E: Entity>(self) -> Result<Self> {
        let checked = match &self {
            Self::Member(member) => {
                check_item_size(member.len(), || direct::item_of_member(member).map(Cow::Owned))
            }
            Self::Values(item) => check_item_size(usize::MAX, || Ok::<_, Infallible>(Cow::Borrowed(item))),
        };
        checked.map_err(|error| error.in_entity(E::NAME))?;
        Ok(self)
    }

    fn into_values(self) -> Result<Item> {
        match self {
            Self::Member(member) => direct::item_of_member(&member),
            Self::Values(item) => Ok(item),
        }
    }
}

impl<'a, E: Entity> PutItem<'a, E> {
    pub(crate) fn new<W: Writable<'a, Entity = E>>(
        handle: Handle,
        entity: W,
        precondition: Precondition,
    ) -> Self {
        let stored = match precondition {
            Precondition::Absent => StoredState::No,
            Precondition::Present => StoredState::Yes,
            Precondition::None | Precondition::NoOther | Precondition::Upsert => StoredState::Perhaps,
        };
        let EncodedEntity { encoded, check, settlement } =
            entity.encode(stored, WriteHandle(&handle), |entity| NewItem::new(&handle, entity));
        let repeats = RetryAfterUnknown::Always;
        let condition = WriteCondition::new(precondition, ShapeDemand::UpTo, check);
        Self { handle, item: encoded, condition, settlement, repeats, returns: PhantomData }
    }

    /// Returns the entity that was there before (`ReturnValues: ALL_OLD`); `None` if there was none, or its time to live was
    /// over.
    ///
    /// Such a put is not sent again after an attempt that may have been applied, unless it replaces an entity with a
    /// version: the error is then [`Error::Unknown`](crate::Error::Unknown), as a second attempt would return the item
    /// of the first. It does not compile for an entity that is written by transactions, which return nothing.
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order { pub number: u32, pub total: u64 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
    /// # shop.create_table_if_absent().send().await?;
    /// shop.put(&Order { number: 7, total: 10 }).send().await?;
    /// let before = shop.put(&Order { number: 7, total: 20 }).return_old().send().await?;
    /// assert_eq!(before.map(|order| order.total), Some(10));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("ReturnValues", "ALL_OLD"))]
    pub fn return_old(self) -> PutItem<'a, E, Old> {
        const { assert!(!E::WRITTEN_BY_TRANSACTION, "{}", BY_TRANSACTION) };
        self.returning()
    }

    /// The same put, for which an item that is there is no error.
    pub(crate) fn if_absent(self) -> PutItem<'a, E, IfAbsent> {
        self.returning()
    }

    pub(super) fn into_action(self) -> Action<'a> {
        let settlement = Settlement { demand: Some(self.condition.demand(&self.handle)), ..self.settlement };
        let (table, condition) = (self.handle.table.clone(), self.condition.whole(&self.handle));
        // A guess is right for as long as the version that the put expects, which makes it certain that it was wrong otherwise.
        let is_known = self.condition.precondition == Precondition::Present && settlement.is_fenced();
        Action::put(table, settlement, condition, self.item.and_then(NewItem::into_values), is_known)
    }
}

impl<'a, E, V> PutItem<'a, E, V> {
    fn returning<W>(self) -> PutItem<'a, E, W> {
        let Self { handle, item, condition, settlement, repeats, .. } = self;
        PutItem { handle, item, condition, settlement, repeats, returns: PhantomData }
    }
}

impl<E: Entity, V: Returns<E>> PutItem<'_, E, V> {
    /// Makes it a conditional write: it writes only if this is true of the stored item as well. If there is no item,
    /// the condition is evaluated on one without attributes.
    ///
    /// It renders `ConditionExpression`, joined by `AND` with the conditions of `create` or `replace` and with a
    /// second condition.
    #[doc(alias = "ConditionExpression")]
    pub fn condition(mut self, condition: Condition<E>) -> Self {
        self.condition.add(condition);
        self
    }

    /// Replaces an item of another entity as well, which `put` refuses otherwise.
    ///
    /// It is for tables in which entities share their keys. `put` then has no condition at all.
    pub fn overwrite_other_entities(mut self) -> Self {
        if self.condition.precondition == Precondition::NoOther {
            self.condition.precondition = Precondition::None;
        }
        self
    }

    /// Never sends the request again after an attempt that may have been applied: the error is then
    /// [`Error::Unknown`](crate::Error::Unknown).
    ///
    /// By default it is sent again. That does harm if another writer has written the item in between: the second
    /// attempt overwrites it. [`transactional`](Self::transactional) excludes that too, and one lost response does not
    /// make its outcome unknown.
    pub fn at_most_once(mut self) -> Self
    where
        E: Unversioned,
    {
        self.repeats = RetryAfterUnknown::Never;
        self
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// A value cannot be stored, the item is larger than 400 KB, a key cannot be made, or DynamoDB would refuse the condition.
    pub fn into_sdk(self) -> Result<PutItemFluentBuilder> {
        const { assert!(E::UNIQUE.is_empty(), "{}", UNIQUE_INTO_SDK) };
        self.only_request()
    }

    /// The request for the item alone.
    fn only_request(self) -> Result<PutItemFluentBuilder> {
        let expression = self.condition.expression(&self.handle)?;
        Ok(request(&self.handle, V::RETURN_VALUE, expression)
            .set_item(Some(self.item?.check_size::<E>()?.into_values()?)))
    }

    /// The request and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        if !E::UNIQUE.is_empty() {
            return self.returning::<Nothing>().transactional().explain();
        }
        let operators = self.condition.operators(&self.handle);
        // An expired item may be in the place of a new one.
        let is_new = self.condition.precondition == Precondition::Absent && expiry_of::<E>().is_none();
        let billing = self.handle.billing;
        let request = self.only_request()?;
        let capacity = Capacity::of_write(billing);
        let explanation = Explanation::new(PUT_ITEM.name, request.get_table_name(), capacity)
            .new_item(request.get_item(), billing)
            .in_indexes_of_item::<E>(request.get_item(), is_new);
        let explanation = if is_new { explanation.of_new_item() } else { explanation };
        Ok(explanation
            .expression("ConditionExpression", request.get_condition_expression(), operators)
            .names(request.get_expression_attribute_names())
            .item("ExpressionAttributeValues", request.get_expression_attribute_values())
            .returns(request.get_return_values(), request.get_return_values_on_condition_check_failure())
            .returns_capacity(request.get_return_consumed_capacity()))
    }

    /// Runs the request.
    ///
    /// # Errors
    /// [`Error::ConditionFailed`](crate::Error::ConditionFailed), with the stored entity: `create` found an item,
    /// `replace` found none, or the condition is not met. [`Error::VersionConflict`](crate::Error::VersionConflict), with
    /// the stored entity: it has another version. Otherwise a value cannot be stored, the item is larger than 400 KB, which
    /// is [`Error::Encode`](crate::Error::Encode) before any request, a key cannot be made, DynamoDB would refuse the condition, or the request fails. [`Error::Unknown`](crate::Error::Unknown): an attempt
    /// got no response, and the entity may have been written. If it is [`Error::Decode`](crate::Error::Decode),
    /// the entity was written, and the item that it replaced is not of the form of `E`.
    pub async fn send(mut self) -> Result<V::Output> {
        let is_transaction = E::WRITTEN_BY_TRANSACTION && V::nothing().is_some();
        // A transaction is an operation of its own.
        let mut observing = match is_transaction {
            true => Observing::none(),
            false => self.handle.observe(&PUT_ITEM, None),
        };
        let (is_own, now) = (self.condition.is_alone(), self.handle.now_of::<E::Table>(is_transaction));
        let outcome = match self.run().await {
            Err(Error::ConditionFailed(failed)) => V::refused(failed, is_own, now),
            outcome => outcome,
        };
        observing.end_with(&outcome);
        outcome
    }

    async fn run(mut self) -> Result<V::Output> {
        if E::WRITTEN_BY_TRANSACTION
            && let Some(nothing) = V::nothing()
        {
            return self.returning::<Nothing>().transactional().send().await.map(|()| nothing);
        }
        self.handle = self.handle.for_call().without_redelivery();
        self.settlement.demand = Some(self.condition.demand(&self.handle));
        let expression = self.condition.expression(&self.handle)?;
        let request = || request(&self.handle, V::RETURN_VALUE, expression.clone());
        let item = self.item?.check_size::<E>()?;
        let forecast = || Forecast::of_write(PUT_ITEM.name, E::NAME, item.cost(self.handle.billing));
        let forecast = self.handle.has_budget().then(forecast);
        let (members, values) = match item {
            NewItem::Member(member) => (member, None),
            NewItem::Values(item) => (Vec::new(), Some(item)),
        };
        let repeats = repeats_of::<E, V>(self.settlement.is_fenced(), self.repeats);
        let attempts = (repeats, self.settlement.on_attempt());
        let exchange =
            self.handle.write_exchange(&PUT_ITEM, attempts, members, ReturnedAttributes::default());
        let request = || match &values {
            Some(_) => request().set_item(values.clone()),
            None => request(),
        };
        let failed = |error| self.handle.write_error(&exchange, E::NAME, error);
        let sent = call!(
            self.handle.permit_for(forecast),
            direct::put(request, &exchange, &self.handle.client_mode).await,
            exchange,
            failed
        );
        let (sent, handle) = (sent.map(|output| output.attributes), self.handle);
        // Where an attempt without an answer was applied, there is nothing to return.
        let applied = || V::nothing().map(|_| None);
        let again = || handle.sent(ConditionalWrite::Put, E::NAME, &exchange);
        let attributes = self.settlement.finish(sent, applied, again).await?;
        handle.count_written();
        returned::<E, V>(&exchange, attributes, handle.now::<E::Table>())
    }
}

metered!(['a, E, V] PutItem<'a, E, V>, handle);

/// Shows the request without the item.
impl<E: Entity, V> fmt::Debug for PutItem<'_, E, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PutItem")
            .field("table", &self.handle.table)
            .field("entity", &E::NAME)
            .field("item", &self.item.as_ref().map(|_| format_args!("..")))
            .field("precondition", &self.condition.precondition)
            .field("condition", &self.condition.added)
            .finish_non_exhaustive()
    }
}

/// The request without the item.
fn request(
    handle: &Handle,
    returned: Option<ReturnValue>,
    expression: Option<ConditionExpression>,
) -> PutItemFluentBuilder {
    let request = handle.client.put_item().table_name(&*handle.table);
    let request =
        request.set_return_values(returned).set_return_consumed_capacity(handle.returned_capacity());
    let Some(ConditionExpression { text, names, values }) = expression else { return request };
    request
        .condition_expression(text)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
}
