use super::DecodeError;
use crate::entity::{Entity, Item, RawItem};
use std::fmt;

/// A transaction that DynamoDB cancelled: nothing of it was written.
pub struct TransactionCanceled {
    tables: String,
    reasons: Vec<CancellationReason>,
}

/// Why one write of a transaction was refused, or that it was not.
pub struct CancellationReason {
    code: Option<String>,
    item: Option<RawItem>,
}

impl TransactionCanceled {
    pub(crate) fn new(tables: String, reasons: Vec<CancellationReason>) -> Self {
        Self { tables, reasons }
    }

    /// A reason for each write of the transaction, in their order.
    pub fn reasons(&self) -> &[CancellationReason] {
        &self.reasons
    }
}

impl CancellationReason {
    pub(crate) fn new(code: Option<String>, item: Option<RawItem>) -> Self {
        // DynamoDB: `None` stands for a write that was not refused.
        Self { code: code.filter(|code| code != "None"), item }
    }

    /// DynamoDB's code, such as `ConditionalCheckFailed`; `None` if this write was not refused.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The entity as it is stored, if the write asked for it and there is one.
    ///
    /// # Errors
    /// The stored item does not have the form of `E`.
    pub fn current<E: Entity>(&self) -> Option<Result<E, DecodeError>> {
        Some(self.item.as_ref()?.read_entity::<E>())
    }

    /// The item as it is stored, in the SDK's types, if the write asked for it and there is one.
    ///
    /// # Errors
    /// The item holds something that is no attribute value.
    pub fn raw_item(&self) -> Option<Result<Item, DecodeError>> {
        self.item.as_ref().map(RawItem::read::<Item>)
    }
}

impl fmt::Display for TransactionCanceled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the transaction on {} was cancelled", self.tables)?;
        let refused = self.reasons.iter().enumerate().filter_map(|(at, reason)| Some((at, reason.code()?)));
        for (count, (at, code)) in refused.enumerate() {
            write!(f, "{}write {at}: {code}", if count == 0 { ": " } else { ", " })?;
        }
        Ok(())
    }
}

/// Shows the same as `Display`: never an item.
impl fmt::Debug for TransactionCanceled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransactionCanceled({self})")
    }
}

impl std::error::Error for TransactionCanceled {}

/// Shows the code: never the item.
impl fmt::Debug for CancellationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancellationReason").field("code", &self.code).finish_non_exhaustive()
    }
}
