use std::time::Duration;

/// A capacity unit is a million of these: so that nothing is lost to rounding.
pub(super) const UNIT: i64 = 1_000_000;

/// The time after a cut in which the rate is not cut again: requests that were throttled together are one sign.
const CUT_TOGETHER: Duration = Duration::from_secs(1);

/// The time between two steps of growth after a cut; a step is this part of the full rate.
const STEP: Duration = Duration::from_secs(1);
const STEPS: i64 = 20;

/// A token bucket: the units of a table or index that may be used. They come at a rate, up to the burst.
///
/// Its methods take the time since the budget was made as an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bucket {
    /// Micro-units per second.
    full_rate: i64,
    /// The rate as throttling has left it.
    rate: i64,
    burst: i64,
    /// The units that may be used now; below zero it is a debt.
    level: i64,
    /// The fraction of a micro-unit that has come beside the level, in billionths.
    rest: u128,
    /// The time of the last tick, for which the level holds.
    at: Duration,
    /// The time of the last cut of the rate, and of the last growth.
    cut: Option<Cut>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cut {
    at: Duration,
    grown: Duration,
}

impl Bucket {
    /// A full bucket. The rate is per second.
    pub(super) fn new(rate: i64, burst: i64) -> Self {
        let (rate, burst) = (rate.max(1), burst.max(1));
        Self { full_rate: rate, rate, burst, level: burst, rest: 0, at: Duration::ZERO, cut: None }
    }

    /// Lets the time pass. A clock that stood still or went back brings nothing, and one that jumped a burst.
    pub(super) fn tick(&mut self, now: Duration) {
        while let Some(cut) = &mut self.cut {
            let next = cut.grown + STEP;
            if next > now {
                break;
            }
            cut.grown = next;
            self.fill(next);
            self.rate = (self.rate + (self.full_rate / STEPS).max(1)).min(self.full_rate);
            if self.rate == self.full_rate {
                self.cut = None;
            }
        }
        self.fill(now);
    }

    fn fill(&mut self, now: Duration) {
        let Some(passed) = now.checked_sub(self.at) else { return };
        self.at = now;
        let come = passed.as_nanos() * self.rate.unsigned_abs() as u128 + self.rest;
        let units = i64::try_from(come / NANOS).unwrap_or(i64::MAX);
        self.level = self.level.saturating_add(units);
        self.rest = come % NANOS;
        if self.level >= self.burst {
            (self.level, self.rest) = (self.burst, 0);
        }
    }

    /// Takes `need`, if it is there. A need of more than the burst is taken from a full bucket, as a debt.
    pub(super) fn take(&mut self, need: i64, now: Duration) -> bool {
        self.tick(now);
        let enough = self.level >= need.min(self.burst);
        if enough {
            self.level -= need;
        }
        enough
    }

    /// The time from the last tick until `need` can be taken, or until the rate grows, if that is sooner.
    pub(super) fn wait(&self, need: i64) -> Duration {
        let missing = need.min(self.burst).saturating_sub(self.level);
        if missing <= 0 {
            return Duration::ZERO;
        }
        let nanos = (missing.unsigned_abs() as u128 * NANOS).saturating_sub(self.rest);
        let nanos = nanos.div_ceil(self.rate.unsigned_abs().max(1) as u128);
        let wait = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        match self.cut {
            Some(cut) => wait.min((cut.grown + STEP).saturating_sub(self.at)),
            None => wait,
        }
    }

    /// Replaces the units that were taken by those that were used.
    pub(super) fn settle(&mut self, taken: i64, used: i64, now: Duration) {
        self.tick(now);
        self.level = self.level.saturating_add(taken).saturating_sub(used).min(self.burst);
    }

    /// Gives back the units that were taken.
    pub(super) fn refund(&mut self, taken: i64, now: Duration) {
        self.settle(taken, 0, now);
    }

    /// DynamoDB had less than we took it to have, at `at`: half the rate, which grows again step by step.
    ///
    /// It is told when the call is over, so that it may be of a time before the rate was cut last.
    pub(super) fn throttle(&mut self, at: Duration, now: Duration) {
        self.tick(now);
        if self.cut.is_some_and(|cut| at < cut.at + CUT_TOGETHER) {
            return;
        }
        // It has grown by a step since the last cut, and so is never less than a step.
        self.rate = (self.rate / 2).max(1);
        self.level = self.level.min(0);
        self.cut = Some(Cut { at: now, grown: now });
    }

    /// Micro-units per second, as throttling has left them.
    pub(super) fn rate(&self) -> i64 {
        self.rate
    }

    /// The micro-units that may be used as of the last tick.
    pub(super) fn level(&self) -> i64 {
        self.level
    }

    /// The time of the last tick.
    pub(super) fn at(&self) -> Duration {
        self.at
    }
}

const NANOS: u128 = 1_000_000_000;
