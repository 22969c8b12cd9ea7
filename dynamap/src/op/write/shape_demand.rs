//! The shape that a write demands of the stored item.

use super::Precondition;
use crate::{
    entity::{Entity, EntityShape},
    expr::{Attribute, Condition},
    known_fault::KnownFault,
    schema::TableSchema,
};
use aws_sdk_dynamodb::types::AttributeValue;

/// The demand of a write on the shape of the stored item, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShapeDemand {
    /// None: a delete.
    Any,
    /// The item is in no newer shape than the entity knows, as the write replaces all attributes.
    UpTo,
    /// The item is in the entity's own shape, whose attributes the write changes.
    Own,
}

impl ShapeDemand {
    /// True if the write takes an item that is `stored` in this shape.
    pub(crate) fn takes(self, stored: u32, known: u32) -> bool {
        match self {
            Self::Any => true,
            Self::UpTo => stored <= known,
            Self::Own => stored == known,
        }
    }

    /// The condition, where the operation has this condition on the stored item. It is true where there is no item.
    pub(super) fn condition<E: Entity>(self, precondition: Precondition) -> Option<Condition<E>> {
        if KnownFault::UndemandedShape.is_back() {
            return None;
        }
        let EntityShape { attribute, known, .. } = E::SHAPE?;
        let shape = Attribute::<E, u32>::new(attribute);
        let demanded = match (self, precondition) {
            // What is there has expired, or the write is refused.
            (Self::Any, _) | (_, Precondition::Absent) => return None,
            (Self::UpTo, _) => shape.not_exists() | shape.le(known),
            (Self::Own, _) if known == EntityShape::FIRST => shape.not_exists() | shape.eq(known),
            (Self::Own, Precondition::Present) => shape.eq(known),
            (Self::Own, _) => {
                let key = Attribute::<E, AttributeValue>::new(E::Table::PARTITION_KEY.name);
                key.not_exists() | shape.eq(known)
            }
        };
        Some(match (precondition, E::Table::ENTITY_TYPE) {
            // An item of another entity is replaced whatever it is.
            (Precondition::None, Some(name)) => demanded | Attribute::<E, String>::new(name).ne(E::NAME),
            _ => demanded,
        })
    }
}
