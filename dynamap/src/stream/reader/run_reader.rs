//! A handler that is run over the changes of a stream.

mod handlers;
mod shard_run;

use super::{Gap, ReaderMetrics, ShardStream, ShardStreams, StreamReaderError};
use crate::{
    batch::BoxError,
    call::Boxed,
    op::read::Queryable,
    stream::{ChangeRecord, NewAndOldImages, PoisonRecord, StreamView},
};
use handlers::{Handlers, boxed};
use shard_run::{ShardRun, joined};
use std::{fmt, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// Runs a handler over the changes of a stream, until `shutdown` is ready or the stream ends.
///
/// Changes of one item are handled one after another, in their order, and those of several items at once, up to
/// [`concurrency`](Self::concurrency) for each shard. Each is handled at least once: those since the last checkpoint are
/// handled again after a crash. [`operation_id`](ChangeRecord::operation_id) names a change, so that its effect can be
/// made to happen once.
///
/// - **Failures.** A change that fails is handled again, with exponential backoff and full jitter. After
///   [`max_attempts`](Self::max_attempts) it is passed to [`on_poison`](Self::on_poison). Without such a function, or if that
///   fails, the reader stops with [`StreamReaderError::Stopped`]; started again, it begins with this change.
/// - **Gaps** are passed to [`on_gap`](Self::on_gap). Without such a function they are logged and passed over.
/// - **Shutdown.** What is at work is finished, its checkpoint is written, and the leases are given back.
/// - **Lost leases.** Handlers that are at work on a shard are dropped when its lease is lost, as the next owner begins.
///
/// It runs in the runtime of tokio, on tasks that end when it is dropped.
#[must_use = "a handler does nothing until it is run"]
pub struct RunReader<T: Queryable, V: StreamView = NewAndOldImages> {
    start: Box<dyn FnOnce() -> ShardStreams<T, V> + Send>,
    shutdown: Boxed<'static, ()>,
    handlers: Handlers<T, V>,
}

impl<T: Queryable, V: StreamView> RunReader<T, V> {
    pub(super) fn new<F, R, E>(
        start: impl FnOnce() -> ShardStreams<T, V> + Send + 'static,
        metrics: ReaderMetrics,
        handle: F,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Self
    where
        F: Fn(ChangeRecord<T, V>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let handlers = Handlers {
            handle: Arc::new(move |change| boxed(handle(change))),
            on_poison: None,
            on_gap: None,
            concurrency: 10,
            max_attempts: 3,
            initial_pause: Duration::from_millis(100),
            max_pause: Duration::from_secs(5),
            metrics,
        };
        Self { start: Box::new(start), shutdown: Box::pin(shutdown), handlers }
    }

    /// Sets the number of records of a shard that are handled at once, of as many items. Default: 10; at least 1.
    pub fn concurrency(mut self, records: usize) -> Self {
        self.handlers.concurrency = records.max(1);
        self
    }

    /// Sets the number of attempts for each change. Default: 3; at least 1.
    ///
    /// A record that cannot be read is not tried again: it stays as it is.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.handlers.max_attempts = attempts.max(1);
        self
    }

    /// Sets the pauses between attempts: exponential backoff with full jitter, of up to `initial` at first and of up to
    /// `max` at last. Default: 100 milliseconds and 5 seconds.
    pub fn backoff(mut self, initial: Duration, max: Duration) -> Self {
        (self.handlers.initial_pause, self.handlers.max_pause) = (initial, max);
        self
    }

    /// Passes a record that cannot be read, or whose change has failed with each attempt, to `on_poison`.
    ///
    /// With `Ok` the record counts as done, and the others go on: store it before, such as in a table or a queue of dead
    /// letters. With an error the reader stops.
    pub fn on_poison<F, R, E>(mut self, on_poison: F) -> Self
    where
        F: Fn(PoisonRecord<T, V>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.handlers.on_poison = Some(Arc::new(move |poison| boxed(on_poison(poison))));
        self
    }

    /// Passes gaps to `on_gap`: records that the stream did not have any more when they were to be read. With an error
    /// the reader stops.
    ///
    /// All records of the shard before the gap are done when it is called, and none behind it is begun.
    pub fn on_gap<F, R, E>(mut self, on_gap: F) -> Self
    where
        F: Fn(Gap) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.handlers.on_gap = Some(Arc::new(move |gap| boxed(on_gap(gap))));
        self
    }

    /// Runs the handler.
    ///
    /// # Errors
    /// [`StreamReaderError`]: a record stopped the reader, the stream is not there, or a request was refused.
    ///
    /// # Panics
    /// A function of the caller's panics.
    pub async fn send(self) -> Result<(), StreamReaderError> {
        let Self { start, mut shutdown, handlers } = self;
        let (mut shards, handlers) = (start(), Arc::new(handlers));
        let mut runs: JoinSet<Result<(), StreamReaderError>> = JoinSet::new();
        let (mut is_ending, mut ended) = (false, Ok(()));
        loop {
            tokio::select! {
                // In one order, so that a run can be repeated.
                biased;
                shard = shards.next() => match shard {
                    Some(Ok(shard)) => drop(runs.spawn(ShardRun::new(shard, handlers.clone()).run())),
                    Some(Err(error)) => ended = ended.and(Err(error)),
                    None => break,
                },
                Some(done) = runs.join_next() => {
                    ended = ended.and(joined(done));
                    is_ending = end_if(is_ending || ended.is_err(), &shards);
                }
                () = &mut shutdown, if !is_ending => {
                    is_ending = end_if(true, &shards);
                }
            }
        }
        while let Some(done) = runs.join_next().await {
            ended = ended.and(joined(done));
        }
        ended
    }
}

fn end_if<T: Queryable, V: StreamView>(is_ending: bool, shards: &ShardStreams<T, V>) -> bool {
    if is_ending {
        shards.begin_shutdown();
    }
    is_ending
}

/// Awaited, it is run.
impl<T: Queryable, V: StreamView> IntoFuture for RunReader<T, V> {
    type Output = Result<(), StreamReaderError>;
    type IntoFuture = Boxed<'static, Result<(), StreamReaderError>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl<T: Queryable, V: StreamView> fmt::Debug for RunReader<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunReader")
            .field("of", &T::SUBJECT)
            .field("concurrency", &self.handlers.concurrency)
            .field("max_attempts", &self.handlers.max_attempts)
            .finish_non_exhaustive()
    }
}
