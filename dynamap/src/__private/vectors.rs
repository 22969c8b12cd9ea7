//! Checks of vector indexes that the compiler makes. As in `checks`, an empty name stands for what another derive has reported.

use super::{has_type, is_among, same_name};
use crate::{
    error::{EncodeError, ItemError},
    schema::{KeyAttribute, TableSchema, VectorIndex},
    value::{AttributeType, DataType, ToAttribute, VectorField},
};

/// The vector index at a position among the indexes of an entity. As [`KeyIn`](super::KeyIn).
pub trait VectorKeyIn<const AT: usize> {
    type Index: VectorIndex;
}

pub const fn assert_vector_index_of<I: VectorIndex<Table = S>, S: TableSchema>() {}

/// The partition key attribute of a vector index; where it has none, a check reports that.
pub const fn vector_partition_key<I: VectorIndex>() -> KeyAttribute {
    match I::SCHEMA.partition_key {
        Some(attribute) => attribute,
        None => KeyAttribute { name: "", data_type: DataType::S },
    }
}

/// True if the vector index is among those of its table.
pub const fn is_listed_vector_index<S: TableSchema, I: VectorIndex>() -> bool {
    if I::SCHEMA.name.is_empty() || S::PARTITION_KEY.name.is_empty() {
        return true;
    }
    let mut i = 0;
    while i < S::VECTOR_INDEXES.len() {
        if same_name(S::VECTOR_INDEXES[i].name, I::SCHEMA.name) {
            return true;
        }
        i += 1;
    }
    false
}

/// True if an entity `has` a partition key in the index as the index does.
pub const fn agrees_on_partition_key<I: VectorIndex>(has: bool) -> bool {
    I::SCHEMA.name.is_empty() || I::SCHEMA.partition_key.is_some() == has
}

/// True if the index searches the attribute `name`.
pub const fn is_vector_of<I: VectorIndex>(name: &str) -> bool {
    I::SCHEMA.name.is_empty() || same_name(I::SCHEMA.vector, name)
}

/// True if vectors of the type `V` have the dimensions of the index.
pub const fn has_dimensions<I: VectorIndex, V: VectorField>() -> bool {
    I::SCHEMA.name.is_empty() || I::SCHEMA.dimensions == V::DIMENSIONS
}

const fn find(name: &str, attributes: &'static [KeyAttribute]) -> Option<KeyAttribute> {
    let mut i = 0;
    while i < attributes.len() {
        if same_name(attributes[i].name, name) {
            return Some(attributes[i]);
        }
        i += 1;
    }
    None
}

/// True if the attribute `name` is an inline filter of the index.
pub const fn is_inline_filter<I: VectorIndex>(name: &str) -> bool {
    I::SCHEMA.name.is_empty() || find(name, I::SCHEMA.inline_filters).is_some()
}

/// True if `T` is stored as the data type of the inline filter `name`, if that is one.
pub const fn has_filter_type<I: VectorIndex, T: AttributeType>(name: &str) -> bool {
    match find(name, I::SCHEMA.inline_filters) {
        Some(filter) => has_type::<T>(filter.name, filter.data_type),
        None => true,
    }
}

/// True if each vector index of the table that searches the attribute `name` is among those named.
pub const fn is_searched_by_named<S: TableSchema>(name: &str, named: &[&str]) -> bool {
    let mut i = 0;
    while i < S::VECTOR_INDEXES.len() {
        let index = &S::VECTOR_INDEXES[i];
        if same_name(index.vector, name) && !index.name.is_empty() && !is_among(index.name, named) {
            return is_among("", named);
        }
        i += 1;
    }
    true
}

/// True if the attribute `name` has this data type in each vector index of the table whose partition key or inline filter it is.
pub const fn has_searched_type<S: TableSchema>(name: &str, data_type: Option<DataType>) -> bool {
    let mut i = 0;
    while i < S::VECTOR_INDEXES.len() {
        let index = &S::VECTOR_INDEXES[i];
        if !index.name.is_empty() {
            let defined = match (find(name, index.inline_filters), index.partition_key) {
                (None, Some(key)) if same_name(key.name, name) => Some(key),
                (filter, _) => filter,
            };
            match (defined, data_type) {
                (Some(attribute), Some(own)) if own as u8 != attribute.data_type as u8 => return false,
                (Some(_), None) => return false,
                _ => {}
            }
        }
        i += 1;
    }
    true
}

/// DynamoDB: a table has at most five vector indexes.
pub const fn vector_indexes_are_few<S: TableSchema>() -> bool {
    S::VECTOR_INDEXES.len() <= 5
}

/// True if all vector indexes on one attribute have the same dimensions.
pub const fn vector_dimensions_agree<S: TableSchema>() -> bool {
    let indexes = S::VECTOR_INDEXES;
    let mut i = 0;
    while i < indexes.len() {
        let mut j = 0;
        while j < i {
            let (a, b) = (&indexes[i], &indexes[j]);
            let are_known = !a.name.is_empty() && !b.name.is_empty();
            if are_known && same_name(a.vector, b.vector) && a.dimensions != b.dimensions {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}

/// True if no two indexes of the table, one of them a vector index, have one name.
pub const fn index_names_differ<S: TableSchema>() -> bool {
    let vectors = S::VECTOR_INDEXES;
    let mut i = 0;
    while i < vectors.len() {
        let name = vectors[i].name;
        let mut j = 0;
        while j < i {
            if !name.is_empty() && same_name(name, vectors[j].name) {
                return false;
            }
            j += 1;
        }
        j = 0;
        while j < S::INDEXES.len() {
            if !name.is_empty() && same_name(name, S::INDEXES[j].name) {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}

/// DynamoDB: the vector of an index cannot be among the attributes that the table defines, those of keys and search schemas.
pub const fn vectors_are_no_keys<S: TableSchema>() -> bool {
    let mut i = 0;
    while i < S::VECTOR_INDEXES.len() {
        let index = &S::VECTOR_INDEXES[i];
        if !index.name.is_empty() && is_defined::<S>(index.vector) {
            return false;
        }
        i += 1;
    }
    true
}

const fn is_defined<S: TableSchema>(name: &str) -> bool {
    let is_sort_key = match S::SORT_KEY {
        Some(attribute) => same_name(name, attribute.name),
        None => false,
    };
    if is_sort_key || same_name(name, S::PARTITION_KEY.name) {
        return true;
    }
    let mut i = 0;
    while i < S::INDEXES.len() {
        let index = &S::INDEXES[i];
        if find(name, index.partition_key).is_some() || find(name, index.sort_key).is_some() {
            return true;
        }
        i += 1;
    }
    i = 0;
    while i < S::VECTOR_INDEXES.len() {
        let index = &S::VECTOR_INDEXES[i];
        let is_key = match index.partition_key {
            Some(attribute) => same_name(attribute.name, name),
            None => false,
        };
        if is_key || find(name, index.inline_filters).is_some() {
            return true;
        }
        i += 1;
    }
    false
}

/// Refuses an item that has a vector and lacks the partition key of a vector index, for an entity that is `strict` about it.
///
/// # Errors
/// The vector is there.
pub fn refuse_unsearched<T: ToAttribute>(vector: &T, attribute: &'static str) -> Result<(), ItemError> {
    match vector.is_absent() {
        true => Ok(()),
        false => {
            Err(EncodeError::new("the item has a vector, but not the partition key of the vector index")
                .in_field(attribute)
                .into())
        }
    }
}
