use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use serde_json::Value;

use super::fault::Fault;
use super::rates::Rates;
use crate::{seed::seed_from_env, transport::Request};

/// A plan of faults: a script, or faults drawn from a seed.
///
/// ```
/// use dynamap_local::faults::{Fault, Plan, Throttling, When};
///
/// let scripted = Plan::script([
///     (When::request(2), Fault::DropAfter),
///     (When::operation("PutItem").about("PRODUCT#p-7"), Fault::ErrorBefore),
///     (When::operation("Query").after(3).always(), Fault::Throttle(Throttling::KeyRange)),
/// ]);
/// # drop(scripted);
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    entries: Vec<ScriptEntry>,
    random: Option<(u64, Rates)>,
    rng: Rng,
    latency: RangeInclusive<Duration>,
    pub(super) checked: bool,
}

#[derive(Clone, Debug)]
struct ScriptEntry {
    when: When,
    fault: Fault,
    seen: u64,
    used: u64,
}

impl Plan {
    /// No faults.
    #[must_use]
    pub fn none() -> Self {
        Self {
            entries: Vec::new(),
            random: None,
            rng: Rng::with_seed(0),
            latency: Duration::ZERO..=Duration::ZERO,
            checked: true,
        }
    }

    /// A script of faults. Default: each is used once, unless its [`When`] says otherwise.
    ///
    /// The first entry whose turn it is gives a request its fault; all entries count the request. An entry skips the
    /// requests that its fault does not fit ([`FaultKind::fits`](super::FaultKind::fits)).
    #[must_use]
    pub fn script(entries: impl IntoIterator<Item = (When, Fault)>) -> Self {
        let mut plan = Self::none();
        entries.into_iter().for_each(|(when, fault)| plan.push(when, fault));
        plan
    }

    /// A plan of faults drawn from `seed`. The same seed gives the same faults to the same requests in the same order.
    ///
    /// The SDK draws its back-off from `fastrand`: a test that wants the same times calls `fastrand::seed` on its
    /// thread, and runs on tokio's current-thread runtime with the clock paused.
    #[must_use]
    pub fn random(seed: u64, rates: Rates) -> Self {
        Self { random: Some((seed, rates)), rng: Rng::with_seed(seed), ..Self::none() }
    }

    /// [`random`](Self::random) with the seed in the environment variable `DYNAMAP_SEED`, or else with a new one; prints
    /// it to standard error, which a test shows when it fails.
    ///
    /// A value that is not a number is a seed as well.
    #[must_use]
    pub fn random_from_env(rates: Rates) -> Self {
        Self::random(seed_from_env(), rates)
    }

    /// The seed of a random plan.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.random.as_ref().map(|(seed, _)| *seed)
    }

    /// Adds a random latency to each request, and another to its response, in tokio's time. Default: none.
    ///
    /// Without latency, requests of several tasks hardly overtake one another.
    #[must_use]
    pub fn latency(mut self, each_way: RangeInclusive<Duration>) -> Self {
        self.latency = each_way;
        self
    }

    /// Lets requests pass that DynamoDB would refuse and the engine takes.
    ///
    /// Otherwise they are refused as by [`Local::checked`](crate::Local::checked).
    #[must_use]
    pub fn unchecked(mut self) -> Self {
        self.checked = false;
        self
    }

    pub(super) fn push(&mut self, when: When, fault: Fault) {
        self.entries.push(ScriptEntry { when, fault, seen: 0, used: 0 });
    }

    /// The fault of the request with this number; every call counts as one.
    pub(super) fn fault(&mut self, number: u64, request: &Request) -> Option<Fault> {
        let mut scripted = None;
        for entry in &mut self.entries {
            if !entry.fault.kind().fits(&request.operation) || !entry.when.matches(number, request) {
                continue;
            }
            let due =
                entry.seen >= entry.when.after && entry.when.times.is_none_or(|times| entry.used < times);
            entry.seen += 1;
            if due && scripted.is_none() {
                entry.used += 1;
                scripted = Some(entry.fault.clone());
            }
        }
        let random = self.random.as_ref().and_then(|(_, rates)| rates.draw(&mut self.rng, request));
        scripted.or(random)
    }

    /// The time that the next request, or the next answer, takes on its way.
    pub(super) fn delay(&mut self) -> Option<Duration> {
        let (shortest, longest) = (self.latency.start().as_nanos(), self.latency.end().as_nanos());
        if longest == 0 || shortest > longest {
            return None;
        }
        let nanos = u64::try_from(self.rng.u128(shortest..=longest)).unwrap_or(u64::MAX);
        Some(Duration::from_nanos(nanos))
    }
}

/// The requests that an entry of a [`Plan`] is for.
///
/// A request must meet every criterion.
#[derive(Clone)]
pub struct When {
    criteria: Vec<Criterion>,
    after: u64,
    times: Option<u64>,
}

#[derive(Clone)]
enum Criterion {
    Number(u64),
    Operation(String),
    About(String),
    Matching(Arc<dyn Fn(&Request) -> bool + Send + Sync>),
}

impl When {
    /// Any request.
    #[must_use]
    pub fn any() -> Self {
        Self { criteria: Vec::new(), after: 0, times: Some(1) }
    }

    /// The request with this number: the first is 1, and every attempt counts, as in the [log](super::Faults::log).
    #[must_use]
    pub fn request(number: u64) -> Self {
        Self::any().with(Criterion::Number(number))
    }

    /// A request of this operation, such as `PutItem`.
    pub fn operation(name: impl Into<String>) -> Self {
        Self::any().with(Criterion::Operation(name.into()))
    }

    /// A request that this function picks.
    pub fn matching(picks: impl Fn(&Request) -> bool + Send + Sync + 'static) -> Self {
        Self::any().with(Criterion::Matching(Arc::new(picks)))
    }

    /// Narrows to requests with this value, in a key or anywhere else: exactly this text, number or base64.
    #[must_use]
    pub fn about(self, value: impl Into<String>) -> Self {
        self.with(Criterion::About(value.into()))
    }

    /// Skips the first `requests` of them.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.after = requests;
        self
    }

    /// Sets how many times the fault is used. Default: once.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Uses the fault every time. Default: once.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    fn with(mut self, criterion: Criterion) -> Self {
        self.criteria.push(criterion);
        self
    }

    fn matches(&self, number: u64, request: &Request) -> bool {
        self.criteria.iter().all(|criterion| match criterion {
            Criterion::Number(expected) => *expected == number,
            Criterion::Operation(expected) => *expected == request.operation,
            Criterion::About(value) => {
                serde_json::from_slice(&request.body).is_ok_and(|body: Value| mentions(&body, value))
            }
            Criterion::Matching(picks) => picks(request),
        })
    }
}

fn mentions(body: &Value, value: &str) -> bool {
    match body {
        Value::Object(members) => members.iter().any(|(name, member)| {
            (matches!(name.as_str(), "S" | "N" | "B") && member == value) || mentions(member, value)
        }),
        Value::Array(elements) => elements.iter().any(|element| mentions(element, value)),
        _ => false,
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("When");
        for criterion in &self.criteria {
            match criterion {
                Criterion::Number(number) => shown.field("request", number),
                Criterion::Operation(name) => shown.field("operation", name),
                // A value may be a secret of the test: it stays out of logs.
                Criterion::About(_) => shown.field("about", &format_args!("..")),
                Criterion::Matching(_) => shown.field("matching", &format_args!("..")),
            };
        }
        shown.field("after", &self.after).field("times", &self.times).finish()
    }
}
