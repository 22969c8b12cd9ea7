use super::{
    ConditionFailure, NotUnique, TransactionAction,
    answer::{ErrorDetails, answered},
};
use crate::{
    entity::{Entity, Item, RawItem},
    error::DecodeError,
};
use std::fmt;

/// A transaction that DynamoDB cancelled: nothing of it was written.
pub struct TransactionCanceled {
    tables: String,
    reasons: Vec<CancellationReason>,
    answer: Option<Box<ErrorDetails>>,
}

answered!(TransactionCanceled);

/// The reason why DynamoDB refused one action of a transaction, or the fact that it did not.
pub struct CancellationReason {
    action: TransactionAction,
    code: Option<String>,
    item: Option<RawItem>,
    version_conflict: bool,
    failure: ConditionFailure,
    /// True if not the action's own item has refused it, but a sentinel item of its unique fields.
    is_of_sentinel: bool,
    not_unique: Option<NotUnique>,
}

impl TransactionCanceled {
    pub(crate) fn new(tables: String, reasons: Vec<CancellationReason>) -> Self {
        Self { tables, reasons, answer: None }
    }

    /// A reason for each action of the transaction, in their order.
    pub fn reasons(&self) -> &[CancellationReason] {
        &self.reasons
    }

    /// The reasons of those actions that were refused.
    pub fn refused(&self) -> impl Iterator<Item = &CancellationReason> {
        self.reasons.iter().filter(|reason| reason.code.is_some())
    }
}

impl CancellationReason {
    pub(crate) fn new(action: TransactionAction, code: Option<String>, item: Option<RawItem>) -> Self {
        // DynamoDB: `None` stands for an action that was not refused.
        let (code, failure) = (code.filter(|code| code != "None"), ConditionFailure::of(item.as_ref()));
        Self { action, code, item, version_conflict: false, failure, is_of_sentinel: false, not_unique: None }
    }

    /// The same, whose condition failed for the reason that `failure` tells of the stored item.
    pub(crate) fn because(mut self, failure: impl FnOnce(Option<&Item>) -> ConditionFailure) -> Self {
        let item = self.raw_item().and_then(Result::ok);
        self.failure = failure(item.as_ref());
        self
    }

    /// The same, which is a version conflict if `conflicts` says so of the stored item.
    pub(crate) fn with_version(mut self, conflicts: impl FnOnce(Option<&Item>) -> bool) -> Self {
        let item = self.raw_item().and_then(Result::ok);
        self.version_conflict = self.is_condition_failed() && conflicts(item.as_ref());
        self
    }

    /// The reason of an action that was not refused itself, but whose sentinel item of a unique field was, with this code.
    pub(crate) fn of_sentinel(mut self, code: &str, not_unique: Option<NotUnique>) -> Self {
        (self.code, self.not_unique, self.is_of_sentinel) = (Some(code.to_owned()), not_unique, true);
        self
    }

    /// True if the condition that failed is that of the action's own item.
    pub(crate) fn is_of_own_item(&self) -> bool {
        self.is_condition_failed() && !self.is_of_sentinel
    }

    /// The unique fields whose values another item has, if that has refused the action.
    pub fn not_unique(&self) -> Option<&NotUnique> {
        self.not_unique.as_ref()
    }

    /// Its place in the transaction, from 0.
    pub fn position(&self) -> usize {
        self.action.position
    }

    /// The kind of action: `Put`, `Update`, `Delete`, `ConditionCheck` or `Get`.
    pub fn kind(&self) -> &'static str {
        self.action.kind
    }

    /// The entity of the action.
    pub fn entity(&self) -> &'static str {
        self.action.entity
    }

    /// DynamoDB's code, such as `ConditionalCheckFailed`; `None` if this action was not refused.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// True if the item is not as the action demands.
    pub fn is_condition_failed(&self) -> bool {
        self.code() == Some("ConditionalCheckFailed")
    }

    /// The reason why the condition of the action failed, if it did.
    pub fn condition_failure(&self) -> Option<ConditionFailure> {
        self.is_of_own_item().then_some(self.failure)
    }

    /// True if optimistic locking has refused the action: another writer has written or deleted the item since the
    /// entity was read whose version was expected.
    pub fn is_version_conflict(&self) -> bool {
        self.version_conflict
    }

    /// The entity as it is stored, if the condition of the action failed and there is one.
    ///
    /// # Errors
    /// The stored item does not have the form of `E`.
    pub fn current<E: Entity>(&self) -> Option<Result<E, DecodeError>> {
        Some(self.item.as_ref()?.read_entity::<E>())
    }

    /// The item as it is stored, in the SDK's types, if the condition of the action failed and there is one.
    ///
    /// # Errors
    /// The item holds something that is no attribute value.
    pub fn raw_item(&self) -> Option<Result<Item, DecodeError>> {
        self.item.as_ref().map(RawItem::read::<Item>)
    }

    pub(crate) fn into_item(self) -> Option<RawItem> {
        self.item
    }
}

impl fmt::Display for TransactionCanceled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the transaction on {} was cancelled", self.tables)?;
        for (count, reason) in self.refused().enumerate() {
            write!(f, "{}{reason}", if count == 0 { ": " } else { ", " })?;
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

/// Such as ``action 2 (Update of `Order`): ConditionalCheckFailed (the item has expired)``.
impl fmt::Display for CancellationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "action {}: {}", self.action, self.code().unwrap_or("not refused"))?;
        match self.condition_failure() {
            Some(_) if self.version_conflict => f.write_str(" by the version"),
            Some(failure) => write!(f, " ({failure})"),
            None => match &self.not_unique {
                Some(not_unique) => write!(f, " ({not_unique})"),
                None => Ok(()),
            },
        }
    }
}

/// Shows the same as `Display`: never the item.
impl fmt::Debug for CancellationReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CancellationReason({self})")
    }
}
