//! The deliveries of one shard, in their order.

use super::{
    delivery::{Acknowledgement, Delivery, Gap, RecordPlace, ShardEvent},
    metrics::ReaderMetrics,
    reader_error::ShardError,
    shard_link::ShardLink,
};
use crate::{
    entity::KeyBytes,
    op::read::Queryable,
    stream::{NewAndOldImages, StreamRecord, StreamView, image::Image},
    table::Table,
};
use futures_core::Stream;
use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::sync::mpsc;

/// The deliveries of one shard, in their order, as long as this worker has its lease.
///
/// It ends at the end of the shard, when the reader shuts down, and when the lease is given to another worker. An error
/// is the last before the end. If it is dropped, its lease is given back.
pub struct ShardStream<T, V = NewAndOldImages> {
    messages: mpsc::Receiver<ShardMessage>,
    link: Arc<ShardLink>,
    metrics: ReaderMetrics,
    clock: Table<super::LeaseTable>,
    of: PhantomData<fn() -> (T, V)>,
}

/// A record or a gap on its way to the consumer.
#[derive(Debug)]
pub(super) struct ShardMessage {
    pub(super) ticket: u64,
    pub(super) content: MessageContent,
}

#[derive(Debug)]
pub(super) enum MessageContent {
    Record(Box<StreamRecord<'static>>),
    Gap(Gap),
}

/// A message that was handed out.
#[derive(Debug)]
pub(super) struct OpenMessage {
    pub(super) content: MessageContent,
    pub(super) acknowledgement: Acknowledgement,
    pub(super) place: RecordPlace,
}

impl<T: Queryable, V: StreamView> ShardStream<T, V> {
    pub(super) fn new(
        messages: mpsc::Receiver<ShardMessage>,
        link: Arc<ShardLink>,
        metrics: ReaderMetrics,
        clock: Table<super::LeaseTable>,
    ) -> Self {
        Self { messages, link, metrics, clock, of: PhantomData }
    }

    /// The id of the shard.
    pub fn shard_id(&self) -> &str {
        self.link.shard_id()
    }

    /// The next delivery. Records whose changes are all [skipped](crate::stream::Changes::skipped) are acknowledged
    /// without one.
    ///
    /// `None` at the end; it can be dropped and called again.
    ///
    /// # Errors
    /// [`ShardError`], which is the last before the end: the lease was lost, or a delivery was dropped.
    pub async fn next(&mut self) -> Option<Result<Delivery<T, V>, ShardError>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    /// The next message, whose changes are not read yet.
    pub(super) async fn next_message(&mut self) -> Option<Result<OpenMessage, ShardError>> {
        poll_fn(|cx| self.poll_message(cx)).await
    }

    pub(super) fn link(&self) -> Arc<ShardLink> {
        self.link.clone()
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Delivery<T, V>, ShardError>>> {
        loop {
            match ready!(self.poll_message(cx)) {
                Some(Ok(message)) => {
                    if let Some(delivery) = self.open(message) {
                        return Poll::Ready(Some(Ok(delivery)));
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<OpenMessage, ShardError>>> {
        loop {
            let Some(ShardMessage { ticket, content }) = ready!(self.messages.poll_recv(cx)) else {
                return Poll::Ready(self.link.take_end().map(Err));
            };
            if !self.link.hand_out() {
                // What was read ahead is read again by the next owner.
                self.messages.close();
                continue;
            }
            let acknowledgement = Acknowledgement::new(self.link.clone(), ticket);
            let place = match &content {
                MessageContent::Gap(_) => {
                    self.metrics.note_gap();
                    RecordPlace::default()
                }
                MessageContent::Record(record) => {
                    self.metrics.note_record(self.shard_id(), record.time(), self.clock.time());
                    place_of::<T>(record)
                }
            };
            return Poll::Ready(Some(Ok(OpenMessage { content, acknowledgement, place })));
        }
    }

    /// Reads the changes of a record. `None` if there are none.
    fn open(&self, message: OpenMessage) -> Option<Delivery<T, V>> {
        let OpenMessage { content, acknowledgement, place } = message;
        let event = match content {
            MessageContent::Gap(gap) => ShardEvent::Gap(gap),
            MessageContent::Record(record) => match record.changes::<T, V>() {
                Ok(changes) => {
                    self.metrics.note_skipped(changes.skipped());
                    if changes.len() == 0 {
                        acknowledgement.acknowledge();
                        return None;
                    }
                    ShardEvent::Changes(Box::new(changes))
                }
                Err(error) => ShardEvent::Unreadable(error),
            },
        };
        Some(Delivery { event, acknowledgement, place })
    }
}

fn place_of<T: Queryable>(record: &StreamRecord<'_>) -> RecordPlace {
    let keys = record.keys.as_ref().and_then(|keys| match keys {
        Image::Values(item) => Some(KeyBytes::of_item::<T::Table>(item)),
        Image::Json(_) => keys.to_item().ok().map(|item| KeyBytes::of_item::<T::Table>(&item)),
    });
    RecordPlace { number: record.sequence_number().cloned(), key: keys.map(|key| key.as_slice().into()) }
}

impl<T: Queryable, V: StreamView> Stream for ShardStream<T, V> {
    type Item = Result<Delivery<T, V>, ShardError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<T, V> Drop for ShardStream<T, V> {
    fn drop(&mut self) {
        // A stream that was read to its end refuses nothing.
        if !(self.messages.is_closed() && self.messages.is_empty()) {
            self.link.leave();
        }
    }
}

impl<T, V> fmt::Debug for ShardStream<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShardStream").field("shard_id", self.link.shard_id()).finish_non_exhaustive()
    }
}
