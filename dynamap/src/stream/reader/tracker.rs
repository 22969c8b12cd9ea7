//! The finished prefix of a shard's deliveries.

use super::checkpoint::Checkpoint;
use std::collections::VecDeque;

/// The deliveries of a shard that are not part of the finished prefix, and the checkpoint behind that prefix.
///
/// They are acknowledged in any order. The checkpoint passes a delivery only if all before it are acknowledged.
#[derive(Debug)]
pub(super) struct CheckpointTracker {
    checkpoint: Checkpoint,
    /// The ticket of the first delivery of `pending`.
    first: u64,
    pending: VecDeque<PendingDelivery>,
    /// The number of deliveries that were acknowledged since the checkpoint was taken.
    finished: u64,
    /// True if the checkpoint has moved since it was taken.
    has_moved: bool,
    ended: bool,
}

#[derive(Debug)]
struct PendingDelivery {
    /// The checkpoint once it is acknowledged.
    next: Checkpoint,
    acknowledged: bool,
}

impl CheckpointTracker {
    pub(super) fn new(checkpoint: Checkpoint) -> Self {
        let ended = checkpoint.is_end();
        Self { checkpoint, first: 0, pending: VecDeque::new(), finished: 0, has_moved: false, ended }
    }

    /// Adds a delivery, after which reading goes on at `next`. Returns its ticket.
    pub(super) fn deliver(&mut self, next: Checkpoint) -> u64 {
        self.pending.push_back(PendingDelivery { next, acknowledged: false });
        self.first + self.pending.len() as u64 - 1
    }

    /// Adds what is not delivered, after which reading goes on at `next`.
    pub(super) fn skip(&mut self, next: Checkpoint) {
        match self.pending.back_mut() {
            // A delivery and what follows it have one fate: there may be very many that are not delivered.
            Some(last) if last.acknowledged => last.next = next,
            Some(_) => self.pending.push_back(PendingDelivery { next, acknowledged: true }),
            None => self.checkpoint = next,
        }
    }

    /// Begins at this place, if nothing was delivered so far.
    pub(super) fn begin_at(&mut self, checkpoint: Checkpoint) {
        if self.first == 0 && self.pending.is_empty() {
            self.checkpoint = checkpoint;
        }
    }

    /// Acknowledges a delivery. True if the checkpoint moves for the first time since it was taken.
    pub(super) fn acknowledge(&mut self, ticket: u64) -> bool {
        let place = ticket.checked_sub(self.first).and_then(|place| usize::try_from(place).ok());
        let Some(delivery) = place.and_then(|place| self.pending.get_mut(place)) else { return false };
        let before = self.first;
        if !std::mem::replace(&mut delivery.acknowledged, true) {
            self.finished += 1;
        }
        while let Some(delivery) = self.pending.pop_front_if(|delivery| delivery.acknowledged) {
            self.checkpoint = delivery.next;
            self.first += 1;
        }
        self.first > before && !std::mem::replace(&mut self.has_moved, true)
    }

    /// Notes that the shard has no more records.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// The place at which reading may go on: behind the finished prefix.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        if self.is_complete() { Checkpoint::ShardEnd } else { self.checkpoint.clone() }
    }

    /// True if all records of the shard are acknowledged.
    pub(super) fn is_complete(&self) -> bool {
        self.ended && self.pending.is_empty()
    }

    /// The number of deliveries that were acknowledged since this was last asked with `reset`.
    pub(super) fn finished(&self) -> u64 {
        self.finished
    }

    pub(super) fn reset_finished(&mut self) {
        (self.finished, self.has_moved) = (0, false);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::stream::SequenceNumber;
    use proptest::prelude::*;

    fn after(number: usize) -> Checkpoint {
        Checkpoint::After(number.to_string().parse::<SequenceNumber>().unwrap())
    }

    #[derive(Debug, Clone)]
    enum Action {
        Deliver,
        Skip,
        Acknowledge(usize),
        End,
    }

    fn action() -> impl Strategy<Value = Action> {
        prop_oneof![
            4 => Just(Action::Deliver),
            1 => Just(Action::Skip),
            4 => (0..40_usize).prop_map(Action::Acknowledge),
            1 => Just(Action::End),
        ]
    }

    proptest! {
        /// Compared with a list of all records, each with its state.
        #[test]
        fn the_checkpoint_is_behind_the_finished_prefix(actions in prop::collection::vec(action(), 0..80)) {
            let mut tracker = CheckpointTracker::new(Checkpoint::TrimHorizon);
            // The records from the first on, and the tickets of those that were delivered.
            let (mut done, mut tickets, mut ended, mut finished) = (Vec::new(), Vec::new(), false, 0);
            for action in actions {
                match action {
                    Action::Deliver if !ended => {
                        tickets.push((tracker.deliver(after(done.len())), done.len()));
                        done.push(false);
                    }
                    Action::Skip if !ended => {
                        tracker.skip(after(done.len()));
                        done.push(true);
                    }
                    Action::Acknowledge(at) => {
                        if let Some((ticket, record)) = tickets.get(at) {
                            tracker.acknowledge(*ticket);
                            finished += u64::from(!std::mem::replace(&mut done[*record], true));
                        }
                    }
                    Action::End => {
                        tracker.end();
                        ended = true;
                    }
                    _ => {}
                }
                let prefix = done.iter().take_while(|done| **done).count();
                let expected = match prefix {
                    all if ended && all == done.len() => Checkpoint::ShardEnd,
                    0 => Checkpoint::TrimHorizon,
                    prefix => after(prefix - 1),
                };
                prop_assert_eq!(tracker.checkpoint(), expected);
                prop_assert_eq!(tracker.finished(), finished);
                prop_assert_eq!(tracker.is_complete(), ended && prefix == done.len());
            }
        }
    }

    #[test]
    fn what_is_not_delivered_takes_no_memory() {
        let mut tracker = CheckpointTracker::new(Checkpoint::TrimHorizon);
        let ticket = tracker.deliver(after(0));
        (1..10_000).for_each(|number| tracker.skip(after(number)));
        assert_eq!((tracker.pending.len(), tracker.checkpoint()), (2, Checkpoint::TrimHorizon));
        tracker.acknowledge(ticket);
        assert_eq!((tracker.pending.len(), tracker.checkpoint()), (0, after(9_999)));
    }

    #[test]
    fn the_beginning_moves_only_before_the_first_delivery() {
        let mut tracker = CheckpointTracker::new(Checkpoint::TrimHorizon);
        tracker.begin_at(after(7));
        assert_eq!(tracker.checkpoint(), after(7));
        let ticket = tracker.deliver(after(8));
        tracker.begin_at(after(1));
        tracker.acknowledge(ticket);
        tracker.begin_at(after(1));
        assert_eq!(tracker.checkpoint(), after(8));
    }
}
