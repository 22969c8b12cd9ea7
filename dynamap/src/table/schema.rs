//! The table against its schema: comparison, change and deletion.

use super::Table;
use crate::{
    op::{DeleteTable, UpdateTable, Verify},
    schema::TableSchema,
};

impl<S: TableSchema> Table<S> {
    /// Compares the table that is there with its schema (DescribeTable, DescribeTimeToLive), and changes nothing. See
    /// [`Verify`].
    pub fn verify(&self) -> Verify<S> {
        Verify::new(self.handle.clone())
    }

    /// Changes the table that is there to what its schema and settings say, while it is in use (UpdateTable). See
    /// [`UpdateTable`].
    pub fn update_table(&self) -> UpdateTable<S> {
        UpdateTable::new(self.handle.clone())
    }

    /// Deletes the table with all its items (DeleteTable), if the caller names it, and waits until it is gone. See
    /// [`DeleteTable`].
    pub fn delete_table(&self, name: impl Into<String>) -> DeleteTable<S> {
        DeleteTable::new(self.handle.clone(), name.into())
    }
}
