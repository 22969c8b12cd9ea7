//! PutItem.

use super::Handle;
use crate::{
    direct::{self, Exchange, Failure, Mapping, Nothing, PUT_ITEM},
    entity::{self, Entity, Item},
    error::Result,
    expr::Placeholders,
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
        Self { handle, item, precondition, of: PhantomData }
    }

    /// The SDK's builder with this request.
    ///
    /// # Errors
    /// A value cannot be stored, or a key cannot be made.
    pub fn into_sdk(self) -> Result<PutItemFluentBuilder> {
        let request = request::<E>(&self.handle, self.precondition);
        Ok(request.set_item(Some(self.item?.into_values()?)))
    }

    /// Runs the request.
    ///
    /// # Errors
    /// [`Error::ConditionFailed`](crate::Error::ConditionFailed), with the stored entity: `create` found an item, or `replace` found none.
    /// Otherwise a value cannot be stored, a key cannot be made, or the request fails.
    pub async fn send(self) -> Result<()> {
        let request = || request::<E>(&self.handle, self.precondition);
        let sent = match self.item? {
            NewItem::Member(member) => {
                let exchange = Exchange::new(&PUT_ITEM, member, Nothing);
                direct::put(request, &exchange, self.handle.prepared).await
            }
            NewItem::Values(item) => {
                Box::pin(request().set_item(Some(item)).send()).await.map_err(Failure::from)
            }
        };
        match sent {
            Ok(_) => Ok(()),
            Err(failure) => Err(self.handle.failure("PutItem", E::NAME, failure)),
        }
    }
}

/// The request without the item.
fn request<E: Entity>(handle: &Handle, precondition: Precondition) -> PutItemFluentBuilder {
    let mut placeholders = Placeholders::default();
    let condition = precondition.expression::<E>(handle.now(), &mut placeholders);
    let returned = condition.is_some().then_some(ReturnValuesOnConditionCheckFailure::AllOld);
    handle
        .client
        .put_item()
        .table_name(&*handle.table)
        .set_condition_expression(condition)
        .set_return_values_on_condition_check_failure(returned)
        .set_expression_attribute_names(placeholders.take_names())
        .set_expression_attribute_values(placeholders.take_values())
}

impl Precondition {
    /// DynamoDB: an expired item stays for up to a few days, and counts as absent here.
    fn expression<E: Entity>(self, now: i64, placeholders: &mut Placeholders) -> Option<String> {
        if self == Self::None {
            return None;
        }
        let key = placeholders.name(E::Table::PARTITION_KEY.name);
        // An entity that does not store the attribute never expires.
        let ttl = E::Table::TTL.filter(|ttl| E::OPEN || E::FIELDS.find(ttl.as_bytes()).is_some());
        let ttl =
            ttl.map(|ttl| (placeholders.name(ttl), placeholders.value(AttributeValue::N(now.to_string()))));
        Some(match (self, ttl) {
            (Self::Absent, None) => format!("attribute_not_exists({key})"),
            (Self::Absent, Some((ttl, now))) => format!("attribute_not_exists({key}) OR {ttl} <= {now}"),
            (_, None) => format!("attribute_exists({key})"),
            (_, Some((ttl, now))) => {
                format!("attribute_exists({key}) AND (attribute_not_exists({ttl}) OR {ttl} > {now})")
            }
        })
    }
}
