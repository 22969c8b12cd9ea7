//! Reservations for requests by what they are likely to cost.

use super::{
    Budget, Reservation,
    buckets::Charge,
    forecast::{Cost, Forecast},
    micros,
};
use crate::{
    error::{ThrottlingCause, ThrottlingReason},
    timer::Timer,
};
use tokio::time::Instant;

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
