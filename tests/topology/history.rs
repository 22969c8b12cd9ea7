//! The truth of one topology, and all that is not true of what its workers do.

use super::facts::{Facts, LeaseFacts, RecordFacts};
use crate::simulation::trace::Trace;
use dynamap_local::shards::{ShardEvent, ShardModel};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The history of a topology; clones share it.
#[derive(Clone)]
pub(super) struct History(Arc<Mutex<Inner>>);

struct Inner {
    model: ShardModel,
    /// The most records of a shard that a worker may have read, and not handed out.
    most_ahead: usize,
    /// The records that a worker has read and not handed out, by their shard.
    fetched: BTreeMap<(String, String), BTreeSet<u128>>,
    facts: Facts,
    now: Duration,
    streams: Vec<StreamFacts>,
    gaps: Vec<GapFacts>,
    tally: TopologyTally,
    violations: Vec<String>,
    trace: Trace,
    verbose: bool,
}

/// The stream of a shard, as a worker got it.
struct StreamFacts {
    worker: String,
    shard: String,
    /// The checkpoint of the lease when the stream began.
    begin: u128,
    last: Option<u128>,
    is_first: bool,
}

struct GapFacts {
    shard: String,
    after: u128,
    is_finished: bool,
}

/// Counts of what happened.
#[derive(Debug, Default, Clone)]
pub struct TopologyTally {
    /// Records that were put into the stream.
    pub records: u64,
    /// Records that were delivered, those that were delivered again included.
    pub deliveries: u64,
    /// Deliveries of records that had been finished before.
    pub replays: u64,
    /// Records that were trimmed before a worker had them.
    pub trimmed: u64,
    /// Gaps that were reported.
    pub gaps: u64,
    /// Shards that opened.
    pub shards: u64,
    /// Streams of shards that workers got.
    pub streams: u64,
    /// Leases that were taken from another worker.
    pub takeovers: u64,
    /// Requests that arrived at the lease table.
    pub lease_requests: u64,
    /// Requests that arrived at the stream.
    pub stream_requests: u64,
    /// Workers that were killed.
    pub killed: u64,
    /// Workers that slept.
    pub asleep: u64,
}

impl TopologyTally {
    pub(super) fn add(&mut self, other: &Self) {
        self.records += other.records;
        self.deliveries += other.deliveries;
        self.replays += other.replays;
        self.trimmed += other.trimmed;
        self.gaps += other.gaps;
        self.shards += other.shards;
        self.streams += other.streams;
        self.takeovers += other.takeovers;
        self.lease_requests += other.lease_requests;
        self.stream_requests += other.stream_requests;
        self.killed += other.killed;
        self.asleep += other.asleep;
    }
}

impl History {
    pub(super) fn new(model: ShardModel, most_ahead: usize, verbose: bool) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            model,
            most_ahead,
            fetched: BTreeMap::new(),
            facts: Facts::default(),
            now: Duration::ZERO,
            streams: Vec::new(),
            gaps: Vec::new(),
            tally: TopologyTally::default(),
            violations: Vec::new(),
            trace: Trace::new(),
            verbose,
        })))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the time of the world, which events are noted with.
    pub(super) fn set_time(&self, now: Duration) {
        let mut inner = self.lock();
        inner.absorb();
        inner.now = now;
    }

    pub(super) fn say(&self, what: &str) {
        self.lock().say(what);
    }

    pub(super) fn count(&self, change: impl FnOnce(&mut TopologyTally)) {
        change(&mut self.lock().tally);
    }

    pub(super) fn violated(&self, what: &str) {
        self.lock().violated(what);
    }

    /// Notes a record that is in the stream.
    pub(super) fn put(&self, number: u128, shard: &str, key: u32, version: u32) {
        let mut inner = self.lock();
        inner.tally.records += 1;
        inner.say(&format!("put {key} {version} as {number} in {shard}"));
        inner.facts.put(number, RecordFacts::new(shard, key, version));
    }

    /// Notes a stream that a worker got. Returns its number.
    pub(super) fn opened(&self, worker: &str, shard: &str) -> usize {
        let mut inner = self.lock();
        inner.tally.streams += 1;
        let begin = inner.facts.acquired(worker, shard);
        inner.say(&format!("{worker} opens {shard} behind {begin}"));
        let (worker, shard) = (worker.to_owned(), shard.to_owned());
        inner.fetched.remove(&(worker.clone(), shard.clone()));
        inner.streams.push(StreamFacts { worker, shard, begin, last: None, is_first: true });
        inner.streams.len() - 1
    }

    /// Notes a record that was handed to a worker.
    pub(super) fn delivered(&self, stream: usize, number: u128, key: u32, version: u32) {
        self.lock().delivered(stream, number, key, version);
    }

    /// Notes a record that a handler begins with.
    pub(super) fn handled(&self, worker: &str, number: u128, key: u32, version: u32) {
        self.lock().handled(worker, number, key, version);
    }

    /// Notes a gap that was told. Returns its number.
    pub(super) fn gap(&self, worker: &str, shard: &str, after: Option<u128>) -> usize {
        let mut inner = self.lock();
        inner.absorb();
        inner.tally.gaps += 1;
        inner.say(&format!("{worker} is told of a gap of {shard} after {after:?}"));
        if !inner.facts.may_have_gap(shard) {
            inner.violated(&format!("a gap of {shard} is told, of which nothing was trimmed"));
        }
        let after = after.unwrap_or(0);
        inner.gaps.push(GapFacts { shard: shard.to_owned(), after, is_finished: false });
        inner.gaps.len() - 1
    }

    pub(super) fn finished_gap(&self, gap: usize) {
        self.lock().gaps[gap].is_finished = true;
    }

    /// Notes that a worker is done with a record.
    pub(super) fn finished(&self, number: u128) {
        let mut inner = self.lock();
        inner.say(&format!("finished {number}"));
        inner.facts.finish(number);
    }

    /// Notes that the application has leases for all shards of its start.
    pub(super) fn started(&self) {
        let mut inner = self.lock();
        inner.absorb();
        inner.facts.start();
    }

    /// Notes the records that a worker has read.
    pub(super) fn fetched(&self, worker: &str, numbers: &[u128]) {
        let mut inner = self.lock();
        let Some(record) = numbers.first().and_then(|number| inner.facts.record(*number)) else { return };
        let shard = record.shard.clone();
        let fetched = inner.fetched.entry((worker.to_owned(), shard.clone())).or_default();
        fetched.extend(numbers);
        let (count, most) = (fetched.len(), inner.most_ahead);
        if count > most {
            inner.violated(&format!("{worker} has read {count} records of {shard} ahead, and may {most}"));
        }
    }

    /// Notes a lease after a write that was applied.
    pub(super) fn lease_written(&self, worker: &str, shard: &str, lease: Option<LeaseFacts>) {
        let mut inner = self.lock();
        inner.absorb();
        inner.lease_written(worker, shard, lease);
    }

    /// True once each record is finished, or lost and told.
    pub(super) fn is_complete(&self) -> bool {
        let mut inner = self.lock();
        inner.absorb();
        inner.missing().is_none()
    }

    pub(super) fn judge(self) -> (TopologyTally, Vec<String>, u64) {
        let mut inner = self.lock();
        inner.absorb();
        if let Some(missing) = inner.missing() {
            inner.violated(&missing);
        }
        let trimmed = inner.facts.records().filter(|(_, record)| record.is_lost()).count();
        inner.tally.trimmed = trimmed as u64;
        (inner.tally.clone(), std::mem::take(&mut inner.violations), inner.trace.value())
    }
}

impl Inner {
    fn say(&mut self, what: &str) {
        let line = format!("{:>9.3}s {what}", self.now.as_secs_f64());
        if self.verbose {
            println!("{line}");
        }
        self.trace.add(&line);
    }

    fn violated(&mut self, what: &str) {
        self.say(&format!("VIOLATION: {what}"));
        self.violations.push(what.to_owned());
    }

    /// Takes over what has happened to the shards.
    fn absorb(&mut self) {
        for logged in self.model.log_after(self.facts.events()) {
            self.tally.shards += u64::from(matches!(logged.event, ShardEvent::Opened { .. }));
            self.facts.absorb(&logged.event);
            self.say(&logged.event.to_string());
        }
    }

    fn delivered(&mut self, stream: usize, number: u128, key: u32, version: u32) {
        self.absorb();
        let of = &mut self.streams[stream];
        let (worker, shard) = (of.worker.clone(), of.shard.clone());
        let behind = of.last.unwrap_or(of.begin);
        let begin = of.begin;
        let (is_ordered, is_first) = (of.last.is_none_or(|last| last < number), of.is_first);
        (of.last, of.is_first) = (Some(number), false);
        if let Some(fetched) = self.fetched.get_mut(&(worker.clone(), shard.clone())) {
            fetched.retain(|fetched| *fetched > number);
        }
        self.tally.deliveries += 1;
        self.say(&format!("{worker} gets {number} of {shard}"));
        let Some(record) = self.facts.record(number).cloned() else {
            return self.violated(&format!("{number} was never in the stream"));
        };
        self.tally.replays += u64::from(record.is_finished);
        if (record.shard.as_str(), record.key, record.version) != (&shard, key, version) {
            self.violated(&format!("{number} is not what was put"));
        }
        if !is_ordered {
            self.violated(&format!("{worker} gets {number} of {shard} after {behind}"));
        }
        if number <= begin {
            self.violated(&format!(
                "{worker} gets {number} of {shard}, which the checkpoint {begin} has passed"
            ));
        }
        if let Some(skipped) = self.facts.kept_in(&shard, behind, number - 1) {
            self.violated(&format!("{worker} gets {number} of {shard}, and not {skipped} before"));
        }
        if is_first {
            self.judge_ancestors(&worker, number, &shard);
        }
        self.facts.deliver(number);
    }

    fn handled(&mut self, worker: &str, number: u128, key: u32, version: u32) {
        self.absorb();
        self.tally.deliveries += 1;
        self.say(&format!("{worker} handles {number}"));
        let record =
            self.facts.record(number).filter(|record| (record.key, record.version) == (key, version));
        let Some(record) = record.cloned() else {
            return self.violated(&format!("{number} is not what was put"));
        };
        self.tally.replays += u64::from(record.is_finished);
        if let Some(earlier) = self.facts.unfinished_version(&record) {
            self.violated(&format!("{worker} handles {number} before {earlier} of the same item is done"));
        }
        self.judge_ancestors(worker, number, &record.shard);
        for (_, fetched) in
            self.fetched.iter_mut().filter(|((of, shard), _)| of == worker && *shard == record.shard)
        {
            fetched.retain(|fetched| *fetched > number);
        }
        self.facts.deliver(number);
    }

    fn judge_ancestors(&mut self, worker: &str, number: u128, shard: &str) {
        if let Some((ancestor, open)) = self.facts.unfinished_ancestor(shard) {
            self.violated(&format!(
                "{worker} gets {number} of {shard} before {open} of {ancestor} is finished"
            ));
        }
    }

    fn lease_written(&mut self, worker: &str, shard: &str, lease: Option<LeaseFacts>) {
        let before = self.facts.lease(shard).cloned();
        self.say(&format!("{worker} writes the lease of {shard}: {lease:?}"));
        let Some(lease) = lease else {
            if !before.is_some_and(|before| before.is_end()) {
                self.violated(&format!("the lease of {shard} is deleted before its end"));
            }
            return self.facts.delete_lease(shard);
        };
        if let Some(before) = &before {
            self.judge_lease(worker, shard, before, &lease);
        }
        let owner = lease.owner.clone();
        if self.facts.write_lease(worker, shard, lease)
            && let Some(owner) = owner
        {
            self.fetched.remove(&(owner, shard.to_owned()));
        }
    }

    fn judge_lease(&mut self, worker: &str, shard: &str, before: &LeaseFacts, lease: &LeaseFacts) {
        let is_taken = before.owner.is_some() && lease.owner.is_some() && before.owner != lease.owner;
        self.tally.takeovers += u64::from(is_taken);
        if before.checkpoint == lease.checkpoint {
            return;
        }
        if before.owner.as_deref() != Some(worker) {
            self.violated(&format!(
                "{worker} writes a checkpoint of {shard}, whose owner is {:?}",
                before.owner
            ));
        }
        let end = u128::MAX;
        if let Some(number) = self.facts.kept_in(shard, lease.passed(end), before.passed(end)) {
            self.violated(&format!(
                "the checkpoint of {shard} goes back to {}, before {number}",
                lease.checkpoint
            ));
        }
        if lease.is_end() && !self.facts.is_closed(shard) {
            self.violated(&format!("the checkpoint of {shard} is its end, and it is open"));
        }
        let passed = self.facts.unfinished(shard, lease.passed(end));
        let told = |number: u128| self.gaps.iter().any(|gap| gap.is_finished && gap.covers(shard, number));
        let passed: Vec<u128> = passed.into_iter().filter(|number| !told(*number)).collect();
        if let Some(number) = passed.first() {
            self.violated(&format!("the checkpoint {} of {shard} passes {number}", lease.checkpoint));
        }
    }

    /// A record that is neither finished, nor lost and told.
    fn missing(&self) -> Option<String> {
        let is_told = |number: u128, record: &RecordFacts| {
            self.gaps.iter().any(|gap| {
                let of_shard = gap.covers(&record.shard, number);
                let of_descendant = || self.facts.lineage(&gap.shard).contains(&record.shard.as_str());
                gap.is_finished && (of_shard || (gap.shard != record.shard && of_descendant()))
            })
        };
        let open = |(number, record): &(u128, &RecordFacts)| match () {
            () if record.is_finished || record.is_excused => false,
            () if record.is_trimmed => !is_told(*number, record),
            () => true,
        };
        let (number, record) = self.facts.records().find(open)?;
        let what = if record.is_trimmed { "was trimmed, and no gap was told" } else { "was never finished" };
        Some(format!("{number} of {} {what}", record.shard))
    }
}

impl GapFacts {
    fn covers(&self, shard: &str, number: u128) -> bool {
        self.shard == shard && self.after < number
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History").finish_non_exhaustive()
    }
}
