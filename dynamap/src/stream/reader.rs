//! The reader of the shards of a stream: leases, checkpoints, and an ordered stream of changes for each shard.
//!
//! See [`StreamReader`], and the [guide](crate::guide::streams).

mod checkpoint;
mod coordinator;
mod delivery;
mod lease;
mod lease_board;
mod lease_store;
mod metrics;
mod observed_calls;
mod read_position;
mod reader_config;
mod reader_error;
mod run_reader;
mod shard_graph;
mod shard_link;
mod shard_stream;
mod shard_streams;
mod shard_task;
mod start_at;
mod stream_calls;
mod stream_reader;
mod tracker;

pub use checkpoint::{Checkpoint, InvalidShardCheckpoint};
pub use delivery::{Acknowledgement, Delivery, Gap, ShardEvent};
pub use lease::{Lease, LeaseTable};
pub use metrics::{ReaderMetrics, ShardMetrics};
pub use reader_error::{LeaseLost, ShardError, StreamReaderError};
pub use run_reader::RunReader;
pub use shard_stream::ShardStream;
pub use shard_streams::ShardStreams;
pub use start_at::StartAt;
pub use stream_reader::StreamReader;
