/// Several items where one was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is more than one item of `{entity}` in table `{table}` where one was asked for")]
pub struct MoreThanOne {
    entity: &'static str,
    table: String,
}

impl MoreThanOne {
    #[cold]
    pub(crate) fn new(entity: &'static str, table: &str) -> Self {
        Self { entity, table: table.into() }
    }

    /// The entity or item collection that was read.
    pub fn entity(&self) -> &'static str {
        self.entity
    }

    /// The table's name.
    pub fn table(&self) -> &str {
        &self.table
    }
}
