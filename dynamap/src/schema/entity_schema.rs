use crate::value::DataType;
use std::fmt;

/// A function that gives names of attributes.
#[doc(hidden)]
pub type EachName = fn(&mut dyn FnMut(&'static str));

/// The definition of an entity as a value: its keys and its attributes, for exports and comparisons.
///
/// [`EntitySchema::of`] makes it.
#[derive(Clone, Copy)]
pub struct EntitySchema {
    /// The name in the entity-type attribute.
    pub name: &'static str,
    /// The key in the table, then those in the indexes that hold the entity.
    pub keys: &'static [EntityKey],
    /// Makes the list of the attributes.
    pub(crate) attributes: fn() -> Vec<AttributeSchema>,
}

impl EntitySchema {
    /// The attributes that are fields of the entity, in the order of the struct; those of flattened documents last.
    pub fn attributes(&self) -> Vec<AttributeSchema> {
        (self.attributes)()
    }

    /// The key in the index of this name.
    pub fn key_in(&self, index: &str) -> Option<&'static EntityKey> {
        self.keys.iter().find(|key| key.index == Some(index))
    }

    /// The key in the table.
    pub(crate) fn primary_key(&self) -> Option<&'static EntityKey> {
        self.keys.iter().find(|key| key.index.is_none())
    }
}

impl fmt::Debug for EntitySchema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntitySchema")
            .field("name", &self.name)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

/// The key of an entity in its table or in an index: the templates as they are written, `{field}` where a field is the key
/// attribute itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityKey {
    /// The name of the index; `None` of the table.
    pub index: Option<&'static str>,
    /// The template of each partition key attribute. None of a local index, which has the partition key of the table.
    pub partition_key: &'static [&'static str],
    /// The template of each sort key attribute.
    pub sort_key: &'static [&'static str],
}

/// An attribute of an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttributeSchema {
    /// The attribute's name.
    pub name: &'static str,
    /// Its data type; `None` if it is not known when the program is compiled.
    pub data_type: Option<DataType>,
}
