//! Observed operations: the handle that their requests share.

use super::Handle;
use crate::{
    capacity::Meter,
    direct::{Exchange, Operation},
    observe::{self, Begun, Observation, ObservedRequest, Observing, SharedObserver},
};
use std::sync::Arc;
use tracing::Span;

/// The number of requests that an operation sends where all goes well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Requests {
    One,
    Several,
}

impl Handle {
    /// Begins an operation, if somebody observes it and it is no part of one that is observed.
    pub(crate) fn observe(
        &mut self,
        operation: &'static Operation,
        index: Option<&'static str>,
    ) -> Observing {
        match self.is_to_be_observed() {
            true => observe_all([self], operation, index, Requests::One),
            false => Observing::none(),
        }
    }

    /// Begins an operation that may send several requests, of which each has a span of its own.
    pub(crate) fn observe_several(
        &mut self,
        operation: &'static Operation,
        index: Option<&'static str>,
    ) -> Observing {
        match self.is_to_be_observed() {
            true => observe_all([self], operation, index, Requests::Several),
            false => Observing::none(),
        }
    }

    pub(crate) fn is_to_be_observed(&self) -> bool {
        (observe::has_subscriber() || self.observer().is_some())
            && self.observation.as_ref().is_none_or(|observation| observation.has_ended())
    }

    /// The observation of an exchange with this handle.
    pub(crate) fn observed<R: ?Sized>(&self, exchange: Arc<Exchange<R>>) -> Arc<Exchange<R>> {
        if let Some(observation) = &self.observation {
            let operation = exchange.operation().name;
            exchange.observe_by(ObservedRequest::new(observation.clone(), operation));
        }
        exchange
    }

    /// Sets the observer of the operations, in the place of another.
    pub(crate) fn set_observer(&mut self, observer: SharedObserver) {
        self.metering_mut().set_observer(observer);
    }

    fn observer(&self) -> Option<&SharedObserver> {
        self.metering.as_ref()?.observer()
    }
}

/// Begins an operation on the tables of these handles, of which there is one at least, and gives each of them its observation.
#[cold]
pub(crate) fn observe_all<'h>(
    handles: impl IntoIterator<Item = &'h mut Handle>,
    operation: &'static Operation,
    index: Option<&'static str>,
    requests: Requests,
) -> Observing {
    let mut handles = Vec::from_iter(handles);
    let meter = handles.iter().any(|handle| handle.is_metered()).then(Meter::new);
    let (mut tables, mut observers): (Vec<Arc<str>>, Vec<SharedObserver>) = Default::default();
    for handle in &handles {
        if let Some(observer) = handle.observer()
            && !observers.iter().any(|other| other.is(observer))
        {
            observers.push(observer.clone());
        }
        if !tables.contains(&handle.table) {
            tables.push(handle.table.clone());
        }
    }
    let region = handles.first().and_then(|handle| handle.client.config().region()).cloned();
    let (observing, observation) = Observing::operation(Begun {
        operation: operation.name,
        tables,
        index,
        region: region.as_ref().map(AsRef::as_ref),
        reads: operation.reads,
        is_one_request: requests == Requests::One,
        observers,
        meter: meter.clone(),
    });
    for handle in &mut handles {
        handle.observation = Some(observation.clone());
        // A handle without meters asks for no capacity, which it would pay for with a larger response.
        if let Some(meter) = meter.as_ref().filter(|_| handle.is_metered()) {
            handle.add_meter(meter);
        }
    }
    observing
}

impl Handle {
    pub(crate) fn observation(&self) -> Option<&Observation> {
        self.observation.as_deref()
    }

    /// The span of the operation that is observed.
    pub(crate) fn span(&self) -> Span {
        self.observation.as_ref().map_or_else(Span::none, |observation| observation.span())
    }

    /// A transaction was cancelled for want of throughput.
    pub(crate) fn was_throttled(&self) {
        if let Some(observation) = self.observation() {
            observation.count_throttled();
            observe::throttled(observation.operation(), None, None);
        }
    }

    /// Counts an item that was written.
    pub(crate) fn count_written(&self) {
        if let Some(observation) = self.observation() {
            observation.count_items(1);
        }
    }
}
