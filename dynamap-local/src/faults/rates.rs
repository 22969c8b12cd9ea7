use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;

use super::fault::{Fault, FaultKind, Processed, Throttling, Wakes};
use crate::transport::Request;

/// The probability of each kind of fault in a random plan.
///
/// ```
/// use dynamap_local::faults::{FaultKind, Rates};
///
/// let all = Rates::all(0.2); // a fifth of the requests
/// let few = Rates::none().with(FaultKind::DropAfter, 0.05).with(FaultKind::Throttle, 0.1);
/// # drop((all, few));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    chances: BTreeMap<FaultKind, f64>,
    zombies_within: Duration,
}

/// All but `Error`, which no retry helps against.
const EVEN: [FaultKind; 20] = [
    FaultKind::NeverConnected,
    FaultKind::DropBefore,
    FaultKind::DropAfter,
    FaultKind::ErrorBefore,
    FaultKind::ErrorAfter,
    FaultKind::HangBefore,
    FaultKind::HangAfter,
    FaultKind::Zombie,
    FaultKind::Throttle,
    FaultKind::Partial,
    FaultKind::TransactionConflict,
    FaultKind::TransactionCanceled,
    FaultKind::TransactionInProgress,
    FaultKind::Truncated,
    FaultKind::Corrupted,
    FaultKind::ClockSkew,
    FaultKind::Emptied,
    FaultKind::Garbled,
    FaultKind::ProxyBefore,
    FaultKind::ProxyAfter,
];

/// The statuses with which proxies and load balancers answer by themselves.
const OF_PROXIES: [u16; 8] = [403, 404, 408, 413, 429, 499, 502, 503];

impl Rates {
    /// No faults.
    #[must_use]
    pub fn none() -> Self {
        Self { chances: BTreeMap::new(), zombies_within: Duration::from_secs(10) }
    }

    /// The same rate for each kind but [`FaultKind::Error`]: together, the share `chance` of the requests has a fault that
    /// fits it. Give the client an attempt timeout, since some of them hang.
    #[must_use]
    pub fn all(chance: f64) -> Self {
        EVEN.into_iter().fold(Self::none(), |rates, kind| rates.with(kind, chance / EVEN.len() as f64))
    }

    /// Sets the probability of a kind of fault, from 0 to 1. Probabilities add up: where their sum is more
    /// than 1, every request has a fault.
    ///
    /// A kind that does not fit a request leaves its share to those that do.
    #[must_use]
    pub fn with(mut self, kind: FaultKind, chance: f64) -> Self {
        self.chances.insert(kind, if chance > 0.0 { chance } else { 0.0 });
        self
    }

    /// Sets the time within which zombies wake. Default: ten seconds. Every other zombie waits for up to eight requests instead.
    #[must_use]
    pub fn zombies_within(mut self, time: Duration) -> Self {
        self.zombies_within = time;
        self
    }

    /// Draws as many numbers for every request, so that one fault more does not change all that follow.
    pub(super) fn draw(&self, rng: &mut Rng, request: &Request) -> Option<Fault> {
        let mut own = rng.fork();
        let total: f64 = self.chances.values().sum();
        if own.f64() >= total {
            return None;
        }
        let fitting = || self.chances.iter().filter(|(kind, _)| kind.fits(&request.operation));
        let mut rest = own.f64() * fitting().map(|(_, chance)| chance).sum::<f64>();
        for (kind, chance) in fitting() {
            if rest < *chance {
                return Some(self.fault(*kind, &mut own));
            }
            rest -= chance;
        }
        None
    }

    fn fault(&self, kind: FaultKind, rng: &mut Rng) -> Fault {
        match kind {
            FaultKind::NeverConnected => Fault::NeverConnected,
            FaultKind::DropBefore => Fault::DropBefore,
            FaultKind::DropAfter => Fault::DropAfter,
            FaultKind::ErrorBefore => Fault::ErrorBefore,
            FaultKind::ErrorAfter => Fault::ErrorAfter,
            FaultKind::HangBefore => Fault::HangBefore,
            FaultKind::HangAfter => Fault::HangAfter,
            FaultKind::Zombie => Fault::Zombie(self.wakes(rng)),
            FaultKind::Throttle => Fault::Throttle(throttling(rng)),
            FaultKind::Partial => Fault::Partial(Processed::Mask(rng.u128(..))),
            FaultKind::TransactionConflict => Fault::TransactionConflict,
            FaultKind::TransactionCanceled => Fault::canceled(["ThrottlingError"]),
            FaultKind::TransactionInProgress => Fault::TransactionInProgress,
            FaultKind::Truncated => Fault::Truncated(rng.usize(..64)),
            FaultKind::Corrupted => Fault::Corrupted(rng.usize(..4096)),
            FaultKind::ClockSkew => Fault::ClockSkew(Duration::from_secs(rng.u64(300..3600))),
            FaultKind::Emptied => Fault::Emptied,
            FaultKind::Garbled => Fault::Garbled(throttling(rng)),
            FaultKind::ProxyBefore => Fault::ProxyBefore(status(rng)),
            FaultKind::ProxyAfter => Fault::ProxyAfter(status(rng)),
            FaultKind::Error => Fault::Error(400, "AccessDeniedException".to_owned()),
        }
    }

    fn wakes(&self, rng: &mut Rng) -> Wakes {
        if rng.bool() {
            return Wakes::AfterRequests(rng.u64(..=8));
        }
        let millis = u64::try_from(self.zombies_within.as_millis()).unwrap_or(u64::MAX);
        Wakes::After(Duration::from_millis(rng.u64(..=millis)))
    }
}

fn throttling(rng: &mut Rng) -> Throttling {
    match rng.u8(..4) {
        0 => Throttling::ProvisionedThroughput,
        1 => Throttling::KeyRange,
        2 => Throttling::MaxOnDemandThroughput,
        _ => Throttling::AccountLimit,
    }
}

fn status(rng: &mut Rng) -> u16 {
    OF_PROXIES[rng.usize(..OF_PROXIES.len())]
}
