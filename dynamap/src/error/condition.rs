use super::DecodeError;
use crate::entity::{Entity, Item, RawItem};
use std::fmt;

/// A write that was refused because the item was not as the request demanded.
///
/// It carries the item as DynamoDB had it, which costs no extra read.
pub struct ConditionFailed {
    operation: &'static str,
    entity: &'static str,
    table: String,
    item: Option<RawItem>,
}

impl ConditionFailed {
    pub(crate) fn new(
        operation: &'static str,
        entity: &'static str,
        table: &str,
        item: Option<RawItem>,
    ) -> Self {
        Self { operation, entity, table: table.into(), item }
    }

    pub(crate) fn into_item(self) -> Option<RawItem> {
        self.item
    }

    /// The DynamoDB operation, such as `PutItem`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The entity that was to be written.
    pub fn entity(&self) -> &'static str {
        self.entity
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The entity as it is stored; `None` if there is no item.
    ///
    /// # Errors
    /// The stored item does not have the form of `E`.
    pub fn current<E: Entity>(&self) -> Option<Result<E, DecodeError>> {
        Some(self.item.as_ref()?.read_entity::<E>())
    }

    /// The item as it is stored, in the SDK's types; `None` if there is no item.
    ///
    /// # Errors
    /// The item holds something that is no attribute value.
    pub fn raw_item(&self) -> Option<Result<Item, DecodeError>> {
        self.item.as_ref().map(RawItem::read::<Item>)
    }
}

impl fmt::Display for ConditionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, entity, table, item } = self;
        let found = if item.is_some() { "the item exists" } else { "there is no such item" };
        write!(f, "condition of {operation} failed for entity `{entity}` in table `{table}`: {found}")
    }
}

/// Shows the same as `Display`: never the item.
impl fmt::Debug for ConditionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConditionFailed({self})")
    }
}

impl std::error::Error for ConditionFailed {}
