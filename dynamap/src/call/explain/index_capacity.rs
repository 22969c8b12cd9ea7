use std::ops::RangeInclusive;

/// The write capacity units that a request takes from one index, at least and at most, beside those of the table.
///
/// An index entry that stays as it is costs nothing. One that changes costs its size; where the key of the index
/// changes, the entry that is deleted costs as well.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct IndexCapacity {
    /// The index's name.
    pub index: &'static str,
    /// The write units.
    pub units: RangeInclusive<f64>,
}

/// The bytes that a request writes into one vector index, at least and at most (`VectorWriteRequestBytes`). DynamoDB charges
/// for them beside the write units of the table.
///
/// An entry that stays as it is costs nothing. One that is made, changed or deleted costs the larger of its sizes before and
/// after, and at least 1 KB: its vector counts four bytes for each dimension.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct VectorIndexCapacity {
    /// The index's name.
    pub index: &'static str,
    /// The bytes.
    pub bytes: RangeInclusive<f64>,
}
