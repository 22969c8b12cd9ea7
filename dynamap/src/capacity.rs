//! What calls consume, and what they will: sizes, capacity units, and a meter of both.
//!
//! DynamoDB charges by the size of items. [`entity_size`] and [`item_size`] count it exactly as DynamoDB does, and
//! [`read_units`], [`write_units`] and [`transactional_write_units`] tell what an item of that size costs.
//!
//! A [`Meter`] adds up what DynamoDB says that calls have consumed. Without one, nothing is asked for.

mod consumed;
mod meter;
mod units;

pub use crate::wire::item_size;
pub use consumed::{Consumed, Units};
pub use meter::Meter;
pub use units::{ReadConsistency, entity_size, read_units, transactional_write_units, write_units};
