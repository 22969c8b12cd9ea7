use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use aws_sdk_dynamodb::config::retry::RetryPartition;

use crate::connector::InProcessHttpClient;
use crate::engine::Engine;
use crate::error::LocalError;
use crate::recording::{Recorder, Requests};
use crate::transport::{SharedTransport, Transport};

/// A DynamoDB inside the process, and the clients that talk to it.
///
/// Clones share the database, the transport and the retry tokens.
#[derive(Clone, Debug)]
pub struct Local {
    pub(crate) engine: Engine,
    transport: SharedTransport,
    pub(crate) retry_partition: RetryPartition,
}

impl Local {
    /// A new, empty database in memory, gone with its last handle.
    ///
    /// # Errors
    /// [`LocalError::Open`] if the engine does not start.
    pub fn memory() -> Result<Self, LocalError> {
        Engine::memory().map(Self::new)
    }

    /// A database in memory whose engine takes the time from `clock`: that of expiry, of stream records, and of vector indexes
    /// that are added to a table.
    ///
    /// A vector index that UpdateTable adds is backfilled after five seconds, active after 15 and can be searched after 30.
    /// With a clock that follows tokio's, which tests can pause, a wait for it takes no time:
    ///
    /// ```
    /// use dynamap_local::Local;
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use tokio::time::Instant;
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let start = Instant::now();
    /// let clock = move || UNIX_EPOCH + Duration::from_secs(1_800_000_000) + start.elapsed();
    /// let client = Local::memory_with_clock(clock)?.client();
    /// # client.list_tables().send().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`LocalError::Open`] if the engine does not start.
    pub fn memory_with_clock(
        clock: impl Fn() -> SystemTime + Send + Sync + 'static,
    ) -> Result<Self, LocalError> {
        Engine::memory_with_clock(clock).map(Self::new)
    }

    /// The database in the file at `path`, created when absent and kept.
    ///
    /// Next to it, SQLite keeps the files `-wal` and `-shm` until the last handle is gone.
    ///
    /// # Errors
    /// [`LocalError::Path`] if the path is not UTF-8, [`LocalError::Open`] if the file cannot be opened or
    /// is not such a database.
    pub fn file(path: impl AsRef<Path>) -> Result<Self, LocalError> {
        Engine::file(path.as_ref()).map(Self::new)
    }

    fn new(engine: Engine) -> Self {
        let transport = Arc::new(engine.clone());
        Self { engine, transport, retry_partition: retry_partition() }
    }

    /// Puts another transport in front of the same database, with retry tokens of its own.
    ///
    /// `layer` receives the transport in use so far; the new one is called first. The original keeps its
    /// own way to the database. [`Transport`] has an example.
    #[must_use]
    pub fn wrap<T: Transport>(&self, layer: impl FnOnce(SharedTransport) -> T) -> Self {
        Self {
            engine: self.engine.clone(),
            transport: Arc::new(layer(self.transport.clone())),
            retry_partition: retry_partition(),
        }
    }

    /// Records every request of the returned [`Local`]'s clients. The database is the same.
    ///
    /// Recording outside a faulty transport shows what the client sent, inside it what arrived:
    ///
    /// ```
    /// # use dynamap_local::{Local, LocalError};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (local, requests) = Local::memory()?.recording();
    /// local.client().list_tables().limit(5).send().await?;
    ///
    /// for request in requests.take() {
    ///     println!("{request}"); // ListTables { "Limit": 5 }
    /// #   assert_eq!((request.operation.as_str(), &request.body["Limit"]), ("ListTables", &5.into()));
    /// }
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn recording(&self) -> (Self, Requests) {
        let requests = Requests::default();
        (self.wrap(|inner| Recorder::new(inner, requests.clone())), requests)
    }

    /// The transport of the clients' requests, for sending a request without the SDK.
    #[must_use]
    pub fn transport(&self) -> SharedTransport {
        self.transport.clone()
    }

    /// The HTTP client to put into an SDK configuration made elsewhere.
    ///
    /// Such a configuration shares its retry tokens with every client of its region.
    #[must_use]
    pub fn http_client(&self) -> InProcessHttpClient {
        InProcessHttpClient::new(self.transport.clone())
    }

    /// A client of DynamoDB.
    #[must_use]
    pub fn client(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::from_conf(self.config().build())
    }

    /// A client of DynamoDB Streams.
    #[must_use]
    pub fn streams_client(&self) -> aws_sdk_dynamodbstreams::Client {
        aws_sdk_dynamodbstreams::Client::from_conf(self.streams_config().build())
    }

    /// Deletes the items whose time-to-live attribute lies in the past, in all tables that have
    /// time to live enabled, and returns how many. Nothing else ever deletes them.
    ///
    /// # Errors
    /// [`LocalError::Sweep`] if the engine cannot read or write its file.
    pub fn sweep_ttl(&self) -> Result<usize, LocalError> {
        self.engine.sweep_ttl()
    }
}

/// A custom partition owns its tokens, whatever its name; the SDK's default is one bucket per region for
/// the whole process.
pub(crate) fn retry_partition() -> RetryPartition {
    RetryPartition::custom("dynamap-local").build()
}
