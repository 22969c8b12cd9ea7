use std::collections::VecDeque;
use std::time::Duration;

use super::log::ShardEvent;
use super::moment::Moment;
use crate::streams::{PAGE_BYTES, sequence};

/// A record as it is answered.
pub(super) struct StoredRecord {
    pub(super) sequence: u128,
    /// The time of arrival in the model, from which retention counts.
    pub(super) arrived: Duration,
    /// The approximate creation time, in seconds since the epoch.
    pub(super) seconds: f64,
    pub(super) json: String,
}

/// A shard with the records that it still has.
pub(super) struct ShardState {
    pub(super) id: String,
    pub(super) lineage: Lineage,
    /// The hashes of partition keys that are this shard's, both ends included.
    pub(super) ranges: Vec<(u32, u32)>,
    pub(super) opened_at: Duration,
    pub(super) listed_at: Duration,
    pub(super) starting: u128,
    pub(super) closing: Option<Closing>,
    /// The time from which the shard is no longer listed.
    pub(super) gone_at: Option<Duration>,
    records: VecDeque<StoredRecord>,
    last: Option<u128>,
    trimmed: Option<u128>,
}

#[derive(Clone, Default)]
pub(super) struct Lineage {
    pub(super) parent: Option<String>,
    /// The other shard of a merge, which the successor does not name.
    pub(super) merged: Option<String>,
}

pub(super) struct Closing {
    pub(super) at: Duration,
    pub(super) listed_at: Duration,
    pub(super) ending: u128,
}

/// A page of records of a shard.
pub(super) struct RecordPage<'a> {
    pub(super) records: Vec<&'a StoredRecord>,
    /// The shard is closed, and has no further record.
    pub(super) is_end: bool,
}

impl ShardState {
    pub(super) fn open(
        lineage: Lineage,
        ranges: Vec<(u32, u32)>,
        starting: u128,
        moment: &mut Moment<'_>,
    ) -> Self {
        let id = moment.shard_id();
        moment.log(ShardEvent::Opened { shard: id.clone(), parent: lineage.parent.clone() });
        Self {
            id,
            lineage,
            ranges,
            opened_at: moment.now,
            listed_at: moment.listed_at(),
            starting,
            closing: None,
            gone_at: None,
            records: VecDeque::new(),
            last: None,
            trimmed: None,
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.closing.is_none()
    }

    pub(super) fn has_records(&self) -> bool {
        !self.records.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = u128> {
        self.records.iter().map(|record| record.sequence)
    }

    /// Returns true if the shard has, or ever had, a record.
    pub(super) fn was_written(&self) -> bool {
        self.last.is_some()
    }

    pub(super) fn covers(&self, hash: u32) -> bool {
        self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&hash))
    }

    pub(super) fn push(&mut self, record: StoredRecord) {
        self.last = Some(record.sequence);
        self.records.push_back(record);
    }

    pub(super) fn close(&mut self, moment: &mut Moment<'_>) {
        if !self.is_open() {
            return;
        }
        let ending = self.last.unwrap_or(self.starting);
        self.closing = Some(Closing { at: moment.now, listed_at: moment.listed_at(), ending });
        moment.log(ShardEvent::Closed { shard: self.id.clone(), ending: sequence::text(ending) });
    }

    /// Trims the oldest records while `is_trimmed` holds.
    pub(super) fn trim(&mut self, is_trimmed: impl Fn(&StoredRecord) -> bool, moment: &mut Moment<'_>) {
        let mut count = 0;
        while self.records.front().is_some_and(&is_trimmed)
            && let Some(record) = self.records.pop_front()
        {
            self.trimmed = Some(record.sequence);
            count += 1;
        }
        if let Some(through) = self.trimmed.filter(|_| count > 0) {
            let through = sequence::text(through);
            moment.log(ShardEvent::Trimmed { shard: self.id.clone(), records: count, through });
        }
    }

    /// Takes the shard out of the list, if it is closed and has no records.
    pub(super) fn go(&mut self, moment: &mut Moment<'_>) {
        if self.is_open() || self.has_records() || self.gone_at.is_some() {
            return;
        }
        self.gone_at = Some(moment.listed_at());
        moment.log(ShardEvent::Gone { shard: self.id.clone() });
    }

    /// Returns true if a record behind this position has been trimmed.
    pub(super) fn is_trimmed(&self, after: u128) -> bool {
        self.trimmed.is_some_and(|trimmed| after < trimmed)
    }

    /// The position before the oldest record.
    pub(super) fn trim_horizon(&self) -> u128 {
        self.trimmed.unwrap_or(self.starting.saturating_sub(1))
    }

    /// The position behind the newest record.
    pub(super) fn latest(&self) -> u128 {
        self.last.unwrap_or(self.starting)
    }

    /// The position before the first record of this time or later.
    pub(super) fn at_time(&self, seconds: f64) -> u128 {
        let first = self.records.iter().find(|record| record.seconds >= seconds);
        first.map_or(self.latest(), |record| record.sequence - 1)
    }

    pub(super) fn page(&self, after: u128, limit: usize) -> RecordPage<'_> {
        let begin = self.records.partition_point(|record| record.sequence <= after);
        let mut bytes = 0;
        let records: Vec<_> = self
            .records
            .range(begin..)
            .take(limit)
            .take_while(|record| {
                // A record that is larger than a page has one for itself.
                let fits = bytes == 0 || bytes + record.json.len() <= PAGE_BYTES;
                bytes += record.json.len();
                fits
            })
            .collect();
        let is_end = !self.is_open() && begin + records.len() == self.records.len();
        RecordPage { records, is_end }
    }
}
