//! Batches over several tables.

use super::{BatchWritable, BatchWriteItem};

impl<'a, Of: BatchWritable> BatchWriteItem<'a, Of> {
    /// Adds the writes of a batch on another table of the same account and Region, in the same requests: 25 writes and 16 MB
    /// of all tables together.
    ///
    /// Writes are taken in the order in which they were given: those of the other batch after those that are here already. The
    /// first error of a source ends the batch of all tables.
    ///
    /// - **Client and settings.** The requests are sent by the client of this table, with the concurrency, the retry timeout
    ///   and the callbacks of this batch; those of the other one do not count.
    /// - **Capacity.** Each table keeps its meters and its budget, and a request waits for the units of each of its tables.
    ///   [`meter`](Self::meter) and [`budget`](Self::budget) are those of all tables that the batch has by then.
    /// - **Report.** [`BatchWriteReport::tables`](crate::batch::BatchWriteReport::tables) has the numbers of each table, and
    ///   each write that is listed has its [table](crate::batch::UnwrittenItem::table) and its position among those of that
    ///   table.
    /// - **One table is refused.** A request that DynamoDB refuses for one of its tables, which is not there or not allowed, is
    ///   divided by table: the writes of the others are applied.
    /// - **The same table twice** is one table: the last write of a key wins, the meters of both count all its writes, and the
    ///   budget that was there first limits them. A table in another Region, and one that may be another table of the batch by
    ///   its ARN, is [`Error::InvalidBatch`](crate::Error::InvalidBatch) for each of its writes.
    ///
    /// ```
    /// # use dynamap::{Entity, Table, TableSchema};
    /// # use dynamap_local::Local;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "id")]
    /// # pub struct Audit;
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
    /// # pub struct Order { pub number: u32 }
    /// # #[derive(Debug, Clone, PartialEq, Entity)]
    /// # #[dynamap(table = Audit, pk = id)]
    /// # pub struct Entry { pub id: String }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = Local::memory()?.client();
    /// # let shop = Table::<Shop>::new(client.clone(), "shop");
    /// # let audit = Table::<Audit>::new(client, "audit");
    /// # shop.create_table_if_absent().send().await?;
    /// # audit.create_table_if_absent().send().await?;
    /// let orders = (1..=20).map(|number| Order { number });
    /// let entry = Entry { id: "import".into() };
    /// let report = shop.batch_write().put_all(orders).and(audit.batch_write().put(&entry)).send().await?;
    /// assert_eq!((report.written(), report.requests()), (21, 1));
    /// assert_eq!((report.tables()[1].table(), report.tables()[1].written()), ("audit", 1));
    /// # Ok(())
    /// # }
    /// ```
    pub fn and<T: BatchWritable>(mut self, other: BatchWriteItem<'a, T>) -> Self {
        let positions = self.tables.join(other.tables);
        self.sources.append(other.sources, &positions);
        self
    }
}
