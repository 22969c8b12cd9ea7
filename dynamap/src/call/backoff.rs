use std::time::Duration;

/// Exponential backoff with full jitter.
///
/// Each pause is random, from none to a limit that doubles: callers who hinder one another do not come back together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Backoff {
    initial: Duration,
    max: Duration,
    limit: Duration,
}

impl Backoff {
    /// Pauses of up to `initial` at first, and of up to `max` at last.
    pub(crate) const fn new(initial: Duration, max: Duration) -> Self {
        Self { initial, max, limit: initial }
    }

    /// The next pause, after which the limit doubles.
    pub(crate) fn next_pause(&mut self) -> Duration {
        let pause = self.pause();
        self.grow();
        pause
    }

    /// A pause.
    pub(crate) fn pause(&self) -> Duration {
        self.limit.mul_f64(fastrand::f64())
    }

    /// The longest pause for now.
    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Doubles the limit.
    pub(crate) fn grow(&mut self) {
        self.limit = self.limit.saturating_mul(2).min(self.max);
    }

    /// Begins anew with short pauses.
    pub(crate) fn reset(&mut self) {
        self.limit = self.initial;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_random_up_to_a_limit_that_doubles() {
        let (initial, max) = (Duration::from_millis(10), Duration::from_millis(35));
        let mut backoff = Backoff::new(initial, max);
        for limit in [10, 20, 35, 35].map(Duration::from_millis) {
            assert_eq!(backoff.limit(), limit);
            let pauses: Vec<Duration> = (0..200).map(|_| backoff.pause()).collect();
            let below = |part: u32| pauses.iter().filter(|pause| **pause < limit / part).count();
            assert!(pauses.iter().all(|pause| *pause <= limit));
            assert!(
                below(2) > 50 && below(2) < 150 && below(10) > 0,
                "{} and {} of 200",
                below(2),
                below(10)
            );
            assert!(backoff.next_pause() <= limit);
        }
        backoff.reset();
        assert_eq!(backoff, Backoff::new(initial, max));
    }
}
