//! Names of attributes, typed by entity and value, and the expressions made of them.

mod attribute;
mod key_condition;
mod placeholders;

pub use attribute::Attribute;
pub(crate) use key_condition::key_condition_expression;
pub(crate) use placeholders::Placeholders;
