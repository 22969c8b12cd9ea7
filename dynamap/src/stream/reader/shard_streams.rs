//! The streams of the shards that a worker reads.

use super::{
    LeaseTable, coordinator::OpenShard, metrics::ReaderMetrics, reader_error::StreamReaderError,
    shard_stream::ShardStream,
};
use crate::{
    op::read::Queryable,
    stream::{NewAndOldImages, StreamView},
    table::Table,
};
use futures_core::Stream;
use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

/// The streams of the shards that a worker reads: one for each lease that it acquires.
///
/// It ends when the reader shuts down, and when the stream is disabled and all its shards are read. An error is the last
/// before the end. Tasks of tokio read the shards; they end when this is dropped, without giving their leases back.
pub struct ShardStreams<T, V = NewAndOldImages> {
    shards: mpsc::UnboundedReceiver<Result<OpenShard, StreamReaderError>>,
    shutdown: watch::Sender<bool>,
    metrics: ReaderMetrics,
    clock: Table<LeaseTable>,
    /// The task of the worker, which is aborted with its last handle.
    task: JoinSet<()>,
    of: PhantomData<fn() -> (T, V)>,
}

impl<T: Queryable, V: StreamView> ShardStreams<T, V> {
    pub(super) fn new(
        shards: mpsc::UnboundedReceiver<Result<OpenShard, StreamReaderError>>,
        shutdown: watch::Sender<bool>,
        metrics: ReaderMetrics,
        clock: Table<LeaseTable>,
        worker: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        let mut task = JoinSet::new();
        task.spawn(worker);
        Self { shards, shutdown, metrics, clock, task, of: PhantomData }
    }

    /// The stream of the next shard that the worker has begun to read. Streams of several shards are to be read at once.
    ///
    /// `None` at the end; it can be dropped and called again.
    ///
    /// # Errors
    /// [`StreamReaderError`], which is the last before the end.
    pub async fn next(&mut self) -> Option<Result<ShardStream<T, V>, StreamReaderError>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<ShardStream<T, V>, StreamReaderError>>> {
        let (metrics, clock) = (&self.metrics, &self.clock);
        let open =
            |OpenShard { messages, link }| ShardStream::new(messages, link, metrics.clone(), clock.clone());
        if let Some(shard) = ready!(self.shards.poll_recv(cx)) {
            return Poll::Ready(Some(shard.map(open)));
        }
        match ready!(self.task.poll_join_next(cx)) {
            Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            _ => Poll::Ready(None),
        }
    }

    /// The metrics of the reader.
    pub fn metrics(&self) -> ReaderMetrics {
        self.metrics.clone()
    }

    /// Begins to shut down: the streams of shards end, and their leases are given back with their checkpoints.
    ///
    /// Deliveries that were handed out can still be acknowledged, for as long as a lease lasts.
    /// [`shutdown`](Self::shutdown) waits for that.
    pub fn begin_shutdown(&self) {
        self.shutdown.send_replace(true);
    }

    /// Shuts down: waits until all deliveries that were handed out are acknowledged, and all leases are given back.
    ///
    /// A delivery that is not acknowledged is waited for as long as a lease lasts.
    ///
    /// # Errors
    /// The error that ended the reader.
    pub async fn shutdown(mut self) -> Result<(), StreamReaderError> {
        self.begin_shutdown();
        let mut ended = Ok(());
        while let Some(shard) = self.shards.recv().await {
            // The streams of shards that are dropped here were never handed out.
            ended = ended.and(shard.map(drop));
        }
        while let Some(done) = self.task.join_next().await {
            if let Err(error) = done
                && error.is_panic()
            {
                std::panic::resume_unwind(error.into_panic());
            }
        }
        ended
    }
}

impl<T: Queryable, V: StreamView> Stream for ShardStreams<T, V> {
    type Item = Result<ShardStream<T, V>, StreamReaderError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(cx)
    }
}

impl<T, V> fmt::Debug for ShardStreams<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShardStreams").field("metrics", &self.metrics).finish_non_exhaustive()
    }
}
