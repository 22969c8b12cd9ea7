//! BatchGetItem.

use super::places::Places;
use crate::{
    budget::{Cost, Forecast, Form},
    capacity::{ReadConsistency, read_units},
    direct::{BATCH_GET_ITEM, Receiver},
    entity::{self, Entity, Item},
    error::{DecodeError, Error, Result, UnprocessedKeys},
    op::{
        Explanation, Handle,
        metering::metered,
        read::Sending,
        received, send,
        standing::{FoundBy, ReadItems, Standing, marks, noted_key},
    },
    wire::JsonReader,
};
use aws_sdk_dynamodb::{
    operation::batch_get_item::builders::BatchGetItemFluentBuilder, types::KeysAndAttributes,
};
use std::{collections::VecDeque, fmt, mem::take, sync::Arc, time::Duration};

/// DynamoDB: the most keys of a request.
const MAX_KEYS: usize = 100;

/// How many requests in a row may process none of their keys.
const MAX_IDLE: u32 = 10;

/// The longest pause before the second request; it doubles with each further one.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Reads many entities by their primary keys.
///
/// [BatchGetItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html) requests of
/// up to 100 keys, one after another. DynamoDB answers each with up to 16 MB, and leaves keys out that are beyond
/// that or for which there is no throughput: those are asked for again, with others, after a pause that grows and is
/// up to 5 s long. After 10 requests in a row that process no key it is [`Error::UnprocessedKeys`].
///
/// It costs as much as a GetItem of each key: half a read unit for every 4 KB of an item, begun ones included, and
/// twice that if it is consistent. A key that is given several times is asked for once.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// use dynamap::batch::Fetched;
///
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// #[derive(Debug, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
/// pub struct Order {
///     pub customer_id: String,
///     pub number: u32,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// let orders = shop.repository::<Order>();
/// orders.create(&Order { customer_id: "c-1".into(), number: 7 }).send().await?;
///
/// let fetched = orders.batch_get([Order::key("c-1", 8), Order::key("c-1", 7)]).send().await?;
/// assert!(fetched[0].is_absent());
/// let found: Vec<Order> = fetched.into_iter().filter_map(Fetched::found).collect();
/// assert_eq!(found, [Order { customer_id: "c-1".into(), number: 7 }]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct BatchGet<E: Entity> {
    handle: Handle,
    keys: Vec<E::Key>,
    consistent_read: bool,
    include_expired: bool,
}

/// What a batch found at a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched<E: Entity> {
    /// The entity.
    Found(E),
    /// There is none.
    Absent {
        /// The key that was asked for.
        key: E::Key,
        /// Why there is none.
        absence: Absence,
    },
}

/// Why there is no entity at a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Absence {
    /// There is no item with the key.
    NotFound,
    /// The item's time to live is over, and DynamoDB has not deleted it yet.
    Expired,
    /// The item is of another entity.
    OtherEntity,
}

impl<E: Entity> Fetched<E> {
    /// The entity, if there is one.
    pub fn found(self) -> Option<E> {
        match self {
            Self::Found(entity) => Some(entity),
            Self::Absent { .. } => None,
        }
    }

    /// True if there is no entity.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent { .. })
    }
}

impl<E: Entity> BatchGet<E> {
    pub(crate) fn new(handle: Handle, keys: Vec<E::Key>) -> Self {
        Self::of(handle, keys, false, false)
    }

    pub(super) fn of(
        handle: Handle,
        keys: Vec<E::Key>,
        consistent_read: bool,
        include_expired: bool,
    ) -> Self {
        Self { handle, keys, consistent_read, include_expired }
    }

    /// Reads what was written last, at twice the cost; otherwise writes of the last second may be missing.
    pub fn consistent_read(mut self) -> Self {
        self.consistent_read = true;
        self
    }

    /// Returns entities also if their time to live is over and DynamoDB has not deleted them yet.
    pub fn include_expired(mut self) -> Self {
        self.include_expired = true;
        self
    }

    /// The SDK's builder with the first request: up to 100 keys, each once.
    ///
    /// # Errors
    /// A key cannot be made.
    pub fn into_sdk(self) -> Result<BatchGetItemFluentBuilder> {
        let (_, mut keys) = Places::of(&self.keys)?;
        keys.truncate(MAX_KEYS);
        Ok(self.request(keys))
    }

    /// What the first request would send, and what it costs. Nothing is sent.
    ///
    /// # Errors
    /// A key cannot be made.
    pub fn explain(self) -> Result<Explanation> {
        let (_, mut keys) = Places::of(&self.keys)?;
        keys.truncate(MAX_KEYS);
        Ok(Explanation::of_batch_get(&self.handle.table, &keys, self.consistent_read))
    }

    /// Runs the requests: what was found at each key, in the order of the keys.
    ///
    /// # Errors
    /// A key cannot be made, an item is not of the form of `E`, keys stay unprocessed, or a request fails. What was
    /// read until then is lost.
    pub fn send(self) -> Sending<Vec<Fetched<E>>> {
        Box::pin(self.run())
    }

    async fn run(mut self) -> Result<Vec<Fetched<E>>> {
        let (places, keys) = Places::of(&self.keys)?;
        let (places, asked) = (Arc::new(places), keys.len());
        let mut outcomes: Vec<Option<Outcome<E>>> = self.keys.iter().map(|_| None).collect();
        let (mut pending, mut idle) = (VecDeque::from(keys), 0);
        while !pending.is_empty() {
            let keys: Vec<Item> = pending.drain(..pending.len().min(MAX_KEYS)).collect();
            let count = keys.len();
            let (read, unprocessed) = self.send_one(keys, &places).await?;
            for (place, outcome) in read {
                if let Some(at) = outcomes.get_mut(place) {
                    *at = Some(outcome);
                }
            }
            if unprocessed.is_empty() {
                idle = 0;
                continue;
            }
            idle = if unprocessed.len() < count { 0 } else { idle + 1 };
            pending.extend(unprocessed);
            if idle == MAX_IDLE {
                let keys = pending.into();
                let error = UnprocessedKeys::new("BatchGetItem", &self.handle.table, asked, keys);
                return Err(Error::UnprocessedKeys(error));
            }
            tracing::debug!(table = %self.handle.table, left = pending.len(), idle, "keys were not processed");
            tokio::time::sleep(pause(idle)).await;
        }
        let outcomes = take(&mut self.keys).into_iter().zip(outcomes).map(|(key, outcome)| match outcome {
            Some(Outcome::Found(entity)) => Fetched::Found(entity),
            Some(Outcome::Absent(absence)) => Fetched::Absent { key, absence },
            None => Fetched::Absent { key, absence: Absence::NotFound },
        });
        Ok(outcomes.collect())
    }

    fn request(&self, keys: Vec<Item>) -> BatchGetItemFluentBuilder {
        let keys = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .set_consistent_read(self.consistent_read.then_some(true));
        let request = self.handle.client.batch_get_item();
        let request = request.set_return_consumed_capacity(self.handle.returned_capacity());
        match keys.build() {
            Ok(keys) => request.request_items(&*self.handle.table, keys),
            Err(_) => unreachable!("`set_keys` gave the only member that is required"),
        }
    }

    /// What reading so many keys is likely to cost.
    fn forecast(&self, keys: usize) -> Forecast {
        let consistent = self.consistent_read;
        let consistency = if consistent { ReadConsistency::Strong } else { ReadConsistency::Eventual };
        let form = Form { operation: "BatchGetItem", entity: E::NAME, index: None, consistent };
        let cost = Cost::Average(read_units(1, consistency));
        Forecast { form, writes: false, index: None, cost, items: keys }
    }

    /// Sends one request: what it found, by the places of its keys, and the keys that were not processed.
    async fn send_one(&self, keys: Vec<Item>, places: &Arc<Places>) -> Result<(Read<E>, Vec<Item>)> {
        let (handle, include_expired) = (&self.handle, self.include_expired);
        let items = ReadItems { found_by: FoundBy::Key, include_expired, now: handle.now::<E::Table>() };
        let reader = || BatchReader { items, places: places.clone(), read: Vec::new() };
        let exchange = handle.exchange(&BATCH_GET_ITEM, reader);
        let count = keys.len();
        let permit = handle.permit(|| self.forecast(count)).await;
        let sent = send!(handle, self.request(keys), exchange);
        let sent = sent.map_err(|error| Error::from(handle.error("BatchGetItem", error)));
        let trail = exchange.as_ref().map(|exchange| exchange.trail());
        let output = match sent {
            Ok(output) => output,
            Err(error) => {
                permit.failed(&error, trail);
                return Err(error);
            }
        };
        let unprocessed = output.unprocessed_keys.iter().flat_map(|tables| tables.values());
        let processed = count.saturating_sub(unprocessed.map(|keys| keys.keys.len()).sum());
        permit.answered(output.consumed_capacity(), false, processed, trail);
        let responses = output.responses.unwrap_or_default();
        let items = responses.into_values().flatten();
        let read =
            received(exchange, |reader| take(&mut reader.read))?.or_read(|| reader().read_values(items))?;
        let unprocessed = output.unprocessed_keys.unwrap_or_default();
        Ok((read, unprocessed.into_values().flat_map(|keys| keys.keys).collect()))
    }
}

/// Half of the time that doubles with each idle request, and up to the whole of it: so that callers who were
/// refused together do not come back together.
fn pause(idle: u32) -> Duration {
    let longest = PAUSE.saturating_mul(1 << idle.min(16)).min(LONGEST_PAUSE);
    longest.mul_f64(0.5 + fastrand::f64() / 2.0)
}

/// What a request found, by the places of its keys.
type Read<E> = Vec<(usize, Outcome<E>)>;

#[derive(Debug)]
enum Outcome<E> {
    Found(E),
    Absent(Absence),
}

impl Absence {
    fn of(standing: Standing) -> Self {
        match standing {
            Standing::Expired => Self::Expired,
            _ => Self::OtherEntity,
        }
    }
}

/// Reads the items of one response.
#[derive(Debug)]
struct BatchReader<E> {
    items: ReadItems,
    places: Arc<Places>,
    read: Read<E>,
}

impl<E: Entity> BatchReader<E> {
    /// Reads the item that is the next value: for each place of its key, since an entity may have no copy.
    fn read_item(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        let start = r.scanner.place();
        let mut entity = None;
        let standing = self.items.read::<E, E>(r, false, |read| entity = Some(read))?;
        let key = noted_key::<E::Table>(r);
        let mut again = false;
        for place in self.places.get(&key) {
            if again {
                r.go_back_to(start);
                self.items.read::<E, E>(r, false, |read| entity = Some(read))?;
            }
            let outcome = entity.take().map_or(Outcome::Absent(Absence::of(standing)), Outcome::Found);
            self.read.push((*place, outcome));
            again = true;
        }
        if again { Ok(()) } else { Err(not_asked_for::<E>()) }
    }

    /// Reads the items that the SDK has read.
    fn read_values(mut self, items: impl Iterator<Item = Item>) -> Result<Read<E>, DecodeError> {
        for item in items {
            let standing = Standing::of::<E>(&item, self.items.found_by, self.items.now);
            let places = self.places.get(&entity::key_attributes::<E::Table>(&item));
            let Some((last, others)) = places.split_last() else { return Err(not_asked_for::<E>()) };
            let outcome = |item: Item| match self.items.counts(standing) {
                true => entity::from_item(item).map(Outcome::Found),
                false => Ok(Outcome::Absent(Absence::of(standing))),
            };
            for place in others {
                self.read.push((*place, outcome(item.clone())?));
            }
            self.read.push((*last, outcome(item)?));
        }
        Ok(self.read)
    }
}

#[cold]
fn not_asked_for<E: Entity>() -> DecodeError {
    DecodeError::new("an item with one of the keys", "an item with another key").in_entity(E::NAME)
}

impl<E: Entity> Receiver for BatchReader<E> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.read.clear();
        r.set_marks(marks::<E::Table>(E::FIELDS, std::iter::empty()));
        let mut first = true;
        r.scanner.expect(b'{', "the `{` of tables")?;
        while r.scanner.next_member(&mut first, b'}')? {
            r.scanner.key()?;
            let mut first = true;
            r.scanner.expect(b'[', "the `[` of items")?;
            while r.scanner.next_member(&mut first, b']')? {
                self.read_item(r)?;
            }
        }
        Ok(())
    }
}

metered!([E: Entity] BatchGet<E>, handle);

impl<E: Entity> Clone for BatchGet<E> {
    fn clone(&self) -> Self {
        let Self { handle, keys, consistent_read, include_expired } = self;
        let (handle, keys) = (handle.clone(), keys.clone());
        Self { handle, keys, consistent_read: *consistent_read, include_expired: *include_expired }
    }
}

impl<E: Entity> fmt::Debug for BatchGet<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchGet")
            .field("entity", &E::NAME)
            .field("keys", &self.keys.len())
            .field("consistent_read", &self.consistent_read)
            .field("include_expired", &self.include_expired)
            .finish_non_exhaustive()
    }
}
