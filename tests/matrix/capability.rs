use clap::ValueEnum;
use std::fmt;

/// A part of DynamoDB that an implementation may lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Capability {
    /// TransactWriteItems and TransactGetItems.
    Transactions,
    /// UpdateTimeToLive and DescribeTimeToLive.
    TimeToLive,
    /// DynamoDB Streams.
    Streams,
    /// The item that comes with a failed condition (`ReturnValuesOnConditionCheckFailure`).
    FailedConditionItem,
    /// The consumed capacity of each index (`ReturnConsumedCapacity: INDEXES`).
    IndexCapacity,
    /// Secondary indexes with keys of several attributes.
    MultiAttributeKeys,
    /// Responses of BatchGetItem that end at 16 MB (`UnprocessedKeys`).
    PartialBatch,
}

impl Capability {
    /// The name on the command line, and in the tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Transactions => "transactions",
            Self::TimeToLive => "time-to-live",
            Self::Streams => "streams",
            Self::FailedConditionItem => "failed-condition-item",
            Self::IndexCapacity => "index-capacity",
            Self::MultiAttributeKeys => "multi-attribute-keys",
            Self::PartialBatch => "partial-batch",
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
