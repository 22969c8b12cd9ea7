//! Sizes, read and write capacity units (RCU and WCU), and a meter of what calls consume.
//!
//! DynamoDB charges by the size of items. [`entity_size`] and [`billed_item_size`] count it exactly as DynamoDB does, and
//! [`read_units`], [`write_units`] and [`transactional_write_units`] give the capacity units of an item of that size.
//! [`item_size`] is the size for the limit of 400 KB, which is the same on tables without vector indexes.
//!
//! A [`Meter`] adds up the consumed capacity of calls, as DynamoDB returns it. Calls without a meter do not ask for
//! it.

mod billing;
mod consumed;
mod meter;
mod units;

pub use crate::wire::item_size;
pub use billing::billed_item_size;
pub(crate) use billing::{Billing, is_vector, max_vector_excess, vector_size};
pub use consumed::{Consumed, Units, VectorBytes};
pub use meter::Meter;
pub use units::{ReadConsistency, entity_size, read_units, transactional_write_units, write_units};
