use super::Redacted;
use std::fmt;

/// Items that do not make up the item collection that was asked for.
///
/// It names the collection and its entities. Of an item it never shows anything, and holds no more than its entity type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemCollectionError {
    /// An item is of no member of the collection.
    UnknownEntity {
        /// The collection's name.
        collection: &'static str,
        /// The name in the item's entity-type attribute, as far as its first 255 bytes; `None` if the item has none
        /// and its key has the form of no member's.
        found: Option<Redacted>,
    },
    /// There is no item for a field that wants one.
    Missing {
        /// The collection's name.
        collection: &'static str,
        /// The entity that is missing.
        entity: &'static str,
    },
    /// There are several items for a field that takes one.
    Several {
        /// The collection's name.
        collection: &'static str,
        /// The entity of which there are several.
        entity: &'static str,
    },
}

impl fmt::Display for ItemCollectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEntity { collection, found: Some(_) } => {
                write!(f, "item collection `{collection}` has no entity of the type that an item names")
            }
            Self::UnknownEntity { collection, found: None } => {
                write!(f, "an item is of no entity of item collection `{collection}`, by the form of its key")
            }
            Self::Missing { collection, entity } => {
                write!(
                    f,
                    "item collection `{collection}` needs an item of entity `{entity}`, and there is none"
                )
            }
            Self::Several { collection, entity } => {
                write!(
                    f,
                    "item collection `{collection}` takes one item of entity `{entity}`, and there are several"
                )
            }
        }
    }
}

impl std::error::Error for ItemCollectionError {}
