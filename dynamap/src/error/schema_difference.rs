use super::SchemaMismatch;
use std::fmt;

/// A difference between a table and its schema or settings, found by [`Table::verify`](crate::Table::verify).
///
/// It displays as one line, with what would mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaDifference {
    kind: SchemaDifferenceKind,
    mismatch: SchemaMismatch,
    mend: String,
}

/// The kind of a [`SchemaDifference`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SchemaDifferenceKind {
    /// There is no such table.
    MissingTable,
    /// The table has another primary key.
    PrimaryKey,
    /// The table lacks a secondary index.
    MissingIndex {
        /// The index.
        index: String,
        /// True for a local secondary index, which is created with its table only.
        local: bool,
    },
    /// A secondary index has another key.
    IndexKey {
        /// The index.
        index: String,
    },
    /// An index has another projection.
    IndexProjection {
        /// The index.
        index: String,
        /// The attributes that it lacks, as the schema has them; none if it only holds more.
        missing: Vec<String>,
    },
    /// The table has an index that the schema does not have.
    UnknownIndex {
        /// The index.
        index: String,
    },
    /// The table lacks a vector index.
    MissingVectorIndex {
        /// The index.
        index: String,
    },
    /// A vector index has another vector, partition key or inline filters.
    VectorIndex {
        /// The index.
        index: String,
    },
    /// The time to live is off, or in another attribute.
    TimeToLive,
    /// A setting differs.
    Setting(TableSetting),
}

/// A setting of a table beside its keys and indexes: see [`TableSettings`](crate::op::TableSettings).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TableSetting {
    /// The billing mode and the provisioned throughput.
    Throughput,
    /// The maximum of a table that is on demand.
    OnDemandMaximum,
    /// The warm throughput.
    WarmThroughput,
    /// The stream and its view type.
    Stream,
    /// The encryption at rest.
    Encryption,
    /// The table class.
    TableClass,
    /// The deletion protection.
    DeletionProtection,
    /// The point-in-time recovery.
    PointInTimeRecovery,
    /// The tags.
    Tags,
}

impl TableSetting {
    pub(crate) fn phrase(self) -> &'static str {
        match self {
            Self::Throughput => "throughput",
            Self::OnDemandMaximum => "on-demand maximum",
            Self::WarmThroughput => "warm throughput",
            Self::Stream => "stream",
            Self::Encryption => "encryption at rest",
            Self::TableClass => "table class",
            Self::DeletionProtection => "deletion protection",
            Self::PointInTimeRecovery => "point-in-time recovery",
            Self::Tags => "tags",
        }
    }
}

impl SchemaDifference {
    pub(crate) fn new(kind: SchemaDifferenceKind, mismatch: SchemaMismatch, mend: impl Into<String>) -> Self {
        Self { kind, mismatch, mend: mend.into() }
    }

    /// The kind.
    pub fn kind(&self) -> &SchemaDifferenceKind {
        &self.kind
    }

    /// The part that differs, with its definition by the schema and the one that DynamoDB has.
    pub fn mismatch(&self) -> &SchemaMismatch {
        &self.mismatch
    }

    /// The change that would mend it, in words.
    pub fn mend(&self) -> &str {
        &self.mend
    }

    /// True if the calls of the schema work all the same: an index that the schema does not have, or that holds more
    /// attributes, and settings.
    pub fn is_harmless(&self) -> bool {
        match &self.kind {
            SchemaDifferenceKind::UnknownIndex { .. } | SchemaDifferenceKind::Setting(_) => true,
            SchemaDifferenceKind::IndexProjection { missing, .. } => missing.is_empty(),
            _ => false,
        }
    }

    /// True if calls of the schema fail by the keys or indexes of the table.
    pub(crate) fn is_of_keys(&self) -> bool {
        !self.is_harmless() && self.kind != SchemaDifferenceKind::TimeToLive
    }

    pub(crate) fn into_mismatch(self) -> SchemaMismatch {
        self.mismatch
    }
}

impl fmt::Display for SchemaDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; to mend it, {}", self.mismatch, self.mend)
    }
}

/// The differences between a table and its schema; none if all is as the schema says.
///
/// They display as one line each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SchemaDifferences(Vec<SchemaDifference>);

impl SchemaDifferences {
    pub(crate) fn new(differences: Vec<SchemaDifference>) -> Self {
        Self(differences)
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The differences.
    pub fn as_slice(&self) -> &[SchemaDifference] {
        &self.0
    }

    /// The differences by which calls of the schema fail, or read less than they should: those that are not
    /// [harmless](SchemaDifference::is_harmless).
    pub fn harmful(&self) -> impl Iterator<Item = &SchemaDifference> {
        self.0.iter().filter(|difference| !difference.is_harmless())
    }
}

impl IntoIterator for SchemaDifferences {
    type Item = SchemaDifference;
    type IntoIter = std::vec::IntoIter<SchemaDifference>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for SchemaDifferences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, difference) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { "\n" };
            write!(f, "{separator}{difference}")?;
        }
        Ok(())
    }
}
