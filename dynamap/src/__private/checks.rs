//! Checks that the compiler makes where a derive sees only one side.
//!
//! An empty name stands for what another derive has reported already: a table or an index whose derive found
//! mistakes, or a key attribute that the table or index does not have. Checks of those succeed, so that one
//! mistake is one error.

use super::InTable;
use crate::{
    entity::{self, EntityOf, KeyedBy, PartitionPart},
    schema::{Index, IndexProjection, IndexSchema, Primary, ProjectingIndex, Source, TableSchema},
    value::{AttributeType, DataType, TimeToLive, marker::Marker},
};

pub const fn assert_index_of<I: Index<Table = S>, S: TableSchema>() {}

pub const fn assert_projecting_index_of<I: ProjectingIndex<Table = S>, S: TableSchema>() {}

pub const fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

pub const fn is_among(name: &str, names: &[&str]) -> bool {
    let mut i = 0;
    while i < names.len() {
        if same_name(name, names[i]) {
            return true;
        }
        i += 1;
    }
    false
}

/// True of the names that the table of `E` has for keys, the entity type and the time to live.
pub const fn is_reserved<E: InTable>(name: &str, keys: &[&str]) -> bool {
    is_among(name, &[E::PARTITION_KEY.name, E::SORT_KEY.name, E::ENTITY_TYPE, E::TTL, E::SHAPE])
        || is_among(name, keys)
}

/// True if `name` is the attribute of the time to live in the table of `E`.
pub const fn is_ttl<E: InTable>(name: &str) -> bool {
    E::PARTITION_KEY.name.is_empty() || same_name(E::TTL, name)
}

pub const fn assert_ttl<T: TimeToLive>() {}

/// True if a name is in both.
pub const fn names_meet(names: &[&str], others: &[&str]) -> bool {
    let mut i = 0;
    while i < names.len() {
        if is_among(names[i], others) {
            return true;
        }
        i += 1;
    }
    false
}

pub const fn is_string(data_type: DataType) -> bool {
    matches!(data_type, DataType::S)
}

/// True if a field's attribute has the name of the key attribute that it is.
pub const fn is_key_attribute(key: &str, attribute: &str) -> bool {
    key.is_empty() || same_name(key, attribute)
}

/// True if `T` is stored as the data type of the key attribute `key`.
pub const fn has_type<T: AttributeType>(key: &str, data_type: DataType) -> bool {
    if key.is_empty() {
        return true;
    }
    match <T::DataType as Marker>::DATA_TYPE {
        Some(own) => own as u8 == data_type as u8,
        None => false,
    }
}

/// True if the table has a sort key as an entity `has` one.
pub const fn agrees_on_sort_key<E: InTable>(has: bool) -> bool {
    E::PARTITION_KEY.name.is_empty() || E::SORT_KEY.name.is_empty() != has
}

const fn is_failed<S: TableSchema>() -> bool {
    S::PARTITION_KEY.name.is_empty()
}

/// True if an entity's key has as many attributes as the index; a local index shares the partition key.
pub const fn has_arity<I: Index>(partition: usize, sort: usize) -> bool {
    let expected = if I::SCHEMA.local { 0 } else { I::SCHEMA.partition_key.len() };
    I::SCHEMA.name.is_empty() || partition == expected && sort == I::SCHEMA.sort_key.len()
}

/// True if the index is among those of its table.
pub const fn is_listed<S: TableSchema, I: Index>() -> bool {
    if I::SCHEMA.name.is_empty() || is_failed::<S>() {
        return true;
    }
    let mut i = 0;
    while i < S::INDEXES.len() {
        if same_name(S::INDEXES[i].name, I::SCHEMA.name) {
            return true;
        }
        i += 1;
    }
    false
}

/// True if the index holds the time to live of its table, if there is one.
pub const fn tells_expiry<I: ProjectingIndex>() -> bool {
    match <<I as ProjectingIndex>::Table as TableSchema>::TTL {
        Some(attribute) => holds::<I>(attribute),
        None => true,
    }
}

/// True if no earlier key attribute has this name: two indexes may share one, or take the table's.
pub const fn is_first(names: &[&str], index: usize) -> bool {
    let (earlier, _) = names.split_at(index);
    !is_among(names[index], earlier)
}

/// True if an earlier key attribute of this name is `present`, so that it was written.
pub fn was_written(names: &[&str], index: usize, present: &[bool]) -> bool {
    names[..index].iter().zip(present).any(|(name, present)| *present && *name == names[index])
}

/// True if key attributes of one name have one template.
pub const fn agree(names: &[&str], templates: &[&str]) -> bool {
    let mut i = 0;
    while i < names.len() {
        let mut j = 0;
        while j < i {
            let same = !names[i].is_empty() && same_name(names[i], names[j]);
            if same && !same_name(templates[i], templates[j]) {
                return false;
            }
            j += 1;
        }
        i += 1;
    }
    true
}

/// True if the index holds the attribute.
pub const fn holds<I: ProjectingIndex>(name: &str) -> bool {
    let is_held = match I::INDEX {
        Some(index) => is_held(name, index),
        None => true,
    };
    is_held || is_table_key::<<I as ProjectingIndex>::Table>(name)
}

/// The same, but for the table's key.
const fn is_held(name: &str, index: &IndexSchema) -> bool {
    if index.name.is_empty() {
        return true;
    }
    let included: &[&str] = match index.projection {
        IndexProjection::All => return true,
        IndexProjection::KeysOnly => &[],
        IndexProjection::Include(names) => names,
    };
    is_among(name, included) || is_key_of(name, index)
}

const fn is_key_of(name: &str, index: &IndexSchema) -> bool {
    let mut i = 0;
    while i < index.partition_key.len() {
        if same_name(name, index.partition_key[i].name) {
            return true;
        }
        i += 1;
    }
    i = 0;
    while i < index.sort_key.len() {
        if same_name(name, index.sort_key[i].name) {
            return true;
        }
        i += 1;
    }
    false
}

const fn is_table_key<S: TableSchema>(name: &str) -> bool {
    let is_sort_key = match S::SORT_KEY {
        Some(attribute) => same_name(name, attribute.name),
        None => false,
    };
    is_sort_key || same_name(name, S::PARTITION_KEY.name)
}

/// The entity at a position of those that a table lists. Generated code names it by this only, so that a mistake in it is one
/// error.
pub trait ListedAt<const AT: usize>: Sized {
    type Entity: KeyedBy<Primary>;
}

pub const fn assert_entity_of<S, E: EntityOf<S>>() {}

/// Returns true if one key can be of both entities, and nothing in the source `I` tells which of them an item is.
pub const fn may_share_a_key<I: Source, A: KeyedBy<Primary>, B: KeyedBy<Primary>>() -> bool {
    // The derive of an entity found mistakes.
    let is_known = !A::PARTITION.is_empty() && !B::PARTITION.is_empty();
    let is_told = match (A::Table::ENTITY_TYPE, I::INDEX) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(name), Some(index)) => is_held(name, index),
    };
    is_known
        && !is_told
        && entity::may_be_equal(A::PARTITION, B::PARTITION)
        && entity::may_be_equal(A::SORT, B::SORT)
}

/// True if keys of one partition can have both forms. What components are called does not matter.
pub const fn is_same_partition(a: &[PartitionPart], b: &[PartitionPart]) -> bool {
    // The derive of an entity found mistakes.
    if a.is_empty() || b.is_empty() {
        return true;
    }
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        let same = match (a[i], b[i]) {
            (PartitionPart::Text(a), PartitionPart::Text(b)) => same_name(a, b),
            (
                PartitionPart::Encoded { fixed_width: a, size: a_size, .. },
                PartitionPart::Encoded { fixed_width: b, size: b_size, .. },
            ) => a == b && (!a || a_size == b_size),
            (PartitionPart::Plain, PartitionPart::Plain) => true,
            (PartitionPart::Field, PartitionPart::Field) => true,
            _ => false,
        };
        if !same {
            return false;
        }
        i += 1;
    }
    true
}
