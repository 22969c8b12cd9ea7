//! The description of a table, and its throughput.

use super::Table;
use crate::{
    op::{DescribeTable, Throughput, UpdateThroughput},
    schema::{Provisionable, TableSchema},
};

impl<S: TableSchema> Table<S> {
    /// Describes the table (DescribeTable): its status, keys, indexes, throughput, stream and size.
    #[doc(alias = "DescribeTable")]
    pub fn describe(&self) -> DescribeTable<S> {
        DescribeTable::new(self.handle.clone())
    }

    /// Changes the billing mode or the provisioned throughput of a table that is there (UpdateTable), unless it is as
    /// wanted, and waits until it is active. The table can be used meanwhile. See [`UpdateThroughput`].
    #[doc(alias("UpdateTable", "BillingMode", "ProvisionedThroughput"))]
    pub fn update_throughput(&self, throughput: Throughput) -> UpdateThroughput<S>
    where
        S: Provisionable,
    {
        UpdateThroughput::new(self.handle.clone(), throughput)
    }
}
