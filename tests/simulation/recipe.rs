//! What a generated schedule is made of: everything in it is drawn.

mod focus;

pub(super) use focus::Focus;

use super::stage::Patience;
use dynamap::Mapping;
use dynamap_local::{
    Request,
    faults::{Fault, FaultKind, Faults, Rates, Wakes, When},
};
use std::time::Duration;

/// A kind of note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Numbered,
    FromZeroed,
    Random,
    Tagged,
    BareNumbered,
    BareFromZeroed,
    BareRandom,
    BareTagged,
    Unversioned,
    /// With unique names.
    Holder,
    RandomHolder,
    BareHolder,
}

const WITH_LINEAGE: [Kind; 4] = [Kind::Numbered, Kind::FromZeroed, Kind::Random, Kind::Tagged];
const BARE: [Kind; 4] = [Kind::BareNumbered, Kind::BareFromZeroed, Kind::BareRandom, Kind::BareTagged];

/// Something that a client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Read,
    Create,
    Save,
    Replace,
    /// An update that expects a version.
    Update,
    /// A delete that expects a version.
    Delete,
    Modify,
    /// An update that sets, of whatever version.
    Set,
    /// An update that counts, of whatever version.
    Count,
    /// Sets the time to live to one that is over.
    LogOut,
    Upsert,
    /// A delete of whatever version.
    Remove,
    /// A put of an unversioned note.
    Put,
    Batch,
    Transaction,
    /// The time to live deletes.
    Sweep,
    /// The wall clock jumps.
    Jump,
    /// Minutes or hours pass.
    Nap,
}

const VERBS: [Verb; 18] = [
    Verb::Read,
    Verb::Create,
    Verb::Save,
    Verb::Replace,
    Verb::Update,
    Verb::Delete,
    Verb::Modify,
    Verb::Set,
    Verb::Count,
    Verb::LogOut,
    Verb::Upsert,
    Verb::Remove,
    Verb::Put,
    Verb::Batch,
    Verb::Transaction,
    Verb::Sweep,
    Verb::Jump,
    Verb::Nap,
];

#[derive(Debug, Clone)]
pub(super) struct Recipe {
    pub(super) mapping: Mapping,
    pub(super) kind: Kind,
    pub(super) clients: u32,
    /// What each client does.
    pub(super) actions: u32,
    pub(super) keys: u32,
    verbs: Vec<(Verb, u32)>,
    faults: f64,
    /// How often a request is late, where another fault counts one.
    zombies: f64,
    zombies_within: Duration,
    /// What is late, beside what else goes wrong: every other write of this kind.
    late: Option<Late>,
    /// Whether a client creates only what it has not found.
    pub(super) careful: bool,
    /// The share of answers that are emptied.
    pub(super) emptied: f64,
    /// The share of writes that are transactions.
    transactional: f64,
    at_least_once: f64,
    /// The share of writes whose future is dropped.
    drops: f64,
    /// The share of lives of a client that end early.
    pub(super) restarts: f64,
    think: Duration,
    /// How long a transaction is tried.
    pub(super) gives_up: Option<Duration>,
    /// Whether what is unknown is resolved at once, or after a long time.
    resolves: bool,
}

/// Writes that are late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Late {
    Creates,
    TransactedUpdates,
}

impl Late {
    /// For how many further requests they are late.
    fn range(self) -> std::ops::Range<u64> {
        match self {
            Self::Creates => 3..12,
            Self::TransactedUpdates => 8..60,
        }
    }

    fn is(self, request: &Request) -> bool {
        let holds = |text: &str| String::from_utf8_lossy(&request.body).contains(text);
        match self {
            Self::Creates => request.operation == "PutItem" && holds("attribute_not_exists"),
            Self::TransactedUpdates => request.operation == "TransactWriteItems" && holds("\"Update\""),
        }
    }
}

fn chance(share: f64) -> bool {
    fastrand::f64() < share
}

fn one_of<T: Copy>(all: &[T]) -> T {
    all[fastrand::usize(..all.len())]
}

fn millis(range: std::ops::Range<u64>) -> Duration {
    Duration::from_millis(fastrand::u64(range))
}

impl Recipe {
    pub(super) fn draw(focus: Focus, faults: f64) -> Self {
        let all = [WITH_LINEAGE, BARE].concat();
        let usual = [Verb::Read, Verb::Create, Verb::Save];
        let weigh = |verb: Verb| match usual.contains(&verb) {
            true => fastrand::u32(1..5),
            false => fastrand::u32(..6).saturating_sub(2),
        };
        let recipe = Self {
            mapping: one_of(&[Mapping::AttributeValue, Mapping::Direct, Mapping::Direct, Mapping::Direct]),
            kind: one_of(&all),
            clients: fastrand::u32(2..5),
            actions: fastrand::u32(4..10),
            keys: fastrand::u32(1..4),
            verbs: VERBS.map(|verb| (verb, weigh(verb))).to_vec(),
            faults,
            zombies: one_of(&[1.0, 3.0, 8.0]),
            zombies_within: one_of(&[2, 10, 50].map(Duration::from_secs)),
            late: None,
            careful: fastrand::bool(),
            emptied: 0.0,
            transactional: one_of(&[0.0, 0.3, 1.0]),
            at_least_once: one_of(&[0.0, 0.0, 0.5]),
            drops: one_of(&[0.0, 0.03, 0.2]),
            restarts: one_of(&[0.0, 0.3]),
            think: one_of(&[60, 60, 1000, 5000].map(Duration::from_millis)),
            gives_up: one_of(&[None, Some(1), Some(20)]).map(Duration::from_secs),
            resolves: fastrand::bool(),
        };
        recipe.focused(focus).reproducible()
    }

    /// A `Uuid` is not drawn from the seed: a damaged answer that is not found out would be damaged in another way each time.
    fn reproducible(self) -> Self {
        let is_random = matches!(self.kind, Kind::Random | Kind::BareRandom | Kind::RandomHolder);
        let mapping = if is_random { Mapping::Direct } else { self.mapping };
        Self { mapping, ..self }
    }

    /// What a client does next.
    pub(super) fn verb(&self) -> Verb {
        let sum: u32 = self.verbs.iter().map(|(_, weight)| weight).sum();
        let mut rest = fastrand::u32(..sum);
        for (verb, weight) in &self.verbs {
            if rest < *weight {
                return *verb;
            }
            rest -= weight;
        }
        Verb::Read
    }

    pub(super) fn key(&self) -> u32 {
        fastrand::u32(..self.keys)
    }

    /// Faults of all kinds; those that leave a client in doubt are the most.
    pub(super) fn rates(&self) -> Rates {
        use FaultKind::{
            ClockSkew, Corrupted, DropAfter, DropBefore, ErrorAfter, ErrorBefore, HangAfter, HangBefore,
            NeverConnected, Partial, Throttle, TransactionCanceled, TransactionConflict,
            TransactionInProgress, Truncated, Zombie,
        };
        let weights = [
            (DropAfter, 4.0),
            (DropBefore, 1.0),
            (ErrorAfter, 2.0),
            (ErrorBefore, 1.0),
            (HangAfter, 1.0),
            (HangBefore, 0.5),
            (Zombie, self.zombies),
            (Throttle, 1.0),
            (Partial, 4.0),
            (Truncated, 1.0),
            (Corrupted, 1.0),
            (NeverConnected, 1.0),
            (ClockSkew, 0.5),
            (TransactionConflict, 1.0),
            (TransactionCanceled, 1.0),
            (TransactionInProgress, 1.0),
        ];
        let sum: f64 = weights.iter().map(|(_, weight)| weight).sum();
        let rates = Rates::none().zombies_within(self.zombies_within);
        weights.into_iter().fold(rates, |rates, (kind, weight)| rates.with(kind, self.faults * weight / sum))
    }

    /// Makes some writes late, beside what else goes wrong.
    pub(super) fn script(&self, faults: &Faults) {
        let Some(late) = self.late else { return };
        for place in (0..60).filter(|_| fastrand::bool()) {
            let fault = Fault::Zombie(Wakes::AfterRequests(fastrand::u64(late.range())));
            faults.add(When::matching(move |request| late.is(request)).after(place), fault);
        }
    }

    /// For how long a client waits for a write, if not for ever.
    pub(super) fn patience(&self) -> Option<Patience> {
        if !chance(self.drops) {
            return None;
        }
        Some(match fastrand::bool() {
            true => Patience::Polls(fastrand::u32(1..16)),
            false => Patience::Time(millis(0..400)),
        })
    }

    /// When a client resolves what is unknown, if it does.
    pub(super) fn resolves_after(&self) -> Option<Duration> {
        if !self.resolves && fastrand::bool() {
            return None;
        }
        Some(match fastrand::u8(..8) {
            0..4 => millis(0..60),
            4 | 5 => millis(100..20_000),
            6 => millis(60_000..8 * 60_000),
            _ => millis(10 * 60_000..5 * 3_600_000),
        })
    }

    pub(super) fn is_transactional(&self) -> bool {
        chance(self.transactional)
    }

    pub(super) fn is_at_least_once(&self) -> bool {
        chance(self.at_least_once)
    }

    /// Waits as clients do between two actions.
    pub(super) async fn think(&self) {
        tokio::time::sleep(self.think.mul_f64(fastrand::f64())).await;
    }
}
