//! Change records through the client of DynamoDB Streams.

use aws_sdk_dynamodbstreams::types::{OperationType, Record, ShardIteratorType};
use dynamap_local::Local;

use crate::shop::{self, TABLE, product, put};

#[tokio::test]
async fn each_write_is_a_record() {
    let local = Local::memory().unwrap();
    let client = local.client();
    shop::create(&client).await;
    put(&client, product("p-1")).await;
    client.delete_item().table_name(TABLE).set_key(Some(product("p-1"))).send().await.unwrap();

    let records = records(&local.streams_client()).await;
    let events: Vec<_> = records.iter().filter_map(|record| record.event_name.clone()).collect();
    assert_eq!(events, [OperationType::Insert, OperationType::Remove]);
    let image = records[0].dynamodb.as_ref().unwrap().new_image.as_ref().unwrap();
    assert_eq!(image["sk"].as_s().unwrap(), "p-1");
}

async fn records(client: &aws_sdk_dynamodbstreams::Client) -> Vec<Record> {
    let streams = client.list_streams().table_name(TABLE).send().await.unwrap().streams.unwrap();
    let arn = streams[0].stream_arn.clone().unwrap();
    let described = client.describe_stream().stream_arn(&arn).send().await.unwrap();
    let shard = described.stream_description.unwrap().shards.unwrap()[0].shard_id.clone().unwrap();
    let iterator = client
        .get_shard_iterator()
        .stream_arn(arn)
        .shard_id(shard)
        .shard_iterator_type(ShardIteratorType::TrimHorizon)
        .send()
        .await
        .unwrap();
    let records = client.get_records().set_shard_iterator(iterator.shard_iterator).send().await;
    records.unwrap().records.unwrap()
}
