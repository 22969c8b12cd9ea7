//! Faults that dynamap once had, which the tests put back to see that they are found again.
//!
//! Without the feature `known-faults`, which only the tests of dynamap enable, none of them can come back.

/// A fault that dynamap once had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KnownFault {
    /// All attempts of a write leave the same operation id, so that a late create brings a version back.
    SharedOperationId,
    /// A stored number that is not less than the expected one is taken for a proof that the write never comes.
    ComparedNumbers,
    /// A put that ignores the version leaves the version and the lineage that others hold.
    KeptVersion,
    /// The token of a transaction is trusted by a clock that stands still while the machine sleeps.
    SleepingClock,
    /// A body that does not look like a document is not compared with its checksum.
    UncheckedBody,
    /// A write of unique fields does not demand that the stored item is as it takes it to be.
    UnguardedUnique,
    /// A write does not demand that the stored item is in a shape that it may change.
    UndemandedShape,
    /// A backfill writes an item without a version as it was read, whatever was written to it since.
    BlindBackfill,
    /// A shard is read before its parent is read to its end.
    ChildBeforeParent,
    /// A checkpoint of a shard is written whoever has its lease.
    UnfencedCheckpoint,
}

impl KnownFault {
    /// Those of the shard reader.
    pub const OF_SHARD_READER: [Self; 2] = [Self::ChildBeforeParent, Self::UnfencedCheckpoint];

    /// All of single calls, batches and transactions.
    pub const ALL: [Self; 7] = [
        Self::SharedOperationId,
        Self::ComparedNumbers,
        Self::KeptVersion,
        Self::SleepingClock,
        Self::UncheckedBody,
        Self::UnguardedUnique,
        Self::UndemandedShape,
    ];

    /// True if this thread has the fault.
    #[cfg(feature = "known-faults")]
    #[allow(dead_code)]
    pub(crate) fn is_back(self) -> bool {
        BACK.get() == Some(self)
    }

    #[cfg(not(feature = "known-faults"))]
    #[allow(dead_code)]
    pub(crate) const fn is_back(self) -> bool {
        false
    }

    /// Gives this thread a fault, or none.
    #[cfg(feature = "known-faults")]
    pub fn put_back(fault: Option<Self>) {
        BACK.set(fault);
    }
}

#[cfg(feature = "known-faults")]
thread_local! {
    static BACK: std::cell::Cell<Option<KnownFault>> = const { std::cell::Cell::new(None) };
}
