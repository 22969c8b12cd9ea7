use std::collections::BTreeMap;

use fastrand::Rng;

/// The probability of each kind of event in a random plan, for each request of a stream's client.
///
/// ```
/// use dynamap_local::shards::{ShardEventKind, ShardRates};
///
/// let all = ShardRates::all(0.2); // a fifth of the requests
/// let few = ShardRates::none().with(ShardEventKind::Split, 0.02).with(ShardEventKind::Throttle, 0.1);
/// # drop((all, few));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ShardRates {
    chances: BTreeMap<ShardEventKind, f64>,
}

/// The kind of a random event of a [`ShardModel`](super::ShardModel).
///
/// The first six change the shards before the request is answered. The others are answers to the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ShardEventKind {
    /// An open shard closes, and two children share its keys.
    Split,
    /// Two open shards close, and one child has the keys of both. Drawn only where no record can get out of order.
    Merge,
    /// An open shard closes, and one child goes on, as DynamoDB does about every four hours.
    RollOver,
    /// The oldest records of a stream are trimmed before their time, and closed shards without records go.
    Trim,
    /// All iterators handed out so far expire.
    ExpireIterators,
    /// The stream is disabled: its shards close, and no child follows. Not part of [`ShardRates::all`].
    Disable,
    /// `LimitExceededException`, `ThrottlingException` or `ProvisionedThroughputExceededException`, with status 400.
    Throttle,
    /// `InternalServerError` with status 500.
    InternalError,
    /// The connection breaks. The service may have answered: for the caller it is the same.
    Drop,
    /// No answer ever: only the client's timeouts end the request.
    Hang,
    /// GetRecords: a page without records in the middle of a shard, with an iterator to go on.
    EmptyPage,
    /// GetRecords: a page with fewer records than there are.
    ShortPage,
}

/// All but `Disable`, after which nothing follows.
const EVEN: [ShardEventKind; 11] = [
    ShardEventKind::Split,
    ShardEventKind::Merge,
    ShardEventKind::RollOver,
    ShardEventKind::Trim,
    ShardEventKind::ExpireIterators,
    ShardEventKind::Throttle,
    ShardEventKind::InternalError,
    ShardEventKind::Drop,
    ShardEventKind::Hang,
    ShardEventKind::EmptyPage,
    ShardEventKind::ShortPage,
];

impl ShardEventKind {
    /// Returns true if the event can come with a request of this operation.
    #[must_use]
    pub fn fits(self, operation: &str) -> bool {
        match self {
            Self::EmptyPage | Self::ShortPage => operation == "GetRecords",
            _ => true,
        }
    }
}

impl ShardRates {
    /// No random events.
    #[must_use]
    pub fn none() -> Self {
        Self { chances: BTreeMap::new() }
    }

    /// The same rate for each kind but [`ShardEventKind::Disable`]: together, the share `chance` of the requests has an
    /// event that fits it. Give the client an attempt timeout, since some requests hang.
    #[must_use]
    pub fn all(chance: f64) -> Self {
        EVEN.into_iter().fold(Self::none(), |rates, kind| rates.with(kind, chance / EVEN.len() as f64))
    }

    /// Sets the probability of a kind of event, from 0 to 1. Probabilities add up: where their sum is more than 1, every
    /// request has an event.
    ///
    /// A kind that does not fit a request leaves its share to those that do.
    #[must_use]
    pub fn with(mut self, kind: ShardEventKind, chance: f64) -> Self {
        self.chances.insert(kind, if chance > 0.0 { chance } else { 0.0 });
        self
    }

    /// Draws from a generator of its own for every request, so that one event more does not change all that follow.
    pub(super) fn draw(&self, rng: &mut Rng, operation: &str) -> Option<(ShardEventKind, Rng)> {
        let mut own = rng.fork();
        let total: f64 = self.chances.values().sum();
        if own.f64() >= total {
            return None;
        }
        let fitting = || self.chances.iter().filter(|(kind, _)| kind.fits(operation));
        let mut rest = own.f64() * fitting().map(|(_, chance)| chance).sum::<f64>();
        for (kind, chance) in fitting() {
            if rest < *chance {
                return Some((*kind, own));
            }
            rest -= chance;
        }
        None
    }
}
