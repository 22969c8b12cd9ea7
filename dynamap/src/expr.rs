//! Names of attributes, typed by entity and value, and the expressions made of them.
//!
//! Every name and every value of an expression stands behind a placeholder, so that neither reserved words nor
//! what a name or value holds can change what the expression says. A path is a list of steps, never a text.

mod attribute;
mod codec;
mod condition;
mod data_types;
mod key_condition;
mod nesting;
mod operand;
mod operator;
mod path;
mod placeholders;

pub use attribute::Attribute;
pub use codec::{Serde, With};
pub use condition::Condition;
pub(crate) use condition::ConditionExpression;
pub use data_types::{Container, HasBeginning, HasSize, Ordered, Set};
pub(crate) use key_condition::key_condition_expression;
pub use nesting::{DocumentIn, KeyOf, List, Map};
pub use operand::{ComparableWith, Operand};
pub use operator::Size;
pub use path::Path;
pub(crate) use placeholders::Placeholders;
