use super::bucket::Bucket;
use std::{collections::BTreeMap, mem::take, task::Waker, time::Duration};

/// The units that are taken of one bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Charge {
    pub(super) bucket: usize,
    pub(super) units: i64,
}

/// Token buckets, and the tickets of the calls that wait for them.
///
/// A call that waits for several buckets takes from all of them at once, when all have enough. Each bucket is served
/// first come, first served. Each poll serves all tickets whose turn has come, so that a call that is not polled for a
/// while delays no other.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    buckets: Vec<Bucket>,
    /// In the order in which they came.
    tickets: BTreeMap<u64, Ticket>,
    next: u64,
    /// The number of tickets that wait.
    pub(super) waiting: usize,
}

#[derive(Debug)]
struct Ticket {
    charges: Vec<Charge>,
    waker: Option<Waker>,
    granted: bool,
}

impl Buckets {
    pub(super) fn new(buckets: Vec<Bucket>) -> Self {
        Self { buckets, ..Self::default() }
    }

    pub(super) fn bucket(&self, bucket: usize) -> Option<&Bucket> {
        self.buckets.get(bucket)
    }

    /// Lets the time pass for a bucket.
    pub(super) fn tick(&mut self, bucket: usize, now: Duration) {
        if let Some(bucket) = self.buckets.get_mut(bucket) {
            bucket.tick(now);
        }
    }

    /// Asks for units, and gives the ticket to claim them with.
    pub(super) fn ask(&mut self, charges: Vec<Charge>) -> u64 {
        let ticket = self.next;
        self.next += 1;
        self.waiting += 1;
        self.tickets.insert(ticket, Ticket { charges, waker: None, granted: false });
        ticket
    }

    /// Serves those whose turn it is and who find enough, and gives those who are to be woken for it.
    pub(super) fn serve(&mut self, now: Duration) -> Vec<Waker> {
        self.serve_after(now, false)
    }

    /// Serves, after a change that brings the turns of others forward.
    fn serve_after(&mut self, now: Duration, mut changed: bool) -> Vec<Waker> {
        let (mut woken, mut first) = (Vec::new(), Vec::new());
        if self.waiting == 0 {
            return woken;
        }
        let mut blocked = vec![false; self.buckets.len()];
        for (number, ticket) in self.tickets.iter_mut().filter(|(_, ticket)| !ticket.granted) {
            let turn = ticket.charges.iter().all(|charge| blocked.get(charge.bucket) != Some(&true));
            if turn && take_all(&mut self.buckets, &ticket.charges, now) {
                (ticket.granted, changed) = (true, true);
                self.waiting -= 1;
                woken.extend(ticket.waker.take());
                continue;
            }
            if turn {
                first.push(*number);
            }
            for charge in &ticket.charges {
                if let Some(blocked) = blocked.get_mut(charge.bucket) {
                    *blocked = true;
                }
            }
            if blocked.iter().all(|blocked| *blocked) {
                break;
            }
        }
        if changed {
            // Their turn may come sooner than they were told when they asked last.
            let first = first.into_iter();
            woken.extend(first.filter_map(|ticket| self.tickets.get_mut(&ticket)?.waker.take()));
        }
        woken
    }

    /// The charges that were granted to a ticket, which is then used up; `None` if it still waits.
    pub(super) fn claim(&mut self, ticket: u64) -> Option<Vec<Charge>> {
        match self.tickets.get_mut(&ticket) {
            Some(waiting) if !waiting.granted => None,
            Some(granted) => {
                let charges = take(&mut granted.charges);
                self.tickets.remove(&ticket);
                Some(charges)
            }
            None => Some(Vec::new()),
        }
    }

    /// The earliest time at which a ticket can be served, if nothing is settled meanwhile. `waker` is woken if it is
    /// served before.
    pub(super) fn due(&mut self, ticket: u64, now: Duration, waker: &Waker) -> Duration {
        if let Some(waiting) = self.tickets.get_mut(&ticket) {
            match &mut waiting.waker {
                Some(old) => old.clone_from(waker),
                none => *none = Some(waker.clone()),
            }
        }
        // The order in which they will be served: each in turn waits for its buckets, and for those ahead of it.
        let mut buckets = self.buckets.clone();
        let mut due = now;
        for waiting in
            self.tickets.range(..=ticket).map(|(_, ticket)| ticket).filter(|ticket| !ticket.granted)
        {
            due = wait_for(&mut buckets, &waiting.charges, now);
        }
        due
    }

    /// Gives a ticket up, and what was granted to it back.
    pub(super) fn cancel(&mut self, ticket: u64, now: Duration) -> Vec<Waker> {
        let Some(cancelled) = self.tickets.remove(&ticket) else { return Vec::new() };
        if cancelled.granted {
            return self.refund(&cancelled.charges, now);
        }
        self.waiting -= 1;
        self.serve_after(now, true)
    }

    /// Gives back what was taken.
    pub(super) fn refund(&mut self, charges: &[Charge], now: Duration) -> Vec<Waker> {
        for Charge { bucket, units } in charges {
            if let Some(bucket) = self.buckets.get_mut(*bucket) {
                bucket.refund(*units, now);
            }
        }
        self.serve_after(now, true)
    }

    /// Replaces what was taken by what was used.
    pub(super) fn settle(&mut self, taken: &[Charge], used: &[Charge], now: Duration) -> Vec<Waker> {
        let mut sooner = false;
        for (at, bucket) in self.buckets.iter_mut().enumerate() {
            let of = |charges: &[Charge]| {
                charges.iter().filter(|charge| charge.bucket == at).map(|charge| charge.units).sum::<i64>()
            };
            let (taken, used) = (of(taken), of(used));
            if taken != used {
                bucket.settle(taken, used, now);
                sooner |= used < taken;
            }
        }
        self.serve_after(now, sooner)
    }

    /// A bucket was found to hold less, at `at`.
    pub(super) fn throttle(&mut self, bucket: usize, at: Duration, now: Duration) {
        if let Some(bucket) = self.buckets.get_mut(bucket) {
            bucket.throttle(at, now);
        }
    }
}

/// Takes from buckets, if all have enough.
fn take_all(buckets: &mut [Bucket], charges: &[Charge], now: Duration) -> bool {
    for Charge { bucket, units } in charges {
        if let Some(bucket) = buckets.get_mut(*bucket) {
            bucket.tick(now);
            if !bucket.wait(*units).is_zero() {
                return false;
            }
        }
    }
    for Charge { bucket, units } in charges {
        if let Some(bucket) = buckets.get_mut(*bucket) {
            bucket.take(*units, now);
        }
    }
    true
}

/// Takes from buckets when all have enough, not before now nor before they were taken from: tells when.
fn wait_for(buckets: &mut [Bucket], charges: &[Charge], now: Duration) -> Duration {
    let mine = |buckets: &[Bucket], of: &dyn Fn(&Bucket, i64) -> Duration| {
        let each = charges.iter().filter_map(|charge| Some(of(buckets.get(charge.bucket)?, charge.units)));
        each.max().unwrap_or_default()
    };
    let mut at = mine(buckets, &|bucket, _| bucket.at()).max(now);
    // A rate that grows is looked at in steps.
    for _ in 0..1000 {
        for charge in charges {
            if let Some(bucket) = buckets.get_mut(charge.bucket) {
                bucket.tick(at);
            }
        }
        let wait = mine(buckets, &Bucket::wait);
        if wait.is_zero() {
            break;
        }
        at = at.saturating_add(wait);
    }
    for charge in charges {
        if let Some(bucket) = buckets.get_mut(charge.bucket) {
            bucket.take(charge.units, at);
        }
    }
    at
}
