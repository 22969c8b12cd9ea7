/// A cursor that cannot continue this query or scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CursorError {
    /// The text is not that of a cursor.
    #[error("the text is not that of a cursor")]
    Malformed,
    /// The cursor was made by another version of dynamap.
    #[error("the cursor has another version")]
    Version,
    /// The cursor belongs to a query of another table, index, partition, range, filter or direction, or to a scan.
    #[error("the cursor belongs to another query")]
    OtherQuery,
}
