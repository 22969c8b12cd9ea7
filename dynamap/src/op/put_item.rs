//! PutItem.

use super::{
    Action, Capacity, Explanation, Handle, Precondition, Transactional, check_item_size,
    commit::Commit,
    metering::metered,
    writable::{Encoded, Stored, Writable, Writer},
};
use crate::{
    budget::{Cost, Forecast},
    capacity::{item_size, write_units},
    direct::{self, Mapping, Nothing, PUT_ITEM, Repeats},
    entity::{self, Entity, Item, Unversioned, WholeWrite},
    error::{ExpressionError, Result},
    expr::{Condition, ConditionExpression},
};
use aws_sdk_dynamodb::{
    operation::put_item::builders::PutItemFluentBuilder, types::ReturnValuesOnConditionCheckFailure,
};
use std::{borrow::Cow, convert::Infallible, fmt};

/// Writes an entity as a whole item.
///
/// One [PutItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html) request. It
/// costs a write unit for every 1 KB of the larger of the old and the new item, begun ones included, and as much
/// for every index that holds the item. A failed condition costs as much as a write of the old item.
#[must_use = "a request does nothing until it is sent"]
pub struct PutItem<'a, E> {
    handle: Handle,
    item: Result<NewItem>,
    precondition: Precondition,
    condition: Option<Condition<E>>,
    commit: Commit<'a>,
    repeats: Repeats,
}

/// An item that is to be written, encoded for the way it goes.
enum NewItem {
    /// The member `"Item":{..}` of the request.
    Member(Vec<u8>),
    Values(Item),
}

impl NewItem {
    fn new<E: Entity>(handle: &Handle, entity: &E, precondition: Precondition) -> Result<Self> {
        let how = match precondition {
            Precondition::Absent => WholeWrite::Created,
            _ => WholeWrite::Replaced,
        };
        let stamped = if E::STAMPS.is_empty() { None } else { entity.stamped(handle.time(), how)? };
        let entity = stamped.as_ref().unwrap_or(entity);
        match handle.mapping {
            Mapping::Direct => direct::item_member(entity).map(Self::Member),
            Mapping::AttributeValue => entity::to_item(entity).map(Self::Values),
        }
    }

    /// What the item costs, unless the one before it is larger.
    fn cost(&self) -> Cost {
        let read;
        let item = match self {
            Self::Member(member) => {
                // We wrote it, so it can be read.
                read = direct::item_of_member(member).unwrap_or_default();
                &read
            }
            Self::Values(item) => item,
        };
        Cost::Known(write_units(item_size(item)))
    }

    /// Refuses what DynamoDB would refuse for its size.
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
        let stored = if precondition == Precondition::Present { Stored::Yes } else { Stored::No };
        let Encoded { encoded, check, commit } =
            entity.encode(stored, Writer(&handle), |entity| NewItem::new(&handle, entity, precondition));
        Self { handle, item: encoded, precondition, condition: check, commit, repeats: Repeats::Always }
    }

    /// Writes only if this is true of the stored item as well; without one, of an item without attributes.
    ///
    /// It renders `ConditionExpression`, together with what `create` or `replace` ask for. A second condition is
    /// joined by `AND`.
    pub fn condition(mut self, condition: Condition<E>) -> Self {
        self.condition = Condition::both(self.condition, Some(condition));
        self
    }

    /// Replaces an item of another entity as well, which `put` refuses otherwise.
    ///
    /// It is for tables in which entities share their keys. `put` then has no condition at all.
    pub fn overwrite_other_entities(mut self) -> Self {
        if self.precondition == Precondition::NoOther {
            self.precondition = Precondition::None;
        }
        self
    }

    /// Never repeats the request after an attempt that may have been applied: that is
    /// [`Error::Unknown`](crate::Error::Unknown).
    ///
    /// It is repeated otherwise, which does harm where another writer comes between: what that one wrote is overwritten by the
    /// repeated put. [`transactional`](Self::transactional) forbids that as well, and is not left unknown by one lost
    /// answer.
    pub fn at_most_once(mut self) -> Self
    where
        E: Unversioned,
    {
        self.repeats = Repeats::Never;
        self
    }

    /// Sends it as a transaction of its own, at twice the cost: it is applied once, also where an answer is lost.
    pub fn transactional(self) -> Transactional<'a> {
        Transactional::new(self.handle.clone(), self.into_action())
    }

    pub(super) fn into_action(self) -> Action<'a> {
        let (table, condition) = (self.handle.table.clone(), self.whole_condition());
        Action::put(table, self.commit, condition, self.item.and_then(NewItem::into_values))
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// A value cannot be stored, the item is larger than 400 KB, a key cannot be made, or DynamoDB would refuse the condition.
    pub fn into_sdk(self) -> Result<PutItemFluentBuilder> {
        let expression = self.expression()?;
        Ok(request(&self.handle, expression).set_item(Some(self.item?.check_size::<E>()?.into_values()?)))
    }

    /// What would be sent, and what it costs. Nothing is sent.
    ///
    /// # Errors
    /// As [`into_sdk`](Self::into_sdk).
    pub fn explain(self) -> Result<Explanation> {
        let operators = self.whole_condition().map_or(0, |condition| condition.operators());
        let request = self.into_sdk()?;
        Ok(Explanation::new("PutItem", request.get_table_name(), Capacity::of_write())
            .new_item(request.get_item())
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
    /// got no answer, so that nobody knows whether the entity was written.
    pub async fn send(mut self) -> Result<()> {
        if E::TRANSACTIONAL {
            return self.transactional().send().await;
        }
        self.handle = self.handle.for_call();
        let expression = self.expression()?;
        let request = || request(&self.handle, expression.clone());
        let item = self.item?.check_size::<E>()?;
        let permit = self.handle.permit(|| Forecast::of_write("PutItem", E::NAME, item.cost())).await;
        let (members, values) = match item {
            NewItem::Member(member) => (member, None),
            NewItem::Values(item) => (Vec::new(), Some(item)),
        };
        let exchange =
            self.handle.write_exchange(&PUT_ITEM, (self.repeats, self.commit.on_attempt()), members, Nothing);
        let request = || match &values {
            Some(_) => request().set_item(values.clone()),
            None => request(),
        };
        let sent = direct::put(request, &exchange, &self.handle.way).await;
        let sent = sent.map_err(|failure| self.handle.failure("PutItem", E::NAME, failure));
        let consumed = sent.as_ref().map(|output| output.consumed_capacity.as_ref());
        permit.end(consumed, true, Some(exchange.trail()));
        let (sent, handle) = (sent.map(|_| ()), self.handle);
        self.commit.finish(sent, || Some(()), || handle.sent("PutItem", E::NAME, &exchange)).await
    }

    fn expression(&self) -> Result<Option<ConditionExpression>, ExpressionError> {
        self.whole_condition().map(|condition| condition.expression()).transpose()
    }

    /// What must be true, all together.
    fn whole_condition(&self) -> Option<Condition<E>> {
        Condition::both(
            self.precondition.condition::<E>(self.handle.now::<E::Table>()),
            self.condition.clone(),
        )
    }
}

metered!(['a, E] PutItem<'a, E>, handle);

/// Shows the request without the item.
impl<E: Entity> fmt::Debug for PutItem<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PutItem")
            .field("table", &self.handle.table)
            .field("entity", &E::NAME)
            .field("item", &self.item.as_ref().map(|_| format_args!("..")))
            .field("precondition", &self.precondition)
            .field("condition", &self.condition)
            .finish_non_exhaustive()
    }
}

/// The request without the item.
fn request(handle: &Handle, expression: Option<ConditionExpression>) -> PutItemFluentBuilder {
    let request = handle.client.put_item().table_name(&*handle.table);
    let request = request.set_return_consumed_capacity(handle.returned_capacity());
    let Some(ConditionExpression { text, names, values }) = expression else { return request };
    request
        .condition_expression(text)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
}
