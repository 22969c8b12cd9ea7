use super::answer::{ErrorDetails, answered};
use crate::{
    entity::{Entity, Item, RawItem},
    error::DecodeError,
};
use std::fmt;

/// A conditional write that was refused: the item does not meet the condition of the request.
///
/// It carries the item as DynamoDB had it, which costs no extra read.
pub struct ConditionFailed {
    operation: &'static str,
    entity: &'static str,
    table: String,
    item: Option<Box<RawItem>>,
    failure: ConditionFailure,
    answer: Option<Box<ErrorDetails>>,
}

answered!(ConditionFailed);

/// The reason why a condition failed, as far as the item tells that came with the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConditionFailure {
    /// There is an item where none was to be.
    Exists,
    /// The key is held by an item of another entity.
    OtherEntity,
    /// The time to live of the item is over.
    Expired,
    /// The item is stored in another shape than the write takes: an update takes that of the entity, a write of the whole entity
    /// that or an older one. [Changing the shape of stored items](crate::guide::evolution) tells the way on.
    OtherShape {
        /// The shape of the item.
        stored: u32,
        /// The shape of the entity.
        known: u32,
    },
    /// The item does not meet a condition of the caller's.
    NotMet,
    /// The item does not hold this attribute as the update [gives](crate::Attribute::given) it.
    NotAsGiven(&'static str),
    /// The update sets the vector in this attribute, and the item does not have the partition key of the vector index, about which
    /// the entity is `strict`.
    Unsearched(&'static str),
    /// The answer has no item: there is none, or the service did not tell.
    NotTold,
}

impl fmt::Display for ConditionFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAsGiven(attribute) => {
                return write!(f, "the item does not hold `{attribute}` as it was given");
            }
            Self::Unsearched(vector) => {
                return write!(
                    f,
                    "the item does not have the partition key of the vector index that searches `{vector}`"
                );
            }
            Self::OtherShape { stored, known } => {
                return write!(f, "the item is stored in shape {stored}, and the entity has shape {known}");
            }
            Self::Exists => "the item exists",
            Self::OtherEntity => "the key is held by an item of another entity",
            Self::Expired => "the item has expired",
            Self::NotMet => "the item does not meet it",
            Self::NotTold => "there is no such item, or it was not told",
        })
    }
}

impl ConditionFailure {
    /// The reason if nothing is known but the item of the response.
    pub(super) fn of(item: Option<&RawItem>) -> Self {
        if item.is_some() { Self::NotMet } else { Self::NotTold }
    }
}

impl ConditionFailed {
    pub(crate) fn new(
        operation: &'static str,
        entity: &'static str,
        table: &str,
        item: Option<RawItem>,
    ) -> Self {
        let failure = ConditionFailure::of(item.as_ref());
        let item = item.map(Box::new);
        Self { operation, entity, table: table.into(), item, failure, answer: None }
    }

    /// The same for this reason.
    pub(crate) fn because(self, failure: ConditionFailure) -> Self {
        Self { failure, ..self }
    }

    pub(crate) fn into_item(self) -> Option<RawItem> {
        self.item.map(|item| *item)
    }

    /// The DynamoDB operation, such as `PutItem`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The entity that was to be written.
    pub fn entity(&self) -> &'static str {
        self.entity
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// The reason why it failed, as far as the item tells.
    pub fn reason(&self) -> ConditionFailure {
        self.failure
    }

    /// The entity as it is stored; `None` if the answer has no item, as there is none or the service did not tell.
    ///
    /// # Errors
    /// The stored item does not have the form of `E`.
    #[doc(alias = "ReturnValuesOnConditionCheckFailure")]
    pub fn current<E: Entity>(&self) -> Option<Result<E, DecodeError>> {
        Some(self.item.as_ref()?.read_entity::<E>())
    }

    /// The item as it is stored, in the SDK's types; `None` if the answer has none.
    ///
    /// # Errors
    /// The item holds something that is no attribute value.
    pub fn raw_item(&self) -> Option<Result<Item, DecodeError>> {
        self.item.as_deref().map(RawItem::read::<Item>)
    }
}

impl fmt::Display for ConditionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, entity, table, failure, .. } = self;
        write!(f, "condition of {operation} failed for entity `{entity}` in table `{table}`: {failure}")
    }
}

/// Shows the same as `Display`: never the item.
impl fmt::Debug for ConditionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConditionFailed({self})")
    }
}

impl std::error::Error for ConditionFailed {}
