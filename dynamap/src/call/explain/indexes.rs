use super::{Explanation, IndexCapacity, MAX_ITEM};
use crate::{
    capacity::write_units,
    entity::{Entity, Item},
    schema::{IndexSchema, TableSchema, primary_key},
    wire::item_size,
};

impl Explanation {
    /// The indexes and vector indexes that a whole item is in, or may have been in: `is_new` if there is none before it.
    pub(crate) fn in_indexes_of_item<E: Entity>(mut self, item: &Option<Item>, is_new: bool) -> Self {
        let item = item.as_ref();
        self.indexes.extend(indexes_of::<E>().filter_map(|index| {
            let entry = item.and_then(|item| entry_size::<E::Table>(index, item)).map(write_units);
            let units = match (entry, is_new) {
                (Some(units), true) => units..=units,
                // The entry before it may be of any size, or the same.
                (Some(units), false) => 0.0..=units + write_units(MAX_ITEM),
                (None, true) => return None,
                (None, false) => 0.0..=write_units(MAX_ITEM),
            };
            Some(IndexCapacity { index: index.name, units })
        }));
        self.in_vector_indexes_of_item::<E>(item, is_new)
    }

    /// The indexes and vector indexes that an item of `E` may be in; an index takes up to this many units.
    pub(crate) fn in_indexes_of<E: Entity>(mut self, most: f64) -> Self {
        let capacity = |index: &IndexSchema| IndexCapacity { index: index.name, units: 0.0..=most };
        self.indexes.extend(indexes_of::<E>().map(capacity));
        self.in_vector_indexes_of::<E>()
    }

    /// The units that the request takes from each index that the item is in or may be in; empty for reads, batches and
    /// transactions.
    pub fn indexes(&self) -> &[IndexCapacity] {
        &self.indexes
    }
}

/// The indexes for which `E` has keys.
fn indexes_of<E: Entity>() -> impl Iterator<Item = &'static IndexSchema> {
    let has_keys = |index: &&IndexSchema| {
        let is_of_table = |name: &str| primary_key::<E::Table>().any(|key| key.name == name);
        let mut keys = index.partition_key.iter().chain(index.sort_key);
        keys.all(|key| E::KEY_ATTRIBUTES.contains(&key.name) || is_of_table(key.name))
    };
    E::Table::INDEXES.iter().filter(has_keys)
}

/// The size of the entry of an index for an item; `None` if the item is not in it.
fn entry_size<S: TableSchema>(index: &IndexSchema, item: &Item) -> Option<usize> {
    let mut keys = index.partition_key.iter().chain(index.sort_key);
    if !keys.all(|key| item.contains_key(key.name)) {
        return None;
    }
    let is_held = |name: &str| index.holds(name) || primary_key::<S>().any(|key| key.name == name);
    let held = item.iter().filter(|(name, _)| is_held(name));
    let entry: Item = held.map(|(name, value)| (name.clone(), value.clone())).collect();
    Some(item_size(&entry))
}
