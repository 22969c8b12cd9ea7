//! The third stage: rules over models that need more than one attribute, or the absence of one, to see.
//!
//! Each file opens with the list of its rules. Those of one derive are in the file of its name. `fields` and `serde` have the
//! rules that several derives share.

pub(crate) mod attribute;
pub(crate) mod entity;
mod fields;
pub(crate) mod index;
pub(crate) mod item_collection;
pub(crate) mod projection;
mod serde;
pub(crate) mod table_schema;
pub(crate) mod vector_index;
