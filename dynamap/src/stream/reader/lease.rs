//! The items of the lease table.

use super::checkpoint::Checkpoint;
use crate as dynamap;
use crate::value::{EpochSeconds, Version};
use dynamap::{Entity, TableSchema};

/// The table of the leases of shard readers. Several applications and streams can share one.
///
/// ```
/// use dynamap::{Table, stream::reader::LeaseTable};
/// # use dynamap_local::Local;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let leases = Table::<LeaseTable>::new(Local::memory()?.client(), "leases");
/// leases.create_table_if_absent().send().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
pub struct LeaseTable;

/// The lease of a shard: the worker that reads it, and how far it has come. An item of less than 1 KB.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = LeaseTable, pk = "APPLICATION#{application}#STREAM#{stream_arn}", sk = "SHARD#{shard_id}")]
#[dynamap(consistent_read)]
#[non_exhaustive]
pub struct Lease {
    /// The name of the application.
    #[dynamap(key_only)]
    pub application: String,
    /// The stream.
    #[dynamap(key_only)]
    pub stream_arn: String,
    /// The shard.
    #[dynamap(key_only)]
    pub shard_id: String,
    /// The shard that it was split from, or that it follows.
    pub parent: Option<String>,
    /// The worker that reads the shard.
    pub owner: Option<String>,
    /// The worker that the owner gives the lease to, as soon as it has finished what it has begun.
    pub handover: Option<String>,
    /// The number of writes of owners. A lease whose counter stands still for its duration has expired.
    pub counter: u64,
    /// The place at which reading goes on.
    pub checkpoint: Checkpoint,
    /// The version, for optimistic locking: a worker that has lost the lease cannot write it.
    #[dynamap(version)]
    pub version: Version,
}

/// The first start of an application.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = LeaseTable, pk = "APPLICATION#{application}#STREAM#{stream_arn}", sk = "START")]
#[dynamap(consistent_read, name = "LeaseApplication")]
pub(super) struct LeaseApplication {
    #[dynamap(key_only)]
    pub(super) application: String,
    #[dynamap(key_only)]
    pub(super) stream_arn: String,
    /// The checkpoint of the open shards at the first start.
    pub(super) start: Checkpoint,
    pub(super) started_at: EpochSeconds,
    /// True once all shards that were listed at the start have leases.
    pub(super) initialized: bool,
}
