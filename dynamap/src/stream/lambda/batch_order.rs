use std::{
    collections::{BTreeSet, HashMap},
    hash::Hash,
};

/// The order in which the records of one event are handled, and what became of each.
///
/// Records of one key are handled one after another, in their order, and records of several keys at once. After a record
/// that failed, none behind it in its shard is started: the event source delivers them again, from that record on.
///
/// A record is named by its position. The records of a shard are in the order of their positions.
#[derive(Debug)]
pub(super) struct BatchOrder {
    records: Vec<Place>,
    /// The records that wait for no other and are not started.
    ready: BTreeSet<usize>,
    /// Of each shard, the lowest record that failed.
    failed: Vec<Option<usize>>,
    is_closed: bool,
}

#[derive(Debug)]
struct Place {
    shard: usize,
    is_done: bool,
    /// The number of records that are handled before this one.
    waits_for: usize,
    /// The records that wait for this one.
    followers: Vec<usize>,
}

/// The records of a shard that the next one may have to wait for.
struct Tail<K> {
    /// The last record of each key.
    of_key: HashMap<K, usize>,
    /// The last record without a key. It is before all of `of_key`.
    without_key: Option<usize>,
}

impl BatchOrder {
    /// The order of records, each with its shard and its key. Shards are numbers from 0.
    ///
    /// A record whose key cannot be told is handled alone: after all records of the shard that are before it, and before all
    /// others.
    pub(super) fn new<K: Eq + Hash>(records: impl IntoIterator<Item = (usize, Option<K>)>) -> Self {
        let mut order =
            Self { records: Vec::new(), ready: BTreeSet::new(), failed: Vec::new(), is_closed: false };
        let mut tails: Vec<Tail<K>> = Vec::new();
        for (shard, key) in records {
            if tails.len() <= shard {
                tails.resize_with(shard + 1, Tail::new);
                order.failed.resize(shard + 1, None);
            }
            let before = tails.get_mut(shard).map(|tail| tail.push(order.records.len(), key));
            order.push(shard, before.unwrap_or_default());
        }
        order
    }

    fn push(&mut self, shard: usize, before: Vec<usize>) {
        let position = self.records.len();
        if before.is_empty() {
            self.ready.insert(position);
        }
        let waits_for = before.len();
        for before in before {
            if let Some(before) = self.records.get_mut(before) {
                before.followers.push(position);
            }
        }
        self.records.push(Place { shard, is_done: false, waits_for, followers: Vec::new() });
    }

    /// Starts the next record, if one may be started now.
    pub(super) fn start(&mut self) -> Option<usize> {
        if self.is_closed {
            return None;
        }
        let next = self.ready.iter().copied().find(|position| self.is_wanted(*position))?;
        self.ready.remove(&next);
        Some(next)
    }

    /// Returns true unless the record is delivered again in any case, since one before it in its shard has failed.
    fn is_wanted(&self, position: usize) -> bool {
        let shard = self.records.get(position).map(|record| record.shard);
        let failed = shard.and_then(|shard| self.failed.get(shard).copied().flatten());
        failed.is_none_or(|failed| position < failed)
    }

    /// Returns true if a record that was started is worth another attempt.
    pub(super) fn is_worth_a_retry(&self, position: usize) -> bool {
        !self.is_closed && self.is_wanted(position)
    }

    /// Marks a record that was started as done, which starts the next one of its key.
    pub(super) fn done(&mut self, position: usize) {
        let Some(record) = self.records.get_mut(position) else { return };
        record.is_done = true;
        for follower in std::mem::take(&mut record.followers) {
            if let Some(record) = self.records.get_mut(follower) {
                record.waits_for = record.waits_for.saturating_sub(1);
                if record.waits_for == 0 {
                    self.ready.insert(follower);
                }
            }
        }
    }

    /// Marks a record that was started as failed.
    pub(super) fn failed(&mut self, position: usize) {
        let Some(shard) = self.records.get(position).map(|record| record.shard) else { return };
        if let Some(failed) = self.failed.get_mut(shard) {
            *failed = Some(failed.map_or(position, |lowest| lowest.min(position)));
        }
    }

    /// Starts no more records.
    pub(super) fn close(&mut self) {
        self.is_closed = true;
    }

    /// The first record of each shard that is not done: all before it in its shard are.
    pub(super) fn first_unfinished(&self) -> Vec<usize> {
        let mut first = vec![None; self.failed.len()];
        for (position, record) in self.records.iter().enumerate().filter(|(_, record)| !record.is_done) {
            if let Some(first) = first.get_mut(record.shard) {
                first.get_or_insert(position);
            }
        }
        first.into_iter().flatten().collect()
    }
}

impl<K: Eq + Hash> Tail<K> {
    fn new() -> Self {
        Self { of_key: HashMap::new(), without_key: None }
    }

    /// Adds a record; returns those that it waits for.
    fn push(&mut self, position: usize, key: Option<K>) -> Vec<usize> {
        match key {
            Some(key) => self.of_key.insert(key, position).or(self.without_key).into_iter().collect(),
            None => {
                let last: Vec<usize> = self.of_key.drain().map(|(_, last)| last).collect();
                let before = self.without_key.replace(position);
                if last.is_empty() { before.into_iter().collect() } else { last }
            }
        }
    }
}

#[cfg(test)]
mod tests;
