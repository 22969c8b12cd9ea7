//! A reader of the shards of a stream.

mod checkpoint;
mod lease;
mod lease_board;
mod read_position;
mod shard_graph;
mod start_at;
mod tracker;

pub use checkpoint::{Checkpoint, InvalidShardCheckpoint};
pub use lease::{Lease, LeaseTable};
pub use start_at::StartAt;
