//! The clock, and the median of what it shows.

use super::region::{Region, measured_region};
use std::time::{Duration, Instant};

/// Measures the time that the work takes.
pub(crate) struct Stopwatch;

impl Region for Stopwatch {
    type Measured = Duration;

    fn measure(self, work: &mut dyn FnMut()) -> Duration {
        let start = Instant::now();
        measured_region(work);
        start.elapsed()
    }
}

/// The value in the middle; of an even number of values, the greater of the two.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
    }
}
