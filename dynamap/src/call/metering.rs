//! Metering: records consumed capacity and enforces the budget.

mod permits;

pub(crate) use permits::{PermitRequest, Permits};

use crate::{
    budget::{Budget, Forecast, InFlight, Processed, Reservation},
    capacity::{Billing, Consumed, Meter, Units, write_units},
    direct::{AttemptSummary, Exchange},
    error::{ServiceError, ServiceErrorKind, ThrottlingReason},
    observe::SharedObserver,
    outcome::{ConditionFailed, Error},
    timer::Timer,
};
use aws_sdk_dynamodb::{
    operation::{
        delete_item::DeleteItemOutput, get_item::GetItemOutput, put_item::PutItemOutput,
        update_item::UpdateItemOutput,
    },
    types::ConsumedCapacity,
};
use std::{mem::take, sync::Arc};
use tokio::time::Instant;

/// The meters and the observer of a table or call, and the budget that it draws on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metering {
    meters: Vec<Meter>,
    budget: Option<Budget>,
    observer: Option<SharedObserver>,
}

impl Metering {
    /// True if it has the same meters, the same budget and the same observer.
    pub(super) fn is_as(&self, other: &Self) -> bool {
        let is_same_budget = match (&self.budget, &other.budget) {
            (Some(own), Some(other)) => own.is(other),
            (own, other) => own.is_none() && other.is_none(),
        };
        let is_same_observer = match (&self.observer, &other.observer) {
            (Some(own), Some(other)) => own.is(other),
            (own, other) => own.is_none() && other.is_none(),
        };
        // No meter is in either of them twice.
        is_same_budget
            && is_same_observer
            && self.meters.len() == other.meters.len()
            && self.meters.iter().all(|own| other.meters.iter().any(|meter| meter.is(own)))
    }

    /// Adds a meter, unless it is there.
    pub(super) fn add_meter(&mut self, meter: &Meter) {
        if !self.meters.iter().any(|other| other.is(meter)) {
            self.meters.push(meter.clone());
        }
    }

    /// Limits the calls by this budget, and by no other.
    pub(super) fn set_budget(&mut self, budget: &Budget) {
        self.budget = Some(budget.clone());
    }

    /// Tells this observer of the operations, and no other.
    pub(super) fn set_observer(&mut self, observer: SharedObserver) {
        self.observer = Some(observer);
    }

    pub(super) fn observer(&self) -> Option<&SharedObserver> {
        self.observer.as_ref()
    }

    pub(super) fn has_budget(&self) -> bool {
        self.budget.is_some()
    }

    /// Takes over the meters of another, and its budget and its observer if this has none.
    pub(super) fn join(&mut self, other: &Self) {
        other.meters.iter().for_each(|meter| self.add_meter(meter));
        if self.budget.is_none() {
            self.budget.clone_from(&other.budget);
        }
        if self.observer.is_none() {
            self.observer.clone_from(&other.observer);
        }
    }

    /// Waits until a request may be sent, with a forecast if there is a budget.
    pub(super) async fn permit(
        self: &Arc<Self>,
        forecast: Option<Forecast>,
        timer: Timer,
        billing: Billing,
    ) -> Permit {
        let charge = self.reserve(forecast, timer).await;
        let charge = charge.map(|(forecast, reservation)| (forecast, reservation.into_sent()));
        Permit(Some(Box::new(OpenPermit { metering: self.clone(), billing, charge })))
    }

    /// Waits for the units of a forecast, if there is one and a budget.
    async fn reserve(&self, forecast: Option<Forecast>, timer: Timer) -> Option<(Forecast, Reservation)> {
        let (budget, forecast) = (self.budget.as_ref()?, forecast?);
        // In a box: what lives while a call is awaited makes our future larger.
        Some((forecast, Box::pin(budget.reserve_for(forecast, timer)).await))
    }
}

/// A response about one item or page, with its consumed capacity.
pub(crate) trait Consuming {
    fn consumed(&self) -> Option<&ConsumedCapacity>;
}

macro_rules! consuming {
    ($($Output:ident)*) => { $(
        impl Consuming for $Output {
            fn consumed(&self) -> Option<&ConsumedCapacity> {
                self.consumed_capacity.as_ref()
            }
        }
    )* };
}

consuming! { GetItemOutput PutItemOutput UpdateItemOutput DeleteItemOutput }

/// A request that was permitted and is sent. Dropped before its end, it counts as unanswered: it may have consumed capacity.
#[derive(Debug)]
#[must_use = "dropped, it keeps its charge"]
pub(crate) struct Permit(Option<Box<OpenPermit>>);

#[derive(Debug)]
struct OpenPermit {
    metering: Arc<Metering>,
    billing: Billing,
    charge: Option<(Forecast, InFlight)>,
}

impl Permit {
    /// The permit of a call without meters and without a budget.
    pub(super) fn unmetered() -> Self {
        Self(None)
    }

    /// Ends a request about one item or page, which has a response or has failed. Returns its consumed capacity, if a meter or
    /// a budget needs it.
    pub(crate) fn end<O: Consuming, R: ?Sized>(
        self,
        sent: &Result<O, Error>,
        exchange: &Exchange<R>,
    ) -> Option<Consumed> {
        match sent {
            Ok(output) => {
                let capacities = output.consumed().map_or(&[][..], std::slice::from_ref);
                self.answered(exchange, capacities, Processed::items(1))
            }
            Err(error) => {
                self.failed(exchange, error);
                None
            }
        }
    }

    /// Ends a request whose response says that these items were processed. Returns its consumed capacity, if a meter or a
    /// budget needs it.
    pub(crate) fn answered<R: ?Sized>(
        mut self,
        exchange: &Exchange<R>,
        capacities: &[ConsumedCapacity],
        processed: Processed,
    ) -> Option<Consumed> {
        let open = self.0.take()?;
        let (attempt_summary, writes) = (exchange.attempt_summary(), !exchange.operation().reads);
        let consumed = answered(capacities, writes, &attempt_summary);
        open.throttled(&attempt_summary);
        if writes {
            open.left_unprocessed(processed.items);
        }
        let told = is_told(capacities.is_empty(), processed, &attempt_summary);
        Some(open.end(consumed, told.then_some(processed)))
    }

    /// Ends a transaction that writes, which has a response. `likely` is its likely cost.
    pub(crate) fn committed<R: ?Sized>(
        mut self,
        exchange: &Exchange<R>,
        capacities: &[ConsumedCapacity],
        likely: f64,
        processed: Processed,
    ) {
        let Some(open) = self.0.take() else { return };
        let attempt_summary = exchange.attempt_summary();
        open.throttled(&attempt_summary);
        let mut consumed = Consumed::answered(capacities, true);
        // DynamoDB: for a token that it knows it only reads the items, and tells the units of that. So the attempt that
        // wrote them is one that got no answer.
        if attempt_summary.ambiguous && !capacities.is_empty() && consumed.total().write == 0.0 {
            consumed.table.write += likely;
            consumed.estimated.write += likely;
        }
        open.end(consumed, (!capacities.is_empty()).then_some(processed));
    }

    /// A transaction was cancelled, and has consumed so much as we estimate.
    pub(crate) fn canceled<R: ?Sized>(mut self, exchange: &Exchange<R>, estimate: Units) {
        let Some(open) = self.0.take() else { return };
        let attempt_summary = exchange.attempt_summary();
        open.throttled(&attempt_summary);
        match attempt_summary.ambiguous {
            true => open.end(unanswered(), None),
            false => open.end(Consumed::estimate(estimate), Some(Processed::default())),
        };
    }

    /// There was no throughput for it, which its answer says in its own way.
    pub(crate) fn throttled<R: ?Sized>(self, exchange: &Exchange<R>) {
        if let Some(open) = &self.0 {
            open.throttled_for(&[], Instant::now());
        }
        self.given_up(exchange);
    }

    /// No attempt of the request succeeded, and none is in flight.
    pub(crate) fn given_up<R: ?Sized>(mut self, exchange: &Exchange<R>) {
        let Some(mut open) = self.0.take() else { return };
        let attempt_summary = exchange.attempt_summary();
        open.throttled(&attempt_summary);
        if attempt_summary.ambiguous {
            open.end(unanswered(), None);
            return;
        }
        open.refund();
        open.end(refused(), None);
    }

    /// The request has failed.
    pub(crate) fn failed<R: ?Sized>(mut self, exchange: &Exchange<R>, error: &Error) {
        match error {
            // DynamoDB: a failed condition costs as much as a write of the item, and its error does not tell.
            Error::ConditionFailed(failed) => {
                let Some(open) = self.0.take() else { return };
                open.throttled(&exchange.attempt_summary());
                let estimate = units_of(failed, open.billing);
                open.end(Consumed::estimate(estimate), Some(Processed::default()));
            }
            Error::Service(error) => self.refused(exchange, error),
            _ => {
                let Some(open) = self.0.take() else { return };
                open.throttled(&exchange.attempt_summary());
                open.end(unanswered(), None);
            }
        }
    }

    /// The request was refused, or got no response.
    pub(crate) fn refused<R: ?Sized>(mut self, exchange: &Exchange<R>, error: &ServiceError) {
        let Some(mut open) = self.0.take() else { return };
        let attempt_summary = exchange.attempt_summary();
        open.throttled(&attempt_summary);
        if error.kind().is_ambiguous() {
            open.end(unanswered(), None);
            return;
        }
        if error.kind() == ServiceErrorKind::Throttled && attempt_summary.throttled.is_empty() {
            open.throttled_for(error.throttling_reasons(), Instant::now());
        }
        if !attempt_summary.ambiguous {
            open.refund();
        }
        open.end(refused(), None);
    }
}

/// The consumed capacity of a request with a response.
fn answered<'c>(
    capacities: impl IntoIterator<Item = &'c ConsumedCapacity>,
    writes: bool,
    attempt_summary: &AttemptSummary,
) -> Consumed {
    let consumed = Consumed::answered(capacities, writes);
    // An attempt before it may have done the same.
    if attempt_summary.ambiguous { consumed.and_again() } else { consumed }
}

/// True if a response tells its cost. A service that tells nothing leaves us with what we took it to cost.
fn is_told(tells_nothing: bool, processed: Processed, attempt_summary: &AttemptSummary) -> bool {
    !tells_nothing || processed.items == 0 && !attempt_summary.ambiguous
}

impl OpenPermit {
    /// Counts the consumed capacity. If the processed items are not known, the charge stays as it is.
    fn end(mut self: Box<Self>, consumed: Consumed, processed: Option<Processed>) -> Consumed {
        self.settle(&consumed, processed);
        self.metering.meters.iter().for_each(|meter| meter.add(&consumed));
        consumed
    }

    /// Replaces the charge by the consumed capacity, if the processed items are known.
    fn settle(&mut self, consumed: &Consumed, processed: Option<Processed>) {
        if let Some(processed) = processed
            && let Some((_, in_flight)) = self.charge.take()
        {
            in_flight.settle_all(consumed, processed);
        }
    }

    /// Gives the charge back: nothing was consumed.
    fn refund(&mut self) {
        if let Some((_, in_flight)) = self.charge.take() {
            in_flight.refund();
        }
    }

    fn throttled(&self, attempt_summary: &AttemptSummary) {
        attempt_summary.throttled.iter().for_each(|attempt| self.throttled_for(&attempt.reasons, attempt.at));
    }

    /// DynamoDB: writes of a batch that find no throughput come back, and nothing tells which it was that had none. A few
    /// may be those of a hot partition, which slows nothing else; of most of them the table has too little.
    fn left_unprocessed(&self, processed: usize) {
        if let Some((forecast, _)) = &self.charge
            && processed * 2 < forecast.items
        {
            self.throttled_for(&[], Instant::now());
        }
    }

    fn throttled_for(&self, reasons: &[ThrottlingReason], at: Instant) {
        if let (Some((forecast, _)), Some(budget)) = (&self.charge, &self.metering.budget) {
            budget.throttled(forecast, reasons, at);
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(open) = take(&mut self.0) {
            open.end(unanswered(), None);
        }
    }
}

/// A request that got no response.
fn unanswered() -> Consumed {
    Consumed { requests: 1, unanswered: 1, ..Consumed::default() }
}

/// A request that DynamoDB refused.
fn refused() -> Consumed {
    Consumed { requests: 1, ..Consumed::default() }
}

/// The write units of a failed condition: those of the item, as large as a whole unit at least.
fn units_of(failed: &ConditionFailed, billing: Billing) -> Units {
    let size = failed.raw_item().and_then(Result::ok).map_or(0, |item| billing.item_size(&item));
    Units::of(write_units(size), true)
}

/// The methods of all builders that send requests about items: their meter and their budget.
/// `$handle` leads from the builder to its handle.
macro_rules! metered {
    ([$($generics:tt)*] $Builder:ty, $($handle:tt)+) => {
        impl<$($generics)*> $Builder {
            /// Adds up the capacity units that this call consumes in `meter` as well.
            #[doc(alias("ReturnConsumedCapacity", "ConsumedCapacity"))]
            pub fn meter(mut self, meter: &crate::capacity::Meter) -> Self {
                self.$($handle)+.add_meter(meter);
                self
            }

            /// Limits the rate of the requests by `budget`, instead of the budget of the table.
            pub fn budget(mut self, budget: &crate::budget::Budget) -> Self {
                self.$($handle)+.set_budget(budget);
                self
            }
        }
    };
}
pub(crate) use metered;
