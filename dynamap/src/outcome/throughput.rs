use std::fmt;

/// A throughput that DynamoDB would refuse; no request was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct InvalidThroughput {
    index: Option<&'static str>,
    kind: InvalidThroughputKind,
}

/// The reason why DynamoDB would refuse a throughput.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidThroughputKind {
    /// A provisioned throughput has less than one read or write capacity unit per second.
    TooFewUnits {
        /// The read capacity units.
        read: i64,
        /// The write capacity units.
        write: i64,
    },
    /// An index was given provisioned throughput, and the table none.
    IndexOfOnDemandTable,
    /// The table was given a maximum that is for tables on demand, and provisioned throughput.
    MaximumOfProvisionedTable,
}

impl InvalidThroughput {
    pub(crate) fn new(index: Option<&'static str>, kind: InvalidThroughputKind) -> Self {
        Self { index, kind }
    }

    /// The index, or `None` for the table itself.
    pub fn index(&self) -> Option<&'static str> {
        self.index
    }

    /// The reason.
    pub fn kind(&self) -> &InvalidThroughputKind {
        &self.kind
    }
}

impl fmt::Display for InvalidThroughput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.index {
            Some(index) => write!(f, "throughput of index `{index}`: ")?,
            None => f.write_str("throughput of the table: ")?,
        }
        match self.kind {
            InvalidThroughputKind::TooFewUnits { read, write } => {
                write!(f, "{read} read and {write} write units, of which DynamoDB takes at least 1 each")
            }
            InvalidThroughputKind::IndexOfOnDemandTable => {
                f.write_str("provisioned, while the table is on demand")
            }
            InvalidThroughputKind::MaximumOfProvisionedTable => {
                f.write_str("an on-demand maximum, while the table has provisioned throughput")
            }
        }
    }
}
