//! The vector indexes of a table that is there.

use super::Table;
use crate::{
    op::{AddVectorIndex, RemoveVectorIndex, WaitUntilSearchable},
    schema::{TableSchema, VectorIndex},
};

impl<S: TableSchema> Table<S> {
    /// Adds a vector index to the table, unless it has the index (UpdateTable). It can be searched some minutes later.
    ///
    /// ```
    /// use dynamap::{Table, TableSchema, VectorIndex};
    /// # use dynamap_local::Local;
    /// # use std::time::{Duration, UNIX_EPOCH};
    ///
    /// #[derive(TableSchema)]
    /// #[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
    /// pub struct Library;
    ///
    /// #[derive(VectorIndex)]
    /// #[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
    /// pub struct ByEmbedding;
    ///
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Before;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let start = tokio::time::Instant::now();
    /// # let clock = move || UNIX_EPOCH + Duration::from_secs(1_800_000_000) + start.elapsed();
    /// # let client = Local::memory_with_clock(clock)?.client();
    /// # Table::<Before>::new(client.clone(), "library").create_table_if_absent().send().await?;
    /// let library = Table::<Library>::new(client, "library");
    /// assert!(library.add_vector_index::<ByEmbedding>().send().await?);
    /// library
    ///     .wait_until_searchable::<ByEmbedding>()
    ///     .on_progress(|progress| println!("{} after {:?}", progress.phase, progress.waited))
    ///     .send()
    ///     .await?;
    /// assert!(!library.add_vector_index::<ByEmbedding>().send().await?);  // it is there
    /// # Ok(())
    /// # }
    /// ```
    pub fn add_vector_index<I: VectorIndex<Table = S>>(&self) -> AddVectorIndex<I> {
        AddVectorIndex::new(self.handle.clone())
    }

    /// Removes a vector index from the table, if it has the index (UpdateTable), and waits until it is gone. The items stay
    /// as they are.
    pub fn remove_vector_index<I: VectorIndex<Table = S>>(&self) -> RemoveVectorIndex<I> {
        RemoveVectorIndex::new(self.handle.clone())
    }

    /// Waits until a vector index can be searched (SearchVectors), which is minutes after it is active.
    pub fn wait_until_searchable<'a, I: VectorIndex<Table = S>>(&self) -> WaitUntilSearchable<'a, I> {
        WaitUntilSearchable::new(self.handle.clone())
    }
}
