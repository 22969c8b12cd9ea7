use std::time::Duration;

use fastrand::Rng;
use serde_json::Value;

use super::error::ShardModelError;
use super::log::ShardEvent;
use super::moment::Moment;
use super::shard::{Lineage, ShardState, StoredRecord};

/// A stream: its shards in the order in which they opened, those that have gone included.
pub(super) struct StreamState {
    pub(super) about: AboutStream,
    pub(super) is_enabled: bool,
    pub(super) shards: Vec<ShardState>,
    next_sequence: u128,
}

/// The part of a stream's description that never changes.
#[derive(Clone)]
pub(super) struct AboutStream {
    pub(super) arn: String,
    pub(super) label: String,
    pub(super) table: String,
    pub(super) view: String,
    pub(super) key_schema: Value,
    /// Seconds since the epoch.
    pub(super) created: f64,
}

impl AboutStream {
    pub(super) fn partition_key(&self) -> Option<&str> {
        let elements = self.key_schema.as_array()?;
        let partition = elements.iter().find(|element| element["KeyType"] == "HASH")?;
        partition["AttributeName"].as_str()
    }
}

impl StreamState {
    pub(super) fn new(about: AboutStream, first_sequence: u128, moment: &mut Moment<'_>) -> Self {
        let mut stream = Self { about, is_enabled: true, shards: Vec::new(), next_sequence: first_sequence };
        let count = moment.plan.shards;
        let width = u32::MAX / count;
        for number in 0..count {
            let first = number * width;
            let last = if number + 1 == count { u32::MAX } else { first + (width - 1) };
            stream.open(Lineage::default(), vec![(first, last)], moment);
        }
        stream
    }

    /// Takes the next number, which is not below this one.
    pub(super) fn next_sequence(&mut self, at_least: u128) -> u128 {
        let number = self.next_sequence.max(at_least);
        self.next_sequence = number + 1;
        number
    }

    pub(super) fn shard(&self, id: &str) -> Option<&ShardState> {
        self.shards.iter().find(|shard| shard.id == id)
    }

    /// Puts a record into the open shard of its partition key's hash. Returns the shard's id; none if all are closed.
    pub(super) fn push(&mut self, hash: u32, record: StoredRecord) -> Option<&str> {
        let shard = self.shards.iter_mut().find(|shard| shard.is_open() && shard.covers(hash))?;
        shard.push(record);
        Some(&shard.id)
    }

    /// Draws the sequence number of one of the records; of none if there is no record.
    pub(super) fn random_number(&self, rng: &mut Rng) -> u128 {
        let mut numbers: Vec<u128> = self.shards.iter().flat_map(ShardState::numbers).collect();
        numbers.sort_unstable();
        rng.choice(numbers).unwrap_or_default()
    }

    pub(super) fn open_shards(&self) -> impl Iterator<Item = &ShardState> {
        self.shards.iter().filter(|shard| shard.is_open())
    }

    fn open(&mut self, lineage: Lineage, ranges: Vec<(u32, u32)>, moment: &mut Moment<'_>) -> String {
        let starting = self.next_sequence(0);
        let parent = lineage.parent.as_deref().and_then(|parent| self.shard(parent));
        let parent_listed_at = parent.map_or(Duration::ZERO, |parent| parent.listed_at);
        let mut shard = ShardState::open(lineage, ranges, starting, moment);
        // A child is not listed before its parent.
        shard.listed_at = shard.listed_at.max(parent_listed_at);
        let id = shard.id.clone();
        self.shards.push(shard);
        id
    }

    /// Closes an open shard. Returns its ranges.
    fn close(&mut self, id: &str, moment: &mut Moment<'_>) -> Result<Vec<(u32, u32)>, ShardModelError> {
        let shard = self.shards.iter_mut().find(|shard| shard.id == id);
        let shard = shard.ok_or_else(|| ShardModelError::UnknownShard(id.to_owned()))?;
        shard.close(moment);
        Ok(shard.ranges.clone())
    }

    /// The shard with this id, if it is open.
    fn opened(&self, id: &str) -> Result<&ShardState, ShardModelError> {
        let shard = self.shard(id).ok_or_else(|| ShardModelError::UnknownShard(id.to_owned()))?;
        if shard.is_open() { Ok(shard) } else { Err(ShardModelError::ClosedShard(id.to_owned())) }
    }

    pub(super) fn roll_over(&mut self, id: &str, moment: &mut Moment<'_>) -> Result<String, ShardModelError> {
        self.opened(id)?;
        let ranges = self.close(id, moment)?;
        Ok(self.open(child_of(id), ranges, moment))
    }

    pub(super) fn split(
        &mut self,
        id: &str,
        moment: &mut Moment<'_>,
    ) -> Result<[String; 2], ShardModelError> {
        let halves = halves(&self.opened(id)?.ranges);
        let [left, right] = halves.ok_or_else(|| ShardModelError::NarrowShard(id.to_owned()))?;
        self.close(id, moment)?;
        Ok([self.open(child_of(id), left, moment), self.open(child_of(id), right, moment)])
    }

    /// Merges two open shards into a child of the first one.
    pub(super) fn merge(
        &mut self,
        [id, other]: [&str; 2],
        moment: &mut Moment<'_>,
    ) -> Result<String, ShardModelError> {
        self.opened(id)?;
        self.opened(other)?;
        let behind = self.behind_another_parent(id, other);
        if behind.iter().any(|shard| shard.has_records()) {
            return Err(ShardModelError::RecordsOutOfOrder(other.to_owned()));
        }
        let mut ranges = self.close(id, moment)?;
        ranges.extend(self.close(other, moment)?);
        let lineage = Lineage { parent: Some(id.to_owned()), merged: Some(other.to_owned()) };
        Ok(self.open(lineage, ranges, moment))
    }

    /// Two open shards whose merge puts no record out of order, not even one that a reader still has in its hands.
    pub(super) fn mergeable(&self) -> Vec<[String; 2]> {
        let mut pairs = Vec::new();
        for shard in self.open_shards() {
            for other in self.open_shards().filter(|other| other.id != shard.id) {
                let behind = self.behind_another_parent(&shard.id, &other.id);
                if !behind.iter().any(|shard| shard.was_written()) {
                    pairs.push([shard.id.clone(), other.id.clone()]);
                }
            }
        }
        pairs
    }

    /// `other` and those of its ancestors that a reader of `id` has not read before.
    fn behind_another_parent(&self, id: &str, other: &str) -> Vec<&ShardState> {
        let known = self.ancestors(id, |lineage| vec![lineage.parent.clone()]);
        let all = self.ancestors(other, |lineage| vec![lineage.parent.clone(), lineage.merged.clone()]);
        all.into_iter().filter(|shard| !known.iter().any(|ancestor| ancestor.id == shard.id)).collect()
    }

    /// The shard and its ancestors.
    fn ancestors(&self, id: &str, parents: impl Fn(&Lineage) -> Vec<Option<String>>) -> Vec<&ShardState> {
        let mut found: Vec<&ShardState> = Vec::new();
        let mut next = vec![id.to_owned()];
        while let Some(id) = next.pop() {
            let Some(shard) = self.shard(&id) else { continue };
            if !found.iter().any(|other| other.id == shard.id) {
                found.push(shard);
                next.extend(parents(&shard.lineage).into_iter().flatten());
            }
        }
        found
    }

    /// Trims the records below this number, and takes out closed shards without records.
    pub(super) fn trim_before(&mut self, number: u128, moment: &mut Moment<'_>) {
        for shard in &mut self.shards {
            shard.trim(|record| record.sequence < number, moment);
            if shard.closing.as_ref().is_some_and(|closing| closing.ending < number) {
                shard.go(moment);
            }
        }
    }

    /// Trims the records of one shard; it stays in the list until its time has come.
    pub(super) fn trim_shard(&mut self, id: &str, moment: &mut Moment<'_>) -> Result<(), ShardModelError> {
        let shard = self.shards.iter_mut().find(|shard| shard.id == id && shard.gone_at.is_none());
        shard.ok_or_else(|| ShardModelError::UnknownShard(id.to_owned()))?.trim(|_| true, moment);
        Ok(())
    }

    /// Does what the time since the last call asks for: trims what is too old, and rolls over shards.
    pub(super) fn advance(&mut self, rolls_over: bool, moment: &mut Moment<'_>) {
        let (now, retention, age) = (moment.now, moment.plan.retention, moment.plan.roll_over_every);
        let is_past = |since: Duration, limit: Duration| now.saturating_sub(since) >= limit;
        for shard in &mut self.shards {
            shard.trim(|record| is_past(record.arrived, retention), moment);
            if shard.closing.as_ref().is_some_and(|closing| is_past(closing.at, retention)) {
                shard.go(moment);
            }
        }
        if !rolls_over {
            return;
        }
        let due = self.open_shards().filter(|shard| is_past(shard.opened_at, age));
        let due: Vec<String> = due.map(|shard| shard.id.clone()).collect();
        for id in due {
            // Open, as just seen.
            let _ = self.roll_over(&id, moment);
        }
    }

    pub(super) fn disable(&mut self, moment: &mut Moment<'_>) {
        if !std::mem::replace(&mut self.is_enabled, false) {
            return;
        }
        self.shards.iter_mut().for_each(|shard| shard.close(moment));
        moment.log(ShardEvent::Disabled { stream: self.about.arn.clone() });
    }
}

fn child_of(id: &str) -> Lineage {
    Lineage { parent: Some(id.to_owned()), merged: None }
}

/// The ranges in two halves. None if there is a single value.
fn halves(ranges: &[(u32, u32)]) -> Option<[Vec<(u32, u32)>; 2]> {
    if let [(first, last)] = *ranges {
        let middle = first + (last - first) / 2;
        return (first < last).then(|| [vec![(first, middle)], vec![(middle + 1, last)]]);
    }
    let (left, right) = ranges.split_at(ranges.len() / 2);
    Some([left.to_vec(), right.to_vec()])
}
