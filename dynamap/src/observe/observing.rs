//! The guard of an operation or call: it ends when the guard is told so, or is dropped.

use super::{Ending, Failed, Observation, observation::Begun, spans};
use std::{pin::Pin, sync::Arc};
use tracing::{Instrument, Span};

/// An operation from its begin to its end; nothing if nobody observes it. Dropped before the end, the operation was dropped.
#[derive(Debug, Default)]
#[must_use = "dropped, it ends the operation"]
pub(crate) struct Observing(Option<Observed>);

#[derive(Debug)]
enum Observed {
    Operation(Arc<Observation>),
    /// A call that is made of several operations. In a box: what an operation holds is moved with its future.
    Call(Box<Span>),
}

impl Observing {
    /// Nobody observes it, or it is a part of what is observed.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    /// An operation that begins now.
    pub(crate) fn operation(begun: Begun<'_>) -> (Self, Arc<Observation>) {
        let observation = Arc::new(Observation::begin(begun));
        (Self(Some(Observed::Operation(observation.clone()))), observation)
    }

    /// A call that is made of several operations.
    pub(crate) fn call(name: &'static str, table: &Arc<str>) -> Self {
        if !super::has_subscriber() {
            return Self(None);
        }
        Self(Some(Observed::Call(Box::new(spans::call(name, table)))))
    }

    pub(crate) fn span(&self) -> Span {
        match &self.0 {
            Some(Observed::Operation(observation)) => observation.span(),
            Some(Observed::Call(span)) => Span::clone(span),
            None => Span::none(),
        }
    }

    pub(crate) fn observation(&self) -> Option<&Arc<Observation>> {
        match &self.0 {
            Some(Observed::Operation(observation)) => Some(observation),
            _ => None,
        }
    }

    /// Ends with a result, unless it has ended.
    pub(crate) fn end_with<T, E: Failed>(&mut self, result: &Result<T, E>) {
        if self.0.is_some() {
            self.end(&Ending::of(result));
        }
    }

    /// Polls a future in the span, and ends with its result; `items` gives the number of items that were returned or written.
    pub(crate) async fn watch<T, E: Failed, F: Future<Output = Result<T, E>>>(
        mut self,
        call: Pin<&mut F>,
        items: impl FnOnce(&T) -> usize,
    ) -> Result<T, E> {
        let result = call.instrument(self.span()).await;
        if self.0.is_some() {
            if let Ok(output) = &result {
                self.count_items(items(output));
            }
            self.end_with(&result);
        }
        result
    }

    pub(crate) fn count_items(&self, items: usize) {
        if let Some(observation) = self.observation() {
            observation.count_items(items as u64);
        }
    }

    /// Notes that a part of it has failed, while the others go on.
    pub(crate) fn note_failure(&self, error: &impl Failed) {
        if let Some(observation) = self.observation() {
            observation.note_failure(error.ending());
        }
    }

    /// Ends it, unless it has ended.
    pub(crate) fn end(&mut self, ending: &Ending) {
        match self.0.take() {
            Some(Observed::Operation(observation)) => match observation.failure() {
                Some(failure) => observation.end(&failure.incomplete()),
                None => observation.end(ending),
            },
            Some(Observed::Call(span)) => spans::record_ending(&span, ending),
            None => {}
        }
    }
}

impl Drop for Observing {
    fn drop(&mut self) {
        self.end(&Ending::DROPPED);
    }
}
