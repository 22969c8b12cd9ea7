//! Change records through the client of DynamoDB Streams.

mod kept;
mod listing;
mod tail;
mod views;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{StreamSpecification, StreamViewType};
use aws_sdk_dynamodbstreams::Client as StreamsClient;
use aws_sdk_dynamodbstreams::types::{AttributeValue, Record, ShardIteratorType};
use dynamap_local::Local;

use crate::shop::{self, Item, TABLE, n, product, put};

/// The stream of the shop's table.
struct ShopStream {
    client: Client,
    streams: StreamsClient,
    arn: String,
    shard: String,
}

impl ShopStream {
    async fn new() -> Self {
        let local = Local::memory().unwrap();
        shop::create(&local.client()).await;
        Self::of(&local).await
    }

    /// The latest stream of the table.
    async fn of(local: &Local) -> Self {
        let (client, streams) = (local.client(), local.streams_client());
        let table = client.describe_table().table_name(TABLE).send().await.unwrap().table.unwrap();
        let arn = table.latest_stream_arn.unwrap();
        let described = streams.describe_stream().stream_arn(&arn).send().await.unwrap();
        let shard = described.stream_description.unwrap().shards()[0].shard_id().unwrap().to_owned();
        Self { client, streams, arn, shard }
    }

    async fn put(&self, id: &str, stock: i64) {
        put(&self.client, stocked(id, stock)).await;
    }

    async fn delete(&self, id: &str) {
        let key = product(id);
        self.client.delete_item().table_name(TABLE).set_key(Some(key)).send().await.unwrap();
    }

    async fn iterator(&self, kind: ShardIteratorType, number: Option<&str>) -> String {
        let request = self.streams.get_shard_iterator().stream_arn(&self.arn).shard_id(&self.shard);
        let request = request.shard_iterator_type(kind).set_sequence_number(number.map(str::to_owned));
        request.send().await.unwrap().shard_iterator.unwrap()
    }

    async fn horizon(&self) -> String {
        self.iterator(ShardIteratorType::TrimHorizon, None).await
    }

    /// A page of records, and the iterator to go on.
    async fn get(&self, iterator: &str) -> (Vec<Record>, Option<String>) {
        let page = self.streams.get_records().shard_iterator(iterator).send().await.unwrap();
        (page.records.unwrap(), page.next_shard_iterator)
    }

    async fn all(&self) -> Vec<Record> {
        self.get(&self.horizon().await).await.0
    }
}

fn stocked(id: &str, stock: i64) -> Item {
    let mut item = product(id);
    item.insert("stock".to_owned(), n(stock));
    item
}

async fn set_stream(client: &Client, view: Option<StreamViewType>) {
    let specification = StreamSpecification::builder().stream_enabled(view.is_some());
    let specification = specification.set_stream_view_type(view).build().unwrap();
    client.update_table().table_name(TABLE).stream_specification(specification).send().await.unwrap();
}

fn number(record: &Record) -> &str {
    record.dynamodb().unwrap().sequence_number().unwrap()
}

/// The records' events with the stock before and after.
fn changes(records: &[Record]) -> Vec<(&str, Option<i64>, Option<i64>)> {
    let stock = |image: Option<&std::collections::HashMap<String, AttributeValue>>| {
        image.and_then(|image| image.get("stock")?.as_n().ok()?.parse().ok())
    };
    records
        .iter()
        .map(|record| {
            let change = record.dynamodb().unwrap();
            (record.event_name().unwrap().as_str(), stock(change.old_image()), stock(change.new_image()))
        })
        .collect()
}

#[tokio::test]
async fn each_write_is_a_record() {
    let stream = ShopStream::new().await;
    stream.put("p-1", 1).await;
    stream.put("p-1", 2).await;
    stream.delete("p-1").await;
    let records = stream.all().await;
    let expected = [("INSERT", None, Some(1)), ("MODIFY", Some(1), Some(2)), ("REMOVE", Some(2), None)];
    assert_eq!(changes(&records), expected);
    let keys = records[0].dynamodb().unwrap().keys().unwrap();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys["sk"].as_s().unwrap(), "p-1");
    for pair in records.windows(2) {
        let [one, other] = [0, 1].map(|at: usize| number(&pair[at]).parse::<u128>().unwrap());
        assert!(one < other && number(&pair[0]).len() >= 21);
        assert_ne!(pair[0].event_id(), pair[1].event_id());
    }
}
