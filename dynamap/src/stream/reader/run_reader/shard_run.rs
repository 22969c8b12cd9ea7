//! The handlers of one shard: in order for each item, several items at once.

use super::{
    super::delivery::{Acknowledgement, RecordPlace},
    ShardStream, StreamReaderError,
    handlers::Handlers,
};
use crate::{
    batch::BoxError,
    op::read::Queryable,
    stream::{
        SequenceNumber, StreamRecord, StreamView,
        reader::shard_stream::{MessageContent, OpenMessage},
    },
};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};
use tokio::task::{JoinError, JoinSet};

/// The records that are held for each one that is handled at once: those of an item that is at work wait for it.
const HELD: usize = 8;

/// The handlers of one shard.
pub(super) struct ShardRun<T: Queryable, V: StreamView> {
    shard: ShardStream<T, V>,
    handlers: Arc<Handlers<T, V>>,
    /// The items that are at work, each with the records that wait for it.
    items: HashMap<Box<[u8]>, VecDeque<Work>>,
    /// The items that wait until fewer are at work.
    waiting: VecDeque<(Box<[u8]>, Work)>,
    held: usize,
    /// A delivery before which all others are done, and behind which none is begun.
    alone: Option<OpenMessage>,
    running: JoinSet<Worked>,
    ended: Result<(), StreamReaderError>,
}

/// The end of the work on a record, and the item that was at work; none of what was alone.
type Worked = Result<Option<Box<[u8]>>, StreamReaderError>;

/// A record to be handled.
struct Work {
    record: Box<StreamRecord<'static>>,
    acknowledgement: Acknowledgement,
}

impl<T: Queryable, V: StreamView> ShardRun<T, V> {
    pub(super) fn new(shard: ShardStream<T, V>, handlers: Arc<Handlers<T, V>>) -> Self {
        Self {
            shard,
            handlers,
            items: HashMap::new(),
            waiting: VecDeque::new(),
            held: 0,
            alone: None,
            running: JoinSet::new(),
            ended: Ok(()),
        }
    }

    /// Handles the records of the shard until its stream ends, or one stops the reader.
    pub(super) async fn run(mut self) -> Result<(), StreamReaderError> {
        let link = self.shard.link();
        let mut is_open = true;
        loop {
            self.begin();
            let is_ended = self.ended.is_err();
            if self.running.is_empty() && (is_ended || (!is_open && self.held == 0)) {
                return self.ended;
            }
            let takes = is_open && !is_ended && self.alone.is_none() && self.takes();
            tokio::select! {
                biased;
                // The next owner begins: what is at work here is dropped.
                () = link.lost() => return self.ended,
                Some(done) = self.running.join_next() => self.done(done),
                message = self.shard.next_message(), if takes => match message {
                    Some(Ok(message)) => self.take(message),
                    Some(Err(_)) | None => is_open = false,
                },
            }
        }
    }

    fn takes(&self) -> bool {
        self.held < HELD * self.handlers.concurrency
    }

    fn take(&mut self, message: OpenMessage) {
        self.held += 1;
        let OpenMessage { content, acknowledgement, place } = message;
        match (content, place.key) {
            (MessageContent::Record(record), Some(key)) => {
                self.waiting.push_back((key, Work { record, acknowledgement }));
            }
            // A record without a key may be of any item.
            (content, key) => {
                let place = RecordPlace { number: place.number, key };
                self.alone = Some(OpenMessage { content, acknowledgement, place });
            }
        }
    }

    /// Begins what may be begun.
    fn begin(&mut self) {
        if self.ended.is_err() {
            return;
        }
        while let Some((key, work)) = self.waiting.pop_front() {
            let is_free = self.items.len() < self.handlers.concurrency;
            match self.items.get_mut(&key) {
                Some(behind) => behind.push_back(work),
                None if is_free => {
                    self.items.insert(key.clone(), VecDeque::new());
                    self.spawn(key, work);
                }
                None => {
                    self.waiting.push_front((key, work));
                    break;
                }
            }
        }
        if self.items.is_empty() && self.waiting.is_empty() && self.running.is_empty() {
            self.begin_alone();
        }
    }

    fn spawn(&mut self, key: Box<[u8]>, work: Work) {
        let (handlers, shard_id) = (self.handlers.clone(), self.shard.shard_id().to_owned());
        self.running.spawn(async move {
            let handled = handlers.handle_record(&work.record).await;
            finished(handled, work.acknowledgement, shard_id, work.record.sequence_number())
                .map(|()| Some(key))
        });
    }

    fn begin_alone(&mut self) {
        let Some(OpenMessage { content, acknowledgement, .. }) = self.alone.take() else { return };
        let (handlers, shard_id) = (self.handlers.clone(), self.shard.shard_id().to_owned());
        self.running.spawn(async move {
            let (handled, number) = match content {
                MessageContent::Record(record) => {
                    (handlers.handle_record(&record).await, record.sequence_number().cloned())
                }
                MessageContent::Gap(gap) => {
                    let number = gap.after().cloned();
                    match &handlers.on_gap {
                        Some(on_gap) => (on_gap(gap).await, number),
                        None => (Ok(()), number),
                    }
                }
            };
            finished(handled, acknowledgement, shard_id, number.as_ref()).map(|()| None)
        });
    }

    /// Notes that a record is done, and begins the next of its item.
    fn done(&mut self, done: Result<Worked, JoinError>) {
        self.held -= 1;
        let mut of = None;
        let done = joined(done.map(|done| done.map(|key| of = key)));
        if let Err(error) = done {
            self.ended = std::mem::replace(&mut self.ended, Ok(())).and(Err(error));
            return;
        }
        let Some(key) = of else { return };
        let next = self.items.get_mut(&key).and_then(VecDeque::pop_front);
        match next {
            Some(work) if self.ended.is_ok() => self.spawn(key, work),
            _ => drop(self.items.remove(&key)),
        }
    }
}

/// Acknowledges what is done. What is not stops the reader, and is delivered again.
fn finished(
    handled: Result<(), BoxError>,
    acknowledgement: Acknowledgement,
    shard_id: String,
    number: Option<&SequenceNumber>,
) -> Result<(), StreamReaderError> {
    match handled {
        Ok(()) => {
            acknowledgement.acknowledge();
            Ok(())
        }
        Err(error) => Err(StreamReaderError::Stopped { shard_id, sequence_number: number.cloned(), error }),
    }
}

/// The output of a task; its panic is one of the caller's function, and goes on.
pub(super) fn joined<T>(done: Result<Result<(), T>, JoinError>) -> Result<(), T> {
    match done {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Ok(()),
    }
}
