use super::Repository;
use crate::op::{Backfill, write::whole_entity::WrittenWhole};

impl<E: WrittenWhole> Repository<E> {
    /// Writes entities anew that are stored in an older shape, or that a function changes: after the shape of stored items has changed
    /// (Scan, and an UpdateItem for each). See [`Backfill`].
    #[doc(alias("migrate", "migration"))]
    pub fn backfill<'a>(&self) -> Backfill<'a, E> {
        Backfill::new(self.handle.clone())
    }
}
