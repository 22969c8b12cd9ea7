//! A token bucket of a table's write capacity units, as DynamoDB has it: unused units are kept for a while.

use super::setting::Setting;
use std::time::Duration;

#[derive(Debug)]
pub(super) struct Throughput {
    setting: Setting,
    /// The units that can be used, as of `at`.
    level: f64,
    at: Duration,
}

impl Throughput {
    /// The throughput of a table with a full bucket: no client has used it for a while.
    pub(super) fn new(setting: Setting) -> Self {
        let level = setting.capacity_at(Duration::ZERO) * setting.burst.as_secs_f64();
        Self { setting, level, at: Duration::ZERO }
    }

    /// Takes units, if they are there.
    pub(super) fn take(&mut self, units: f64, now: Duration) -> bool {
        let changes = [self.setting.low.start, self.setting.low.end];
        for change in changes.into_iter().filter(|change| *change < now) {
            self.fill(change);
        }
        self.fill(now);
        let enough = self.level >= units;
        if enough {
            self.level -= units;
        }
        enough
    }

    /// Lets time pass in which the capacity does not change.
    fn fill(&mut self, until: Duration) {
        let Some(passed) = until.checked_sub(self.at) else { return };
        let capacity = self.setting.capacity_at(self.at);
        // What was kept before the capacity fell stays, and is used up.
        let most = (capacity * self.setting.burst.as_secs_f64()).max(self.level);
        self.level = (self.level + capacity * passed.as_secs_f64()).min(most);
        self.at = until;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_come_at_the_capacity_of_their_time() {
        let second = Duration::from_secs(1);
        let (burst, low) = (2 * second, 3 * second..5 * second);
        let setting = Setting { capacity: 100.0, burst, low, ..Setting::SMOKE };
        let mut throughput = Throughput::new(setting);
        assert!(throughput.take(200.0, Duration::ZERO) && !throughput.take(1.0, Duration::ZERO));
        assert!(throughput.take(100.0, second) && !throughput.take(1.0, second));
        // Two seconds at 100, two at 50, one at 100, and no more than two are kept.
        assert!(throughput.take(200.0, 3 * second) && throughput.take(100.0, 5 * second));
        assert!(!throughput.take(1.0, 5 * second) && throughput.take(100.0, 6 * second));
    }
}
