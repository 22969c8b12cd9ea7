//! The records of an event that are at work.

use super::functions::HandlerFunctions;
use crate::{
    batch::BoxError,
    op::read::Queryable,
    stream::{PoisonRecord, RecordError, StreamRecord, StreamView},
    timer::{Alarm, Timer},
};
use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

/// One attempt at a record, or the call for a poison record.
#[derive(Debug, Clone, Copy)]
pub(super) struct RecordStep {
    pub(super) position: usize,
    /// The change of the record to begin with: those before it are done.
    pub(super) change: usize,
    /// The number of attempts at that change that have failed.
    pub(super) attempts: u32,
}

impl RecordStep {
    /// The first attempt at a record.
    pub(super) fn first(position: usize) -> Self {
        Self { position, change: 0, attempts: 0 }
    }

    /// The same after an attempt that failed at this change.
    pub(super) fn failed_at(self, change: usize) -> Self {
        let attempts = if change == self.change { self.attempts } else { 0 };
        Self { change, attempts: attempts.saturating_add(1), ..self }
    }
}

/// The end of a step.
pub(super) enum StepOutcome {
    Done,
    Failed {
        change: usize,
        error: BoxError,
    },
    Unreadable(RecordError),
    /// The function for poison records has taken the change, or the whole record.
    PoisonStored {
        change: Option<usize>,
    },
    PoisonRefused,
}

type Running<'r> = Pin<Box<dyn Future<Output = StepOutcome> + Send + 'r>>;

/// Steps that advance while the invocation is polled: no task is spawned for them, and they end with it.
pub(super) struct BatchRun<'r, T: Queryable, V: StreamView> {
    handler: &'r HandlerFunctions<T, V>,
    records: &'r [StreamRecord<'r>],
    steps: Vec<(RecordStep, Running<'r>)>,
}

impl<'r, T: Queryable, V: StreamView> BatchRun<'r, T, V> {
    pub(super) fn new(handler: &'r HandlerFunctions<T, V>, records: &'r [StreamRecord<'r>]) -> Self {
        Self { handler, records, steps: Vec::new() }
    }

    /// The number of steps at work.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// Starts an attempt, after a pause.
    pub(super) fn push(&mut self, step: RecordStep, pause: Option<Duration>) {
        let (handler, records) = (self.handler, self.records);
        self.steps.push((step, Box::pin(attempt(handler, records, step, pause))));
    }

    /// Starts the call for a record that cannot be read.
    pub(super) fn push_unreadable(&mut self, step: RecordStep, error: RecordError) {
        let handler = self.handler;
        let poison = PoisonRecord::Unreadable(error);
        self.steps.push((step, Box::pin(store_poison(handler, poison, None))));
    }

    /// Starts the call for a change that has failed with each attempt.
    pub(super) fn push_failed(&mut self, step: RecordStep, error: BoxError) {
        let (handler, records) = (self.handler, self.records);
        self.steps.push((step, Box::pin(give_up(handler, records, step, error))));
    }

    /// The step that ends next; `None` if the alarm rings before.
    pub(super) async fn next(&mut self, mut alarm: Option<&mut Alarm>) -> Option<(RecordStep, StepOutcome)> {
        poll_fn(|cx| match self.poll(cx) {
            Poll::Ready(ended) => Poll::Ready(Some(ended)),
            Poll::Pending => match &mut alarm {
                Some(alarm) => alarm.poll(cx).map(|()| None),
                None => Poll::Pending,
            },
        })
        .await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<(RecordStep, StepOutcome)> {
        for (at, (step, running)) in self.steps.iter_mut().enumerate() {
            if let Poll::Ready(outcome) = running.as_mut().poll(cx) {
                let step = *step;
                drop(self.steps.remove(at));
                return Poll::Ready((step, outcome));
            }
        }
        Poll::Pending
    }
}

/// Handles the changes of a record that are not done.
async fn attempt<T: Queryable, V: StreamView>(
    handler: &HandlerFunctions<T, V>,
    records: &[StreamRecord<'_>],
    step: RecordStep,
    pause: Option<Duration>,
) -> StepOutcome {
    if let Some(pause) = pause {
        Timer::default().sleep(pause).await;
    }
    let Some(record) = records.get(step.position) else { return StepOutcome::Done };
    let changes = match record.changes::<T, V>() {
        Ok(changes) => changes,
        Err(error) => {
            tracing::warn!(%error, "a record cannot be read");
            return StepOutcome::Unreadable(error);
        }
    };
    for (at, change) in changes.enumerate().skip(step.change) {
        if let Err(error) = (handler.handle)(change).await {
            let attempt = step.failed_at(at).attempts;
            let sequence_number = record.sequence_number().map(tracing::field::display);
            tracing::warn!(sequence_number, attempt, "a change was not handled");
            return StepOutcome::Failed { change: at, error };
        }
    }
    StepOutcome::Done
}

/// Passes on a change that has failed with each attempt.
async fn give_up<T: Queryable, V: StreamView>(
    handler: &HandlerFunctions<T, V>,
    records: &[StreamRecord<'_>],
    step: RecordStep,
    error: BoxError,
) -> StepOutcome {
    let Some(record) = records.get(step.position) else { return StepOutcome::Done };
    // It has been handed over to the attempts, and is read once more.
    let poison = match record.changes::<T, V>().map(|mut changes| changes.nth(step.change)) {
        Ok(Some(change)) => PoisonRecord::Failed { change: Box::new(change), attempts: step.attempts, error },
        Ok(None) => return StepOutcome::Done,
        Err(error) => PoisonRecord::Unreadable(error),
    };
    store_poison(handler, poison, Some(step.change)).await
}

async fn store_poison<T: Queryable, V: StreamView>(
    handler: &HandlerFunctions<T, V>,
    poison: PoisonRecord<T, V>,
    change: Option<usize>,
) -> StepOutcome {
    let Some(on_poison) = &handler.on_poison else { return StepOutcome::PoisonRefused };
    match on_poison(poison).await {
        Ok(()) => StepOutcome::PoisonStored { change },
        Err(_) => {
            tracing::warn!("a poison record was not stored");
            StepOutcome::PoisonRefused
        }
    }
}
