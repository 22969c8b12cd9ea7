//! The counters of a load, as the table sees it.

use std::time::Duration;

/// A sender of requests to the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sender {
    Loader,
    Neighbour,
}

/// A second of virtual time, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Counters {
    /// Write units of the loader.
    pub(super) written: f64,
    /// The units that its unprocessed items and its throttled requests would have taken.
    pub(super) refused: f64,
    pub(super) requests: u64,
    pub(super) throttled_requests: u64,
    pub(super) neighbour_requests: u64,
    pub(super) neighbour_refused: u64,
}

impl Counters {
    /// Counts a request, and the units that it wrote and that it was refused.
    pub(super) fn count(&mut self, sender: Sender, written: f64, refused: f64) {
        let throttled = u64::from(written == 0.0 && refused > 0.0);
        match sender {
            Sender::Loader => {
                self.written += written;
                self.refused += refused;
                self.requests += 1;
                self.throttled_requests += throttled;
            }
            Sender::Neighbour => {
                self.neighbour_requests += 1;
                self.neighbour_refused += throttled;
            }
        }
    }

    fn plus(self, other: &Self) -> Self {
        Self {
            written: self.written + other.written,
            refused: self.refused + other.refused,
            requests: self.requests + other.requests,
            throttled_requests: self.throttled_requests + other.throttled_requests,
            neighbour_requests: self.neighbour_requests + other.neighbour_requests,
            neighbour_refused: self.neighbour_refused + other.neighbour_refused,
        }
    }
}

/// The outcome of a load.
pub(super) struct Outcome {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// The time until all was written.
    pub(super) time: Duration,
    /// The counters of each second.
    pub(super) seconds: Vec<Counters>,
    /// The number of items that were sent more than once.
    pub(super) sent_again: usize,
}

impl Outcome {
    pub(super) fn total(&self) -> Counters {
        self.seconds.iter().fold(Counters::default(), Counters::plus)
    }

    /// The line for programs.
    pub(super) fn line(&self) -> String {
        let total = self.total();
        format!(
            "RESULT rate contender={} seconds={:.1} written_units={:.0} requests={} throttled_requests={} \
             refused_units={:.0} sent_again={} neighbour_refused={} neighbour_requests={}",
            self.name,
            self.time.as_secs_f64(),
            total.written,
            total.requests,
            total.throttled_requests,
            total.refused,
            self.sent_again,
            total.neighbour_refused,
            total.neighbour_requests,
        )
    }
}
