//! PutItem.

use super::Handle;
use crate::{
    direct::{self, Exchange, Failure, Mapping, Nothing, PUT_ITEM},
    entity::{self, Entity, Item},
    error::{ExpressionError, Result},
    expr::{Attribute, Condition, ConditionExpression},
    schema::TableSchema,
};
use aws_sdk_dynamodb::{
    operation::put_item::builders::PutItemFluentBuilder,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use std::marker::PhantomData;

/// Writes an entity as a whole item.
///
/// One [PutItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html) request. It
/// costs a write unit for every 1 KB of the larger of the old and the new item, begun ones included, and as much
/// for every index that holds the item. A failed condition costs as much as a write of the old item.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct PutItem<E> {
    handle: Handle,
    item: Result<NewItem>,
    precondition: Precondition,
    condition: Option<Condition<E>>,
    of: PhantomData<fn() -> E>,
}

/// What must be true of the stored item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precondition {
    /// Nothing: an item that is there is replaced.
    None,
    /// It is not there, or has expired.
    Absent,
    /// It is there, and has not expired.
    Present,
}

/// An item that is to be written, encoded for the way it goes.
#[derive(Debug)]
enum NewItem {
    /// The member `"Item":{..}` of the request.
    Member(Vec<u8>),
    Values(Item),
}

impl NewItem {
    fn into_values(self) -> Result<Item> {
        match self {
            Self::Member(member) => direct::item_of_member(&member),
            Self::Values(item) => Ok(item),
        }
    }
}

impl<E: Entity> PutItem<E> {
    pub(crate) fn new(handle: Handle, entity: &E, precondition: Precondition) -> Self {
        let item = match handle.mapping {
            Mapping::Direct => direct::item_member(entity).map(NewItem::Member),
            Mapping::AttributeValue => entity::to_item(entity).map(NewItem::Values),
        };
        Self { handle, item, precondition, condition: None, of: PhantomData }
    }

    /// Writes only if this is true of the stored item as well; without one, of an item without attributes.
    ///
    /// It renders `ConditionExpression`, together with what `create` or `replace` ask for. A second condition is
    /// joined by `AND`.
    pub fn condition(mut self, condition: Condition<E>) -> Self {
        self.condition = Condition::both(self.condition, Some(condition));
        self
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// A value cannot be stored, a key cannot be made, or DynamoDB would refuse the condition.
    pub fn into_sdk(self) -> Result<PutItemFluentBuilder> {
        let expression = self.expression()?;
        Ok(request(&self.handle, expression).set_item(Some(self.item?.into_values()?)))
    }

    /// Runs the request.
    ///
    /// # Errors
    /// [`Error::ConditionFailed`](crate::Error::ConditionFailed), with the stored entity: `create` found an item,
    /// `replace` found none, or the condition is not met. Otherwise a value cannot be stored, a key cannot be made,
    /// DynamoDB would refuse the condition, or the request fails.
    pub async fn send(self) -> Result<()> {
        let expression = self.expression()?;
        let request = || request(&self.handle, expression.clone());
        let item = self.item?;
        let sent = match item {
            NewItem::Member(member) => {
                let exchange = Exchange::new(&PUT_ITEM, member, Nothing);
                direct::put(request, &exchange, self.handle.prepared).await
            }
            NewItem::Values(item) => request().set_item(Some(item)).send().await.map_err(Failure::from),
        };
        match sent {
            Ok(_) => Ok(()),
            Err(failure) => Err(self.handle.failure("PutItem", E::NAME, failure)),
        }
    }

    fn expression(&self) -> Result<Option<ConditionExpression>, ExpressionError> {
        let precondition = self.precondition.condition::<E>(self.handle.now::<E::Table>());
        Condition::both(precondition, self.condition.clone())
            .map(|condition| condition.expression())
            .transpose()
    }
}

/// The request without the item.
fn request(handle: &Handle, expression: Option<ConditionExpression>) -> PutItemFluentBuilder {
    let request = handle.client.put_item().table_name(&*handle.table);
    let Some(ConditionExpression { text, names, values }) = expression else { return request };
    request
        .condition_expression(text)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .set_expression_attribute_names(names)
        .set_expression_attribute_values(values)
}

impl Precondition {
    /// DynamoDB: an expired item stays for up to a few days, and counts as absent here.
    fn condition<E: Entity>(self, now: i64) -> Option<Condition<E>> {
        let key = Attribute::<E, AttributeValue>::new(E::Table::PARTITION_KEY.name);
        // An entity that does not store the attribute never expires.
        let ttl = E::Table::TTL.filter(|ttl| E::OPEN || E::FIELDS.find(ttl.as_bytes()).is_some());
        let ttl = ttl.map(Attribute::<E, i64>::new);
        Some(match (self, ttl) {
            (Self::None, _) => return None,
            (Self::Absent, None) => key.not_exists(),
            (Self::Absent, Some(ttl)) => key.not_exists() | ttl.le(now),
            (Self::Present, None) => key.exists(),
            (Self::Present, Some(ttl)) => key.exists() & (ttl.not_exists() | ttl.gt(now)),
        })
    }
}
