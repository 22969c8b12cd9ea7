//! Names of attributes, typed by entity and value.

mod attribute;

pub use attribute::Attribute;
