use super::ConditionFailed;
use crate::entity::{Entity, Item};
use std::fmt;

/// A version conflict (optimistic locking): another writer has written or deleted the item since the entity was read.
/// Nothing was written.
///
/// It carries the item as DynamoDB had it, which costs no extra read.
pub struct VersionConflict(ConditionFailed);

impl VersionConflict {
    pub(crate) fn new(failed: ConditionFailed) -> Self {
        Self(failed)
    }

    pub(crate) fn into_failed(self) -> ConditionFailed {
        self.0
    }

    /// The DynamoDB operation, such as `UpdateItem`.
    pub fn operation(&self) -> &'static str {
        self.0.operation()
    }

    /// The entity that was to be written.
    pub fn entity(&self) -> &'static str {
        self.0.entity()
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        self.0.table()
    }

    /// The id of the request, for AWS support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id()
    }

    /// DynamoDB's own message. It may quote attribute values and keys: keep it out of logs.
    pub fn message_unredacted(&self) -> Option<&str> {
        self.0.message_unredacted()
    }

    /// The entity as it is stored; `None` if the answer has no item, as it was deleted or the service did not tell.
    ///
    /// # Errors
    /// The stored item does not have the form of `E`.
    pub fn current<E: Entity>(&self) -> Option<Result<E, super::DecodeError>> {
        self.0.current()
    }

    /// The item as it is stored, in the SDK's types; `None` if the answer has none.
    ///
    /// # Errors
    /// The item holds something that is no attribute value.
    pub fn raw_item(&self) -> Option<Result<Item, super::DecodeError>> {
        self.0.raw_item()
    }
}

impl fmt::Display for VersionConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (operation, entity, table) = (self.operation(), self.entity(), self.table());
        let found = match self.0.raw_item() {
            Some(_) => "it was written since it was read",
            None => "it was deleted since it was read, or it was not told",
        };
        write!(f, "version conflict: {operation} for entity `{entity}` in table `{table}`: {found}")
    }
}

/// Shows the same as `Display`: never the item.
impl fmt::Debug for VersionConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VersionConflict({self})")
    }
}

impl std::error::Error for VersionConflict {}

/// An entity that is new was to be saved or replaced: create it first. No request was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoStoredVersion {
    entity: &'static str,
}

impl NoStoredVersion {
    pub(crate) fn new(entity: &'static str) -> Self {
        Self { entity }
    }

    /// The entity.
    pub fn entity(&self) -> &'static str {
        self.entity
    }
}

impl fmt::Display for NoStoredVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this `{}` is new, so there is no version to write over; create it", self.entity)
    }
}

impl std::error::Error for NoStoredVersion {}
