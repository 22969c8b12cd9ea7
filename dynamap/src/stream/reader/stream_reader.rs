use super::{
    LeaseTable, ReaderMetrics, RunReader, ShardStreams, StartAt, coordinator::Coordinator,
    lease_store::LeaseStore, reader_config::ReaderConfig, stream_calls::StreamCalls,
};
use crate::{
    batch::BoxError,
    op::read::Queryable,
    stream::{ChangeRecord, NewAndOldImages, StreamView},
    table::Table,
};
use aws_sdk_dynamodbstreams::Client;
use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};
use tokio::sync::{mpsc, watch};

/// The longest that is waited: a time that is further away cannot be told.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A reader of the shards of a stream: changes of `T`, an entity or an item collection, with the images of the view
/// type `V`.
///
/// It reads each shard in its order and after its parent
/// ([DescribeStream](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html),
/// [GetShardIterator](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html),
/// [GetRecords](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html)), and shares the
/// shards with other workers by leases in a table. Every record is delivered at least once. See the
/// [guide](crate::guide::streams#shard-reader) for what is promised, and for what it costs.
///
/// [`run`](Self::run) calls a function for each change. [`shards`](Self::shards) gives the deliveries of each shard:
///
/// ```
/// # use aws_sdk_dynamodb::types::StreamViewType;
/// # use dynamap::{Entity, Table, TableSchema, stream::reader::LeaseTable};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// # pub struct Order { pub number: u32 }
/// use dynamap::stream::reader::{ShardEvent, StreamReader};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let local = Local::memory()?;
/// # let shop = Table::<Shop>::new(local.client(), "shop");
/// # shop.create_table_if_absent().stream(StreamViewType::NewAndOldImages).send().await?;
/// # let leases = Table::<LeaseTable>::new(local.client(), "leases");
/// # leases.create_table_if_absent().send().await?;
/// # let arn = shop.stream_arn().send().await?.unwrap();
/// # shop.put(&Order { number: 7 }).send().await?;
/// let mut shards = StreamReader::<Order>::new(local.streams_client(), arn, leases).shards();
/// while let Some(shard) = shards.next().await {
///     let mut shard = shard?;
///     let consumer = tokio::spawn(async move {
///         while let Some(Ok(mut delivery)) = shard.next().await {
///             match &mut delivery.event {
///                 ShardEvent::Changes(changes) => changes.for_each(|record| println!("{record:?}")),
///                 other => println!("{other:?}"),
///             }
///             delivery.acknowledge();
/// #           break;
///         }
///     });
/// #   consumer.await?;
/// #   break;
/// }
/// shards.shutdown().await?;
/// # Ok(())
/// # }
/// ```
pub struct StreamReader<T, V = NewAndOldImages> {
    client: Client,
    stream_arn: Arc<str>,
    leases: Table<LeaseTable>,
    config: ReaderConfig,
    metrics: ReaderMetrics,
    of: PhantomData<fn() -> (T, V)>,
}

impl<T: Queryable, V: StreamView> StreamReader<T, V> {
    /// A reader of the stream `stream_arn`, whose leases and checkpoints are in the table `leases`.
    ///
    /// [`Table::stream_arn`] finds the stream of a table.
    pub fn new(client: Client, stream_arn: impl Into<String>, leases: Table<LeaseTable>) -> Self {
        Self {
            client,
            stream_arn: Arc::from(stream_arn.into()),
            leases,
            config: ReaderConfig::new(),
            metrics: ReaderMetrics::default(),
            of: PhantomData,
        }
    }

    /// Sets the name of the application. Default: `default`.
    ///
    /// The workers of one application share the shards of a stream. Each application has leases and checkpoints of its
    /// own, so that it gets all records.
    ///
    /// DynamoDB: no more than two applications should read a stream, as a shard with more readers is throttled.
    pub fn application(mut self, name: impl Into<String>) -> Self {
        self.config.application = Arc::from(name.into());
        self
    }

    /// Sets the id of this worker. Default: a random one.
    ///
    /// No two workers of an application may have one id at the same time. A worker that starts again with the id that it had
    /// takes up its leases at once; otherwise it waits until they expire.
    pub fn worker(mut self, id: impl Into<String>) -> Self {
        self.config.worker = Some(Arc::from(id.into()));
        self
    }

    /// Sets the place in the stream at which the application begins, when it is started for the first time. Default:
    /// [`StartAt::TrimHorizon`].
    pub fn start_at(mut self, start: StartAt) -> Self {
        self.config.start_at = start;
        self
    }

    /// Sets the duration of leases, of all workers alike. Default: 30 seconds.
    ///
    /// A lease that is not renewed for so long is taken by another worker. It is renewed three times as often, which
    /// costs one write capacity unit (WCU) for each shard.
    pub fn lease_duration(mut self, duration: Duration) -> Self {
        self.config.lease_duration = duration.min(LONGEST);
        self
    }

    /// Sets the pause after a response without records. Default: one second.
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.config.poll_interval = interval.min(LONGEST);
        self
    }

    /// Writes a checkpoint of a shard after so many acknowledged deliveries, and after so much time. Default: 1,000
    /// deliveries and five seconds.
    ///
    /// After a crash, what was delivered since the last checkpoint is delivered again. Each checkpoint costs one write
    /// capacity unit (WCU), and renews the lease.
    pub fn checkpoint_every(mut self, deliveries: u64, interval: Duration) -> Self {
        (self.config.checkpoint_records, self.config.checkpoint_interval) =
            (deliveries.max(1), interval.min(LONGEST));
        self
    }

    /// Sets the number of records of a shard that are read ahead, at least one. Default: 1,000.
    ///
    /// When they are read, and those of one response of up to 1,000 records or 1 MB, the shard is not read on until the
    /// consumer takes some.
    pub fn buffered(mut self, records: usize) -> Self {
        self.config.buffered = records.max(1);
        self
    }

    /// Sets the most shards that this worker reads at once. Default: all.
    pub fn max_shards(mut self, shards: usize) -> Self {
        self.config.max_shards = shards;
        self
    }

    /// Sets the time between two listings of the shards (DescribeStream), at which new ones are found. Default: one
    /// minute.
    ///
    /// The children of a shard that this worker has read to its end are looked for at once.
    pub fn listing_interval(mut self, interval: Duration) -> Self {
        self.config.listing_interval = interval.min(LONGEST);
        self
    }

    /// The metrics of the reader, which are kept up while it runs.
    pub fn metrics(&self) -> ReaderMetrics {
        self.metrics.clone()
    }

    /// Runs `handle` over the changes, until `shutdown` is ready or the stream ends. See [`RunReader`].
    pub fn run<F, R, E>(
        self,
        handle: F,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> RunReader<T, V>
    where
        F: Fn(ChangeRecord<T, V>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        let metrics = self.metrics();
        RunReader::new(move || self.shards(), metrics, handle, shutdown)
    }

    /// Starts to read, and gives the shards that this worker acquires, each with a stream of its own.
    ///
    /// It spawns tasks of tokio, in whose runtime it must be called. They end when the [`ShardStreams`] are dropped.
    pub fn shards(self) -> ShardStreams<T, V> {
        let config = Arc::new(self.config);
        let worker = config.worker.clone().unwrap_or_else(|| format!("{:032x}", fastrand::u128(..)).into());
        let calls = StreamCalls::new(self.client, self.stream_arn.clone());
        let store = LeaseStore::new(self.leases.clone(), config.application.clone(), self.stream_arn, worker);
        let (shutdown, is_shutdown) = watch::channel(false);
        let (sender, shards) = mpsc::unbounded_channel();
        let worker = Coordinator::new(calls, store, config, self.metrics.clone(), sender, is_shutdown);
        ShardStreams::new(shards, shutdown, self.metrics, self.leases, worker.run())
    }
}

impl<T, V> fmt::Debug for StreamReader<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamReader")
            .field("stream_arn", &self.stream_arn)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
