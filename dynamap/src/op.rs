//! The operations: one module for each operation of DynamoDB.
//!
//! A builder is made by a [`Table`](crate::Table) or a [`Repository`](crate::Repository). `send` runs it: one
//! request, or the requests that its documentation states. `into_sdk` returns the SDK's builder instead, for
//! members that dynamap does not cover. `explain` shows the request and its capacity units without sending it.

mod add_vector_index;
mod awaited;
mod backfill;
mod built;
mod continuous_backups;
pub(crate) mod create_table;
mod delete_item;
mod delete_table;
mod describe_table;
mod get_item;
mod modify;
mod put_item;
mod query;
pub mod read;
mod read_one;
mod remove_vector_index;
mod repair_unique;
mod scan;
pub mod search_vectors;
mod stream_specification;
mod table_settings;
mod table_stream;
mod table_update;
mod tags;
mod throughput;
mod time_to_live;
mod transact_get_items;
mod transact_write_items;
pub mod update_item;
mod update_table;
mod update_throughput;
mod verify;
mod wait_until_searchable;
pub(crate) mod write;

pub use crate::call::{Capacity, Explanation, ExpressionSize, IndexCapacity, VectorIndexCapacity};
pub use add_vector_index::AddVectorIndex;
pub use backfill::{Backfill, BackfillProgress};
pub use create_table::CreateTableIfAbsent;
pub use delete_item::DeleteItem;
pub use delete_table::DeleteTable;
pub use describe_table::{DescribeTable, WaitUntilActive};
pub use get_item::{Exists, GetItem};
pub use modify::{Modify, ModifyError};
pub use put_item::PutItem;
pub use query::Query;
pub use read_one::ReadShapeOne;
pub use remove_vector_index::RemoveVectorIndex;
pub use repair_unique::RepairUnique;
pub use scan::{ParallelItems, ParallelScan, Scan, ScanProgress};
pub use search_vectors::{Hit, Nearest, Score, SearchVectors};
pub(crate) use table_settings::RequestUnits;
pub use table_settings::{Encryption, PointInTimeRecovery, TableSettings};
pub use table_stream::{EnableStream, StreamArn};
pub use table_update::UpdateTable;
pub use throughput::Throughput;
pub use transact_get_items::{KeysAs, ReadAs, TransactGetItems, TransactKeys};
use transact_write_items::{Action, Operators};
pub use transact_write_items::{
    IntoDelete, IntoTransactWrite, IntoUpdate, TransactWriteItems, Transactional,
};
pub use update_item::UpdateItem;
pub use update_throughput::UpdateThroughput;
pub use verify::Verify;
pub use wait_until_searchable::{SearchableProgress, VectorIndexPhase, WaitUntilSearchable};
pub use write::Writable;
pub use write::version_choice;

/// The reason why `into_sdk` does not compile.
pub(crate) const UNIQUE_INTO_SDK: &str = "the SDK's builder would write the item without the items that hold its unique \
     values: use `send`, or the transaction's `into_sdk` where it creates only";

/// The reason why `upsert` does not compile.
pub(crate) const UPSERTED_KEY_ONLY: &str = "an entity with a `key_only` field that stands only in the key of an index cannot be \
     upserted: no attribute sets that field, so an item that is created would lack it; write the whole entity by \
     `save_or_create`, or remove `key_only`";

/// The reason why `save` does not compile.
pub(crate) const SAVED_MAP: &str = "an entity with a flattened map cannot be saved, as `save` does not know what was taken \
     out of the map: write it by `replace`, which loses no attribute, since the map holds all of them";
