//! The parts that all calls share: the handle of the table, metering, retries, random marks, and explanations.

mod about_table;
pub(crate) mod awaited;
pub(crate) mod backoff;
mod batch_options;
pub(crate) mod explain;
pub(crate) mod handle;
mod in_flight;
pub(crate) mod item_size;
pub(crate) mod item_status;
pub(crate) mod metering;
mod observed;
pub(crate) mod random;
pub(crate) mod redelivery;
pub(crate) mod retry;
mod table_name;
pub(crate) mod transaction_retry;

pub(crate) use about_table::{observe_about_table, send_about_table};
pub(crate) use awaited::{Boxed, awaited};
pub(crate) use backoff::Backoff;
pub(crate) use batch_options::BatchOptions;
pub use explain::{Capacity, Explanation, ExpressionSize, IndexCapacity, VectorIndexCapacity};
pub(crate) use explain::{MAX_ITEM, max_item_size};
pub(crate) use handle::{Clock, Handle, call, failed_on, send};
pub(crate) use in_flight::InFlightRequests;
pub(crate) use item_size::check_item_size;
pub(crate) use observed::{Requests, observe_all};
