//! What calls consume, and what they may.

use super::Handle;
use crate::{
    budget::{Budget, Forecast, InFlight},
    capacity::{Consumed, Meter, Units, item_size, write_units},
    direct::Trail,
    error::{ConditionFailed, Error, ServiceErrorKind},
};
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};
use std::{mem::take, sync::Arc};

/// The meters of a table or call, and the budget that it draws on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Metering {
    meters: Vec<Meter>,
    budget: Option<Budget>,
}

impl Handle {
    /// Adds a meter, unless it is there.
    pub(crate) fn add_meter(&mut self, meter: &Meter) {
        let metering = self.metering_mut();
        if !metering.meters.iter().any(|other| other.is(meter)) {
            metering.meters.push(meter.clone());
        }
    }

    /// Draws on this budget, and on no other.
    pub(crate) fn set_budget(&mut self, budget: &Budget) {
        self.metering_mut().budget = Some(budget.clone());
    }

    fn metering_mut(&mut self) -> &mut Metering {
        Arc::make_mut(self.metering.get_or_insert_default())
    }

    /// `ReturnConsumedCapacity` of the requests: nothing is asked for where nobody wants it.
    pub(crate) fn returned_capacity(&self) -> Option<ReturnConsumedCapacity> {
        self.metering.as_ref().map(|_| ReturnConsumedCapacity::Indexes)
    }

    pub(crate) fn has_budget(&self) -> bool {
        self.metering.as_ref().is_some_and(|metering| metering.budget.is_some())
    }

    /// Waits until a request may be sent, which is to follow at once. All that can be wrong with it is checked before.
    pub(crate) async fn permit(&self, forecast: impl FnOnce() -> Forecast) -> Permit {
        let Some(metering) = &self.metering else { return Permit(None) };
        let Some(budget) = &metering.budget else {
            return Permit(Some(Box::new(Open { metering: metering.clone(), charge: None })));
        };
        let forecast = forecast();
        // In a box: what lives while a call is awaited makes our future larger.
        let in_flight = Box::pin(budget.reserve_for(forecast)).await.into_sent();
        Permit(Some(Box::new(Open { metering: metering.clone(), charge: Some((forecast, in_flight)) })))
    }
}

/// A request that was permitted and is sent. Dropped before it is ended, nobody knows what it has consumed.
#[derive(Debug)]
#[must_use = "dropped, it keeps its charge"]
pub(crate) struct Permit(Option<Box<Open>>);

#[derive(Debug)]
struct Open {
    metering: Arc<Metering>,
    charge: Option<(Forecast, InFlight)>,
}

impl Permit {
    /// A request about one item or page has its answer, or has failed: what it has consumed, if anybody asks.
    pub(crate) fn end(
        self,
        sent: Result<Option<&ConsumedCapacity>, &Error>,
        writes: bool,
        trail: Option<Trail>,
    ) -> Option<Consumed> {
        match sent {
            Ok(consumed) => self.answered(consumed.map_or(&[], std::slice::from_ref), writes, 1, trail),
            Err(error) => {
                self.failed(error, trail);
                None
            }
        }
    }

    /// The request has its answer, in which so many items were processed: what it has consumed, if anybody asks.
    pub(crate) fn answered(
        mut self,
        capacities: &[ConsumedCapacity],
        writes: bool,
        processed: usize,
        trail: Option<Trail>,
    ) -> Option<Consumed> {
        let open = self.0.take()?;
        let mut consumed = Consumed::answered(capacities, writes);
        let trail = trail.unwrap_or_default();
        if trail.ambiguous {
            // An attempt before it may have done the same.
            consumed = consumed.and_again();
        }
        open.throttled(&trail);
        // A service that tells nothing leaves us with what we took it to cost.
        let told = !capacities.is_empty();
        Some(open.end(consumed, told.then_some(processed)))
    }

    /// The request has failed.
    pub(crate) fn failed(mut self, error: &Error, trail: Option<Trail>) {
        let Some(mut open) = self.0.take() else { return };
        let trail = trail.unwrap_or_default();
        open.throttled(&trail);
        match error {
            // DynamoDB: a failed condition costs as much as a write of the item, and its error does not tell.
            Error::ConditionFailed(failed) => {
                open.end(Consumed::estimate(units_of(failed)), Some(0));
            }
            Error::Service(error) if !error.kind().is_ambiguous() => {
                if error.kind() == ServiceErrorKind::Throttled
                    && trail.throttled.is_empty()
                    && let Some((forecast, _)) = &open.charge
                    && let Some(budget) = &open.metering.budget
                {
                    budget.throttled(forecast, error.throttling_reasons());
                }
                if !trail.ambiguous
                    && let Some((_, in_flight)) = open.charge.take()
                {
                    in_flight.refund();
                }
                open.end(Consumed { requests: 1, ..Consumed::default() }, None);
            }
            _ => drop(open.end(Consumed { requests: 1, unanswered: 1, ..Consumed::default() }, None)),
        }
    }
}

impl Open {
    /// Counts what was consumed; without a number of items processed, the charge stays what it is.
    fn end(mut self: Box<Self>, consumed: Consumed, processed: Option<usize>) -> Consumed {
        if let Some(processed) = processed
            && let Some((_, in_flight)) = self.charge.take()
        {
            in_flight.settle_all(&consumed, processed);
        }
        self.metering.meters.iter().for_each(|meter| meter.add(&consumed));
        consumed
    }

    fn throttled(&self, trail: &Trail) {
        if let (Some((forecast, _)), Some(budget)) = (&self.charge, &self.metering.budget) {
            trail.throttled.iter().for_each(|reasons| budget.throttled(forecast, reasons));
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(open) = take(&mut self.0) {
            open.end(Consumed { requests: 1, unanswered: 1, ..Consumed::default() }, None);
        }
    }
}

/// The write units of a failed condition: those of the item, as large as a whole unit at least.
fn units_of(failed: &ConditionFailed) -> Units {
    let size = failed.raw_item().and_then(Result::ok).map_or(0, |item| item_size(&item));
    Units::of(write_units(size), true)
}

/// The methods that all builders have which send requests about items: what meters them, and what they may consume.
/// `$handle` leads from the builder to its handle.
macro_rules! metered {
    ([$($generics:tt)*] $Builder:ty, $($handle:tt)+) => {
        impl<$($generics)*> $Builder {
            /// Counts what this call consumes with `meter` as well.
            pub fn meter(mut self, meter: &crate::capacity::Meter) -> Self {
                self.$($handle)+.add_meter(meter);
                self
            }

            /// Draws on `budget` before each request, instead of the budget of the table.
            pub fn budget(mut self, budget: &crate::budget::Budget) -> Self {
                self.$($handle)+.set_budget(budget);
                self
            }
        }
    };
}
pub(crate) use metered;
