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
    /// A sealed cursor is refused. Its text is the same for each reason, so that a client learns nothing; the reason is for
    /// the server's log.
    #[error("the cursor cannot be used")]
    Refused(CursorRefusal),
    /// There are two places to read from, such as both `after` and `before`.
    #[error("a page begins at one cursor only")]
    TwoPlaces,
}

/// The reason for which a sealed cursor is refused: for the server's log, and not for the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CursorRefusal {
    /// The text is not that of a sealed cursor of this version: its length, its alphabet or its first byte.
    Malformed,
    /// The key that the text names is none of the sealer's: it was removed, or the text is made up.
    UnknownKey,
    /// The text was changed, or made up.
    Tampered,
    /// The cursor belongs to another table, index, key condition, filter, direction or principal, and was sealed for that.
    OtherQuery,
    /// The lifetime of the cursor is over.
    Expired,
}
