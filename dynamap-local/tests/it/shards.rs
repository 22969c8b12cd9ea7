//! The model of shards through the SDK's client of DynamoDB Streams.

mod engine;
mod iterators;
mod listing;
mod random;
mod resharding;
mod trimming;

use std::collections::BTreeMap;

use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::operation::get_records::GetRecordsOutput;
use aws_sdk_dynamodbstreams::types::{
    AttributeValue, OperationType, Record, Shard, ShardIteratorType, StreamDescription, StreamRecord,
    StreamViewType,
};
use dynamap_local::shards::{PlacedRecord, ShardModel, ShardPlan};

/// A stream of a model without a database.
struct Stream {
    model: ShardModel,
    client: Client,
    arn: String,
}

impl Stream {
    fn new(plan: ShardPlan) -> Self {
        let model = ShardModel::new(plan);
        let arn = model.create_stream("Shop", "pk", StreamViewType::NewAndOldImages);
        Self { client: model.streams_client(), model, arn }
    }

    /// Puts the change of the item with this partition key to this version.
    fn put(&self, key: &str, version: u32) -> PlacedRecord {
        self.model.put_record(&self.arn, &record(key, version)).unwrap()
    }

    /// The ids of the open shards.
    fn open(&self) -> Vec<String> {
        let open = self.model.shards(&self.arn).into_iter().filter(|shard| shard.ending.is_none());
        open.map(|shard| shard.id).collect()
    }

    /// The id of the only open shard.
    fn only(&self) -> String {
        let open = self.open();
        assert_eq!(open.len(), 1, "{open:?}");
        open.into_iter().next().unwrap()
    }

    async fn describe(&self) -> StreamDescription {
        let described = self.client.describe_stream().stream_arn(&self.arn).send().await.unwrap();
        described.stream_description.unwrap()
    }

    async fn listed(&self) -> Vec<Shard> {
        self.describe().await.shards.unwrap()
    }

    async fn iterator(&self, shard: &str, of: ShardIteratorType) -> String {
        let request = self.client.get_shard_iterator().stream_arn(&self.arn).shard_id(shard);
        request.shard_iterator_type(of).send().await.unwrap().shard_iterator.unwrap()
    }

    async fn horizon(&self, shard: &str) -> String {
        self.iterator(shard, ShardIteratorType::TrimHorizon).await
    }

    async fn after(&self, shard: &str, number: &str) -> String {
        let request = self.client.get_shard_iterator().stream_arn(&self.arn).shard_id(shard);
        let request = request.shard_iterator_type(ShardIteratorType::AfterSequenceNumber);
        request.sequence_number(number).send().await.unwrap().shard_iterator.unwrap()
    }

    async fn get(&self, iterator: &str) -> GetRecordsOutput {
        self.client.get_records().shard_iterator(iterator).send().await.unwrap()
    }

    /// The records of a shard from its trim horizon, until a page is empty or the shard ends.
    async fn read(&self, shard: &str) -> (Vec<Record>, bool) {
        let mut iterator = self.horizon(shard).await;
        let mut all = Vec::new();
        loop {
            let page = self.get(&iterator).await;
            let records = page.records.unwrap();
            let is_empty = records.is_empty();
            all.extend(records);
            match page.next_shard_iterator {
                None => return (all, true),
                Some(_) if is_empty => return (all, false),
                Some(next) => iterator = next,
            }
        }
    }

    /// All records by their keys, each shard read after its parent.
    async fn read_all(&self) -> BTreeMap<String, Vec<u32>> {
        let mut seen: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for shard in self.listed().await {
            for record in self.read(shard.shard_id().unwrap()).await.0 {
                let (key, version) = content(&record);
                seen.entry(key).or_default().push(version);
            }
        }
        seen
    }
}

fn record(key: &str, version: u32) -> Record {
    let pk = AttributeValue::S(key.to_owned());
    let change = StreamRecord::builder()
        .keys("pk", pk.clone())
        .new_image("pk", pk)
        .new_image("version", AttributeValue::N(version.to_string()));
    Record::builder().event_name(OperationType::Modify).dynamodb(change.build()).build()
}

/// The partition key and the version that a record is of.
fn content(record: &Record) -> (String, u32) {
    let image = record.dynamodb().unwrap().new_image().unwrap();
    (image["pk"].as_s().unwrap().clone(), image["version"].as_n().unwrap().parse().unwrap())
}

fn number(record: &Record) -> u128 {
    record.dynamodb().unwrap().sequence_number().unwrap().parse().unwrap()
}

/// The error's code.
macro_rules! code {
    ($sent:expr) => {
        aws_sdk_dynamodbstreams::error::ProvideErrorMetadata::code(&$sent.await.unwrap_err())
            .unwrap()
            .to_owned()
    };
}
use code;
