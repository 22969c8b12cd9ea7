//! Reservations of units: those that the caller asks for, and the likely cost of a request.

use super::{
    Budget, Reservation,
    buckets::Charge,
    charge::TakenUnits,
    forecast::{Cost, Forecast},
    micros,
    waiting::Waiting,
};
use crate::{
    capacity::Units,
    error::{ThrottlingCause, ThrottlingReason},
    timer::Timer,
};
use tokio::time::Instant;

impl Budget {
    /// Waits for units of the table, or of the index `index`, for a request that your own code sends. Calls of dynamap
    /// do this by themselves.
    ///
    /// ```
    /// # use dynamap::{Budget, capacity::{Units, write_units}};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let budget = Budget::builder().writes(10.0).build()?;
    /// let reservation = budget.reserve(None, Units { read: 0.0, write: write_units(2000) }).await;
    /// // Here the request is sent.
    /// let in_flight = reservation.into_sent();
    /// // DynamoDB says that it has consumed three units, as the item was larger before.
    /// in_flight.settle(Units { read: 0.0, write: 3.0 });
    /// assert_eq!(budget.available(None).write.floor(), 7.0);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn reserve(&self, index: Option<&str>, units: Units) -> Reservation {
        let amounts = [(false, units.read), (true, units.write)];
        let charges = amounts.into_iter().filter_map(|(writes, units)| {
            Some(Charge { bucket: self.bucket(index, writes)?, units: micros(units) })
        });
        self.take(charges.collect(), None, Timer::default()).await
    }

    async fn take(&self, charges: Vec<Charge>, forecast: Option<Forecast>, timer: Timer) -> Reservation {
        let charges = match charges.iter().any(|charge| charge.units > 0) {
            true => Waiting::new(self.clone(), charges, timer).await,
            false => TakenUnits::nothing(self.clone()),
        };
        Reservation::new(charges, forecast)
    }

    /// Waits for the likely cost of a request.
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
