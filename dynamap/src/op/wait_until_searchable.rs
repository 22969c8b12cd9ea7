//! SearchVectors, until a vector index can be searched.

mod phase;
mod probe;

pub use phase::{SearchableProgress, VectorIndexPhase};

use super::describe_table::{self, check_vector_index, find_index, is_being_deleted};
use crate::{
    call::{
        Backoff, Capacity, Explanation, Handle,
        explain::{json_list, value_json},
        send_about_table,
    },
    direct::{NullReceiver, SEARCH_VECTORS},
    error::{ServiceError, ServiceErrorKind},
    observe::Observing,
    outcome::{Error, Result},
    schema::VectorIndex,
};
use aws_sdk_dynamodb::operation::search_vectors::builders::SearchVectorsFluentBuilder;
use std::{fmt, marker::PhantomData, pin::pin, time::Duration};
use tokio::time::Instant;

/// The default time to wait: an index of few items takes a quarter of an hour.
const TIMEOUT: Duration = Duration::from_secs(3600);

/// The pauses between two searches. They have no jitter: they delay no other caller.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(10));

/// DynamoDB: descriptions are eventually consistent, so that one may lack an index that was just added.
const UNLISTED: Duration = Duration::from_secs(10);

type OnProgress<'a> = Box<dyn FnMut(&SearchableProgress) + Send + 'a>;

/// Waits until a vector index can be searched, which is minutes after it is active.
///
/// One DescribeTable request, then
/// [SearchVectors](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html) requests for one
/// item, and a DescribeTable request after each that is refused, with pauses that grow up to ten seconds (exponential backoff).
/// The search that succeeds costs what a search of the index does.
///
/// An index that was created with its table can be searched at once. One that was
/// [added](crate::Table::add_vector_index) later is filled first, and its status turns to ACTIVE before DynamoDB takes
/// searches: only a search tells.
#[must_use = "a request does nothing until it is sent"]
pub struct WaitUntilSearchable<'a, I> {
    handle: Handle,
    timeout: Duration,
    on_progress: Option<OnProgress<'a>>,
    of: PhantomData<fn() -> I>,
}

impl<I: VectorIndex> WaitUntilSearchable<'_, I> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, timeout: TIMEOUT, on_progress: None, of: PhantomData }
    }
}

impl<'a, I: VectorIndex> WaitUntilSearchable<'a, I> {
    /// Waits at most this long. Default: one hour.
    pub fn retry_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Calls `call` after each search that DynamoDB refused, and after the one that it took.
    ///
    /// The same is traced as events of the level DEBUG.
    pub fn on_progress(mut self, call: impl FnMut(&SearchableProgress) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// The SDK's builder with the SearchVectors request, which is repeated.
    pub fn into_sdk(self) -> SearchVectorsFluentBuilder {
        probe::request::<I>(&self.handle)
    }

    /// The SearchVectors request that would be sent again and again. Nothing is sent.
    pub fn explain(self) -> Explanation {
        let request = self.into_sdk();
        let vector = request.get_search_vector().as_ref();
        Explanation::new(SEARCH_VECTORS.name, request.get_table_name(), Capacity::VectorSearch)
            .text("IndexName", request.get_index_name().as_deref())
            .json("SearchVector", vector.map(|vector| json_list(vector.iter().map(value_json))))
            .number("TopK", request.get_top_k())
            .expression("SearchConditionExpression", request.get_search_condition_expression(), 1)
            .expression("ProjectionExpression", request.get_projection_expression(), 0)
            .names(request.get_expression_attribute_names())
            .item("ExpressionAttributeValues", request.get_expression_attribute_values())
    }

    /// Sends SearchVectors until DynamoDB takes it.
    ///
    /// # Errors
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch): the table has an index of this name with another schema.
    /// [`ServiceErrorKind::IndexNotFound`](crate::error::ServiceErrorKind): it has no such index, or the index is being
    /// deleted. [`ServiceErrorKind::TimedOut`](crate::error::ServiceErrorKind): the index cannot be searched in time. Otherwise
    /// a request fails; one that is throttled or gets no response is sent again until then.
    pub async fn send(self) -> Result<()> {
        let observing = Observing::call("WaitUntilSearchable", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(mut self) -> Result<()> {
        let (start, mut backoff, mut is_checked) = (Instant::now(), BACKOFF, false);
        loop {
            let refused = match attempt::<I>(&self.handle, &mut is_checked).await {
                Ok(()) => {
                    self.report(VectorIndexPhase::Searchable, start);
                    return Ok(());
                }
                Err(Error::Service(error)) if may_succeed_later(error.kind()) => error,
                Err(error) => return Err(error),
            };
            let phase = match phase::<I>(&self.handle, &refused, start).await {
                Err(Error::Service(error)) if is_transient(error.kind()) => None,
                phase => phase?,
            };
            if let Some(phase) = phase {
                self.report(phase, start);
            }
            let pause = backoff.limit();
            if start.elapsed() + pause > self.timeout {
                return Err(self.not_in_time(phase, refused).into());
            }
            self.handle.timer().sleep(pause).await;
            backoff.grow();
        }
    }

    fn report(&mut self, phase: VectorIndexPhase, start: Instant) {
        let (table, index) = (&self.handle.table, I::SCHEMA.name);
        tracing::debug!(%table, index, ?phase, "vector index");
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(&SearchableProgress { phase, waited: start.elapsed() });
        }
    }

    fn not_in_time(&self, phase: Option<VectorIndexPhase>, refused: ServiceError) -> ServiceError {
        let Some(phase) = phase else { return refused };
        let state = format!("vector index `{}` cannot be searched in time: it is {phase}", I::SCHEMA.name);
        ServiceError::state_not_in_time(SEARCH_VECTORS.name, &self.handle.table, state)
    }
}

async fn search<I: VectorIndex>(handle: &Handle) -> Result<(), ServiceError> {
    let mut handle = handle.clone();
    let observing = handle.observe(&SEARCH_VECTORS, Some(I::SCHEMA.name));
    observing.watch(pin!(search_once::<I>(&handle)), |()| 0).await
}

async fn search_once<I: VectorIndex>(handle: &Handle) -> Result<(), ServiceError> {
    let exchange = handle.exchange(&SEARCH_VECTORS, NullReceiver);
    let request = probe::request::<I>(handle);
    send_about_table!(handle, request, exchange).map(drop).map_err(|error| handle.error(&exchange, error))
}

/// A search; before the first one the index is compared with its schema.
async fn attempt<I: VectorIndex>(handle: &Handle, is_checked: &mut bool) -> Result<()> {
    if !*is_checked {
        check::<I>(handle).await?;
        *is_checked = true;
    }
    Ok(search::<I>(handle).await?)
}

/// Compares the index with its schema, if the description of its table has it.
async fn check<I: VectorIndex>(handle: &Handle) -> Result<()> {
    let table = describe_table::describe(handle).await?;
    match table.as_ref().and_then(|table| find_index(table, &I::SCHEMA)) {
        Some(index) => Ok(check_vector_index(handle, &I::SCHEMA, index)?),
        None => Ok(()),
    }
}

/// The phase of the index whose search was refused; `None` if nothing tells it.
async fn phase<I: VectorIndex>(
    handle: &Handle,
    refused: &ServiceError,
    start: Instant,
) -> Result<Option<VectorIndexPhase>> {
    // DynamoDB: what searches may not know yet an index that was just added.
    if !matches!(refused.kind(), ServiceErrorKind::IndexBackfilling | ServiceErrorKind::IndexNotFound) {
        return Ok(None);
    }
    let table = describe_table::describe(handle).await?;
    match table.as_ref().and_then(|table| find_index(table, &I::SCHEMA)) {
        Some(index) if !is_being_deleted(index) => {
            check_vector_index(handle, &I::SCHEMA, index)?;
            Ok(Some(VectorIndexPhase::of(index)))
        }
        None if start.elapsed() < UNLISTED => Ok(None),
        _ => Err(ServiceError::no_index(SEARCH_VECTORS.name, &handle.table, I::SCHEMA.name).into()),
    }
}

/// True if a search that failed like this may succeed later.
fn may_succeed_later(kind: ServiceErrorKind) -> bool {
    matches!(kind, ServiceErrorKind::IndexBackfilling | ServiceErrorKind::IndexNotFound) || is_transient(kind)
}

/// True if the same request may succeed later.
fn is_transient(kind: ServiceErrorKind) -> bool {
    kind == ServiceErrorKind::Throttled || kind.is_ambiguous()
}

impl<I: VectorIndex> fmt::Debug for WaitUntilSearchable<'_, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitUntilSearchable")
            .field("table", &self.handle.table)
            .field("index", &I::SCHEMA.name)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
