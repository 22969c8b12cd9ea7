/// A table that cannot be in one batch with the others; nothing was sent to it.
///
/// All requests of a batch are sent by the client of its first table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{operation} on table `{table}`: {kind}")]
pub struct InvalidBatch {
    operation: &'static str,
    table: String,
    kind: InvalidBatchKind,
}

/// The reason why a table cannot be in one batch with the others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBatchKind {
    /// The table is in another Region than the first one.
    #[error("it is in Region `{region}`, and the first table of the batch in `{first}`")]
    OtherRegion {
        /// The Region of the table.
        region: String,
        /// The Region of the first table.
        first: String,
    },
    /// The table may be another one of the batch, which is given by its name where this is given by its ARN, or the other
    /// way round: the last write of a key could not be told.
    #[error("it may be the table `{other}` of the same batch")]
    TwoNames {
        /// The name or ARN of the other one.
        other: String,
    },
}

impl InvalidBatch {
    #[cold]
    pub(crate) fn new(operation: &'static str, table: &str, kind: InvalidBatchKind) -> Self {
        Self { operation, table: table.into(), kind }
    }

    /// The DynamoDB operation: `BatchWriteItem` or `BatchGetItem`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The table's name or ARN.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The reason.
    pub fn kind(&self) -> &InvalidBatchKind {
        &self.kind
    }
}
