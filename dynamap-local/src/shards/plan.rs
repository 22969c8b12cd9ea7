use std::ops::RangeInclusive;
use std::time::Duration;

use fastrand::Rng;

use super::rates::{ShardEventKind, ShardRates};
use crate::{seed::seed_from_env, streams::PAGE_ENTRIES};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A plan of a [`ShardModel`](super::ShardModel): the limits of the service, and events drawn from a seed.
///
/// Default: those of DynamoDB, in tokio's time. Shards roll over after four hours, records are trimmed after 24 hours,
/// and iterators expire after 15 minutes.
///
/// ```
/// use std::time::Duration;
/// use dynamap_local::shards::{ShardPlan, ShardRates};
///
/// let by_commands_only = ShardPlan::none().shards(4);
/// let random = ShardPlan::random(7, ShardRates::all(0.2)).listing_delay(Duration::ZERO..=Duration::from_secs(30));
/// # drop((by_commands_only, random));
/// ```
#[derive(Clone, Debug)]
pub struct ShardPlan {
    random: Option<(u64, ShardRates)>,
    pub(super) rng: Rng,
    pub(super) shards: u32,
    pub(super) most_open: usize,
    pub(super) page_size: usize,
    pub(super) roll_over_every: Duration,
    pub(super) retention: Duration,
    pub(super) iterator_life: Duration,
    listing_delay: RangeInclusive<Duration>,
    latency: RangeInclusive<Duration>,
}

impl ShardPlan {
    /// No random events.
    #[must_use]
    pub fn none() -> Self {
        Self {
            random: None,
            rng: Rng::with_seed(0),
            shards: 1,
            most_open: 16,
            page_size: PAGE_ENTRIES,
            roll_over_every: 4 * HOUR,
            retention: 24 * HOUR,
            iterator_life: HOUR / 4,
            listing_delay: Duration::ZERO..=Duration::ZERO,
            latency: Duration::ZERO..=Duration::ZERO,
        }
    }

    /// A plan of events drawn from `seed`. The same seed gives the same events to the same requests in the same order.
    #[must_use]
    pub fn random(seed: u64, rates: ShardRates) -> Self {
        Self { random: Some((seed, rates)), rng: Rng::with_seed(seed), ..Self::none() }
    }

    /// [`random`](Self::random) with the seed in the environment variable `DYNAMAP_SEED`, or else with a new one; prints
    /// it to standard error, which a test shows when it fails.
    ///
    /// A value that is not a number is a seed as well.
    #[must_use]
    pub fn random_from_env(rates: ShardRates) -> Self {
        Self::random(seed_from_env(), rates)
    }

    /// The seed of a random plan.
    #[must_use]
    pub fn seed(&self) -> Option<u64> {
        self.random.as_ref().map(|(seed, _)| *seed)
    }

    /// Sets the number of open shards that a stream begins with. Default: 1.
    #[must_use]
    pub fn shards(mut self, count: u32) -> Self {
        self.shards = count.max(1);
        self
    }

    /// Sets the number of open shards from which on no random split happens. Default: 16.
    #[must_use]
    pub fn most_open_shards(mut self, count: usize) -> Self {
        self.most_open = count;
        self
    }

    /// Sets the number of shards in a page of DescribeStream, from 1 to 100. Default: 100.
    ///
    /// With a small one, a test need not make a hundred shards to see that its code reads further pages.
    #[must_use]
    pub fn page_size(mut self, shards: usize) -> Self {
        self.page_size = shards.clamp(1, PAGE_ENTRIES);
        self
    }

    /// Sets the age at which a shard closes and one child goes on. Default: four hours.
    #[must_use]
    pub fn roll_over_every(mut self, age: Duration) -> Self {
        self.roll_over_every = age;
        self
    }

    /// Sets the age at which records are trimmed, and shards whose records all are go. Default: 24 hours.
    #[must_use]
    pub fn retention(mut self, age: Duration) -> Self {
        self.retention = age;
        self
    }

    /// Sets the age at which an iterator expires. Default: 15 minutes.
    #[must_use]
    pub fn iterators_expire_after(mut self, age: Duration) -> Self {
        self.iterator_life = age;
        self
    }

    /// Sets the time after which DescribeStream tells of a new shard, of the end of a closed one, or no longer of one
    /// that has gone, each drawn for itself. Default: at once.
    #[must_use]
    pub fn listing_delay(mut self, delay: RangeInclusive<Duration>) -> Self {
        self.listing_delay = delay;
        self
    }

    /// Adds a random latency to each request, and another to its response, in tokio's time. Default: none.
    #[must_use]
    pub fn latency(mut self, each_way: RangeInclusive<Duration>) -> Self {
        self.latency = each_way;
        self
    }

    /// Draws the event of a request of this operation, and the generator of its details.
    pub(super) fn event(&mut self, operation: &str) -> Option<(ShardEventKind, Rng)> {
        let (_, rates) = self.random.as_ref()?;
        rates.draw(&mut self.rng, operation)
    }

    pub(super) fn draw_listing_delay(&mut self) -> Duration {
        draw(&mut self.rng, &self.listing_delay)
    }

    pub(super) fn draw_latency(&mut self) -> Duration {
        draw(&mut self.rng, &self.latency)
    }
}

fn draw(rng: &mut Rng, range: &RangeInclusive<Duration>) -> Duration {
    let (shortest, longest) = (range.start().as_nanos(), range.end().as_nanos());
    if longest == 0 || shortest > longest {
        return Duration::ZERO;
    }
    Duration::from_nanos(u64::try_from(rng.u128(shortest..=longest)).unwrap_or(u64::MAX))
}
