use crate::{
    entity::{Entity, EntityOf, Item, to_item},
    error::ItemError,
    op::TableSettings,
    schema::{EntitySchema, IndexProjection, KeyAttribute, TableSchema},
};
use std::fmt;

/// A table with its name, its settings and its entities, as exports show it.
pub struct DataModel<S> {
    pub(super) table: String,
    pub(super) entities: Vec<EntitySchema>,
    /// Items with the names of their entities.
    pub(super) samples: Vec<(&'static str, Item)>,
    pub(super) settings: TableSettings<S>,
}

impl<S: TableSchema> DataModel<S> {
    /// The table of this name, with the entities that its schema lists (`entities(..)`).
    pub fn new(table: impl Into<String>) -> Self {
        let entities = S::ENTITIES.to_vec();
        Self { table: table.into(), entities, samples: Vec::new(), settings: TableSettings::new() }
    }

    /// Adds an entity that the schema does not list.
    pub fn entity<E: EntityOf<S>>(mut self) -> Self {
        if !self.entities.iter().any(|entity| entity.name == E::NAME) {
            self.entities.push(EntitySchema::of::<E>());
        }
        self
    }

    /// Gives the table these settings. A template without them has DynamoDB's defaults, and is on demand.
    pub fn settings(mut self, settings: TableSettings<S>) -> Self {
        self.settings = settings;
        self
    }

    /// Adds an item, for [`workbench`](Self::workbench). Its values are shown there.
    ///
    /// # Errors
    /// A value cannot be stored, or a key is not valid.
    pub fn sample<E: EntityOf<S> + Entity>(mut self, entity: &E) -> Result<Self, ItemError> {
        self.samples.push((E::NAME, to_item(entity)?));
        Ok(self.entity::<E>())
    }
}

impl<S> fmt::Debug for DataModel<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DataModel")
            .field("table", &self.table)
            .field("entities", &self.entities)
            .field("samples", &self.samples.len())
            .field("settings", &self.settings)
            .finish()
    }
}

/// The primary key, as a list of key attributes is.
pub(super) fn primary_key<S: TableSchema>() -> (KeyAttribute, Option<KeyAttribute>) {
    (S::PARTITION_KEY, S::SORT_KEY)
}

/// A projection in DynamoDB's words: its type, and the attributes that it includes.
pub(super) fn projected(projection: IndexProjection) -> (&'static str, &'static [&'static str]) {
    match projection {
        IndexProjection::All => ("ALL", &[]),
        IndexProjection::KeysOnly => ("KEYS_ONLY", &[]),
        IndexProjection::Include(names) => ("INCLUDE", names),
    }
}
