use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::error::ConnectorError;
use tokio::time::{Instant, sleep};

use super::plan::ShardPlan;
use super::request::ReadRequest;
use super::serving;
use super::source::EngineStreams;
use super::state::ModelState;
use crate::engine::Engine;
use crate::transport::{Request, Response, SharedTransport, Transport, TransportFuture};

/// DynamoDB: at most two processes should read a shard at the same time.
const READERS: usize = 2;

/// Answers the requests of streams by the model, and passes all others on.
pub(super) struct ShardLayer {
    /// The transport of the requests that are not of streams.
    inner: Option<SharedTransport>,
    begun: Instant,
    contents: Mutex<LayerContents>,
}

struct LayerContents {
    state: ModelState,
    source: Option<EngineStreams>,
    /// The number of GetRecords requests under way, for each shard.
    readers: BTreeMap<String, usize>,
}

impl ShardLayer {
    /// A model without a database: records are put into it.
    pub(super) fn alone(plan: ShardPlan) -> Self {
        Self::over(None, None, plan)
    }

    pub(super) fn on_engine(inner: SharedTransport, engine: Engine, plan: ShardPlan) -> Self {
        Self::over(Some(inner), Some(EngineStreams::new(engine)), plan)
    }

    fn over(inner: Option<SharedTransport>, source: Option<EngineStreams>, plan: ShardPlan) -> Self {
        let contents = LayerContents { state: ModelState::new(plan), source, readers: BTreeMap::new() };
        Self { inner, begun: Instant::now(), contents: Mutex::new(contents) }
    }

    fn contents(&self) -> MutexGuard<'_, LayerContents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the state as it is now, and the time. What the engine has recorded in `stream` is in it.
    pub(super) fn with_state<T>(
        &self,
        stream: Option<&str>,
        act: impl FnOnce(&mut ModelState, Duration) -> T,
    ) -> T {
        let now = self.begun.elapsed();
        let LayerContents { state, source, .. } = &mut *self.contents();
        if let (Some(source), Some(arn)) = (source, stream) {
            source.pull(state, arn, now);
        }
        state.advance(now);
        act(state, now)
    }

    /// Gives the state as it was left, without a look at the time.
    pub(super) fn state_as_left<T>(&self, act: impl FnOnce(&mut ModelState) -> T) -> T {
        act(&mut self.contents().state)
    }

    async fn travel(&self) {
        let latency = self.contents().state.plan.draw_latency();
        if !latency.is_zero() {
            sleep(latency).await;
        }
    }

    async fn exchange(&self, request: Request) -> Result<Response, ConnectorError> {
        let Some(read) = ReadRequest::new(&request) else { return self.pass_on(request).await };
        if let (Some(inner), "ListStreams") = (&self.inner, read.operation.as_str()) {
            return inner.call(request).await;
        }
        let reader = Reader::enter(self, read.position.as_ref().map(|position| position.shard.clone()));
        self.travel().await;
        let reply = self.with_state(read.stream(), |state, now| {
            serving::serve(state, &read, reader.is_one_too_many, now)
        });
        self.travel().await;
        match reply {
            Some(answer) => answer,
            None => std::future::pending().await,
        }
    }

    async fn pass_on(&self, request: Request) -> Result<Response, ConnectorError> {
        match &self.inner {
            Some(inner) => inner.call(request).await,
            None => Ok(Response::error(400, "UnknownOperationException", "The model answers streams only")),
        }
    }
}

/// A reader of a shard, until its request is answered or given up.
struct Reader<'a> {
    layer: &'a ShardLayer,
    shard: Option<String>,
    is_one_too_many: bool,
}

impl<'a> Reader<'a> {
    fn enter(layer: &'a ShardLayer, shard: Option<String>) -> Self {
        let mut is_one_too_many = false;
        if let Some(shard) = &shard {
            let readers = &mut layer.contents().readers;
            let count = readers.entry(shard.clone()).or_default();
            *count += 1;
            is_one_too_many = *count > READERS;
        }
        Self { layer, shard, is_one_too_many }
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let Some(shard) = &self.shard else { return };
        let readers = &mut self.layer.contents().readers;
        if let Some(count) = readers.get_mut(shard) {
            *count -= 1;
            if *count == 0 {
                readers.remove(shard);
            }
        }
    }
}

impl Transport for ShardLayer {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(self.exchange(request))
    }
}

impl fmt::Debug for ShardLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LayerContents { state, .. } = &*self.contents();
        f.debug_struct("ShardModel")
            .field("seed", &state.plan.seed())
            .field("streams", &state.streams().len())
            .field("events", &state.log.len())
            .finish_non_exhaustive()
    }
}
