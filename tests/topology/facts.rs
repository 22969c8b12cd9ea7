//! The records, the shards and the leases of a topology as they are.

use dynamap_local::shards::ShardEvent;
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Facts {
    records: BTreeMap<u128, RecordFacts>,
    shards: BTreeMap<String, ShardFacts>,
    leases: BTreeMap<String, LeaseFacts>,
    /// The number of the last record that the checkpoint had passed when a worker acquired a shard.
    acquired: BTreeMap<(String, String), u128>,
    /// True once the application has leases for the shards that were there at its start.
    is_started: bool,
    /// The number of events of the model that are part of this.
    events: usize,
}

#[derive(Debug, Clone)]
pub(super) struct RecordFacts {
    pub(super) shard: String,
    pub(super) key: u32,
    pub(super) version: u32,
    pub(super) is_delivered: bool,
    pub(super) is_finished: bool,
    pub(super) is_trimmed: bool,
    /// True if it was trimmed before the application began to read its shard: the oldest record was another then.
    pub(super) is_excused: bool,
}

#[derive(Default)]
struct ShardFacts {
    parent: Option<String>,
    is_closed: bool,
    is_gone: bool,
    /// True if it was there when the application started.
    is_initial: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct LeaseFacts {
    pub(super) owner: Option<String>,
    pub(super) checkpoint: String,
}

impl RecordFacts {
    pub(super) fn new(shard: &str, key: u32, version: u32) -> Self {
        let (is_delivered, is_finished, is_trimmed, is_excused) = (false, false, false, false);
        Self { shard: shard.to_owned(), key, version, is_delivered, is_finished, is_trimmed, is_excused }
    }

    /// True if no worker had it before it was trimmed.
    pub(super) fn is_lost(&self) -> bool {
        self.is_trimmed && !self.is_delivered
    }
}

impl LeaseFacts {
    pub(super) fn is_end(&self) -> bool {
        self.checkpoint == "SHARD_END"
    }

    /// The number of the last record that the checkpoint has passed; `end` if it has passed all.
    pub(super) fn passed(&self, end: u128) -> u128 {
        match self.checkpoint.split_once(' ') {
            Some(("AFTER", number)) => number.parse().unwrap(),
            Some(("AT", number)) => number.parse::<u128>().unwrap() - 1,
            _ if self.is_end() => end,
            _ => 0,
        }
    }
}

impl Facts {
    pub(super) fn events(&self) -> usize {
        self.events
    }

    /// Takes over an event of the model.
    pub(super) fn absorb(&mut self, event: &ShardEvent) {
        self.events += 1;
        match event {
            ShardEvent::Opened { shard, parent } => {
                let is_initial = !self.is_started;
                let facts = ShardFacts { parent: parent.clone(), is_initial, ..ShardFacts::default() };
                self.shards.insert(shard.clone(), facts);
            }
            ShardEvent::Closed { shard, .. } => {
                self.shards.entry(shard.clone()).or_default().is_closed = true;
            }
            ShardEvent::Gone { shard } => self.shards.entry(shard.clone()).or_default().is_gone = true,
            ShardEvent::Trimmed { shard, through, .. } => self.trim(shard, through.parse().unwrap()),
            _ => {}
        }
    }

    fn trim(&mut self, shard: &str, through: u128) {
        let is_initial = self.shards.get(shard).is_some_and(|shard| shard.is_initial);
        let is_read = self.leases.get(shard).is_some_and(|lease| lease.checkpoint != "TRIM_HORIZON")
            || self.of_shard(shard).any(|(_, record)| record.is_delivered);
        for (_, record) in self.records.range_mut(..=through).filter(|(_, record)| record.shard == shard) {
            record.is_excused |= !record.is_trimmed && is_initial && !is_read;
            record.is_trimmed = true;
        }
    }

    pub(super) fn start(&mut self) {
        self.is_started = true;
    }

    pub(super) fn put(&mut self, number: u128, record: RecordFacts) {
        self.records.insert(number, record);
    }

    pub(super) fn record(&self, number: u128) -> Option<&RecordFacts> {
        self.records.get(&number)
    }

    pub(super) fn records(&self) -> impl Iterator<Item = (u128, &RecordFacts)> {
        self.records.iter().map(|(number, record)| (*number, record))
    }

    fn of_shard(&self, shard: &str) -> impl Iterator<Item = (u128, &RecordFacts)> {
        self.records().filter(move |(_, record)| record.shard == shard)
    }

    pub(super) fn deliver(&mut self, number: u128) {
        self.records.entry(number).and_modify(|record| record.is_delivered = true);
    }

    pub(super) fn finish(&mut self, number: u128) {
        self.records.entry(number).and_modify(|record| record.is_finished = true);
    }

    /// A record of a shard in a range, which the stream still has.
    pub(super) fn kept_in(&self, shard: &str, after: u128, through: u128) -> Option<u128> {
        let kept = self.of_shard(shard).filter(|(number, record)| *number <= through && !record.is_trimmed);
        kept.map(|(number, _)| number).find(|number| *number > after)
    }

    /// The records of a shard up to a number that no worker is done with.
    pub(super) fn unfinished(&self, shard: &str, through: u128) -> Vec<u128> {
        let is_open = |record: &RecordFacts| !record.is_finished && !record.is_excused;
        let records = self.of_shard(shard).filter(|(number, record)| *number <= through && is_open(record));
        records.map(|(number, _)| number).collect()
    }

    /// A record of an ancestor of a shard that the stream still has, and that no worker is done with.
    pub(super) fn unfinished_ancestor(&self, shard: &str) -> Option<(String, u128)> {
        let ancestors = self.lineage(shard);
        ancestors.iter().skip(1).find_map(|ancestor| {
            let open = self.of_shard(ancestor).find(|(_, record)| !record.is_finished && !record.is_trimmed);
            open.map(|(number, _)| ((*ancestor).to_owned(), number))
        })
    }

    /// An earlier record of the same item that the stream still has, and that no worker is done with.
    pub(super) fn unfinished_version(&self, of: &RecordFacts) -> Option<u128> {
        let is_earlier = |record: &RecordFacts| record.key == of.key && record.version < of.version;
        let is_open = |record: &RecordFacts| !record.is_finished && !record.is_trimmed;
        self.records().find(|(_, record)| is_earlier(record) && is_open(record)).map(|(number, _)| number)
    }

    /// The shard and its ancestors.
    pub(super) fn lineage<'a>(&'a self, shard: &'a str) -> Vec<&'a str> {
        let parent = |shard: &&str| self.shards.get(*shard).and_then(|shard| shard.parent.as_deref());
        std::iter::successors(Some(shard), parent).collect()
    }

    /// True if records of a shard or of an ancestor were trimmed, or may have been: of one that has gone nobody can tell.
    pub(super) fn may_have_gap(&self, shard: &str) -> bool {
        let is_gone = |shard: &str| self.shards.get(shard).is_some_and(|shard| shard.is_gone);
        let is_trimmed = |shard: &str| self.of_shard(shard).any(|(_, record)| record.is_trimmed);
        self.lineage(shard).into_iter().any(|shard| is_gone(shard) || is_trimmed(shard))
    }

    pub(super) fn is_closed(&self, shard: &str) -> bool {
        self.shards.get(shard).is_some_and(|shard| shard.is_closed)
    }

    pub(super) fn lease(&self, shard: &str) -> Option<&LeaseFacts> {
        self.leases.get(shard)
    }

    /// Notes a lease that a worker has written. Returns true if its owner has changed.
    pub(super) fn write_lease(&mut self, worker: &str, shard: &str, lease: LeaseFacts) -> bool {
        let before = self.leases.get(shard);
        let is_going_on =
            before.is_some_and(|before| before.owner == lease.owner && before.checkpoint != lease.checkpoint);
        let is_taken = before.is_none_or(|before| before.owner != lease.owner);
        if lease.owner.as_deref() == Some(worker) && !is_going_on {
            self.acquired.insert((worker.to_owned(), shard.to_owned()), lease.passed(u128::MAX));
        }
        self.leases.insert(shard.to_owned(), lease);
        is_taken
    }

    /// The number of the last record that the checkpoint had passed when a worker acquired the shard.
    pub(super) fn acquired(&self, worker: &str, shard: &str) -> u128 {
        self.acquired.get(&(worker.to_owned(), shard.to_owned())).copied().unwrap_or_default()
    }

    pub(super) fn delete_lease(&mut self, shard: &str) {
        self.leases.remove(shard);
    }
}
