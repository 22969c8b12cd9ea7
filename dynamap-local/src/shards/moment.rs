use std::time::Duration;

use super::log::{LoggedShardEvent, ShardEvent};
use super::plan::ShardPlan;

/// The time of a change, and all that a change of shards draws on and leaves behind.
pub(super) struct Moment<'a> {
    pub(super) now: Duration,
    pub(super) plan: &'a mut ShardPlan,
    pub(super) log: &'a mut Vec<LoggedShardEvent>,
    pub(super) shards_so_far: &'a mut u64,
}

impl Moment<'_> {
    pub(super) fn log(&mut self, event: ShardEvent) {
        self.log.push(LoggedShardEvent { at: self.now, event });
    }

    /// The time at which DescribeStream tells of a change of now.
    pub(super) fn listed_at(&mut self) -> Duration {
        self.now.saturating_add(self.plan.draw_listing_delay())
    }

    /// The id of the next shard. Ids are in the order in which shards open, as those of DynamoDB are, which have the
    /// time in milliseconds in this place.
    pub(super) fn shard_id(&mut self) -> String {
        *self.shards_so_far += 1;
        let number = *self.shards_so_far;
        let suffix = crc32fast::hash(&number.to_le_bytes());
        format!("shardId-{:020}-{suffix:08x}", 1_700_000_000_000 + number)
    }
}
