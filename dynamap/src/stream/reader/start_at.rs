//! The place in a stream at which an application begins.

use super::checkpoint::Checkpoint;
use crate::value::EpochSeconds;
use std::time::SystemTime;

/// The place in the stream at which an application begins when it is started for the first time.
///
/// Later starts go on at the checkpoints of the leases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum StartAt {
    /// All records that the stream has, those of the last 24 hours (`TRIM_HORIZON`).
    #[default]
    TrimHorizon,
    /// Records that are written from now on (`LATEST`). Shards that are split off later are read from their beginning.
    Latest,
    /// Records from a time on, by their `ApproximateCreationDateTime`, which has whole seconds.
    ///
    /// DynamoDB Streams finds no record by its time: all records of the stream are read, and the older ones passed over.
    Time(SystemTime),
}

/// The start of an application, as the lease table has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ApplicationStart {
    pub(super) start: StartAt,
    /// The time of the first start.
    pub(super) started_at: EpochSeconds,
    /// True once all shards of the first listing have leases.
    pub(super) is_initialized: bool,
    /// True if it was started after the listing that the leases are made of.
    pub(super) is_new: bool,
}

impl StartAt {
    /// The start whose checkpoint this is.
    pub(super) fn of_checkpoint(checkpoint: &Checkpoint) -> Self {
        match checkpoint {
            Checkpoint::Latest(_) => Self::Latest,
            Checkpoint::From(time) => time.to_system_time().map_or(Self::TrimHorizon, Self::Time),
            _ => Self::TrimHorizon,
        }
    }
}

impl ApplicationStart {
    pub(super) fn new(start: StartAt, started_at: EpochSeconds) -> Self {
        Self { start, started_at, is_initialized: false, is_new: false }
    }

    /// The checkpoint of a shard that is there when the application starts.
    pub(super) fn first_checkpoint(&self, closed: bool) -> Checkpoint {
        match self.start {
            StartAt::TrimHorizon => Checkpoint::TrimHorizon,
            // The shard was closed before the application started; otherwise it may have been closed since.
            StartAt::Latest if closed && self.is_new => Checkpoint::ShardEnd,
            StartAt::Latest => Checkpoint::Latest(self.started_at),
            StartAt::Time(time) => Checkpoint::From(time.into()),
        }
    }

    /// The time before which no record is delivered, if the application has one.
    pub(super) fn from(&self) -> Option<EpochSeconds> {
        match self.start {
            StartAt::Time(time) => Some(time.into()),
            StartAt::TrimHorizon | StartAt::Latest => None,
        }
    }
}
