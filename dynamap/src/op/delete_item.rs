//! DeleteItem.

use super::{
    Action, UNIQUE_INTO_SDK,
    update_item::{BY_TRANSACTION, Nothing, Old, ReturnedAttributes, Returns, repeats_of, returned},
    write::{
        ConditionalWrite, Precondition, ShapeDemand, WriteCondition,
        settle::Settlement,
        version_check::expectation,
        version_choice::{Chosen, NotChosen, VersionChoice},
    },
};
use crate::{
    budget::{Cost, Forecast},
    call::{Capacity, Explanation, Handle, MAX_ITEM, call, metering::metered, send},
    capacity::write_units,
    direct::{DELETE_ITEM, RetryAfterUnknown},
    entity::{self, Entity, Item, Versioned},
    expr::{Attribute, Condition, ConditionExpression},
    observe::Observing,
    outcome::{Error, Result},
    schema::TableSchema,
    value::Version,
};
use aws_sdk_dynamodb::{
    operation::delete_item::builders::DeleteItemFluentBuilder,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use std::{fmt, marker::PhantomData};

/// Deletes an entity by its primary key; succeeds as well if there is none.
///
/// One [DeleteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html) request. It
/// costs one write capacity unit (WCU) for each 1 KB of the item, rounded up, at least one, and as much for every
/// index that holds the item.
///
/// An item of another entity at the key stays: the error is then
/// [`Error::ConditionFailed`](crate::Error::ConditionFailed), in tables with an entity-type attribute.
///
/// `V` is the type that it returns: nothing, or the deleted entity after [`return_old`](Self::return_old), at no extra
/// cost.
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
/// let only_if_small = shop.delete(Order::key(1, 7)).condition(Order::TOTAL.lt(5)).send().await;
/// assert!(matches!(only_if_small, Err(dynamap::Error::ConditionFailed(_))));
///
/// let deleted = shop.delete(Order::key(1, 7)).return_old().send().await?;
/// assert_eq!(deleted.map(|order| order.total), Some(10));
/// shop.delete(Order::key(1, 7)).send().await?;            // no error, though there is none
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct DeleteItem<E, V = Nothing, C = NotChosen> {
    pub(super) handle: Handle,
    key: Result<Item>,
    settlement: Settlement<'static>,
    condition: WriteCondition<E>,
    at_least_once: bool,
    of: DeleteItemTypes<E, V, C>,
}

type DeleteItemTypes<E, V, C> = PhantomData<fn() -> (E, V, C)>;

impl<E: Entity> DeleteItem<E> {
    pub(crate) fn new(handle: Handle, key: &E::Key) -> Self {
        let key = entity::key_item(key).map_err(Error::from);
        Self {
            handle,
            key,
            settlement: Settlement::default(),
            condition: WriteCondition::new(Precondition::NoOther, ShapeDemand::Any, None),
            at_least_once: false,
            of: PhantomData,
        }
    }
}

impl<E: Entity, C> DeleteItem<E, Nothing, C> {
    /// Returns the entity that was deleted (`ReturnValues: ALL_OLD`); `None` if there was none, or its time to live was over.
    ///
    /// So one caller only gets the item. The delete is never sent again after an attempt that may have been applied,
    /// unless it [expects a version](Self::expect_version): the error is then
    /// [`Error::Unknown`](crate::Error::Unknown), as the first attempt may have deleted the entity, and a second one
    /// would find none. It does not compile for an entity that is written by transactions, which return nothing.
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Shop, pk = "COUPON#{code}")]
    /// # pub struct Coupon { pub code: String, pub percent: u8 }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
    /// # shop.create_table_if_absent().send().await?;
    /// shop.create(&Coupon { code: "SPRING".into(), percent: 10 }).send().await?;
    /// let taken = shop.delete(Coupon::key("SPRING")).return_old().send().await?;
    /// assert_eq!(taken.map(|coupon| coupon.percent), Some(10));
    /// assert_eq!(shop.delete(Coupon::key("SPRING")).return_old().send().await?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias("ReturnValues", "ALL_OLD"))]
    pub fn return_old(self) -> DeleteItem<E, Old, C> {
        const { assert!(!E::WRITTEN_BY_TRANSACTION, "{}", BY_TRANSACTION) };
        self.with_types()
    }

    pub(super) fn into_action(self) -> Action<'static> {
        let settlement = Settlement { demand: Some(self.condition.demand(&self.handle)), ..self.settlement };
        let condition = self.condition.whole(&self.handle);
        Action::delete(self.handle.table.clone(), settlement, condition, self.key)
    }
}

impl<E: Entity, V, C> DeleteItem<E, V, C> {
    fn with_types<W, D>(self) -> DeleteItem<E, W, D> {
        let Self { handle, key, settlement, condition, at_least_once, of: _ } = self;
        DeleteItem { handle, key, settlement, condition, at_least_once, of: PhantomData }
    }
}

impl<E: Entity, V: Returns<E>, C> DeleteItem<E, V, C> {
    /// Makes it a conditional write: it deletes only if this is true of the stored item. If there is no item, the
    /// condition is evaluated on one without attributes.
    ///
    /// It renders `ConditionExpression`. A second condition is joined by `AND`. A failed condition costs as much
    /// as the delete.
    #[doc(alias = "ConditionExpression")]
    pub fn condition(mut self, condition: Condition<E>) -> Self {
        self.condition.add(condition);
        self
    }

    /// Deletes only if the stored item has this version, that of an entity that was read (optimistic locking).
    ///
    /// Otherwise the error is [`Error::VersionConflict`](crate::Error::VersionConflict), with the stored entity.
    pub fn expect_version(self, version: &Version<E::Value>) -> DeleteItem<E, V, Chosen>
    where
        E: Versioned,
    {
        let mut this = self.with_types();
        match expectation::<E>(version) {
            Ok((check, expected)) => {
                this.settlement = Settlement::expecting::<E>(version, expected, None);
                // That an item has no version is true of none as well.
                let key = Attribute::<E, AttributeValue>::new(E::Table::PARTITION_KEY.name);
                let check = if version.stored().is_none() { check & key.exists() } else { check };
                this.condition(check)
            }
            Err(error) => DeleteItem { key: Err(error), ..this },
        }
    }

    /// Deletes whatever version the stored item has: changes by other writers since the entity was read are lost.
    ///
    /// Without a choice between this and [`expect_version`](Self::expect_version), a delete of an entity with a version does
    /// not compile.
    pub fn ignore_version(self) -> DeleteItem<E, V, Chosen>
    where
        E: Versioned,
    {
        self.with_types()
    }

    /// Deletes an item of another entity as well, which is refused otherwise.
    ///
    /// It is for tables in which entities share their keys. The delete then has no condition but those that are given.
    pub fn overwrite_other_entities(mut self) -> Self {
        self.condition.precondition = Precondition::None;
        self
    }

    /// Lets the SDK send the request again after an attempt that may have been applied.
    ///
    /// Default: such an attempt is [`Error::Unknown`](crate::Error::Unknown), as a second one might delete an item that
    /// another writer has created since. A delete that expects a version is sent again anyway.
    pub fn at_least_once(mut self) -> Self {
        self.at_least_once = true;
        self
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// The key cannot be made, or DynamoDB would refuse the condition.
    pub fn into_sdk(self) -> Result<DeleteItemFluentBuilder> {
        const { assert!(E::UNIQUE.is_empty(), "{}", UNIQUE_INTO_SDK) };
        self.only_request()
    }

    /// The request for the item alone.
    fn only_request(self) -> Result<DeleteItemFluentBuilder> {
        let condition = self.condition.expression(&self.handle);
        let request = self.handle.client.delete_item().table_name(&*self.handle.table);
        let request = request.set_return_consumed_capacity(self.handle.returned_capacity());
        let request = request.set_return_values(V::RETURN_VALUE).set_key(Some(self.key?));
        let Some(ConditionExpression { text, names, values }) = condition? else { return Ok(request) };
        Ok(request
            .condition_expression(text)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .set_expression_attribute_names(names)
            .set_expression_attribute_values(values))
    }

    /// The request and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        if !E::UNIQUE.is_empty() {
            return self.with_types::<Nothing, Chosen>().transactional().explain();
        }
        let operators = self.condition.operators(&self.handle);
        let capacity = Capacity::of_write(self.handle.billing);
        let request = self.only_request()?;
        Ok(Explanation::new(DELETE_ITEM.name, request.get_table_name(), capacity)
            .in_indexes_of::<E>(write_units(MAX_ITEM))
            .item("Key", request.get_key())
            .expression("ConditionExpression", request.get_condition_expression(), operators)
            .names(request.get_expression_attribute_names())
            .item("ExpressionAttributeValues", request.get_expression_attribute_values())
            .returns(request.get_return_values(), request.get_return_values_on_condition_check_failure())
            .returns_capacity(request.get_return_consumed_capacity()))
    }

    /// Runs the request.
    ///
    /// # Errors
    /// [`Error::ConditionFailed`](crate::Error::ConditionFailed), with the stored entity: the condition is not met, or the item
    /// is of another entity.
    /// [`Error::Unknown`](crate::Error::Unknown): an attempt got no response, and the entity may have been
    /// deleted. If it is [`Error::Decode`](crate::Error::Decode), an item was deleted, and it is not of the form of `E`.
    /// Otherwise the key cannot be made, DynamoDB would refuse the condition, or the request fails.
    pub async fn send(mut self) -> Result<V::Output>
    where
        C: VersionChoice<E>,
    {
        // A transaction is an operation of its own.
        let mut observing = match E::WRITTEN_BY_TRANSACTION && V::nothing().is_some() {
            true => Observing::none(),
            false => self.handle.observe(&DELETE_ITEM, None),
        };
        let outcome = self.send_blindly().await;
        observing.end_with(&outcome);
        outcome
    }

    /// Runs the request, whatever it says about the version.
    pub(super) async fn send_blindly(mut self) -> Result<V::Output> {
        if E::WRITTEN_BY_TRANSACTION
            && let Some(nothing) = V::nothing()
        {
            return self.with_types::<Nothing, Chosen>().transactional().send().await.map(|()| nothing);
        }
        self.handle = self.handle.for_call().without_redelivery();
        self.settlement.demand = Some(self.condition.demand(&self.handle));
        let (handle, settlement) = (self.handle.clone(), std::mem::take(&mut self.settlement));
        // With a version that does not come again, it deletes at most what was read.
        let repeats = match self.at_least_once || settlement.is_fenced() {
            true => RetryAfterUnknown::Always,
            false => RetryAfterUnknown::Never,
        };
        let attempts = (repeats_of::<E, V>(settlement.is_fenced(), repeats), None);
        let exchange =
            handle.write_exchange(&DELETE_ITEM, attempts, Vec::new(), ReturnedAttributes::default());
        let request = self.only_request()?;
        let forecast = || Forecast::of_write(DELETE_ITEM.name, E::NAME, Cost::Average(1.0));
        let failed = |error| handle.write_error(&exchange, E::NAME, error);
        let sent = call!(handle.permit(forecast), send!(handle, request, exchange), exchange, failed);
        let sent = sent.map(|output| output.attributes);
        // Where an attempt without an answer was applied, there is nothing to return.
        let applied = || V::nothing().map(|_| None);
        let again = || handle.sent(ConditionalWrite::Delete, E::NAME, &exchange);
        let attributes = settlement.finish(sent, applied, again).await?;
        handle.count_written();
        returned::<E, V>(&exchange, attributes, handle.now::<E::Table>())
    }
}

metered!([E, V, C] DeleteItem<E, V, C>, handle);

/// Shows the request without values.
impl<E: Entity, V, C> fmt::Debug for DeleteItem<E, V, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeleteItem")
            .field("table", &self.handle.table)
            .field("entity", &E::NAME)
            .field("key", &self.key.as_ref().map(|_| format_args!("..")))
            .field("condition", &self.condition.added)
            .field("at_least_once", &self.at_least_once)
            .finish_non_exhaustive()
    }
}
