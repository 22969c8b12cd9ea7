//! Expressions: conditions, filters, updates and projections, made of typed names of attributes.
//!
//! Every name and every value of an expression stands behind a placeholder (`#n0`, `:v0`), so that neither reserved
//! words nor the content of a name or value can change the expression. A path is a list of steps, never a text.

mod attribute;
mod codec;
mod computed;
mod condition;
mod data_types;
mod flattened;
mod given;
mod item_path;
mod key_condition;
mod named;
mod nesting;
mod newtype;
mod operand;
mod operator;
mod path;
mod placeholders;
mod projection;
pub mod role;
mod text;
mod tuple;
mod update;
mod variant;

pub use attribute::Attribute;
pub use codec::{Serde, With, WithCodec};
pub use computed::{Addend, Arithmetic, Function, Numeric};
pub use condition::Condition;
pub(crate) use condition::{ConditionExpression, equal};
pub use data_types::{Container, HasBeginning, HasSize, Ordered, Set};
pub use flattened::{FlattenedField, FlattenedIn};
pub use given::Given;
pub(crate) use given::{GivenParts, Unmet};
pub use item_path::{ItemPath, ItemPlace};
pub(crate) use key_condition::key_condition_expression;
pub use nesting::{DocumentIn, KeyOf, List, Map};
pub use newtype::Newtype;
pub use operand::{ArithmeticOperand, ComparableWith, ConditionOperand, Operand, RequestValue, kind};
pub use operator::Size;
pub use path::Path;
pub(crate) use placeholders::Placeholders;
pub(crate) use projection::ProjectionExpression;
pub(crate) use text::{MAX_BYTES, MAX_OPERATORS};
pub use tuple::Tuple;
pub(crate) use update::LineageLink;
pub use update::{Addable, CanBeAbsent, Deletable, Update};
pub use variant::{Beside, InVariant, TagOf, TagStyle, Tagged, Variant, VariantField, VariantOf, VariantTag};

/// A marker of the entity, the type and the role of an attribute, which owns none of them.
type AttributeTypes<E, T, R> = std::marker::PhantomData<fn() -> (E, T, R)>;
