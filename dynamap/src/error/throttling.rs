use aws_sdk_dynamodb::types::{
    ThrottlingReason as Raw,
    error::{ProvisionedThroughputExceededException, RequestLimitExceeded, ThrottlingException},
};
use std::error::Error;

/// A reason for which DynamoDB throttled a request: the resource that had no throughput left, and its limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThrottlingReason {
    table: Option<String>,
    index: Option<String>,
    writes: bool,
    cause: ThrottlingCause,
}

/// The limit of a table's or index's throughput that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ThrottlingCause {
    /// One partition takes no more; others do.
    KeyRange,
    /// The provisioned throughput of the table or index.
    ProvisionedThroughput,
    /// The highest on-demand throughput that the table or index is allowed.
    MaxOnDemandThroughput,
    /// The account's limit for a table or index.
    AccountLimit,
    /// Something else.
    Other,
}

impl ThrottlingReason {
    /// The name of the table; `None` if DynamoDB did not tell.
    pub fn table(&self) -> Option<&str> {
        self.table.as_deref()
    }

    /// The name of the index; `None` if it is the table itself.
    pub fn index(&self) -> Option<&str> {
        self.index.as_deref()
    }

    /// True if writes have no throughput left, false if reads have none.
    pub fn is_of_writes(&self) -> bool {
        self.writes
    }

    /// The limit that was reached.
    pub fn cause(&self) -> ThrottlingCause {
        self.cause
    }

    /// The reasons that an exception of the SDK, or one of its sources, holds; `None` if it is no throttling.
    pub(crate) fn all_of(mut error: &(dyn Error + 'static)) -> Option<Vec<Self>> {
        loop {
            if let Some(reasons) = reasons(error) {
                return Some(reasons.iter().filter_map(Self::new).collect());
            }
            error = error.source()?;
        }
    }

    fn new(raw: &Raw) -> Option<Self> {
        let reason = raw.reason()?;
        // DynamoDB: the reason is such as `TableWriteProvisionedThroughputExceeded`, the resource an ARN.
        let limit = reason.strip_prefix("Table").or_else(|| reason.strip_prefix("Index"))?;
        let (writes, limit) = match limit.strip_prefix("Write") {
            Some(limit) => (true, limit),
            None => (false, limit.strip_prefix("Read")?),
        };
        let cause = match limit {
            "KeyRangeThroughputExceeded" => ThrottlingCause::KeyRange,
            "ProvisionedThroughputExceeded" => ThrottlingCause::ProvisionedThroughput,
            "MaxOnDemandThroughputExceeded" => ThrottlingCause::MaxOnDemandThroughput,
            "AccountLimitExceeded" => ThrottlingCause::AccountLimit,
            _ => ThrottlingCause::Other,
        };
        let name_after = |mark: &str| {
            let (_, rest) = raw.resource()?.split_once(mark)?;
            Some(rest.split('/').next().unwrap_or(rest).to_owned())
        };
        Some(Self { table: name_after(":table/"), index: name_after("/index/"), writes, cause })
    }
}

/// DynamoDB: three exceptions tell why they throttle.
fn reasons<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e [Raw]> {
    let provisioned = error.downcast_ref().map(ProvisionedThroughputExceededException::throttling_reasons);
    let account = || error.downcast_ref().map(RequestLimitExceeded::throttling_reasons);
    let other = || error.downcast_ref().map(ThrottlingException::throttling_reasons);
    provisioned.or_else(account).or_else(other)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{Raw, ThrottlingCause, ThrottlingReason};

    #[test]
    fn a_reason_names_its_resource() {
        let reason = |reason: &str, resource: &str| {
            ThrottlingReason::new(&Raw::builder().reason(reason).resource(resource).build())
        };
        let of_index = reason(
            "IndexWriteProvisionedThroughputExceeded",
            "arn:aws:dynamodb:eu-north-1:123456789012:table/shop/index/gsi1",
        );
        let of_index = of_index.unwrap();
        assert_eq!((of_index.table(), of_index.index()), (Some("shop"), Some("gsi1")));
        assert!(of_index.is_of_writes());
        assert_eq!(of_index.cause(), ThrottlingCause::ProvisionedThroughput);

        let of_table =
            reason("TableReadKeyRangeThroughputExceeded", "arn:aws:dynamodb:x:1:table/shop").unwrap();
        assert_eq!((of_table.table(), of_table.index()), (Some("shop"), None));
        assert!(!of_table.is_of_writes());
        assert_eq!(of_table.cause(), ThrottlingCause::KeyRange);
        assert_eq!(reason("Unheard", ""), None);
    }
}
