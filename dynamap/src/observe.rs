//! Spans, events and metrics of operations.
//!
//! Each operation has a [`tracing`] span with the names that OpenTelemetry gives for databases and DynamoDB, and events
//! for retries, throttling, conflicts and unknown outcomes. An [`Observer`] of a table gets an [`OperationRecord`] at
//! the end of each operation, for metrics. None of them holds a key or a value. See the
//! [guide](crate::guide::observability), which lists all names.
//!
//! ```
//! use dynamap::{Entity, Table, TableSchema, observe::{Observer, OperationRecord}};
//! use std::sync::{Arc, atomic::{AtomicU64, Ordering}};
//! # use dynamap_local::Local;
//!
//! #[derive(TableSchema)]
//! #[dynamap(partition_key = "pk")]
//! pub struct Shop;
//!
//! #[derive(Entity)]
//! #[dynamap(table = Shop, pk = "ORDER#{number}")]
//! pub struct Order {
//!     pub number: u32,
//! }
//!
//! /// Counts the attempts that DynamoDB throttled.
//! #[derive(Default)]
//! struct Throttled(AtomicU64);
//!
//! impl Observer for Throttled {
//!     fn operation_ended(&self, record: &OperationRecord<'_>) {
//!         self.0.fetch_add(record.throttled, Ordering::Relaxed);
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let client = Local::memory()?.client();
//! let throttled = Arc::new(Throttled::default());
//! let shop = Table::<Shop>::new(client, "shop").with_observer(throttled.clone());
//! # shop.create_table_if_absent().send().await?;
//! shop.put(&Order { number: 7 }).send().await?;
//! assert_eq!(throttled.0.load(Ordering::Relaxed), 0);
//! # Ok(())
//! # }
//! ```

mod ending;
mod events;
#[cfg(feature = "metrics")]
mod metrics;
mod names;
mod observation;
mod observer;
mod observing;
mod request;
mod spans;

pub(crate) use ending::{Ending, Failed, kind_name};
pub(crate) use events::{conflict, retry, throttled};
#[cfg(feature = "metrics")]
pub use metrics::MetricsObserver;
pub(crate) use observation::{Begun, Observation};
pub(crate) use observer::SharedObserver;
pub use observer::{Observer, OperationOutcome, OperationRecord};
pub(crate) use observing::Observing;
pub(crate) use request::{FailedAttempt, ObservedRequest};

use tracing::Level;

/// True if a subscriber may want a span or an event.
///
/// It is a comparison with a static, and the only cost of an operation that is not observed.
pub(crate) fn has_subscriber() -> bool {
    tracing::level_enabled!(Level::WARN)
}
