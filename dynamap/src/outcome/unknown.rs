use super::{ConditionFailed, Error, TransactionCanceled};
use crate::{
    entity::{Entity, Item, RawItem},
    error::{DecodeError, ServiceError},
};
use std::{fmt, pin::Pin, sync::Arc};

/// A write with an unknown outcome: an attempt got no response (a timeout, or a lost connection).
///
/// The write may have been applied, or may still be. [`resolve`](Self::resolve) finds out, where the item can tell. A
/// read does not: a write that is not there may still arrive.
pub struct UnknownOutcome(Box<Inner>);

struct Inner {
    operation: &'static str,
    entity: &'static str,
    table: String,
    last: LastAttempt,
    token: Option<String>,
    resolver: Option<Arc<dyn Resolve>>,
}

/// A way to resolve the unknown outcome of a write.
pub(crate) trait Resolve: Send + Sync {
    fn resolve(self: Arc<Self>) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;
}

/// The end of the last attempt.
pub(crate) enum LastAttempt {
    /// Its condition failed, perhaps because an earlier one was applied. With the item, if there is one.
    ConditionFailed(Option<RawItem>),
    /// A cancelled transaction. It is not applied so far, though an earlier attempt may still arrive.
    Canceled(TransactionCanceled),
    Error(ServiceError),
}

impl UnknownOutcome {
    pub(crate) fn new(operation: &'static str, entity: &'static str, table: &str, last: LastAttempt) -> Self {
        Self(Box::new(Inner { operation, entity, table: table.into(), last, token: None, resolver: None }))
    }

    /// The same of a transaction, which has a token.
    pub(crate) fn of_transaction(mut self, token: String) -> Self {
        self.0.token = Some(token);
        self
    }

    pub(crate) fn resolved_by(mut self, resolver: Option<Arc<dyn Resolve>>) -> Self {
        self.0.resolver = resolver;
        self
    }

    /// The failed condition of the last attempt, if it is known not to be for an earlier one.
    pub(crate) fn into_condition_failed(self) -> Result<ConditionFailed, Self> {
        let Inner { operation, entity, table, last, token, resolver } = *self.0;
        match last {
            LastAttempt::ConditionFailed(item) => Ok(ConditionFailed::new(operation, entity, &table, item)),
            last => Err(Self(Box::new(Inner { operation, entity, table, last, token, resolver }))),
        }
    }

    /// True if [`resolve`](Self::resolve) can tell whether the write was applied.
    ///
    /// It can where the write asked for a version, by `save`, `replace` or `expect_version`, and where it created an entity
    /// with a version; and for four minutes for transactions.
    pub fn can_be_resolved(&self) -> bool {
        self.0.resolver.is_some()
    }

    /// Resolves the outcome by sending the write again as it was. If the write was applied, its condition is not true
    /// any more, and the item tells which write that was. After this call no late attempt can be applied.
    ///
    /// So where it succeeds, the write was applied exactly once, now or before. The entity in memory does not change:
    /// read it. An entity that was created and deleted since is created again. It costs as much as the write.
    ///
    /// # Errors
    /// The write was not applied, and never will be: [`Error::VersionConflict`] and all others that it can have.
    /// [`Error::Unknown`] if the outcome is still unknown, and at once if it [cannot be
    /// resolved](Self::can_be_resolved).
    pub async fn resolve(mut self) -> Result<(), Error> {
        match self.0.resolver.take() {
            Some(resolver) => resolver.resolve().await,
            None => Err(Error::Unknown(self)),
        }
    }

    /// The DynamoDB operation, such as `PutItem`.
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// The entity that was to be written; empty if a transaction has several.
    pub fn entity(&self) -> &'static str {
        self.0.entity
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.0.table
    }

    /// The idempotency token of a transaction (`ClientRequestToken`), which DynamoDB knows for ten minutes.
    /// [`resolve`](Self::resolve) sends the same transaction with it again, and DynamoDB applies it once.
    pub fn client_request_token(&self) -> Option<&str> {
        self.0.token.as_deref()
    }

    /// The cancellation of a transaction's last attempt, if it was cancelled. The transaction is not applied so far,
    /// but an earlier attempt may still be.
    pub fn cancellation(&self) -> Option<&TransactionCanceled> {
        match &self.0.last {
            LastAttempt::Canceled(canceled) => Some(canceled),
            LastAttempt::ConditionFailed(_) | LastAttempt::Error(_) => None,
        }
    }

    /// The failure of the last attempt; `None` if its condition was not met.
    pub fn service_error(&self) -> Option<&ServiceError> {
        match &self.0.last {
            LastAttempt::Error(error) => Some(error),
            LastAttempt::ConditionFailed(_) | LastAttempt::Canceled(_) => None,
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
            LastAttempt::ConditionFailed(item) => item.as_ref(),
            LastAttempt::Canceled(_) | LastAttempt::Error(_) => None,
        }
    }
}

impl fmt::Display for UnknownOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { operation, entity, table, last, .. } = &*self.0;
        write!(f, "nobody knows whether {operation} was applied")?;
        if !entity.is_empty() {
            write!(f, " for entity `{entity}`")?;
        }
        write!(f, " in table `{table}`: ")?;
        match last {
            LastAttempt::Canceled(canceled) => {
                write!(f, "an attempt got no answer, and when it was repeated {canceled}")
            }
            LastAttempt::ConditionFailed(_) => {
                f.write_str("an attempt got no answer, and when it was repeated the condition failed")
            }
            LastAttempt::Error(error) => write!(f, "{error}"),
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
