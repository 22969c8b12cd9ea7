use std::{collections::BTreeMap, fmt, time::Duration};

use examples_shared::output::{Align, Columns};

/// The most reasons of failures that are kept.
const SHOWN: usize = 10;

/// The times and the failures of some requests.
#[derive(Debug, Clone, Default)]
pub struct Times {
    /// The times of the requests of each route that were answered.
    pub routes: BTreeMap<&'static str, Vec<Duration>>,
    /// The number of clients that ended with a failure.
    pub failures: usize,
    /// The reasons of the first of them.
    pub reasons: Vec<String>,
}

/// The outcome of a load.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The times and the failures of all clients.
    pub times: Times,
    /// The time in which the clients went through the shop.
    pub took: Duration,
}

impl Times {
    pub(super) fn add(&mut self, route: &'static str, time: Duration) {
        self.routes.entry(route).or_default().push(time);
    }

    pub(super) fn fail(&mut self, reason: String) {
        self.failures += 1;
        self.reasons.push(reason);
    }
}

impl Report {
    pub(super) fn add(&mut self, times: Times) {
        for (route, times) in times.routes {
            self.times.routes.entry(route).or_default().extend(times);
        }
        self.times.failures += times.failures;
        self.times.reasons.extend(times.reasons);
        self.times.reasons.truncate(SHOWN);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headings = [
            ("route", Align::Left),
            ("requests", Align::Right),
            ("half of them within", Align::Right),
            ("99 of 100", Align::Right),
            ("all", Align::Right),
        ];
        let routes: Vec<_> = self.times.routes.iter().collect();
        let table = Columns::new(headings).rows(&routes, |(route, times)| {
            let mut times = (*times).clone();
            times.sort_unstable();
            let within = |share: usize| {
                let last = times.len().saturating_sub(1);
                times.get(last * share / 100).map_or_else(String::new, |time| milliseconds(*time))
            };
            [(*route).to_string(), times.len().to_string(), within(50), within(99), within(100)]
        });
        write!(f, "{table}")?;
        let browsed = self.times.routes.iter().filter(|(route, _)| route.starts_with("GET"));
        let requests: usize = browsed.map(|(_, times)| times.len()).sum();
        let seconds = self.took.as_secs_f64();
        writeln!(f, "{:.0} requests (GET) each second, for {seconds:.1} s", requests as f64 / seconds)?;
        write!(f, "{} failures", self.times.failures)?;
        self.times.reasons.iter().try_for_each(|reason| write!(f, "\n  {reason}"))
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
