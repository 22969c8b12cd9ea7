use std::collections::HashMap;

/// The weight of a new cost in the average.
const WEIGHT: f64 = 0.05;

/// The average cost of calls of one form, which predicts the next one: a moving average in which the last calls count
/// most.
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
    /// The average cost of such a call in a bucket; `None` before the first.
    pub(super) fn of(&self, form: CallForm, bucket: usize) -> Option<f64> {
        Some(self.0.get(&(form, bucket))?.units)
    }

    /// Learns the cost of one in a bucket.
    pub(super) fn learn(&mut self, form: CallForm, bucket: usize, units: f64) {
        let average = self.0.entry((form, bucket)).or_default();
        average.count = average.count.saturating_add(1);
        // The first ones all count the same.
        let weight = WEIGHT.max(1.0 / f64::from(average.count));
        average.units += weight * (units - average.units);
    }
}
