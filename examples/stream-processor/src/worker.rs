//! A worker: it reads shards of the shop's stream, and records their changes.

use std::time::Duration;

use aws_sdk_dynamodbstreams::Client;
use dynamap::stream::reader::StreamReader;
use tokio::sync::mpsc::UnboundedSender;
use webshop::model::ShopItem;

use crate::{CONSUMER, Live, ProcessorError, Result, Tables, record_change, store_poison};

/// The settings of a worker.
#[derive(Debug, Clone)]
pub struct WorkerSettings {
    /// The id of the worker, one of its own; random if there is none.
    pub id: Option<String>,
    /// The time after which the lease of a worker that is gone is taken by another.
    pub lease: Duration,
    /// The pause after a response without records.
    pub poll: Duration,
    /// The number of changes between two checkpoints.
    pub checkpoint_every: u64,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self { id: None, lease: Duration::from_secs(30), poll: Duration::from_secs(1), checkpoint_every: 100 }
    }
}

/// A worker of the consumer. Several share the shards of the stream.
#[derive(Debug, Clone)]
pub struct Worker {
    /// The client of DynamoDB Streams.
    pub streams: Client,
    /// The tables.
    pub tables: Tables,
    /// The settings.
    pub settings: WorkerSettings,
}

impl Worker {
    /// Records the changes of the shop until `shutdown` is ready, and tells each in `live`.
    ///
    /// # Errors
    /// The shop has no stream, a request is refused, or a poison record cannot be stored.
    pub async fn run(
        self,
        live: UnboundedSender<Live>,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<()> {
        let Self { streams, tables, settings } = self;
        let stream_arn = tables.shop.stream_arn().send().await?;
        let stream_arn = stream_arn.ok_or_else(|| ProcessorError::NoStream(tables.shop.name().to_owned()))?;
        let reader = StreamReader::<ShopItem>::new(streams, stream_arn, tables.leases)
            .application(CONSUMER)
            .lease_duration(settings.lease)
            .poll_interval(settings.poll)
            .checkpoint_every(settings.checkpoint_every, Duration::from_secs(5));
        let reader = settings.id.into_iter().fold(reader, StreamReader::worker);

        let (views, poison_views, poison_live) = (tables.views.clone(), tables.views, live.clone());
        let handle = move |record: dynamap::stream::ChangeRecord<ShopItem>| {
            let (views, live) = (views.clone(), live.clone());
            async move {
                let outcome = record_change(&views, &record).await?;
                // Nobody may be listening.
                let _ = live.send(Live::change(&record, outcome));
                Ok::<(), ProcessorError>(())
            }
        };
        let store = move |record| {
            let (views, live) = (poison_views.clone(), poison_live.clone());
            async move {
                let letter = store_poison(&views, record).await?;
                let _ = live.send(Live::poison(&letter));
                Ok::<(), ProcessorError>(())
            }
        };
        Ok(reader.run(handle, shutdown).on_poison(store).send().await?)
    }
}
