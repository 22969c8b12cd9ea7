use std::collections::HashMap;

/// How much a new cost counts.
const WEIGHT: f64 = 0.05;

/// What calls of one form cost on average, which predicts the next one: an average in which the last calls count most.
#[derive(Debug, Default)]
pub(super) struct Averages(HashMap<(CallForm, usize), Average>);

/// Calls that may cost alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CallForm {
    pub(crate) operation: &'static str,
    pub(crate) entity: &'static str,
    pub(crate) index: Option<&'static str>,
    pub(crate) consistent: bool,
}

#[derive(Debug, Default)]
struct Average {
    units: f64,
    count: u32,
}

impl Averages {
    /// What one of these is likely to cost in a bucket.
    pub(super) fn of(&self, form: CallForm, bucket: usize) -> Option<f64> {
        Some(self.0.get(&(form, bucket))?.units)
    }

    /// Learns what one has cost in a bucket.
    pub(super) fn learn(&mut self, form: CallForm, bucket: usize, units: f64) {
        let average = self.0.entry((form, bucket)).or_default();
        average.count = average.count.saturating_add(1);
        // The first ones all count the same.
        let weight = WEIGHT.max(1.0 / f64::from(average.count));
        average.units += weight * (units - average.units);
    }
}
