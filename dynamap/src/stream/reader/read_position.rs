//! The position of a reader in one shard, and what it asks the service for next.

use super::checkpoint::Checkpoint;
use crate::{call::Backoff, stream::SequenceNumber, value::EpochSeconds};
use std::time::Duration;

/// The pauses after requests that were throttled or failed, of one shard.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(20));

/// The time that clocks may differ by where a start at the latest record is repeated by its time.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// The age of an application after which no shard is opened at its latest record.
pub(super) const MAX_AGE_OF_START: Duration = CLOCK_SKEW;

/// The age of an application after which a shard is not opened by an iterator at its latest record, but by the time of
/// the start.
pub(super) const MAX_AGE_OF_LATEST: Duration = Duration::from_secs(1);

/// The position of a reader in one shard.
#[derive(Debug)]
pub(super) struct ReadPosition {
    /// The place of the next iterator.
    place: Checkpoint,
    iterator: Option<String>,
    /// The time before which records are passed over.
    from: Option<EpochSeconds>,
    /// True if no iterator was had so far, by any worker.
    is_first: bool,
    /// The first sequence number of the shard, of which an iterator tells if records were trimmed that were to be read.
    beginning: Option<SequenceNumber>,
    /// True if that is known for the next iterator.
    is_proven: bool,
    /// True if the service knows no iterators by time.
    lacks_times: bool,
    /// True if it is not known whether records that were to be read were trimmed.
    is_doubtful: bool,
    /// The last record of the shard that was read.
    last: Option<SequenceNumber>,
    /// True if a gap was told, and no record was read since.
    is_in_gap: bool,
    ended: bool,
    backoff: Backoff,
}

/// The next request of a shard, or its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NextRead {
    Iterator(IteratorType),
    Records(String),
    /// A gap is told before anything is read.
    Gap,
    End,
}

/// The type of a shard iterator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum IteratorType {
    TrimHorizon,
    Latest,
    At(SequenceNumber),
    After(SequenceNumber),
    AtTime(EpochSeconds),
}

/// A failure of a request for a shard that its reader goes on after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReadFailure {
    /// The iterator is older than 15 minutes.
    ExpiredIterator,
    /// Records at the position were removed from the stream.
    Trimmed,
    /// The stream does not have the shard any more.
    ShardGone,
    /// The service does not take the position as one of this shard.
    InvalidPosition,
    /// The request was throttled or failed, and may be repeated.
    Transient,
}

/// The part that a record has in what is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Deliver,
    /// Deliver it after a gap.
    DeliverAfterGap,
    /// Do not deliver it: it is older than the start, or was read before.
    PassOver,
}

impl ReadPosition {
    /// A shard that starts at the sequence number `beginning`. `is_first` if no worker has had an iterator of it.
    pub(super) fn new(place: Checkpoint, is_first: bool, beginning: Option<SequenceNumber>) -> Self {
        let from = match place {
            Checkpoint::From(time) => Some(time),
            Checkpoint::Latest(time) if !is_first => Some(time - CLOCK_SKEW),
            _ => None,
        };
        let last = place.after().cloned();
        Self {
            ended: place.is_end(),
            place,
            iterator: None,
            from,
            is_first,
            beginning,
            is_proven: false,
            lacks_times: false,
            is_doubtful: false,
            last,
            is_in_gap: false,
            backoff: BACKOFF,
        }
    }

    /// The next request.
    pub(super) fn next(&self) -> NextRead {
        match (&self.iterator, &self.place) {
            _ if self.ended && self.is_doubtful => NextRead::Gap,
            _ if self.ended => NextRead::End,
            (Some(iterator), _) => match self.proof().filter(|_| self.from.is_some()) {
                Some(beginning) => NextRead::Iterator(IteratorType::At(beginning)),
                None => NextRead::Records(iterator.clone()),
            },
            (None, Checkpoint::Gap) => NextRead::Gap,
            (None, _) => NextRead::Iterator(self.iterator_type()),
        }
    }

    fn iterator_type(&self) -> IteratorType {
        match (&self.place, self.from) {
            (Checkpoint::At(number), _) => IteratorType::At(number.clone()),
            (Checkpoint::After(number), _) => IteratorType::After(number.clone()),
            (Checkpoint::Latest(_), _) if self.is_first => IteratorType::Latest,
            // Where records were trimmed, the next one, which may be older than the start, tells if any are missing.
            (_, Some(from)) if !self.lacks_times && !self.is_doubtful => IteratorType::AtTime(from),
            (_, Some(_)) => IteratorType::TrimHorizon,
            (_, None) => self.proof().map_or(IteratorType::TrimHorizon, IteratorType::At),
        }
    }

    /// The first number of the shard, if an iterator of it is to tell whether records were trimmed.
    ///
    /// One by time or of the oldest record passes over what was trimmed. It is proven after it was got: what is trimmed
    /// later is an error when it is read from.
    fn proof(&self) -> Option<SequenceNumber> {
        self.beginning.clone().filter(|_| !self.is_first && !self.is_proven)
    }

    /// Notes the iterator that was asked for.
    pub(super) fn got_iterator(&mut self, iterator: String) {
        if self.iterator.is_some() {
            self.is_proven = true;
            return;
        }
        self.is_proven |= self.is_first;
        (self.is_first, self.iterator) = (false, Some(iterator));
    }

    /// Takes one record of a response. Each is passed over or delivered, in their order.
    pub(super) fn admit(&mut self, number: &SequenceNumber, time: Option<EpochSeconds>) -> Admission {
        let is_repeated = self.last.as_ref().is_some_and(|last| number <= last);
        if is_repeated {
            return Admission::PassOver;
        }
        (self.last, self.place) = (Some(number.clone()), Checkpoint::After(number.clone()));
        self.is_in_gap = false;
        let is_older = self.from.zip(time).is_some_and(|(from, time)| time < from);
        // What was trimmed is older still.
        let is_gap = std::mem::take(&mut self.is_doubtful) && !is_older;
        if is_older {
            return Admission::PassOver;
        }
        self.from = None;
        if is_gap { Admission::DeliverAfterGap } else { Admission::Deliver }
    }

    /// Notes the end of a response, whose records were all admitted. Without a next iterator the shard has ended.
    pub(super) fn got_records(&mut self, next: Option<String>) {
        self.backoff.reset();
        self.ended = next.is_none();
        self.iterator = next;
    }

    /// True if an iterator was asked for by a sequence number or a time, which the service may refuse.
    pub(super) fn may_be_invalid(&self) -> bool {
        use IteratorType::{After, At, AtTime};
        matches!(self.next(), NextRead::Iterator(At(_) | After(_) | AtTime(_)))
    }

    /// The place of the first record, before it is delivered.
    pub(super) fn place(&self) -> &Checkpoint {
        &self.place
    }

    /// Notes that a gap was told. Reading goes on at the oldest record.
    pub(super) fn told_gap(&mut self) {
        self.place = Checkpoint::TrimHorizon;
        (self.iterator, self.from, self.beginning) = (None, None, None);
        (self.is_in_gap, self.is_doubtful) = (true, false);
    }

    /// Goes on after a failure. Returns true if there is a gap to be told, and the pause before the next request.
    pub(super) fn failed(&mut self, failure: ReadFailure) -> (bool, Duration) {
        let mut is_gap = false;
        // Another iterator at the latest record would be at another place: from now on the time tells.
        if let Checkpoint::Latest(time) = self.place
            && (self.iterator.is_none() || failure == ReadFailure::ExpiredIterator)
        {
            (self.is_first, self.from) = (false, Some(time - CLOCK_SKEW));
        }
        match failure {
            ReadFailure::ExpiredIterator => (self.iterator, self.is_proven) = (None, false),
            ReadFailure::Trimmed if self.proof().is_some() && self.from.is_some() => {
                // Only records before the start may be missing, as the next record tells.
                (self.is_doubtful, self.beginning, self.iterator) = (true, None, None);
            }
            ReadFailure::Trimmed => {
                is_gap = !self.is_in_gap;
                self.told_gap();
            }
            ReadFailure::ShardGone => {
                is_gap = !self.is_in_gap;
                (self.ended, self.is_doubtful) = (true, false);
            }
            // DynamoDB: the first number of a shard need not be that of a record, and a time may be in the future.
            ReadFailure::InvalidPosition => match self.place {
                _ if self.iterator.is_some() => self.beginning = None,
                Checkpoint::At(_) | Checkpoint::After(_) => self.place = Checkpoint::TrimHorizon,
                _ if self.from.is_some() => self.lacks_times = true,
                _ => self.beginning = None,
            },
            ReadFailure::Transient => {}
        }
        let pause = if is_gap { Duration::ZERO } else { self.backoff.next_pause() };
        (is_gap, pause)
    }

    /// The last record that was read, or that the checkpoint is at.
    pub(super) fn last(&self) -> Option<&SequenceNumber> {
        self.last.as_ref()
    }
}

#[cfg(test)]
mod tests;
