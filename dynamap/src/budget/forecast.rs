use super::{Budget, Form, Reservation, ledger::Charge, micros};
use crate::{
    error::{ThrottlingCause, ThrottlingReason},
    timer::Timer,
};
use tokio::time::Instant;

/// What a request is likely to cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Forecast {
    pub(crate) form: Form,
    pub(crate) writes: bool,
    /// The global index that it reads; `None` if it uses the throughput of the table.
    pub(crate) index: Option<&'static str>,
    /// Of each item, or of the page.
    pub(crate) cost: Cost,
    /// How many items it is about.
    pub(crate) items: usize,
}

/// What is known of the cost before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cost {
    /// This, unless the item was larger before.
    Known(f64),
    /// The average, or this as long as there is none.
    Average(f64),
    /// Of all items together: what is known, and for so many others the average, or `first` as long as there is none.
    Partly { known: f64, others: usize, first: f64 },
}

/// The items that a request has processed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Processed {
    pub(crate) items: usize,
    /// What was known of the cost of some.
    pub(crate) known: f64,
    /// How many the others are.
    pub(crate) others: usize,
}

impl Processed {
    /// So many items, which cost alike.
    pub(crate) fn items(items: usize) -> Self {
        Self { items, known: 0.0, others: items }
    }
}

impl Forecast {
    /// A write of one item.
    pub(crate) fn of_write(operation: &'static str, entity: &'static str, cost: Cost) -> Self {
        let form = Form { operation, entity, index: None, consistent: false };
        Self { form, writes: true, index: None, cost, items: 1 }
    }
}

impl Budget {
    /// Waits for what a request is likely to cost.
    pub(crate) async fn reserve_for(&self, forecast: Forecast, timer: Timer) -> Reservation {
        self.take(self.charges(&forecast), Some(forecast), timer).await
    }

    pub(super) fn charges(&self, forecast: &Forecast) -> Vec<Charge> {
        let Forecast { form, writes, index, cost, items } = *forecast;
        let averages = &self.lock().averages;
        let resources = self.0.resources.iter().enumerate();
        let charges =
            resources.filter(|(_, resource)| resource.writes == writes).map(|(bucket, resource)| {
                let (average, items) = (averages.of(form, bucket), items as f64);
                let units = match cost {
                    // What a write takes of an index is known by what such writes took before.
                    _ if resource.index.as_deref() != index => average.unwrap_or_default() * items,
                    Cost::Known(units) => units * items,
                    Cost::Average(first) => average.unwrap_or(first) * items,
                    Cost::Partly { known, others, first } => known + average.unwrap_or(first) * others as f64,
                };
                Charge { bucket, units: micros(units) }
            });
        charges.filter(|charge| charge.units > 0).collect()
    }

    /// DynamoDB throttled an attempt of a request, for these reasons: it said so at `at`, which may be a while ago.
    pub(crate) fn throttled(&self, forecast: &Forecast, reasons: &[ThrottlingReason], at: Instant) {
        let (at, now) = (at.saturating_duration_since(self.0.start), self.now());
        let mut state = self.lock();
        let mut throttle = |index: Option<&str>, writes| {
            if let Some(bucket) = self.bucket(index, writes) {
                state.ledger.throttle(bucket, at, now);
            }
        };
        for reason in reasons.iter().filter(|reason| reason.cause() != ThrottlingCause::KeyRange) {
            throttle(reason.index(), reason.is_of_writes());
        }
        if reasons.is_empty() {
            throttle(forecast.index, forecast.writes);
        }
    }
}
