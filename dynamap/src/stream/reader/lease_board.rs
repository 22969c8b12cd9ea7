//! The policy of leases: which a worker acquires, and which it asks another worker for.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tokio::time::Instant;

/// The leases as a worker has seen them, and since when each is as it is.
///
/// A lease has expired once its counter stood still for the duration of leases on the worker's own monotonic clock. The
/// clocks of two machines are never compared.
#[derive(Debug)]
pub(super) struct LeaseBoard {
    worker: String,
    duration: Duration,
    sightings: BTreeMap<String, Sighting>,
}

/// The facts of a lease that the policy goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeaseFacts {
    pub(super) shard: String,
    pub(super) owner: Option<String>,
    pub(super) handover: Option<String>,
    pub(super) counter: u64,
    /// True if the shard may be read, and is not finished.
    pub(super) is_active: bool,
}

#[derive(Debug)]
struct Sighting {
    facts: LeaseFacts,
    since: Instant,
}

/// The leases that a worker acquires, and the one that it asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LeasePlan {
    pub(super) acquire: Vec<String>,
    pub(super) ask_for: Option<String>,
}

impl LeaseBoard {
    pub(super) fn new(worker: String, duration: Duration) -> Self {
        Self { worker, duration, sightings: BTreeMap::new() }
    }

    /// Notes the leases as they are in the table `now`.
    pub(super) fn observe(&mut self, leases: Vec<LeaseFacts>, now: Instant) {
        let mut before = std::mem::take(&mut self.sightings);
        for facts in leases {
            let same = before.remove(&facts.shard).filter(|sighting| sighting.facts.is_same_holding(&facts));
            let since = same.map_or(now, |sighting| sighting.since);
            self.sightings.insert(facts.shard.clone(), Sighting { facts, since });
        }
    }

    /// The leases to acquire `now`, and one to ask another worker for.
    ///
    /// `running` are the shards that this worker reads. It takes no more than its fair share, unless the other workers
    /// leave leases for so long that they seem to have no use for them, and never more than `most`.
    pub(super) fn plan(&self, running: &BTreeSet<String>, most: usize, now: Instant) -> LeasePlan {
        let loads = self.loads(running, now);
        let mine = running.len();
        let share = self.active().count().div_ceil(loads.len().max(1)).min(most);
        let mut free: Vec<&Sighting> =
            self.active().filter(|lease| self.is_free(lease, running, now)).collect();
        fastrand::shuffle(&mut free);
        // Those that were given to this worker come first: no other takes them.
        free.sort_by_key(|lease| lease.facts.owner.as_deref() != Some(&self.worker));
        let mut plan = LeasePlan::default();
        for lease in &free {
            let taken = mine + plan.acquire.len();
            let is_left = now.saturating_duration_since(lease.since) >= 2 * self.duration;
            let is_given = lease.facts.owner.as_deref() == Some(&self.worker);
            if taken < share || (taken < most && (is_left || is_given)) {
                plan.acquire.push(lease.facts.shard.clone());
            }
        }
        if free.is_empty() && mine < share && !self.is_awaiting() {
            plan.ask_for = self.to_ask_for(&loads, mine);
        }
        plan
    }

    /// The number of shards that each worker reads, this one included.
    fn loads(&self, running: &BTreeSet<String>, now: Instant) -> BTreeMap<&str, usize> {
        let mut loads = BTreeMap::from([(self.worker.as_str(), running.len())]);
        for lease in self.active().filter(|lease| !self.is_expired(lease, now)) {
            match lease.facts.owner.as_deref() {
                Some(owner) if owner != self.worker => *loads.entry(owner).or_default() += 1,
                _ => {}
            }
        }
        loads
    }

    /// A lease of the worker that has the most, if it has two more at least: otherwise leases would go to and fro.
    fn to_ask_for(&self, loads: &BTreeMap<&str, usize>, mine: usize) -> Option<String> {
        let (busiest, load) = loads.iter().max_by_key(|(_, load)| **load)?;
        if *load < mine + 2 {
            return None;
        }
        let of_busiest = self.active().filter(|lease| lease.facts.owner.as_deref() == Some(busiest));
        let candidates: Vec<&Sighting> = of_busiest.filter(|lease| lease.facts.handover.is_none()).collect();
        fastrand::choice(candidates).map(|lease| lease.facts.shard.clone())
    }

    /// True if another worker is about to give this one a lease.
    fn is_awaiting(&self) -> bool {
        self.active().any(|lease| lease.facts.handover.as_deref() == Some(&self.worker))
    }

    fn active(&self) -> impl Iterator<Item = &Sighting> {
        self.sightings.values().filter(|lease| lease.facts.is_active)
    }

    fn is_free(&self, lease: &Sighting, running: &BTreeSet<String>, now: Instant) -> bool {
        match &lease.facts.owner {
            _ if running.contains(&lease.facts.shard) => false,
            None => true,
            Some(owner) => *owner == self.worker || self.is_expired(lease, now),
        }
    }

    fn is_expired(&self, lease: &Sighting, now: Instant) -> bool {
        lease.facts.owner.is_some() && now.saturating_duration_since(lease.since) >= self.duration
    }
}

impl LeaseFacts {
    /// True if no owner has written the lease in between. A worker that asks for a lease does not renew it.
    fn is_same_holding(&self, other: &Self) -> bool {
        (&self.owner, self.counter, self.is_active) == (&other.owner, other.counter, other.is_active)
    }
}

#[cfg(test)]
mod tests;
