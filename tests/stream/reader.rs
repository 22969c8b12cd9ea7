//! The shard reader: on the embedded engine's streams, which have one shard, and on a model of many.

mod consumer;
mod engine;
mod leases;
mod random;
mod run;
mod shards;

use crate::model::Shop;
use aws_sdk_dynamodb::types::StreamViewType;
use dynamap::Table;
use dynamap::op::read::Queryable;
use dynamap::stream::reader::{Lease, LeaseTable, StreamReader};
use dynamap_local::Local;
use dynamap_local::shards::{ShardModel, ShardPlan};
use std::time::Duration;

/// A table with a stream, and the table of the leases.
pub(crate) struct Streamed {
    pub(crate) local: Local,
    pub(crate) shop: Table<Shop>,
    pub(crate) leases: Table<LeaseTable>,
    pub(crate) arn: String,
}

impl Streamed {
    pub(crate) async fn new() -> Self {
        Self::on(Local::memory().unwrap()).await
    }

    /// The same with the shards of a plan.
    pub(crate) async fn with_shards(plan: ShardPlan) -> (Self, ShardModel) {
        let (local, model) = Local::memory().unwrap().with_shards(plan);
        (Self::on(local).await, model)
    }

    pub(crate) async fn on(local: Local) -> Self {
        let shop = Table::<Shop>::new(local.client(), "shop");
        shop.create_table_if_absent().stream(StreamViewType::NewAndOldImages).send().await.unwrap();
        let leases = Table::new(local.client(), "leases");
        leases.create_table_if_absent().send().await.unwrap();
        let arn = shop.stream_arn().send().await.unwrap().unwrap();
        Self { local, shop, leases, arn }
    }

    pub(crate) fn reader<T: Queryable>(&self) -> StreamReader<T> {
        let reader = StreamReader::new(self.local.streams_client(), &*self.arn, self.leases.clone());
        reader.poll_interval(Duration::from_millis(100))
    }

    /// The only lease.
    pub(crate) async fn lease(&self) -> Lease {
        let leases: Vec<Lease> = self.leases.scan::<Lease>().try_collect().await.unwrap();
        assert_eq!(leases.len(), 1);
        leases.into_iter().next().unwrap()
    }
}
