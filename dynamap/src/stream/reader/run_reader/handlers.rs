//! The functions of the caller's, and the attempts at one record.

use super::super::{Gap, ReaderMetrics};
use crate::{
    batch::BoxError,
    call::Backoff,
    op::read::Queryable,
    stream::{
        PoisonRecord, RecordError, StreamRecord, StreamView,
        handle::{HandleChange, HandlePoison, Handled},
    },
};
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;

type HandleGap = dyn Fn(Gap) -> Handled + Send + Sync;

/// The functions of the caller's, and how often they are called.
pub(super) struct Handlers<T: Queryable, V: StreamView> {
    pub(super) handle: Arc<HandleChange<T, V>>,
    pub(super) on_poison: Option<Arc<HandlePoison<T, V>>>,
    pub(super) on_gap: Option<Arc<HandleGap>>,
    pub(super) concurrency: usize,
    pub(super) max_attempts: u32,
    pub(super) initial_pause: Duration,
    pub(super) max_pause: Duration,
    pub(super) metrics: ReaderMetrics,
}

impl<T: Queryable, V: StreamView> Handlers<T, V> {
    /// Handles the changes of a record, one after another.
    ///
    /// # Errors
    /// The error of the function for poison records, or of the handler if there is none.
    pub(super) async fn handle_record(&self, record: &StreamRecord<'static>) -> Result<(), BoxError> {
        for index in 0.. {
            // Each attempt has the change anew, which the handler takes.
            let is_there = match record.changes::<T, V>() {
                Ok(mut changes) => {
                    if index == 0 {
                        self.metrics.note_skipped(changes.skipped());
                    }
                    changes.nth(index).is_some()
                }
                Err(error) => return self.poison_unreadable(error).await,
            };
            if !is_there {
                break;
            }
            self.handle_change(record, index).await?;
        }
        Ok(())
    }

    async fn handle_change(&self, record: &StreamRecord<'static>, index: usize) -> Result<(), BoxError> {
        let change = || record.changes::<T, V>().ok().and_then(|mut changes| changes.nth(index));
        let mut backoff = Backoff::new(self.initial_pause, self.max_pause);
        let mut attempts = 0;
        loop {
            let Some(handled) = change().map(|change| (self.handle)(change)) else { return Ok(()) };
            let Err(error) = handled.await else { return Ok(()) };
            attempts += 1;
            if attempts < self.max_attempts {
                sleep(backoff.next_pause()).await;
                continue;
            }
            tracing::warn!(
                attempts,
                sequence_number = record.sequence_number().map(tracing::field::display),
                "change failed"
            );
            let Some(on_poison) = &self.on_poison else { return Err(error) };
            let Some(change) = change().map(Box::new) else { return Ok(()) };
            let poison = on_poison(PoisonRecord::Failed { change, attempts, error });
            return poison.await;
        }
    }

    async fn poison_unreadable(&self, error: RecordError) -> Result<(), BoxError> {
        tracing::warn!(error = &error as &dyn std::error::Error, "record cannot be read");
        match &self.on_poison {
            Some(on_poison) => on_poison(PoisonRecord::Unreadable(error)).await,
            None => Err(error.into()),
        }
    }
}

/// A function's result in a box.
pub(super) fn boxed<E: Into<BoxError>>(
    handled: impl Future<Output = Result<(), E>> + Send + 'static,
) -> Handled {
    Box::pin(async move { handled.await.map_err(Into::into) })
}
