//! Records from JSON: Lambda events, and the data of records that DynamoDB sends to Kinesis.
//!
//! They are read from the bytes as they came, which the records borrow. Members may stand in any order, and those that are
//! not known are passed over.

mod changes;
mod delivered;
mod event;
mod kinesis;
mod members;
mod record;
mod time;

pub use changes::{ReadChanges, lambda_changes};
pub use event::{StreamEvent, TimeWindow, lambda_event};
pub use kinesis::kinesis_record;
