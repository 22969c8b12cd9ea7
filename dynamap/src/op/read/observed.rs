//! Queries and scans as operations that are observed.

use super::{item_reader::ItemReader, page::Page, paged::Paged, prepared::Prepared};
use crate::{observe::Observing, outcome::Result, schema::Source};
use std::pin::pin;

impl<O: Paged, I: Source, R: ItemReader> Prepared<O, I, R> {
    /// Begins the operation, which may read several pages.
    pub(in crate::op) fn observe(&mut self) -> Observing {
        self.handle.observe_several(O::operation(self.settings.count), I::INDEX.map(|index| index.name))
    }

    /// Reads until the limit is reached; without one, a single page.
    pub(in crate::op) async fn page(mut self) -> Result<Page<R::Output>> {
        let observing = self.observe();
        observing.watch(pin!(self.read_page()), |_| 0).await
    }

    /// Reads all items, up to the limit if there is one.
    pub(in crate::op) async fn all(mut self) -> Result<Vec<R::Output>> {
        let observing = self.observe();
        observing.watch(pin!(self.read_all()), |_| 0).await
    }

    /// The number of items, up to the limit if there is one.
    pub(in crate::op) async fn count(mut self) -> Result<u64> {
        let observing = self.observe();
        observing.watch(pin!(self.read_count()), |_| 0).await
    }
}
