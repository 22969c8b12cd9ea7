use super::{DecodeError, ServiceError};
use crate::entity::{Entity, Item, RawItem};
use std::fmt;

/// A write of which nobody knows whether it was applied: an attempt got no answer.
///
/// It may have been applied, or may be yet. Read the item to see what became of it; a write with a condition that cannot
/// become true again once it was applied can be repeated.
pub struct UnknownOutcome(Box<Facts>);

struct Facts {
    operation: &'static str,
    entity: &'static str,
    table: String,
    last: Last,
}

/// How the last attempt ended.
pub(crate) enum Last {
    /// Its condition failed, perhaps because an earlier one was applied. With the item, if there is one.
    ConditionFailed(Option<RawItem>),
    Error(ServiceError),
}

impl UnknownOutcome {
    pub(crate) fn new(operation: &'static str, entity: &'static str, table: &str, last: Last) -> Self {
        Self(Box::new(Facts { operation, entity, table: table.into(), last }))
    }

    /// The DynamoDB operation, such as `PutItem`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The entity that was to be written.
    pub fn entity(&self) -> &'static str {
        self.0.entity
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.0.table
    }

    /// Why the last attempt failed; `None` if its condition was not met.
    pub fn service_error(&self) -> Option<&ServiceError> {
        match &self.0.last {
            Last::Error(error) => Some(error),
            Last::ConditionFailed(_) => None,
        }
    }

    /// The entity as the last attempt found it, if its condition was not met; `None` also if there was no item.
    ///
    /// # Errors
    /// The stored item does not have the form of `E`.
    pub fn current<E: Entity>(&self) -> Option<Result<E, DecodeError>> {
        Some(self.item()?.read_entity::<E>())
    }

    /// The item as the last attempt found it, in the SDK's types.
    ///
    /// # Errors
    /// The item holds something that is no attribute value.
    pub fn raw_item(&self) -> Option<Result<Item, DecodeError>> {
        self.item().map(RawItem::read::<Item>)
    }

    fn item(&self) -> Option<&RawItem> {
        match &self.0.last {
            Last::ConditionFailed(item) => item.as_ref(),
            Last::Error(_) => None,
        }
    }
}

impl fmt::Display for UnknownOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Facts { operation, entity, table, last } = &*self.0;
        write!(f, "nobody knows whether {operation} was applied for entity `{entity}` in table `{table}`: ")?;
        match last {
            Last::ConditionFailed(_) => {
                f.write_str("an attempt got no answer, and when it was repeated the condition failed")
            }
            Last::Error(error) => write!(f, "{error}"),
        }
    }
}

/// Shows the same as `Display`: never the item.
impl fmt::Debug for UnknownOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownOutcome({self})")
    }
}

impl std::error::Error for UnknownOutcome {}
