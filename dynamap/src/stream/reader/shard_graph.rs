//! The shards of a stream and their lineage.

use super::{checkpoint::Checkpoint, start_at::ApplicationStart};
use crate::{known_fault::KnownFault, stream::SequenceNumber};
use std::collections::{BTreeMap, BTreeSet};

/// The listings in a row that a shard is missing in before its lease is deleted: DescribeStream is eventually consistent.
const LISTINGS_BEFORE_REMOVAL: u32 = 2;

/// The shards that DescribeStream has listed.
#[derive(Debug, Default)]
pub(super) struct ShardGraph {
    shards: BTreeMap<String, KnownShard>,
    /// Shards that are named as parents, and that the stream does not have any more.
    removed: BTreeSet<String>,
}

/// A shard as DescribeStream lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListedShard {
    pub(super) id: String,
    pub(super) parent: Option<String>,
    /// The first sequence number, if it was told.
    pub(super) starts_at: Option<SequenceNumber>,
    /// True if no more records are added to it.
    pub(super) closed: bool,
}

#[derive(Debug)]
struct KnownShard {
    shard: ListedShard,
    /// The listings in a row that did not have it.
    missing: u32,
}

/// The progress of a shard, by its lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeaseState {
    /// There is no lease.
    Absent,
    /// The shard is read, or is to be read.
    Unfinished,
    /// All records of the shard are acknowledged.
    Finished,
}

/// A lease that is to be created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewLease {
    pub(super) shard: String,
    pub(super) parent: Option<String>,
    pub(super) checkpoint: Checkpoint,
}

impl ShardGraph {
    /// Takes the place of all before: the pages of one listing.
    pub(super) fn list_all(&mut self, listing: Vec<ListedShard>) {
        self.shards.values_mut().for_each(|known| known.missing += 1);
        self.add(listing);
    }

    /// Adds shards of a listing that has not all, such as the children of one shard.
    pub(super) fn add(&mut self, shards: Vec<ListedShard>) {
        for shard in shards {
            self.shards.insert(shard.id.clone(), KnownShard { shard, missing: 0 });
        }
    }

    /// True if the last listing had the shard.
    pub(super) fn is_listed(&self, shard: &str) -> bool {
        self.shards.get(shard).is_some_and(|known| known.missing == 0)
    }

    /// True if a shard was missing so often that the stream does not have it any more.
    pub(super) fn is_gone(&self, shard: &str) -> bool {
        self.shards.get(shard).is_none_or(|known| known.missing >= LISTINGS_BEFORE_REMOVAL)
    }

    /// Notes a shard that only its lease is known of, so that its absence is counted.
    pub(super) fn remember(&mut self, shard: &str, parent: Option<&str>) {
        if !self.shards.contains_key(shard) {
            let (id, parent) = (shard.to_owned(), parent.map(str::to_owned));
            let shard = ListedShard { id, parent, starts_at: None, closed: true };
            self.shards.insert(shard.id.clone(), KnownShard { shard, missing: 1 });
        }
    }

    /// Forgets a shard whose lease is deleted.
    pub(super) fn forget(&mut self, shard: &str) {
        self.shards.remove(shard);
    }

    /// Forgets the shards that are neither listed nor leased.
    pub(super) fn retain_leased(&mut self, is_leased: impl Fn(&str) -> bool) {
        self.shards.retain(|id, known| known.missing == 0 || is_leased(id));
        let parents = self.shards.values().filter_map(|known| known.shard.parent.as_ref());
        let parents: BTreeSet<&String> = parents.collect();
        self.removed.retain(|removed| parents.contains(removed));
    }

    /// The first sequence number of a shard, if it is listed.
    pub(super) fn beginning(&self, shard: &str) -> Option<SequenceNumber> {
        self.shards.get(shard)?.shard.starts_at.clone()
    }

    /// The shards that the last listing had.
    pub(super) fn listed(&self) -> impl Iterator<Item = &str> {
        self.shards.iter().filter(|(_, known)| known.missing == 0).map(|(shard, _)| &**shard)
    }

    /// True if a shard has listed children.
    pub(super) fn has_children(&self, shard: &str) -> bool {
        self.shards.values().any(|known| known.shard.parent.as_deref() == Some(shard))
    }

    /// True if a shard may be read: nothing of its parent is left to be read.
    ///
    /// A parent that is neither listed nor leased was removed from the stream.
    pub(super) fn may_be_read(&self, parent: Option<&str>, lease_of: impl Fn(&str) -> LeaseState) -> bool {
        if KnownFault::ChildBeforeParent.is_back() {
            return true;
        }
        parent.is_none_or(|parent| match lease_of(parent) {
            LeaseState::Finished => true,
            LeaseState::Unfinished => false,
            LeaseState::Absent => !self.is_listed(parent),
        })
    }

    /// The parents of new shards that are neither listed nor leased.
    ///
    /// DynamoDB: a listing is eventually consistent. Such a parent was removed from the stream, or is not listed yet.
    pub(super) fn unlisted_parents(&self, lease_of: impl Fn(&str) -> LeaseState) -> BTreeSet<String> {
        let listed = self.shards.values().filter(|known| known.missing == 0).map(|known| &known.shard);
        let new = listed.filter(|shard| lease_of(&shard.id) == LeaseState::Absent);
        let parents = new.filter_map(|shard| shard.parent.clone());
        let is_unknown = |parent: &str| !self.is_listed(parent) && lease_of(parent) == LeaseState::Absent;
        parents.filter(|parent| is_unknown(parent) && !self.removed.contains(parent)).collect()
    }

    /// Notes a parent that the stream does not have any more.
    pub(super) fn note_removed(&mut self, parent: String) {
        self.removed.insert(parent);
    }

    /// The leases that listed shards lack, parents first. A shard whose parent is not listed yet waits for it.
    pub(super) fn new_leases(
        &self,
        start: &ApplicationStart,
        lease_of: impl Fn(&str) -> LeaseState,
    ) -> Vec<NewLease> {
        let listed = self.shards.values().filter(|known| known.missing == 0).map(|known| &known.shard);
        let parents: BTreeSet<&str> = listed.clone().filter_map(|shard| shard.parent.as_deref()).collect();
        let unlisted = self.unlisted_parents(&lease_of);
        // So do its descendants: a worker with an older listing takes a parent without a lease as removed.
        let is_waiting = |shard: &ListedShard| {
            let mut at = shard.parent.as_deref();
            for _ in 0..=self.shards.len() {
                let Some(parent) = at.filter(|parent| lease_of(parent) == LeaseState::Absent) else {
                    return false;
                };
                if unlisted.contains(parent) {
                    return true;
                }
                at = self.shards.get(parent).and_then(|known| known.shard.parent.as_deref());
            }
            false
        };
        let new = listed.filter(|shard| lease_of(&shard.id) == LeaseState::Absent && !is_waiting(shard));
        let mut leases: Vec<(usize, NewLease)> = new
            .map(|shard| {
                let checkpoint = match start.is_initialized {
                    true => self.beginning_of(shard, start, &lease_of),
                    // Only a shard with children is closed for sure.
                    false => start.first_checkpoint(shard.closed && parents.contains(&*shard.id)),
                };
                let lease = NewLease { shard: shard.id.clone(), parent: shard.parent.clone(), checkpoint };
                (self.depth(&shard.id), lease)
            })
            .collect();
        leases.sort_by_key(|(depth, _)| *depth);
        leases.into_iter().map(|(_, lease)| lease).collect()
    }

    /// The place at which a shard is read first that was found after the start.
    fn beginning_of(
        &self,
        shard: &ListedShard,
        start: &ApplicationStart,
        lease_of: impl Fn(&str) -> LeaseState,
    ) -> Checkpoint {
        let is_known = |parent: &str| self.is_listed(parent) || lease_of(parent) != LeaseState::Absent;
        if !shard.parent.as_deref().is_none_or(is_known) {
            return Checkpoint::Gap;
        }
        // The oldest record by its number, and not by `TRIM_HORIZON`: so it is told if it has been trimmed.
        let beginning = shard.starts_at.clone().map_or(Checkpoint::TrimHorizon, Checkpoint::At);
        start.from().map_or(beginning, Checkpoint::From)
    }

    /// The number of listed ancestors.
    fn depth(&self, shard: &str) -> usize {
        let parent = |id: &str| self.shards.get(id).and_then(|known| known.shard.parent.as_deref());
        let (mut depth, mut at) = (0, parent(shard));
        while let Some(id) = at.filter(|_| depth <= self.shards.len()) {
            (depth, at) = (depth + 1, parent(id));
        }
        depth
    }
}

#[cfg(test)]
mod tests;
