//! The stream of a table.

use super::Table;
use crate::{
    op::{EnableStream, StreamArn},
    schema::TableSchema,
};
use aws_sdk_dynamodb::types::StreamViewType;

impl<S: TableSchema> Table<S> {
    /// Enables the stream of the table's changes, unless it is enabled (UpdateTable), and returns its ARN.
    ///
    /// ```
    /// # use dynamap::{Table, TableSchema};
    /// # use dynamap_local::Local;
    /// # use aws_sdk_dynamodb::types::StreamViewType;
    /// # #[derive(TableSchema)]
    /// # #[dynamap(partition_key = "pk")]
    /// # pub struct Shop;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
    /// # shop.create_table_if_absent().send().await?;
    /// let arn = shop.enable_stream(StreamViewType::NewAndOldImages).send().await?;
    /// assert_eq!(shop.stream_arn().send().await?, Some(arn));
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "StreamSpecification")]
    pub fn enable_stream(&self, view: StreamViewType) -> EnableStream<S> {
        EnableStream::new(self.handle.clone(), view)
    }

    /// Finds the ARN of the table's latest stream (DescribeTable).
    pub fn stream_arn(&self) -> StreamArn<S> {
        StreamArn::new(self.handle.clone())
    }

    /// The time by the clock of the table.
    #[cfg(feature = "streams")]
    pub(crate) fn time(&self) -> std::time::SystemTime {
        self.handle.time()
    }
}
