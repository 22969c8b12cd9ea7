use aws_sdk_dynamodb::types::{IndexStatus, VectorIndexDescription};
use std::{fmt, time::Duration};

/// The progress of a wait for a vector index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SearchableProgress {
    /// The phase of the index.
    pub phase: VectorIndexPhase,
    /// The time since the first search.
    pub waited: Duration,
}

/// A phase of a vector index that was added to a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum VectorIndexPhase {
    /// DynamoDB allocates resources. The table is UPDATING, and the index cannot be removed.
    Allocating,
    /// DynamoDB fills the index with the items of the table. It can be removed.
    Backfilling,
    /// The status of the index is ACTIVE, and searches are still refused.
    Active,
    /// The index can be searched.
    Searchable,
}

impl VectorIndexPhase {
    /// The phase of an index whose search was refused.
    pub(super) fn of(index: &VectorIndexDescription) -> Self {
        match (index.index_status(), index.backfilling()) {
            (Some(IndexStatus::Creating), Some(true)) => Self::Backfilling,
            (Some(IndexStatus::Creating), _) => Self::Allocating,
            // DynamoDB: `Backfilling` is absent then, not false.
            _ => Self::Active,
        }
    }
}

impl fmt::Display for VectorIndexPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Allocating => "allocating resources",
            Self::Backfilling => "backfilling",
            Self::Active => "active, and not searchable yet",
            Self::Searchable => "searchable",
        })
    }
}
