use super::{Explanation, MAX_ITEM, VectorIndexCapacity};
use crate::{
    capacity::{is_vector, max_vector_excess, vector_size},
    entity::{Entity, Item},
    schema::{IndexProjection, TableSchema, VectorIndexSchema, primary_key},
    wire::attribute_size,
};

impl Explanation {
    /// The vector indexes that a whole item is in, or may have been in: `is_new` if there is none before it.
    pub(super) fn in_vector_indexes_of_item<E: Entity>(mut self, item: Option<&Item>, is_new: bool) -> Self {
        self.vector_indexes.extend(indexes_of::<E>().filter_map(|index| {
            let entry = item.and_then(|item| entry_size::<E::Table>(index, item)).map(request_bytes);
            let bytes = match (entry, is_new) {
                (Some(bytes), true) => bytes..=bytes,
                // The entry before it may be larger, or the same.
                (_, false) => 0.0..=most(index),
                (None, true) => return None,
            };
            Some(VectorIndexCapacity { index: index.name, bytes })
        }));
        self
    }

    /// The vector indexes that an item of `E` may be in.
    pub(super) fn in_vector_indexes_of<E: Entity>(mut self) -> Self {
        let capacity =
            |index: &VectorIndexSchema| VectorIndexCapacity { index: index.name, bytes: 0.0..=most(index) };
        self.vector_indexes.extend(indexes_of::<E>().map(capacity));
        self
    }

    /// The bytes that the request writes into each vector index that the item is in or may be in; empty for reads, batches
    /// and transactions.
    pub fn vector_indexes(&self) -> &[VectorIndexCapacity] {
        &self.vector_indexes
    }
}

/// The vector indexes of which `E` has the vector and, where there is one, the partition key.
fn indexes_of<E: Entity>() -> impl Iterator<Item = &'static VectorIndexSchema> {
    let is_field = |name: &str| E::FIELDS.find(name.as_bytes()).is_some();
    let has_key = move |index: &VectorIndexSchema| {
        let is_key = |name: &str| E::KEY_ATTRIBUTES.contains(&name) || is_field(name);
        index.partition_key.is_none_or(|key| is_key(key.name))
    };
    let indexes = E::Table::VECTOR_INDEXES.iter();
    indexes.filter(move |index| is_field(index.vector) && has_key(index))
}

/// The size of the entry of an index for an item; `None` if the item is not in it.
fn entry_size<S: TableSchema>(index: &VectorIndexSchema, item: &Item) -> Option<usize> {
    let has_vector = item.get(index.vector).is_some_and(|value| is_vector(value, index.dimensions));
    let has_key = index.partition_key.is_none_or(|key| item.contains_key(key.name));
    let is_held = |name: &str| name != index.vector && holds::<S>(index, name);
    (has_vector && has_key).then(|| {
        let held = item.iter().filter(|(name, _)| is_held(name));
        let others: usize = held.map(|(name, value)| attribute_size(name, value)).sum();
        index.vector.len() + vector_size(index.dimensions) + others
    })
}

/// True if the index holds the attribute.
fn holds<S: TableSchema>(index: &VectorIndexSchema, attribute: &str) -> bool {
    let projected = match index.projection {
        IndexProjection::All => true,
        IndexProjection::KeysOnly => false,
        IndexProjection::Include(names) => names.contains(&attribute),
    };
    projected || index.search_schema().chain(primary_key::<S>()).any(|key| key.name == attribute)
}

/// The bytes of the largest entry.
fn most(index: &VectorIndexSchema) -> f64 {
    request_bytes(MAX_ITEM + max_vector_excess(index.dimensions))
}

/// DynamoDB: a write of an entry counts at least 1 KB.
fn request_bytes(size: usize) -> f64 {
    size.max(1024) as f64
}
