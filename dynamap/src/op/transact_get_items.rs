//! TransactGetItems.

mod found;
mod keys;
mod positions;
mod projected;
mod tuples;

pub use keys::TransactKeys;
pub use projected::{KeysAs, ReadAs};

use crate::{
    budget::{CallForm, Cost, Forecast, Processed},
    call::{
        Capacity, Explanation, Handle,
        item_status::{FoundBy, ReadFilter},
        max_item_size,
        metering::metered,
        send,
        transaction_retry::{RetryTimeout, is_throttled, is_undecided},
    },
    capacity::{ReadConsistency, Units, read_units},
    direct::{Received, TRANSACT_GET_ITEMS, refusals},
    error::ServiceError,
    expr::Placeholders,
    observe,
    outcome::{Error, ErrorDetails, InvalidTransaction, InvalidTransactionKind, Result, TransactionCanceled},
};
use aws_sdk_dynamodb::{
    operation::transact_get_items::builders::TransactGetItemsFluentBuilder,
    types::{Get, TransactGetItem},
};
use found::Found;
use keys::RequestedItem;
use positions::{AskedOnce, ByPlace, distinct};
use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

/// Reads several entities as they are at one time, by their primary keys.
///
/// One [TransactGetItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html)
/// request of up to 100 different keys, whose items have 4 MB together. It costs twice a strongly consistent GetItem
/// of each key: two read capacity units (RCU) for each 4 KB of an item, rounded up. A key that is given several times
/// is requested once.
///
/// `K` are the keys, and the results have their form: a tuple of keys gives a tuple of options, a vector a vector. If
/// another transaction has one of the items, the request is sent again, with exponential backoff and full jitter, for
/// 30 seconds or as [`retry_timeout`](Self::retry_timeout) says.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// #[derive(Debug, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "PROFILE")]
/// pub struct Customer {
///     pub id: String,
/// }
///
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
/// shop.create(&Order { customer_id: "c-1".into(), number: 7 }).send().await?;
///
/// let orders = vec![Order::key("c-1", 7), Order::key("c-1", 8)];
/// let (customer, orders) = shop.transact_get((Customer::key("c-1"), orders)).send().await?;
/// assert_eq!(customer, None);
/// assert_eq!(orders, [Some(Order { customer_id: "c-1".into(), number: 7 }), None]);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct TransactGetItems<K> {
    handle: Handle,
    keys: K,
    include_expired: bool,
    retry_timeout: RetryTimeout,
}

impl<K: TransactKeys> TransactGetItems<K> {
    pub(crate) fn new(handle: Handle, keys: K) -> Self {
        Self { handle, keys, include_expired: false, retry_timeout: RetryTimeout::default() }
    }

    /// Reads projections: `R` has the form of the keys, and says for each key, or each list of keys, the projection of its
    /// entity, or the entity itself where it is read whole.
    ///
    /// The request asks for those attributes only, with those that tell if an item counts. A key that is given several
    /// times is requested with all attributes that are read of it. The read capacity units are those of the whole
    /// items.
    ///
    /// ```no_run
    /// # use dynamap::{Entity, Projection, Table, TableSchema};
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk", sort_key = "sk")]
    /// # pub struct Shop;
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "PROFILE")]
    /// # pub struct Customer { pub id: String }
    /// # #[derive(Entity)]
    /// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
    /// # pub struct Order { pub customer_id: String, pub number: u32, pub total: u64, pub note: String }
    /// #[derive(Projection)]
    /// #[dynamap(entity = Order)]
    /// pub struct Total {
    ///     pub total: u64,
    /// }
    ///
    /// # async fn of(shop: Table<Shop>) -> dynamap::Result<()> {
    /// let keys = (Customer::key("c-1"), vec![Order::key("c-1", 7), Order::key("c-1", 8)]);
    /// let (customer, totals) = shop.transact_get(keys).project::<(Customer, Total)>().send().await?;
    /// let sum: u64 = totals.into_iter().flatten().map(|order| order.total).sum();
    /// # Ok(())
    /// # }
    /// ```
    pub fn project<R>(self) -> TransactGetItems<KeysAs<K, R>>
    where
        K: ReadAs<R>,
    {
        let Self { handle, keys, include_expired, retry_timeout } = self;
        TransactGetItems { handle, keys: KeysAs::new(keys), include_expired, retry_timeout }
    }

    /// Returns entities also if their time to live is over and DynamoDB has not deleted them yet.
    pub fn include_expired(mut self) -> Self {
        self.include_expired = true;
        self
    }

    /// Sets the time for which it is sent again, with exponential backoff and full jitter: 4 minutes at most. Default:
    /// 30 seconds.
    pub fn retry_timeout(mut self, time: Duration) -> Self {
        self.retry_timeout = RetryTimeout::of(time);
        self
    }

    /// The SDK's builder with this request, which has each key once.
    ///
    /// # Errors
    /// [`Error::InvalidTransaction`]: a key cannot be made, or there are too many, or none.
    pub fn into_sdk(self) -> Result<TransactGetItemsFluentBuilder> {
        let (keys, _) = distinct(self.asked())?;
        if keys.is_empty() {
            return Err(InvalidTransaction::new(
                TRANSACT_GET_ITEMS.name,
                None,
                InvalidTransactionKind::Empty,
            )
            .into());
        }
        Ok(request(&self.handle, gets(&self.handle, keys)?))
    }

    /// The request and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// As [`into_sdk`](Self::into_sdk), but for no keys.
    pub fn explain(self) -> Result<Explanation> {
        let (keys, _) = distinct(self.asked())?;
        let table = Some(self.handle.table.to_string());
        let most = max_item_size(self.handle.billing);
        let explain = |get: Get| {
            let explanation = Explanation::new("Get", &table, Capacity::of_read(most, Some(true)));
            let explanation = explanation
                .item("Key", &Some(get.key))
                .expression("ProjectionExpression", &get.projection_expression, 0)
                .names(&get.expression_attribute_names);
            ("Get", explanation)
        };
        let gets = gets(&self.handle, keys)?.into_iter().map(explain);
        Ok(Explanation::of_transaction(TRANSACT_GET_ITEMS.name, gets.collect(), None))
    }

    /// Runs the request and returns the entity at each key, in the form of the keys. Without keys no request is sent.
    ///
    /// # Errors
    /// [`Error::TransactionCanceled`], with a reason for each key: other transactions had the items for too long, or there was
    /// no throughput. [`Error::InvalidTransaction`]: a key cannot be made, or there are too many. Otherwise an item is not of
    /// the form of its entity or is of another, or the request fails.
    pub async fn send(mut self) -> Result<K::Output> {
        let observing = self.handle.observe_several(&TRANSACT_GET_ITEMS, None);
        observing.watch(Box::pin(self.run()).as_mut(), |_| 0).await
    }

    async fn run(self) -> Result<K::Output> {
        let (keys, places) = distinct(self.asked())?;
        let Self { handle, keys: form, include_expired, retry_timeout } = self;
        if keys.is_empty() {
            return Ok(form.found().into_output());
        }
        let now = handle.now::<K::Table>();
        let items = ReadFilter { found_by: FoundBy::Key, include_expired, now };
        let (handle, count) = (handle.for_call(), keys.len());
        if let Some(observation) = handle.observation() {
            observation.requests_items(count);
        }
        let (request, places) = (request(&handle, gets(&handle, keys)?), Arc::new(places));
        let reader = || ByPlace::<K::Table, _> {
            items,
            places: places.clone(),
            answered: 0,
            found: form.found(),
            of: PhantomData,
        };
        // While it waits for its units it is not tried yet.
        let mut first = Some(handle.permit(|| forecast(count)).await);
        let mut tries = retry_timeout.begin(handle.timer());
        let mut before = Error::from(ServiceError::no_answer(TRANSACT_GET_ITEMS.name, &handle.table));
        loop {
            let permit = match first.take() {
                Some(permit) => permit,
                None => match tries.in_time(handle.permit(|| forecast(count))).await {
                    Some(permit) => permit,
                    None => return Err(before),
                },
            };
            let exchange = handle.exchange(&TRANSACT_GET_ITEMS, reader());
            let call = async { send!(handle, request.clone(), exchange) };
            let Some(sent) = tries.in_time(call).await else {
                return Err(ServiceError::no_answer(TRANSACT_GET_ITEMS.name, &handle.table).into());
            };
            let error = match sent {
                Ok(output) => {
                    permit.answered(&exchange, output.consumed_capacity(), Processed::items(count));
                    let read = exchange.finish(|reader| reader.take(form.found()))?;
                    let found = match read {
                        Received::Items(found) => found,
                        Received::None | Received::InOutput => reader().read_values(output.responses)?,
                    };
                    match found {
                        Some(found) => {
                            if let Some(observation) = handle.observation() {
                                observation.count_items(count as u64);
                            }
                            return Ok(found.into_output());
                        }
                        // An answer that was cut to nothing looks like one without items.
                        None => {
                            before = ServiceError::incomplete(TRANSACT_GET_ITEMS.name, &handle.table).into()
                        }
                    }
                    match tries.pause().await {
                        true => continue,
                        false => return Err(before),
                    }
                }
                Err(error) => error,
            };
            let refusals = refusals(&error, Vec::new());
            let error = handle.error(&exchange, error);
            let Some(refusals) = refusals else {
                permit.refused(&exchange, &error);
                return Err(error.into());
            };
            let estimate = count as f64 * read_units(1, ReadConsistency::Transactional);
            match is_throttled(&refusals) {
                true => {
                    handle.was_throttled();
                    permit.throttled(&exchange);
                }
                // DynamoDB: a cancelled transaction costs as much as one that succeeds, and its error does not tell.
                false => permit.canceled(&exchange, Units::of(estimate, false)),
            }
            let canceled = TransactionCanceled::new(handle.table.to_string(), places.reasons(&refusals));
            before = Error::TransactionCanceled(canceled.answered(ErrorDetails::of_service(&error)));
            if !is_undecided(&refusals) || !tries.pause().await {
                return Err(before);
            }
            if !is_throttled(&refusals) {
                observe::conflict(TRANSACT_GET_ITEMS.name, "TransactionCanceledException");
            }
            observe::retry(TRANSACT_GET_ITEMS.name, None);
        }
    }

    fn asked(&self) -> Vec<RequestedItem> {
        let mut asked = Vec::new();
        self.keys.add_to(&mut asked);
        asked
    }
}

/// The reads of a request.
fn gets(handle: &Handle, keys: Vec<AskedOnce>) -> Result<Vec<Get>, InvalidTransaction> {
    let get = |mut asked: AskedOnce| {
        let mut placeholders = Placeholders::default();
        let attributes = asked.attributes.take().map(|attributes| attributes.render(&mut placeholders));
        let attributes = attributes.transpose().map_err(|error| asked.invalid(error.into()))?;
        let get = Get::builder()
            .table_name(&*handle.table)
            .set_key(Some(asked.key))
            .set_projection_expression(attributes)
            .set_expression_attribute_names(placeholders.take_names());
        match get.build() {
            Ok(get) => Ok(get),
            Err(_) => unreachable!("the builder was given all members that are required"),
        }
    };
    keys.into_iter().map(get).collect()
}

fn request(handle: &Handle, gets: Vec<Get>) -> TransactGetItemsFluentBuilder {
    let request = handle.client.transact_get_items();
    let request = request.set_return_consumed_capacity(handle.returned_capacity());
    let items = gets.into_iter().map(|get| TransactGetItem::builder().get(get).build());
    request.set_transact_items(Some(items.collect()))
}

/// The likely cost of reading so many items.
fn forecast(keys: usize) -> Forecast {
    let form = CallForm { operation: TRANSACT_GET_ITEMS.name, entity: "", index: None, consistent: true };
    let cost = Cost::Average(read_units(1, ReadConsistency::Transactional));
    Forecast { form, writes: false, index: None, cost, items: keys }
}

metered!([K] TransactGetItems<K>, handle);

impl<K> fmt::Debug for TransactGetItems<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransactGetItems")
            .field("include_expired", &self.include_expired)
            .finish_non_exhaustive()
    }
}
