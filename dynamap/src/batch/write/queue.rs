//! The queue of writes: it selects the writes of the next request, and settles those of a request that is over.
//!
//! It is synchronous and sends nothing. Its methods take the outcomes of requests, and the current time, as arguments.

use super::{encoded::EncodedWrite, unprocessed::Unprocessed};
use crate::{call::retry::RetryPacer, entity::KeyValues};
use std::collections::{HashMap, VecDeque};
use tokio::time::Instant;

/// DynamoDB: the most writes of a request, and the most bytes of its document.
pub(super) const MAX_WRITES: usize = 25;
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// For the document around the writes, and for each write its comma.
const AROUND: usize = 4 * 1024;

/// The writes that a batch has taken and not settled.
///
/// Of each key of a table there is at most one on its way and one that waits: the last that was given. So no request has a key
/// twice, no two that have the same key are on their way at once, and none goes out behind a later one, unless DynamoDB
/// found that one not valid: then the one before it is the last.
#[derive(Debug)]
pub(super) struct Queue {
    tables: Vec<QueuedTable>,
    /// The number of keys of all tables.
    keys: usize,
    slots: Vec<Slot>,
    free: Vec<usize>,
    /// The places whose writes wait and can be sent, in their order.
    ready: VecDeque<usize>,
    bytes: usize,
    /// The number of writes in whose place a later one is.
    superseded: usize,
    limits: Limits,
}

/// The writes of a table.
#[derive(Debug, Default)]
struct QueuedTable {
    /// The place of each key among the slots: it is looked up when a write is taken, and when its key is free again.
    places: HashMap<KeyValues, usize>,
    /// True if its writes go in requests of their own: a request that had others as well was refused, for one of its tables.
    is_apart: bool,
}

/// Of writes in whose place a later one is, at most so many are held.
const MAX_SUPERSEDED: usize = 10_000;

/// The limits of a queue, up to which it takes writes before one of them is settled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) writes: usize,
    pub(super) bytes: usize,
}

/// The writes of a key.
#[derive(Debug, Default)]
struct Slot {
    on_its_way: bool,
    waiting: Option<PendingWrite>,
    /// The earlier ones, in their order, in whose place a later one is that is not settled. It may be one that DynamoDB
    /// never takes: only when it is written is it certain that they are replaced.
    superseded: Vec<PendingWrite>,
}

/// The ready writes that go in the next request.
struct Fit {
    count: usize,
    /// True if no more of them fit.
    is_full: bool,
    /// The table of the writes; `None` if they are of several.
    only_table: Option<usize>,
}

/// A write, and the outcome of its attempts.
#[derive(Debug)]
struct PendingWrite {
    write: PositionedWrite,
    /// Its key's.
    place: usize,
    /// True if an attempt may have been applied without a response.
    ambiguous: bool,
    /// In how large a request it may be. It is halved whenever DynamoDB finds a request not valid, so that in the end the
    /// write which makes it so is alone.
    max_batch: usize,
}

/// A write, and its position among those of its table.
#[derive(Debug)]
pub(in crate::batch) struct PositionedWrite {
    /// The position of its table in the batch.
    pub(in crate::batch) table: usize,
    pub(in crate::batch) position: u64,
    pub(in crate::batch) encoded: EncodedWrite,
}

/// The writes of a request.
#[derive(Debug)]
pub(in crate::batch) struct WriteBatch {
    writes: Vec<PendingWrite>,
    /// The table of the writes; `None` if they are of several.
    only_table: Option<usize>,
    sent: Instant,
}

impl WriteBatch {
    /// The same, to be sent later than it was put together.
    pub(super) fn sent_at(self, sent: Instant) -> Self {
        Self { sent, ..self }
    }

    pub(super) fn writes(&self) -> impl Iterator<Item = &EncodedWrite> + Clone {
        self.writes.iter().map(|waiting| &waiting.write.encoded)
    }

    /// The writes to a table.
    pub(super) fn writes_to(&self, table: usize) -> impl Iterator<Item = &EncodedWrite> + Clone {
        let writes = self.writes.iter().map(|waiting| &waiting.write);
        writes.filter(move |write| write.table == table).map(|write| &write.encoded)
    }

    /// The table of the writes; `None` if they are of several.
    pub(super) fn only_table(&self) -> Option<usize> {
        self.only_table
    }

    /// The tables of the writes, each once.
    pub(super) fn tables(&self) -> Vec<usize> {
        let mut tables: Vec<usize> = self.writes.iter().map(|waiting| waiting.write.table).collect();
        tables.sort_unstable();
        tables.dedup();
        tables
    }
}

/// The result of a request.
#[derive(Debug)]
pub(super) enum BatchOutcome {
    /// All but these were written.
    Processed(Unprocessed),
    /// Nothing was written that anybody knows of, and it is worth another attempt.
    Failed,
    /// DynamoDB found the request not valid, and wrote nothing.
    Invalid,
    /// DynamoDB refused the request, and would refuse it again. Of several tables it may be one that it was refused for.
    Refused,
}

/// The final outcome of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::batch) enum WriteOutcome {
    Written,
    /// A later write of its key was there when it would have been sent, or sent again, and was written.
    Superseded,
    NotWritten,
    /// The write was given up, and an attempt may have been applied.
    Unknown,
}

impl Queue {
    /// A queue for the writes of so many tables.
    pub(super) fn new(limits: Limits, tables: usize) -> Self {
        let tables = (0..tables).map(|_| QueuedTable::default()).collect();
        let (slots, free, ready) = (Vec::new(), Vec::new(), VecDeque::new());
        Self { tables, keys: 0, slots, free, ready, bytes: 0, superseded: 0, limits }
    }

    pub(super) fn has_room(&self) -> bool {
        self.keys < self.limits.writes && self.bytes < self.limits.bytes && self.superseded < MAX_SUPERSEDED
    }

    /// True if nothing is left, neither waiting nor on its way.
    pub(super) fn is_empty(&self) -> bool {
        self.keys == 0
    }

    /// True if as many writes can be sent as a request takes.
    pub(super) fn has_request(&self) -> bool {
        self.ready.len() >= MAX_WRITES
    }

    /// Takes a write, which takes the place of one of its key that waits.
    pub(super) fn push(&mut self, write: PositionedWrite) {
        self.bytes += write.encoded.json().len();
        let place = self.place_of(write.table, write.encoded.key());
        let slot = &mut self.slots[place];
        let new = PendingWrite { write, place, ambiguous: false, max_batch: MAX_WRITES };
        match slot.waiting.replace(new) {
            Some(old) => {
                slot.superseded.push(old);
                self.superseded += 1;
            }
            None if !slot.on_its_way => self.ready.push_back(place),
            None => {}
        }
    }

    fn place_of(&mut self, table: usize, key: &KeyValues) -> usize {
        *self.tables[table].places.entry(key.clone()).or_insert_with(|| {
            self.keys += 1;
            self.free.pop().unwrap_or_else(|| {
                self.slots.push(Slot::default());
                self.slots.len() - 1
            })
        })
    }

    /// The writes of the next request, if there are any; only as many as a request can have unless `allow_partial` is set.
    pub(super) fn next(&mut self, allow_partial: bool, now: Instant) -> Option<WriteBatch> {
        self.bring_together();
        let Fit { count, is_full, only_table } = self.fit();
        if count == 0 || !(allow_partial || is_full) {
            return None;
        }
        let mut writes = Vec::with_capacity(count);
        for place in self.ready.drain(..count) {
            let slot = &mut self.slots[place];
            if let Some(waiting) = slot.waiting.take() {
                slot.on_its_way = true;
                writes.push(waiting);
            }
        }
        Some(WriteBatch { writes, only_table, sent: now })
    }

    /// Brings the ready writes to the table of the first one together, if a table is apart: they go in one request.
    fn bring_together(&mut self) {
        let (slots, is_apart) = (&self.slots, self.tables.iter().any(|table| table.is_apart));
        let table = |place: &usize| slots[*place].waiting.as_ref().map(|waiting| waiting.write.table);
        if let (true, Some(first)) = (is_apart, self.ready.front().map(table)) {
            self.ready.make_contiguous().sort_by_key(|place| table(place) != first);
        }
    }

    /// The ready writes that fit into a request.
    fn fit(&self) -> Fit {
        let (mut most, mut bytes) = (MAX_WRITES, AROUND * self.tables.len());
        let (mut last_table, mut only_table) = (0, None);
        for (count, place) in self.ready.iter().enumerate() {
            let Some(PendingWrite { write, max_batch, .. }) = &self.slots[*place].waiting else { continue };
            bytes += write.encoded.json().len() + 1;
            most = most.min(*max_batch);
            if count == 0 {
                (last_table, only_table) = (write.table, Some(write.table));
                continue;
            }
            let is_another = write.table != last_table;
            if count >= most || bytes > MAX_BYTES || is_another && self.are_apart(last_table, write.table) {
                return Fit { count, is_full: true, only_table };
            }
            if is_another {
                (last_table, only_table) = (write.table, None);
            }
        }
        Fit { count: self.ready.len(), is_full: self.ready.len() >= most, only_table }
    }

    /// True if writes of the two tables do not go in one request.
    fn are_apart(&self, one: usize, other: usize) -> bool {
        self.tables[one].is_apart || self.tables[other].is_apart
    }

    /// Settles the writes of a request, or puts them back; `ambiguous` if an attempt of it may have been applied without an
    /// answer. `settled` is called with each that has found its fate.
    pub(super) fn settle(
        &mut self,
        chunk: WriteBatch,
        (answer, ambiguous): (&BatchOutcome, bool),
        pace: &mut RetryPacer,
        now: Instant,
        mut settled: impl FnMut(PositionedWrite, WriteOutcome),
    ) {
        let count = chunk.writes.len();
        let is_of_several = chunk.only_table.is_none();
        let is_left = |write: &PendingWrite| match answer {
            BatchOutcome::Processed(unprocessed) => {
                unprocessed.has_key(write.write.table, write.write.encoded.key())
            }
            BatchOutcome::Failed => true,
            BatchOutcome::Invalid | BatchOutcome::Refused => false,
        };
        let left = chunk.writes.iter().filter(|write| is_left(write)).count();
        pace.note(matches!(answer, BatchOutcome::Processed(..)) && left < count, left > 0, chunk.sent, now);
        match answer {
            BatchOutcome::Refused if is_of_several => self.set_apart(&chunk),
            BatchOutcome::Processed(_) => {
                if let Some(table) = chunk.only_table {
                    self.tables[table].is_apart = false;
                }
            }
            _ => {}
        }
        for mut write in chunk.writes {
            write.ambiguous |= ambiguous;
            let fate = match answer {
                BatchOutcome::Processed(_) if !is_left(&write) => Some(WriteOutcome::Written),
                BatchOutcome::Processed(_) | BatchOutcome::Failed => {
                    pace.is_over(now).then_some(WriteOutcome::NotWritten)
                }
                BatchOutcome::Invalid if count > 1 => {
                    write.max_batch = count / 2;
                    None
                }
                BatchOutcome::Refused if is_of_several => None,
                BatchOutcome::Invalid | BatchOutcome::Refused => Some(WriteOutcome::NotWritten),
            };
            let fate = match fate {
                Some(WriteOutcome::NotWritten) if write.ambiguous => Some(WriteOutcome::Unknown),
                fate => fate,
            };
            match fate {
                Some(fate) => {
                    let is_invalid = matches!(answer, BatchOutcome::Invalid);
                    self.end(write, fate, is_invalid, &mut settled);
                }
                None => self.put_back(write),
            }
        }
        if self.is_empty() {
            pace.rest();
        }
    }

    /// From now on the writes of each of these tables go in requests of their own, until one of them is processed.
    fn set_apart(&mut self, chunk: &WriteBatch) {
        for pending in &chunk.writes {
            self.tables[pending.write.table].is_apart = true;
        }
    }

    /// Puts a write back that was on its way: it waits again, or is replaced if what has come meanwhile is written.
    fn put_back(&mut self, write: PendingWrite) {
        let place = write.place;
        let slot = &mut self.slots[place];
        slot.on_its_way = false;
        match slot.waiting {
            None => slot.waiting = Some(write),
            Some(_) => {
                slot.superseded.insert(slot.before(&write.write), write);
                self.superseded += 1;
            }
        }
        // What was left goes to the end, so that it is with new writes, and with those of other partitions.
        self.ready.push_back(place);
    }

    /// Settles a write that was on its way, and those before it that have their fate by that; frees its key.
    fn end(
        &mut self,
        write: PendingWrite,
        fate: WriteOutcome,
        is_invalid: bool,
        settled: &mut impl FnMut(PositionedWrite, WriteOutcome),
    ) {
        let place = write.place;
        let slot = &mut self.slots[place];
        slot.on_its_way = false;
        let replaced = match fate {
            WriteOutcome::Written => slot.before(&write.write),
            _ => 0,
        };
        if fate != WriteOutcome::Written && slot.waiting.is_none() && is_invalid {
            // DynamoDB never takes it, and so the one before it is the last of its key.
            slot.waiting = slot.superseded.pop();
            self.superseded -= usize::from(slot.waiting.is_some());
        }
        // Nothing of the key goes out any more: those before share the outcome of the last.
        let settles = if slot.waiting.is_none() { slot.superseded.len() } else { replaced };
        self.superseded -= settles;
        for (at, old) in slot.superseded.drain(..settles).enumerate() {
            let fate = match old.ambiguous {
                _ if at < replaced => WriteOutcome::Superseded,
                true => WriteOutcome::Unknown,
                false => WriteOutcome::NotWritten,
            };
            self.bytes -= old.write.encoded.json().len();
            settled(old.write, fate);
        }
        match slot.waiting {
            Some(_) => self.ready.push_back(place),
            None => {
                self.tables[write.write.table].places.remove(write.write.encoded.key());
                self.keys -= 1;
                self.free.push(place);
            }
        }
        self.bytes -= write.write.encoded.json().len();
        settled(write.write, fate);
    }
}

impl Slot {
    /// The number of the earlier writes that were given before this one.
    fn before(&self, write: &PositionedWrite) -> usize {
        self.superseded.partition_point(|other| other.write.position < write.position)
    }
}

#[cfg(test)]
mod tests;
