//! The handle that every call has: the client, the table, the mapping of items, and the macro that sends a request.

use super::{
    metering::{Metering, Permit, PermitRequest, Permits},
    redelivery::Redelivery,
    table_name::name_fault,
};
use crate::{
    budget::{Budget, Forecast},
    capacity::{Billing, Meter},
    direct::{
        self, CallOptions, ClientMode, Conditional, Exchange, Mapping, OnAttempt, Operation, Random,
        Receiver, RetryAfterUnknown,
    },
    error::ServiceError,
    observe::Observation,
    outcome::Error,
    schema::TableSchema,
    timer::Timer,
    value::EpochSeconds,
};
use aws_sdk_dynamodb::{
    Client,
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
    types::ReturnConsumedCapacity,
};
use std::{
    fmt,
    ops::{Deref, DerefMut},
    pin::Pin,
    sync::{Arc, OnceLock},
    time::SystemTime,
};

/// Sends a request with its exchange, which has the facts that the SDK's own output or error lacks.
macro_rules! send {
    ($handle:expr, $request:expr, $exchange:expr) => {
        crate::direct::exchanged!($request, $exchange, Some(&$handle.client_mode))
    };
}
pub(crate) use send;

/// Makes a call about one item or page: waits for its permit, sends it, and meters its consumed capacity.
///
/// `$sent` sends it, and `$failed` makes an error of the SDK's.
macro_rules! call {
    ($permit:expr, $sent:expr, $exchange:expr, $failed:expr) => {{
        let permit = $permit.await;
        let sent = $sent.map_err($failed);
        permit.end(&sent, &$exchange);
        sent
    }};
}
pub(crate) use call;

/// The client and the name of a table, and the mapping of its items, which every request needs.
///
/// One pointer: each request has one, and what a request holds is moved with its future.
#[derive(Clone)]
pub(crate) struct Handle(Arc<Inner>);

/// The shared content of a [`Handle`].
#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) client: Client,
    pub(crate) table: Arc<str>,
    pub(crate) mapping: Mapping,
    /// The clock of tests, for stamps and for times to live.
    pub(crate) clock: Option<Clock>,
    /// The meters and the budget of the calls; `None` if there are none.
    pub(crate) metering: Option<Arc<Metering>>,
    /// The source of simulations, for the tokens of transactions.
    pub(crate) random: Option<Random>,
    /// The message that the next transaction answers, if it may be delivered again.
    pub(crate) redelivery: Option<Redelivery>,
    pub(crate) client_mode: ClientMode,
    /// The operation that the calls are a part of, if somebody observes it.
    pub(crate) observation: Option<Arc<Observation>>,
    /// The rules by which the sizes of the table's items count for capacity.
    pub(crate) billing: Billing,
    /// The reason why DynamoDB would refuse the name of the table.
    name_fault: Option<&'static str>,
    /// The same with the prepared client.
    prepared: OnceLock<Handle>,
}

/// A clock that was given.
#[derive(Clone)]
pub(crate) struct Clock(pub(crate) Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// Shows the table, and nothing of the client: its configuration has the access key.
impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("table", &self.table)
            .field("mapping", &self.mapping)
            .finish_non_exhaustive()
    }
}

impl Deref for Handle {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Changes this handle only, and no copy of it.
impl DerefMut for Handle {
    fn deref_mut(&mut self) -> &mut Inner {
        let inner = Arc::make_mut(&mut self.0);
        inner.prepared = OnceLock::new();
        inner
    }
}

impl Handle {
    pub(crate) fn new<S: TableSchema>(client: Client, table: Arc<str>) -> Self {
        let client_mode = ClientMode::of(&client);
        let (mapping, prepared, name_fault) = (Mapping::default(), OnceLock::new(), name_fault(&table));
        Self(Arc::new(Inner {
            client,
            table,
            mapping,
            clock: None,
            metering: None,
            random: None,
            redelivery: None,
            client_mode,
            observation: None,
            billing: Billing::of::<S>(),
            name_fault,
            prepared,
        }))
    }

    /// The handle for the next call: after some calls, it has a prepared client.
    ///
    /// The client of a handle never changes: the request of a call is made by the same one that it is sent for.
    pub(crate) fn for_call(&self) -> Self {
        let Some(client) = self.client_mode.prepared_client() else { return self.clone() };
        let prepared = || {
            let mut handle = self.clone();
            let inner = &mut *handle;
            (inner.client, inner.client_mode) = (client.clone(), ClientMode::of_prepared());
            handle
        };
        self.prepared.get_or_init(prepared).clone()
    }

    /// The time by the clock of the table, or else of the client's configuration.
    pub(crate) fn time(&self) -> SystemTime {
        let clock = self.clock.as_ref().map(|Clock(clock)| clock());
        let client = || self.client.config().time_source().map(|source| source.now());
        clock.or_else(client).unwrap_or_else(SystemTime::now)
    }

    /// The time of a write: that of the message that is answered, or else [`time`](Self::time).
    pub(crate) fn time_of_write(&self) -> SystemTime {
        self.redelivery.as_ref().map_or_else(|| self.time(), Redelivery::time)
    }

    /// The handle of a write that is no transaction, which nothing tells from its second delivery.
    pub(crate) fn without_redelivery(mut self) -> Self {
        if self.redelivery.is_some() {
            self.redelivery = None;
        }
        self
    }

    /// The timer of pauses and deadlines, which sleeps as the client does.
    pub(crate) fn timer(&self) -> Timer {
        Timer::of(&self.client)
    }

    /// The seconds since 1970; 0 if no item of the table expires.
    pub(crate) fn now<S: TableSchema>(&self) -> i64 {
        seconds::<S>(|| self.time())
    }

    /// The time for the conditions of a write, as [`now`](Self::now) gives it for reads.
    pub(crate) fn now_of_write<S: TableSchema>(&self) -> i64 {
        seconds::<S>(|| self.time_of_write())
    }

    /// The time as [`now`](Self::now) gives it, for the conditions of a write that is sent as a transaction or by itself.
    pub(crate) fn now_of<S: TableSchema>(&self, is_transaction: bool) -> i64 {
        if is_transaction { self.now_of_write::<S>() } else { self.now::<S>() }
    }

    pub(crate) fn options(&self) -> CallOptions {
        CallOptions {
            direct: self.mapping == Mapping::Direct,
            fault: self.name_fault,
            ..CallOptions::default()
        }
    }

    /// The exchange of a call, whose responses are checked whichever way the items travel.
    pub(crate) fn exchange<R: Receiver>(
        &self,
        operation: &'static Operation,
        receiver: R,
    ) -> Arc<Exchange<R>> {
        self.exchange_with(operation, Vec::new(), receiver)
    }

    /// An [`exchange`](Self::exchange) that has members for the request.
    pub(crate) fn exchange_with<R: Receiver>(
        &self,
        operation: &'static Operation,
        members: Vec<u8>,
        receiver: R,
    ) -> Arc<Exchange<R>> {
        let options = self.options();
        self.observed(Exchange::with_options(operation, options, members, receiver))
    }

    /// The exchange of a write, whose attempts are watched whichever way the items travel. Where it does harm to do
    /// it twice, it is not repeated after an attempt that may have been applied.
    pub(crate) fn write_exchange<R: Receiver>(
        &self,
        operation: &'static Operation,
        (repeats, on_attempt): (RetryAfterUnknown, Option<Arc<dyn OnAttempt>>),
        members: Vec<u8>,
        receiver: R,
    ) -> Arc<Exchange<R>> {
        let options = CallOptions { repeats, ..self.options() };
        self.observed(Exchange::on_attempts(operation, options, on_attempt, members, receiver))
    }

    /// The error of a call.
    pub(crate) fn error<E, R: ?Sized>(
        &self,
        exchange: &Exchange<R>,
        error: SdkError<E, HttpResponse>,
    ) -> ServiceError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.failed(exchange, error).0
    }

    /// The error of a call, and true if the call may have been applied.
    pub(crate) fn failed<E, R: ?Sized>(
        &self,
        exchange: &Exchange<R>,
        error: SdkError<E, HttpResponse>,
    ) -> (ServiceError, bool)
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.span().in_scope(|| failed_on(&self.table, exchange, error))
    }

    /// The error of a write that may have a condition.
    pub(crate) fn write_error<E: Conditional, R: ?Sized>(
        &self,
        exchange: &Exchange<R>,
        entity: &'static str,
        error: SdkError<E, HttpResponse>,
    ) -> Error {
        let error = direct::write_error(exchange, entity, &self.table, error);
        if let Error::Service(error) = &error {
            self.span().in_scope(|| trace(error));
        }
        error
    }
}

/// The error of a call on these tables, and true if the call may have been applied.
pub(crate) fn failed_on<E, R: ?Sized>(
    tables: &str,
    exchange: &Exchange<R>,
    error: SdkError<E, HttpResponse>,
) -> (ServiceError, bool)
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let (error, ambiguous) = exchange.failed(tables, error);
    trace(&error);
    (error, ambiguous)
}

fn trace(error: &ServiceError) {
    let (operation, table) = (error.operation(), error.table());
    tracing::debug!(operation, table = %table, kind = ?error.kind(), code = error.code(), "request failed");
}

impl Handle {
    /// Adds a meter, unless it is there.
    pub(crate) fn add_meter(&mut self, meter: &Meter) {
        self.metering_mut().add_meter(meter);
    }

    /// The Regions of the two clients, if they are not the same.
    pub(crate) fn regions_apart(&self, other: &Self) -> Option<(String, String)> {
        let [own, other] =
            [self, other].map(|handle| handle.client.config().region().map(ToString::to_string));
        own.zip(other).filter(|(own, other)| own != other)
    }

    /// True if this handle has the clock, the meters and the budget of the other one: the same, not equal ones.
    pub(crate) fn has_clock_and_metering_of(&self, other: &Self) -> bool {
        let clock = |handle: &Self| handle.clock.as_ref().map(|clock| Arc::as_ptr(&clock.0).cast::<()>());
        let is_same = match (&self.metering, &other.metering) {
            (Some(own), Some(other)) => own.is_as(other),
            (own, other) => own.is_none() && other.is_none(),
        };
        is_same && clock(self) == clock(other)
    }

    /// Takes over the meters of another handle, and its budget if this one has none.
    pub(crate) fn join_metering(&mut self, other: &Self) {
        if let Some(metering) = &other.metering {
            self.metering_mut().join(metering);
        }
    }

    /// Adds a meter for one call, if a meter or a budget needs its consumed capacity.
    pub(crate) fn add_own_meter(&mut self) -> Option<Meter> {
        let meter = self.is_metered().then(Meter::new);
        meter.iter().for_each(|meter| self.add_meter(meter));
        meter
    }

    /// Limits the calls by this budget, and by no other.
    pub(crate) fn set_budget(&mut self, budget: &Budget) {
        self.metering_mut().set_budget(budget);
    }

    pub(super) fn metering_mut(&mut self) -> &mut Metering {
        Arc::make_mut(self.metering.get_or_insert_default())
    }

    /// `ReturnConsumedCapacity` of the requests; none if no meter and no budget need it.
    pub(crate) fn returned_capacity(&self) -> Option<ReturnConsumedCapacity> {
        self.metering.as_ref().map(|_| ReturnConsumedCapacity::Indexes)
    }

    pub(crate) fn is_metered(&self) -> bool {
        self.metering.is_some()
    }

    pub(crate) fn has_budget(&self) -> bool {
        self.metering.as_ref().is_some_and(|metering| metering.has_budget())
    }

    /// The part of this table in a request to several.
    pub(crate) fn permit_request(&self, forecast: impl FnOnce() -> Forecast) -> PermitRequest {
        PermitRequest {
            table: self.table.clone(),
            metering: self.metering.clone(),
            billing: self.billing,
            forecast: self.has_budget().then(forecast),
            timer: self.timer(),
        }
    }

    /// Waits until a request may be sent, which is to follow at once. All that can be wrong with it is checked before.
    pub(crate) async fn permit(&self, forecast: impl FnOnce() -> Forecast) -> Permit {
        self.permit_for(self.has_budget().then(forecast)).await
    }

    pub(crate) async fn permit_for(&self, forecast: Option<Forecast>) -> Permit {
        match &self.metering {
            Some(metering) => metering.permit(forecast, self.timer(), self.billing).await,
            None => Permit::unmetered(),
        }
    }

    /// Waits until a request to this table alone may be sent.
    pub(crate) fn permits(
        &self,
        forecast: impl FnOnce() -> Forecast,
    ) -> Pin<Box<dyn Future<Output = Permits> + Send>> {
        let (handle, forecast) = (self.clone(), self.has_budget().then(forecast));
        Box::pin(async move { Permits::One(handle.permit_for(forecast).await) })
    }
}

/// The seconds since 1970; 0 without a look at the clock if no item of the table expires.
fn seconds<S: TableSchema>(time: impl FnOnce() -> SystemTime) -> i64 {
    if S::TTL.is_none() { 0 } else { EpochSeconds::from(time()).as_seconds() }
}
