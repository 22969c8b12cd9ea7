//! The parts that all writes share: encoding, conditions, and the settlement of their outcome.

mod conditional_write;
pub(crate) mod demand;
pub(crate) mod precondition;
pub(crate) mod replay;
pub(crate) mod settle;
mod shape_demand;
pub(crate) mod unique;
pub(crate) mod version_check;
pub mod version_choice;
pub(crate) mod whole_entity;
pub(crate) mod writable;
mod write_condition;

pub(crate) use conditional_write::ConditionalWrite;
pub(crate) use precondition::Precondition;
pub(crate) use shape_demand::ShapeDemand;
pub use writable::Writable;
pub(crate) use write_condition::WriteCondition;
