//! One invocation: the records of an event until they are done, one has failed, or the time is over.

use super::{
    BatchResponse, StreamHandlerError,
    batch_order::BatchOrder,
    batch_run::{BatchRun, RecordStep, StepOutcome},
    functions::HandlerFunctions,
    shards::in_order,
};
use crate::{
    batch::BoxError,
    call::backoff::Backoff,
    op::read::Queryable,
    stream::{StreamRecord, StreamView},
    timer::{Alarm, Timer},
};
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// The part of the time reserve that is left when running calls are dropped.
const LAST_PART: u32 = 10;

/// Handles the records of an event.
pub(super) async fn handle<T: Queryable, V: StreamView>(
    handler: &HandlerFunctions<T, V>,
    mut records: Vec<StreamRecord<'_>>,
    deadline: Option<SystemTime>,
) -> Result<BatchResponse, StreamHandlerError> {
    let times = deadline.map(|deadline| Times::of(deadline, handler.settings.time_reserve));
    let order = in_order::<T>(&mut records);
    let close = times.map(|times| times.close);
    let run = BatchRun::new(handler, &records);
    let order = Invocation { handler, order, run, close }.run(times).await;
    let first_unfinished = order.first_unfinished();
    let unfinished =
        first_unfinished.iter().filter_map(|position| Some((*position, records.get(*position)?)));
    let numbers = unfinished.map(|(position, record)| {
        // A record without a number stays at its place.
        let index = record.index().unwrap_or(position);
        record.sequence_number().cloned().ok_or(StreamHandlerError::NoSequenceNumber { index })
    });
    Ok(BatchResponse::new(numbers.collect::<Result<Vec<_>, _>>()?.into_iter()))
}

/// The times of an invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Times {
    /// The time from which on nothing is started.
    close: Instant,
    /// The time at which running calls are dropped.
    end: Instant,
}

impl Times {
    fn of(deadline: SystemTime, reserve: Duration) -> Self {
        let (now, left) = (Instant::now(), deadline.duration_since(SystemTime::now()).unwrap_or_default());
        let reserve = reserve.min(left / 2);
        Self { close: now + (left - reserve), end: now + (left - reserve / LAST_PART) }
    }
}

struct Invocation<'r, T: Queryable, V: StreamView> {
    handler: &'r HandlerFunctions<T, V>,
    order: BatchOrder,
    run: BatchRun<'r, T, V>,
    /// The time from which on nothing is started or tried again.
    close: Option<Instant>,
}

impl<T: Queryable, V: StreamView> Invocation<'_, T, V> {
    async fn run(mut self, times: Option<Times>) -> BatchOrder {
        let timer = Timer::default();
        let mut alarm: Option<Alarm> = times.map(|times| timer.alarm(times.close));
        let mut end = times.map(|times| times.end);
        loop {
            if times.is_some_and(|times| times.close <= Instant::now()) {
                self.order.close();
            }
            while self.run.len() < self.handler.settings.concurrency
                && let Some(position) = self.order.start()
            {
                self.run.push(RecordStep::first(position), None);
            }
            if self.run.len() == 0 {
                return self.order;
            }
            match self.run.next(alarm.as_mut()).await {
                Some((step, outcome)) => self.ended(step, outcome),
                // Nothing is started from now on, and in the end nothing is waited for.
                None => {
                    let Some(end) = end.take() else { return self.order };
                    alarm = Some(timer.alarm(end));
                }
            }
        }
    }

    /// Goes on after a step.
    fn ended(&mut self, step: RecordStep, outcome: StepOutcome) {
        let position = step.position;
        match outcome {
            StepOutcome::Done => self.order.done(position),
            StepOutcome::PoisonStored { change: Some(change) } => {
                let next = RecordStep { change: change + 1, ..RecordStep::first(position) };
                self.run.push(next, None);
            }
            StepOutcome::PoisonStored { change: None } => self.order.done(position),
            StepOutcome::PoisonRefused => self.order.failed(position),
            StepOutcome::Failed { .. } if !self.order.is_worth_a_retry(position) => {
                self.order.failed(position);
            }
            StepOutcome::Failed { change, error } => self.failed(step.failed_at(change), error),
            StepOutcome::Unreadable(error) => {
                match self.handler.on_poison.is_some() && self.order.is_worth_a_retry(position) {
                    true => self.run.push_unreadable(step, error),
                    false => self.order.failed(position),
                }
            }
        }
    }

    /// Tries a change again, or gives it up.
    fn failed(&mut self, step: RecordStep, error: BoxError) {
        let settings = self.handler.settings;
        if step.attempts < settings.max_attempts {
            let mut backoff = Backoff::new(settings.initial_pause, settings.max_pause);
            (1..step.attempts).for_each(|_| backoff.grow());
            let pause = backoff.pause();
            match self.close.is_some_and(|close| close <= Instant::now() + pause) {
                // It is delivered again.
                true => self.order.failed(step.position),
                false => self.run.push(step, Some(pause)),
            }
        } else if self.handler.on_poison.is_some() {
            self.run.push_failed(step, error);
        } else {
            self.order.failed(step.position);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_reserve_is_half_of_the_time_at_most() {
        let now = Instant::now();
        let times = |left: u64| {
            let times = Times::of(SystemTime::now() + Duration::from_millis(left), Duration::from_secs(2));
            [times.close, times.end].map(|at| (at - now).as_secs_f64())
        };
        let is_near = |[close, end]: [f64; 2], expected: [f64; 2]| {
            assert!((close - expected[0]).abs() < 0.2 && (end - expected[1]).abs() < 0.2, "{close} {end}");
        };
        is_near(times(60_000), [58.0, 59.8]);
        is_near(times(3_000), [1.5, 2.85]);
        let past = Times::of(SystemTime::UNIX_EPOCH, Duration::from_secs(2));
        assert_eq!(past, Times { close: now, end: now });
    }
}
