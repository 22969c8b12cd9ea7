use super::{
    BatchResponse, RawEvent, StreamHandlerError,
    functions::{HandlerFunctions, Settings},
    invocation,
};
use crate::{
    batch::BoxError,
    call::Boxed,
    op::read::Queryable,
    stream::{ChangeRecord, NewAndOldImages, PoisonRecord, StreamRecord, StreamView, handle::Handled, json},
};
use lambda_runtime::{LambdaEvent, Service};
use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

/// A Lambda function that handles the changes of `T`, an entity or an item collection, in a stream of the view
/// type `V`.
///
/// It is a service of `lambda_runtime`: `lambda_runtime::run(StreamHandler::<Order>::new(..))`. The event source is a stream
/// of DynamoDB, or a Kinesis data stream to which DynamoDB sends records. The event source mapping has
/// `ReportBatchItemFailures` in its `FunctionResponseTypes`; without that, Lambda takes no notice of the
/// [response](BatchResponse).
///
/// ```no_run
/// use dynamap::{Entity, TableSchema, stream::{Change, lambda::StreamHandler}};
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", sort_key = "sk")]
/// pub struct Shop;
///
/// #[derive(Debug, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
/// pub struct Order {
///     pub customer_id: String,
///     pub number: u32,
///     pub total: u64,
/// }
///
/// #[tokio::main]
/// async fn main() -> Result<(), lambda_runtime::Error> {
///     let handler = StreamHandler::<Order>::new(|record| async move {
///         match record.change {
///             Change::Insert { new } => println!("order {} is new", new.number),
///             Change::Modify { old, new } => println!("{} has become {}", old.total, new.total),
///             Change::Remove { old } => println!("order {} is gone", old.number),
///         }
///         Ok::<(), std::io::Error>(())
///     });
///     lambda_runtime::run(handler.concurrency(20)).await
/// }
/// ```
///
/// # Order
///
/// Changes of one item are handled one after another, in their order, and those of several items at once, up to
/// [`concurrency`](Self::concurrency). The changes of a record whose key cannot be read are handled alone, since they may be of any
/// item.
///
/// # Failures
///
/// A change that fails is handled again, [`max_attempts`](Self::max_attempts) times, with exponential backoff and full jitter. After
/// that the record is passed to [`on_poison`](Self::on_poison), which may store it and let the others go on. Without such a
/// function, or if that fails, the record is the failure of the event. No record behind it is started then, and those at work
/// are finished: Lambda delivers all again from the failure on, also those of other items that are done. So a change is
/// handled at least once. [`send_once`](crate::op::TransactWriteItems::send_once) makes its effect happen once.
///
/// Lambda repeats that until the event source mapping's `MaximumRetryAttempts` or `MaximumRecordAgeInSeconds`; by default it does
/// until the records are 24 hours old, and no other record of the shard is delivered meanwhile. A record that is given up
/// goes to the `OnFailure` destination, if there is one, which gets the place of the record and not the record.
/// `BisectBatchOnFunctionError` splits an event at the failure.
///
/// An event that cannot be read at all is an error of the function, and so is a panic of a function of the caller's: Lambda
/// delivers the whole event again.
///
/// # Time
///
/// Some time before the deadline of the invocation ([`time_reserve`](Self::time_reserve)) no more is started, and the first record
/// that is not done is reported. What is still at work shortly before the deadline is dropped, and delivered again.
pub struct StreamHandler<T: Queryable, V: StreamView = NewAndOldImages> {
    functions: HandlerFunctions<T, V>,
}

impl<T: Queryable, V: StreamView> StreamHandler<T, V> {
    /// A handler that calls `handle` for each change.
    pub fn new<F, R, E>(handle: F) -> Self
    where
        F: Fn(ChangeRecord<T, V>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let handle = Arc::new(move |change| boxed(handle(change)));
        Self { functions: HandlerFunctions { handle, on_poison: None, settings: Settings::default() } }
    }

    /// Sets the number of records that are handled at once, of as many items. Default: 10; at least 1.
    pub fn concurrency(mut self, records: usize) -> Self {
        self.functions.settings.concurrency = records.max(1);
        self
    }

    /// Sets the number of attempts for each change in one invocation. Default: 3; at least 1.
    ///
    /// A record that cannot be read is not tried again: it stays as it is.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.functions.settings.max_attempts = attempts.max(1);
        self
    }

    /// Sets the pauses between attempts: exponential backoff with full jitter, of up to `initial` at first and of up to `max` at
    /// last. Default: 100 milliseconds and 5 seconds.
    pub fn backoff(mut self, initial: Duration, max: Duration) -> Self {
        (self.functions.settings.initial_pause, self.functions.settings.max_pause) = (initial, max);
        self
    }

    /// Passes a record that cannot be read, or whose change has failed with each attempt, to `on_poison`.
    ///
    /// With `Ok` the record counts as done, and the others go on: store it before, such as in a table or a queue of dead
    /// letters. With an error it is the failure of the event. As changes are, it is passed again if the event is
    /// delivered again.
    pub fn on_poison<F, R, E>(mut self, on_poison: F) -> Self
    where
        F: Fn(PoisonRecord<T, V>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.functions.on_poison = Some(Arc::new(move |poison| boxed(on_poison(poison))));
        self
    }

    /// Sets the time before the deadline of the invocation from which on nothing is started or tried again. Default: 2
    /// seconds. It is half of the invocation's time at most.
    ///
    /// It should be as long as the handling of one change takes. What is at work is dropped when a tenth of it is left.
    pub fn time_reserve(mut self, time: Duration) -> Self {
        self.functions.settings.time_reserve = time;
        self
    }

    /// Handles an event, as the service does: its JSON, and the deadline of the invocation if there is one.
    ///
    /// # Errors
    /// The event cannot be read, or a record that failed has no sequence number.
    pub async fn handle(
        &self,
        event: &[u8],
        deadline: Option<SystemTime>,
    ) -> Result<BatchResponse, StreamHandlerError> {
        let event = json::lambda_event(event).map_err(StreamHandlerError::NoEvent)?;
        self.handle_records(event, deadline).await
    }

    /// Handles records, such as those of an event of `aws_lambda_events`.
    ///
    /// # Errors
    /// A record that failed has no sequence number.
    pub async fn handle_records<'a>(
        &self,
        records: impl IntoIterator<Item = StreamRecord<'a>>,
        deadline: Option<SystemTime>,
    ) -> Result<BatchResponse, StreamHandlerError> {
        invocation::handle(&self.functions, records.into_iter().collect(), deadline).await
    }
}

fn boxed<E: Into<BoxError>>(handled: impl Future<Output = Result<(), E>> + Send + 'static) -> Handled {
    Box::pin(async move { handled.await.map_err(Into::into) })
}

impl<T: Queryable, V: StreamView> Clone for StreamHandler<T, V> {
    fn clone(&self) -> Self {
        Self { functions: self.functions.clone() }
    }
}

impl<T: Queryable, V: StreamView> fmt::Debug for StreamHandler<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamHandler")
            .field("of", &T::SUBJECT)
            .field("settings", &self.functions.settings)
            .finish_non_exhaustive()
    }
}

impl<T: Queryable, V: StreamView> Service<LambdaEvent<RawEvent>> for StreamHandler<T, V> {
    type Response = BatchResponse;
    type Error = StreamHandlerError;
    type Future = Boxed<'static, Result<BatchResponse, StreamHandlerError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), StreamHandlerError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: LambdaEvent<RawEvent>) -> Self::Future {
        let (handler, (event, context)) = (self.clone(), event.into_parts());
        Box::pin(
            async move { handler.handle(event.json_unredacted().as_bytes(), Some(context.deadline())).await },
        )
    }
}
