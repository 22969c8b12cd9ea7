/// There is no entity with the key, or it has expired.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no `{entity}` with the key in table `{table}`")]
pub struct NotFound {
    entity: &'static str,
    table: String,
}

impl NotFound {
    #[cold]
    pub(crate) fn new(entity: &'static str, table: &str) -> Self {
        Self { entity, table: table.into() }
    }

    /// The entity.
    pub fn entity(&self) -> &'static str {
        self.entity
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }
}
