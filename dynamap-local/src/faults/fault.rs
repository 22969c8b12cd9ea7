use std::time::Duration;

/// A fault of one attempt of one request.
///
/// *Before* means that DynamoDB never receives the request. *After* means that DynamoDB applies it, and the caller does
/// not learn of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection is refused: certainly not applied. The SDK tries again.
    NeverConnected,
    /// The connection breaks before DynamoDB has the request. The SDK tries again.
    DropBefore,
    /// DynamoDB applies the request and the connection breaks before the answer. The SDK tries again, which applies a
    /// write once more.
    DropAfter,
    /// `InternalServerError` with status 500, nothing applied. The SDK tries again.
    ErrorBefore,
    /// DynamoDB applies the request and answers `InternalServerError` with status 500. The SDK tries again.
    ErrorAfter,
    /// No answer ever, nothing applied. Only the client's timeouts end it; without one the call waits for ever.
    HangBefore,
    /// DynamoDB applies the request and never answers. Only the client's timeouts end it.
    HangAfter,
    /// The connection breaks now, and the request is applied later: it may overwrite what was written since.
    Zombie(Wakes),
    /// DynamoDB has no throughput for the request. The SDK tries again, after a back-off.
    Throttle(Throttling),
    /// BatchWriteItem and BatchGetItem: only some of the requests or keys are processed, and the rest come back as
    /// `UnprocessedItems` or `UnprocessedKeys`. The SDK does not send them again.
    Partial(Processed),
    /// Another transaction has the item: `TransactionConflictException` for PutItem, UpdateItem and DeleteItem; for a
    /// transaction `TransactionCanceledException`, its first action being the culprit. The SDK does not try again.
    TransactionConflict,
    /// `TransactionCanceledException` with these codes, one for each action in its order, such as `None`,
    /// `ConditionalCheckFailed` or `ThrottlingError`; missing ones are `None`, surplus ones are left out. Nothing is
    /// applied.
    TransactionCanceled(Vec<String>),
    /// TransactWriteItems and ExecuteTransaction: `TransactionInProgressException`, nothing applied. The SDK tries again.
    TransactionInProgress,
    /// DynamoDB applies the request, and of its answer's bytes only so many arrive, one less than all of them at most.
    Truncated(usize),
    /// DynamoDB applies the request, and in its answer the lowest bit of this byte is flipped; beyond the end, counting
    /// goes on at the start. The header `x-amz-crc32` is that of the undamaged body.
    Corrupted(usize),
    /// DynamoDB applies the request, and the body of its answer is lost on the way. The header `x-amz-crc32` is that of the
    /// whole body.
    Emptied,
    /// DynamoDB has no throughput for the request, and the first byte of its answer is damaged on the way: only the status
    /// is left, which does not tell that nothing was applied.
    Garbled(Throttling),
    /// A proxy answers with this status and a page of HTML, and DynamoDB never has the request.
    ProxyBefore(u16),
    /// DynamoDB applies the request, and a proxy answers in its place with this status and a page of HTML.
    ProxyAfter(u16),
    /// DynamoDB's clock is ahead of the client's, and it refuses the signature: `InvalidSignatureException` with the
    /// `Date` of its clock. The SDK corrects its own clock and tries again where that is four minutes or more.
    ClockSkew(Duration),
    /// An error with this status and code, nothing applied, such as 400 and `AccessDeniedException`.
    Error(u16, String),
}

/// The time at which a [`Zombie`](Fault::Zombie) is applied.
///
/// A zombie is applied just before the first request that reaches the same [`Faults`](super::Faults) when its time has
/// come, or by [`drain`](super::Faults::drain). A request that goes past the faults sees it only then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wakes {
    /// Wakes after this time.
    After(Duration),
    /// Wakes after this number of further requests, those that fail included.
    AfterRequests(u64),
}

/// A reason for throttling, with the exception and the throttling reason that DynamoDB gives for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Throttling {
    /// The table's provisioned throughput: `ProvisionedThroughputExceededException`.
    ProvisionedThroughput,
    /// The throughput of one partition: `ThrottlingException`, reason `…KeyRangeThroughputExceeded`.
    KeyRange,
    /// The table's own limit of on-demand throughput: `ThrottlingException`.
    MaxOnDemandThroughput,
    /// The account's limit: `RequestLimitExceeded`.
    AccountLimit,
}

/// The requests or keys of a batch that are processed, counted from 0 in their order. Tables are in the order of their
/// names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Processed {
    /// No request or key: all come back.
    None,
    /// This number from the start.
    First(usize),
    /// A mask: a request whose bit is set is processed. The lowest bit is the first request.
    Mask(u128),
}

impl Processed {
    pub(super) fn contains(self, position: usize) -> bool {
        match self {
            Self::None => false,
            Self::First(count) => position < count,
            Self::Mask(mask) => u32::try_from(position)
                .ok()
                .and_then(|position| mask.checked_shr(position))
                .is_some_and(|rest| rest & 1 == 1),
        }
    }
}

impl Fault {
    /// A cancelled transaction with these codes.
    pub fn canceled<T: Into<String>>(codes: impl IntoIterator<Item = T>) -> Self {
        Self::TransactionCanceled(codes.into_iter().map(Into::into).collect())
    }

    /// The kind of this fault.
    #[must_use]
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::NeverConnected => FaultKind::NeverConnected,
            Self::DropBefore => FaultKind::DropBefore,
            Self::DropAfter => FaultKind::DropAfter,
            Self::ErrorBefore => FaultKind::ErrorBefore,
            Self::ErrorAfter => FaultKind::ErrorAfter,
            Self::HangBefore => FaultKind::HangBefore,
            Self::HangAfter => FaultKind::HangAfter,
            Self::Zombie(_) => FaultKind::Zombie,
            Self::Throttle(_) => FaultKind::Throttle,
            Self::Partial(_) => FaultKind::Partial,
            Self::TransactionConflict => FaultKind::TransactionConflict,
            Self::TransactionCanceled(_) => FaultKind::TransactionCanceled,
            Self::TransactionInProgress => FaultKind::TransactionInProgress,
            Self::Truncated(_) => FaultKind::Truncated,
            Self::Corrupted(_) => FaultKind::Corrupted,
            Self::Emptied => FaultKind::Emptied,
            Self::Garbled(_) => FaultKind::Garbled,
            Self::ProxyBefore(_) => FaultKind::ProxyBefore,
            Self::ProxyAfter(_) => FaultKind::ProxyAfter,
            Self::ClockSkew(_) => FaultKind::ClockSkew,
            Self::Error(..) => FaultKind::Error,
        }
    }
}

/// The kind of a [`Fault`], for random plans.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// [`Fault::NeverConnected`]
    NeverConnected,
    /// [`Fault::DropBefore`]
    DropBefore,
    /// [`Fault::DropAfter`]
    DropAfter,
    /// [`Fault::ErrorBefore`]
    ErrorBefore,
    /// [`Fault::ErrorAfter`]
    ErrorAfter,
    /// [`Fault::HangBefore`]
    HangBefore,
    /// [`Fault::HangAfter`]
    HangAfter,
    /// [`Fault::Zombie`]
    Zombie,
    /// [`Fault::Throttle`]
    Throttle,
    /// [`Fault::Partial`]
    Partial,
    /// [`Fault::TransactionConflict`]
    TransactionConflict,
    /// [`Fault::TransactionCanceled`]; at random, the first action is throttled.
    TransactionCanceled,
    /// [`Fault::TransactionInProgress`]
    TransactionInProgress,
    /// [`Fault::Truncated`]
    Truncated,
    /// [`Fault::Corrupted`]
    Corrupted,
    /// [`Fault::ClockSkew`]
    ClockSkew,
    /// [`Fault::Error`]; at random, `AccessDeniedException`.
    Error,
    /// [`Fault::Emptied`]
    Emptied,
    /// [`Fault::Garbled`]
    Garbled,
    /// [`Fault::ProxyBefore`]; at random, one of 403, 404, 408, 413, 429, 499, 502 and 503.
    ProxyBefore,
    /// [`Fault::ProxyAfter`]; at random, with the same statuses.
    ProxyAfter,
}

impl FaultKind {
    /// Returns true if DynamoDB could answer `operation` like this.
    #[must_use]
    pub fn fits(self, operation: &str) -> bool {
        match self {
            Self::Partial => matches!(operation, "BatchWriteItem" | "BatchGetItem"),
            Self::TransactionConflict => {
                matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem" | "TransactGetItems")
                    || writes_transaction(operation)
            }
            Self::TransactionCanceled => operation == "TransactGetItems" || writes_transaction(operation),
            Self::TransactionInProgress => writes_transaction(operation),
            Self::Throttle | Self::Garbled => is_of_items(operation),
            _ => true,
        }
    }

    /// Returns true if the response does not tell the caller whether the request is, or will be, applied.
    #[must_use]
    pub fn is_ambiguous(self) -> bool {
        matches!(
            self,
            Self::DropBefore
                | Self::DropAfter
                | Self::ErrorBefore
                | Self::ErrorAfter
                | Self::HangBefore
                | Self::HangAfter
                | Self::Zombie
                | Self::Truncated
                | Self::Corrupted
                | Self::Emptied
                | Self::Garbled
                | Self::ProxyBefore
                | Self::ProxyAfter
        )
    }
}

fn writes_transaction(operation: &str) -> bool {
    matches!(operation, "TransactWriteItems" | "ExecuteTransaction")
}

fn is_of_items(operation: &str) -> bool {
    operation.ends_with("Item")
        || operation.ends_with("Items")
        || operation.starts_with("Execute")
        || matches!(operation, "Query" | "Scan" | "SearchVectors" | "BatchExecuteStatement")
}
