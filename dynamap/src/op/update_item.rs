//! UpdateItem.

mod explain;
mod instance;
mod mistakes;
mod repeats;
mod returning;
mod returns;
mod target;
mod unique;
mod upsert;
mod whole;

pub(super) use returns::{
    BY_TRANSACTION, ReturnedAttributes, read_returned, repeats_of, returned, returned_item,
};
pub use returns::{IfAbsent, New, Nothing, Old, Returns, Updated, UpdatedNew, UpdatedOld};
use target::Target;

use super::{
    Action, Operators,
    write::{
        ConditionalWrite, Precondition, ShapeDemand, WriteCondition,
        demand::Demand,
        settle::Settlement,
        version_check::expectation,
        version_choice::{Chosen, NotChosen, VersionChoice},
    },
};
use crate::{
    budget::{Cost, Forecast},
    call::{Handle, call, metering::metered, send},
    direct::{RetryAfterUnknown, UPDATE_ITEM},
    entity::{self, Entity, Item, Versioned},
    error::{ExpressionError, ExpressionErrorKind},
    expr::{Condition, Placeholders, Update},
    observe::Observing,
    outcome::Result,
    value::Version,
};
use aws_sdk_dynamodb::{
    operation::update_item::builders::UpdateItemFluentBuilder,
    types::{ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use std::marker::PhantomData;

/// The reason why an update does not compile.
const WRITES_OLDER: &str = "an entity with `writes = ..` is stored in an older shape, whose attributes are not its fields: change it by \
     `modify`, `save` or `replace`, and update it once it writes its own shape";

/// Changes an item by its primary key, without reading it first.
///
/// One [UpdateItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html) request. It
/// costs one write capacity unit (WCU) for each 1 KB of the larger of the item before and after, rounded up, and as
/// much for every index that holds the item; where a key of the index changes, twice that. A failed condition costs as
/// much as a write of the old item.
///
/// `V` is the type that it returns: nothing, unless a method requests more, at no extra cost.
///
/// ```
/// use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk")]
/// pub struct Shop;
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "PRODUCT#{id}")]
/// pub struct Product {
///     pub id: u32,
///     pub stock: u32,
///     pub note: Option<String>,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// let products = shop.repository::<Product>();
/// products.create(&Product { id: 7, stock: 2, note: None }).send().await?;
///
/// let sold = products
///     .update(Product::key(7))
///     .apply(Product::STOCK.set(Product::STOCK - 1))
///     .condition(Product::STOCK.ge(1))
///     .return_new()
///     .send()
///     .await?;
/// assert_eq!(sold.stock, 1);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct UpdateItem<'a, E: Entity, V = Nothing, C = NotChosen> {
    pub(super) handle: Handle,
    target: Result<Target<E>>,
    settlement: Settlement<'a>,
    condition: WriteCondition<E>,
    skip_if_empty: bool,
    /// The rule for retries after an attempt that may have been applied, if the caller sets one.
    repeats: Option<RetryAfterUnknown>,
    /// The values that are returned for the entity in memory, if the caller requests none.
    refreshed: Option<ReturnValue>,
    returns: PhantomData<fn() -> (V, C)>,
}

impl<'a, E: Entity> UpdateItem<'a, E> {
    pub(crate) fn new(handle: Handle, key: E::Key, precondition: Precondition) -> Self {
        const { assert!(E::WRITES_ITS_SHAPE, "{}", WRITES_OLDER) };
        Self::of_key(handle, key, precondition)
    }

    fn of_key(handle: Handle, key: E::Key, precondition: Precondition) -> Self {
        let target = match precondition {
            Precondition::Upsert => Target::of_upsert(&handle, key),
            _ => Ok(Target::new(key, Update::none())),
        };
        let condition = WriteCondition::new(precondition, ShapeDemand::Own, None);
        Self::of(handle, target, condition, Settlement::default())
    }
}

impl<'a, E: Entity, C> UpdateItem<'a, E, Nothing, C> {
    fn of(
        handle: Handle,
        target: Result<Target<E>>,
        condition: WriteCondition<E>,
        settlement: Settlement<'a>,
    ) -> Self {
        Self {
            handle,
            target,
            settlement,
            condition,
            skip_if_empty: false,
            repeats: None,
            refreshed: None,
            returns: PhantomData,
        }
    }

    /// Succeeds without a request if there is no action; otherwise that is an error.
    ///
    /// An `upsert` is not empty: it creates the item.
    pub fn skip_if_empty(mut self) -> Self {
        self.skip_if_empty = true;
        self
    }

    pub(super) fn into_action(mut self) -> Action<'a> {
        self.settlement.demand = Some(self.demand());
        let (table, settlement) = (self.handle.table.clone(), std::mem::take(&mut self.settlement));
        let update = self.target.as_ref().map_or(0, |target| target.update.operators());
        let condition = self.whole_condition().map_or(0, |condition| condition.operators());
        let creates = self.may_be_new();
        let unique = self.unique_changes();
        // A guess is right for as long as the version that the update expects, which makes it certain that it was wrong otherwise.
        let is_known =
            settlement.is_fenced() && self.target.as_ref().is_ok_and(|target| target.update.is_whole());
        let request = match self.skips() {
            true => Ok(None),
            false => self.only_request().and_then(|request| match request.get_update_expression() {
                // A check in its place would not create the item.
                None if creates => Err(ExpressionError::new(ExpressionErrorKind::NoActions).into()),
                _ => Ok(Some(request)),
            }),
        };
        let operators = Operators { update, condition };
        Action::update::<E>(table, settlement, operators, request, (unique, creates, is_known))
    }
}

impl<'a, E: Entity, V, C> UpdateItem<'a, E, V, C> {
    fn may_be_new(&self) -> bool {
        self.condition.precondition == Precondition::Upsert
    }

    fn returning<W>(self) -> UpdateItem<'a, E, W, C> {
        UpdateItem { skip_if_empty: false, ..self.with_types() }
    }

    fn with_types<W, D>(self) -> UpdateItem<'a, E, W, D> {
        let Self { handle, target, settlement, condition, skip_if_empty, .. } = self;
        let Self { repeats, refreshed, .. } = self;
        UpdateItem {
            handle,
            target,
            settlement,
            condition,
            skip_if_empty,
            repeats,
            refreshed,
            returns: PhantomData,
        }
    }
}

impl<'a, E: Entity, V: Returns<E>, C> UpdateItem<'a, E, V, C> {
    /// Adds actions.
    #[doc(alias("UpdateExpression", "SET"))]
    pub fn apply(mut self, update: Update<E>) -> Self {
        self.target = self.target.map(|target| Target { update: target.update.and(update), ..target });
        self
    }

    /// Makes it a conditional write: it writes only if this is true of the stored item as well. If there is no item,
    /// the condition is evaluated on one without attributes.
    ///
    /// It renders `ConditionExpression`, joined by `AND` with the condition of `update` and with a second condition.
    #[doc(alias = "ConditionExpression")]
    pub fn condition(mut self, condition: Condition<E>) -> Self {
        self.condition.add(condition);
        self
    }

    /// Writes only if the stored item has this version, that of an entity that was read (optimistic locking).
    ///
    /// Otherwise the error is [`Error::VersionConflict`](crate::Error::VersionConflict), with the stored entity. The version
    /// of the item advances with every update, also with one that expects none.
    #[doc(alias = "optimistic_locking")]
    pub fn expect_version(self, version: &Version<E::Value>) -> UpdateItem<'a, E, V, Chosen>
    where
        E: Versioned,
    {
        let expecting = expectation::<E>(version).and_then(|(check, expected)| {
            let marks = |base| self.handle.marks(Some(base));
            let marks = E::LINEAGE.and(version.lineage()).map(marks).transpose()?;
            Ok((check, Settlement::expecting::<E>(version, expected, marks)))
        });
        let mut this = self.with_types();
        match expecting {
            Ok((check, settlement)) => {
                let lineage = settlement.lineage();
                this.target = this.target.map(|target| Target { lineage, marks: None, ..target });
                this.settlement = settlement;
                this.condition(check)
            }
            Err(error) => UpdateItem { target: Err(error), ..this },
        }
    }

    /// Writes whatever version the stored item has, and advances it: changes by other writers since the entity was
    /// read may be lost.
    ///
    /// Without a choice between this and [`expect_version`](Self::expect_version), an update of an entity with a version
    /// does not compile.
    pub fn ignore_version(self) -> UpdateItem<'a, E, V, Chosen>
    where
        E: Versioned,
    {
        self.with_types()
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// A key cannot be made, a value cannot be stored, or DynamoDB would refuse the update or the condition.
    pub fn into_sdk(self) -> Result<UpdateItemFluentBuilder> {
        self.check_alone()?;
        self.only_request()
    }

    /// The request for the item alone.
    fn only_request(self) -> Result<UpdateItemFluentBuilder> {
        let may_be_new = self.may_be_new();
        let condition = self.whole_condition();
        let mut placeholders = Placeholders::default();
        let Target { key, update, lineage, .. } = self.target?;
        let update =
            update.expression(&key, may_be_new, self.handle.stamping::<E>(), lineage, &mut placeholders)?;
        let returned = condition.is_some().then_some(ReturnValuesOnConditionCheckFailure::AllOld);
        let condition = condition.map(|condition| condition.render(&mut placeholders)).transpose()?;
        let request = self.handle.client.update_item().table_name(&*self.handle.table);
        Ok(request
            .set_key(Some(entity::key_item(&key)?))
            .set_update_expression(update)
            .set_condition_expression(condition)
            .set_return_values_on_condition_check_failure(returned)
            .set_return_values(V::RETURN_VALUE.or(self.refreshed))
            .set_return_consumed_capacity(self.handle.returned_capacity())
            .set_expression_attribute_names(placeholders.take_names())
            .set_expression_attribute_values(placeholders.take_values()))
    }

    /// True if there is nothing to do, and that is no error.
    fn skips(&self) -> bool {
        self.skip_if_empty
            && !self.may_be_new()
            && self.target.as_ref().is_ok_and(|target| target.update.is_empty())
    }

    /// The demand of the operation's name on the stored item.
    fn demand(&self) -> Demand {
        let given = self.target.as_ref().ok().and_then(|target| target.update.given(self.may_be_new()));
        self.condition.demand(&self.handle).given(given)
    }

    /// The condition of the request: that of the caller and those of the operation.
    fn whole_condition(&self) -> Option<Condition<E>> {
        let may_be_new = self.may_be_new();
        let given = self.target.as_ref().ok().and_then(|target| target.update.given_condition(may_be_new));
        self.condition.whole_with(given, &self.handle)
    }

    /// Runs the request.
    ///
    /// # Errors
    /// [`Error::ConditionFailed`](crate::Error::ConditionFailed), with the stored entity: the condition is not met,
    /// `update` found no item, or the item is of another entity. [`Error::Unknown`](crate::Error::Unknown): an attempt
    /// got no response, and the update may have been applied. Otherwise the update has no action, a key cannot be
    /// made, a value cannot be stored, DynamoDB would refuse the update or the condition, or the request fails: also
    /// because the item does not hold what an action needs. If it is
    /// [`Error::Decode`](crate::Error::Decode), the update was applied, and the item that it returned is not of the form of
    /// `E`.
    pub async fn send(mut self) -> Result<V::Output>
    where
        C: VersionChoice<E>,
    {
        // A transaction is an operation of its own.
        let is_transaction = E::TRANSACTIONAL || self.changes_unique().is_some();
        let mut observing = match is_transaction && V::nothing().is_some() {
            true => Observing::none(),
            false => self.handle.observe(&UPDATE_ITEM, None),
        };
        let outcome = match self.after_expiry() {
            Some(again) => self.send_over_expired(again).await,
            None => self.send_once(&mut Settlement::default()).await,
        };
        observing.end_with(&outcome);
        outcome
    }

    /// Sends it. Where it fails, the effect on the entity in memory is left in `undone`.
    async fn send_once(mut self, undone: &mut Settlement<'a>) -> Result<V::Output>
    where
        C: VersionChoice<E>,
    {
        if let Some(nothing) = V::nothing() {
            if self.skips() {
                return Ok(nothing);
            }
            if E::TRANSACTIONAL || self.changes_unique().is_some() {
                return self.returning::<Nothing>().transactional().send().await.map(|()| nothing);
            }
        }
        self.check_alone()?;
        self.handle = self.handle.for_call().without_redelivery();
        self.settlement.demand = Some(self.demand());
        let (handle, settlement) = (self.handle.clone(), std::mem::take(&mut self.settlement));
        let repeats = self.repeats_as(settlement.is_fenced());
        let marks = self.target.as_ref().ok().and_then(|target| target.marks.clone());
        let on_attempt = settlement.on_attempt().or(marks.map(|marks| marks as _));
        let attempts = (repeats, on_attempt);
        let exchange =
            handle.write_exchange(&UPDATE_ITEM, attempts, Vec::new(), ReturnedAttributes::default());
        let is_refreshed = self.is_refreshed();
        let request = self.only_request()?;
        let forecast = || Forecast::of_write(UPDATE_ITEM.name, E::NAME, Cost::Average(1.0));
        let failed = |error| handle.write_error(&exchange, E::NAME, error);
        let sent =
            call!(handle.permit(forecast), send!(handle, request, exchange), exchange, failed).map(Some);
        // Where an attempt without an answer was applied, there is nothing to return.
        let again = || handle.sent(ConditionalWrite::Update, E::NAME, &exchange);
        let (output, settlement) = settlement.settle(sent, || V::nothing().map(|_| None), again).await;
        let output = match output {
            Ok(output) => output,
            Err(error) => {
                *undone = settlement;
                return Err(error);
            }
        };
        handle.count_written();
        let attributes = output.and_then(|output| output.attributes);
        let returned = returned_item(&exchange, attributes);
        let item = returned.as_ref().ok().and_then(Option::as_ref).filter(|_| is_refreshed);
        settlement.advance_to(item.and_then(|item| item.read::<Item>().ok()).as_ref());
        read_returned::<E, V>(returned?, handle.now::<E::Table>())
    }
}

metered!(['a, E: Entity, V, C] UpdateItem<'a, E, V, C>, handle);

impl<E: Entity, V, C> std::fmt::Debug for UpdateItem<'_, E, V, C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UpdateItem")
            .field("update", &self.target.as_ref().map(|target| &target.update))
            .field("precondition", &self.condition.precondition)
            .field("condition", &self.condition.added)
            .finish_non_exhaustive()
    }
}
