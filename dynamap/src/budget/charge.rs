use super::{Budget, Forecast, Processed, buckets::Charge, micros};
use crate::capacity::{Consumed, Units};
use std::mem::take;

/// Units that were taken from buckets. Dropped, they are given back.
#[derive(Debug)]
pub(super) struct TakenUnits {
    budget: Budget,
    charges: Vec<Charge>,
}

impl TakenUnits {
    pub(super) fn new(budget: Budget, charges: Vec<Charge>) -> Self {
        Self { budget, charges }
    }

    pub(super) fn nothing(budget: Budget) -> Self {
        Self::new(budget, Vec::new())
    }
}

impl Drop for TakenUnits {
    fn drop(&mut self) {
        if !self.charges.is_empty() {
            let charges = take(&mut self.charges);
            self.budget.wake(|ledger, now| ledger.refund(&charges, now));
        }
    }
}

/// Units that a request has before it is sent. Dropped, they are given back.
#[derive(Debug)]
#[must_use = "dropped, it gives its units back"]
pub struct Reservation {
    taken: TakenUnits,
    forecast: Option<Forecast>,
}

/// Units of a request in flight. Dropped, they count as used: the request may have consumed them.
#[derive(Debug)]
pub struct InFlight {
    budget: Budget,
    charges: Vec<Charge>,
    forecast: Option<Forecast>,
}

impl Reservation {
    pub(super) fn new(taken: TakenUnits, forecast: Option<Forecast>) -> Self {
        Self { taken, forecast }
    }

    /// The request is sent.
    pub fn into_sent(self) -> InFlight {
        let Self { mut taken, forecast } = self;
        let (budget, charges) = (taken.budget.clone(), take(&mut taken.charges));
        InFlight { budget, charges, forecast }
    }
}

impl InFlight {
    /// The request has consumed these units of the resource that it was reserved for. More than was reserved is a debt,
    /// and less is given back.
    pub fn settle(self, consumed: Units) {
        let resources = &self.budget.0.resources;
        let used = self.charges.iter().filter_map(|charge| {
            let units = consumed.units(resources.get(charge.bucket)?.writes);
            Some(Charge { bucket: charge.bucket, units: micros(units) })
        });
        let used: Vec<_> = used.collect();
        self.budget.wake(|ledger, now| ledger.settle(&self.charges, &used, now));
    }

    /// The request has consumed nothing: DynamoDB refused or throttled it.
    pub fn refund(self) {
        self.budget.wake(|ledger, now| ledger.refund(&self.charges, now));
    }

    /// The request, or the `processed` part of it, has consumed this.
    pub(crate) fn settle_all(self, consumed: &Consumed, processed: Processed) {
        let resources = &self.budget.0.resources;
        let used = resources.iter().enumerate().map(|(bucket, resource)| {
            let units = match &resource.index {
                Some(name) => consumed.global_indexes.get(name).copied().unwrap_or_default(),
                // DynamoDB: local indexes use the throughput of the table.
                None => consumed.local_indexes.values().fold(consumed.table, |sum, units| sum + *units),
            };
            (bucket, units.units(resource.writes))
        });
        let used: Vec<(usize, f64)> = used.collect();
        if let Some(Forecast { form, index, .. }) = self.forecast
            && consumed.estimated == Units::NONE
        {
            let averages = &mut self.budget.lock().averages;
            for (bucket, units) in &used {
                let is_its_own = resources.get(*bucket).is_some_and(|of| of.index.as_deref() == index);
                let (units, items) = match is_its_own {
                    true => ((units - processed.known).max(0.0), processed.others),
                    false => (*units, processed.items),
                };
                if items > 0 {
                    averages.learn(form, *bucket, units / items as f64);
                }
            }
        }
        let used = used.into_iter().map(|(bucket, units)| Charge { bucket, units: micros(units) });
        let used: Vec<_> = used.collect();
        self.budget.wake(|ledger, now| ledger.settle(&self.charges, &used, now));
    }
}
