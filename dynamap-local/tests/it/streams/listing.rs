//! Streams and shards as they are listed, enabled, disabled and enabled again.

use aws_sdk_dynamodb::types::StreamViewType;
use aws_sdk_dynamodbstreams::error::ProvideErrorMetadata;
use aws_sdk_dynamodbstreams::types::{KeyType, ShardFilter, ShardFilterType, StreamStatus};
use dynamap_local::Local;

use super::{ShopStream, changes, number, set_stream};
use crate::shop::{self, TABLE};

#[tokio::test]
async fn an_open_shard_has_no_end() {
    let stream = ShopStream::new().await;
    stream.put("p-1", 1).await;
    let described = stream.streams.describe_stream().stream_arn(&stream.arn).send().await.unwrap();
    let description = described.stream_description.unwrap();
    assert_eq!(description.stream_status(), Some(&StreamStatus::Enabled));
    assert_eq!(description.table_name(), Some(TABLE));
    let keys: Vec<_> =
        description.key_schema().iter().map(|key| (key.attribute_name(), key.key_type())).collect();
    assert_eq!(keys, [("pk", &KeyType::Hash), ("sk", &KeyType::Range)]);

    let range = description.shards()[0].sequence_number_range().unwrap();
    assert_eq!(range.ending_sequence_number(), None);
    let starting: u128 = range.starting_sequence_number().unwrap().parse().unwrap();
    assert!(starting <= number(&stream.all().await[0]).parse().unwrap());
}

#[tokio::test]
async fn the_only_shard_is_on_the_first_page() {
    let stream = ShopStream::new().await;
    let describe = || stream.streams.describe_stream().stream_arn(&stream.arn);
    let one = describe().limit(1).send().await.unwrap().stream_description.unwrap();
    assert_eq!((one.shards().len(), one.last_evaluated_shard_id()), (1, None));
    let rest = describe().exclusive_start_shard_id(&stream.shard).send().await.unwrap();
    assert!(rest.stream_description.unwrap().shards().is_empty());
    let children =
        ShardFilter::builder().r#type(ShardFilterType::ChildShards).shard_id(&stream.shard).build();
    let children = describe().shard_filter(children).send().await.unwrap();
    assert!(children.stream_description.unwrap().shards().is_empty());
    assert_eq!(describe().limit(0).send().await.unwrap_err().code(), Some("ValidationException"));
}

#[tokio::test]
async fn a_disabled_stream_is_read_to_its_end() {
    let stream = ShopStream::new().await;
    stream.put("p-1", 1).await;
    stream.put("p-1", 2).await;
    set_stream(&stream.client, None).await;
    stream.put("p-1", 3).await;

    let described = stream.streams.describe_stream().stream_arn(&stream.arn).send().await.unwrap();
    let description = described.stream_description.unwrap();
    assert_eq!(description.stream_status(), Some(&StreamStatus::Disabled));
    let (records, next) = stream.get(&stream.horizon().await).await;
    assert_eq!((records.len(), next), (2, None));
    let range = description.shards()[0].sequence_number_range().unwrap();
    assert_eq!(range.ending_sequence_number(), Some(number(&records[1])));
    let page =
        stream.streams.get_records().shard_iterator(stream.horizon().await).limit(1).send().await.unwrap();
    assert!(page.next_shard_iterator().is_some());
    let latest = stream.iterator(aws_sdk_dynamodbstreams::types::ShardIteratorType::Latest, None).await;
    assert_eq!(stream.get(&latest).await, (vec![], None));
    // AWS lists it, too, for a day.
    assert_eq!(stream.streams.list_streams().send().await.unwrap().streams().len(), 1);
}

#[tokio::test]
async fn a_stream_enabled_again_is_another_one() {
    let local = Local::memory().unwrap();
    shop::create(&local.client()).await;
    let first = ShopStream::of(&local).await;
    first.put("p-1", 1).await;
    let iterator = first.horizon().await;
    set_stream(&local.client(), None).await;
    set_stream(&local.client(), Some(StreamViewType::NewAndOldImages)).await;
    let second = ShopStream::of(&local).await;
    assert_ne!((&first.arn, &first.shard), (&second.arn, &second.shard));
    second.put("p-1", 2).await;
    assert_eq!(changes(&second.all().await), [("MODIFY", Some(1), Some(2))]);
    let old = first.streams.get_records().shard_iterator(iterator).send().await.unwrap_err();
    assert_eq!(old.code(), Some("ResourceNotFoundException"));
}

#[tokio::test]
async fn a_table_made_again_has_a_stream_of_its_own() {
    let local = Local::memory().unwrap();
    shop::create(&local.client()).await;
    let first = ShopStream::of(&local).await;
    first.put("p-1", 1).await;
    local.client().delete_table().table_name(TABLE).send().await.unwrap();
    let error = first.streams.describe_stream().stream_arn(&first.arn).send().await.unwrap_err();
    assert_eq!(error.code(), Some("ResourceNotFoundException"));
    shop::create(&local.client()).await;
    let second = ShopStream::of(&local).await;
    assert!(second.all().await.is_empty());
    second.put("p-1", 7).await;
    assert_eq!(changes(&second.all().await), [("INSERT", None, Some(7))]);
}

#[tokio::test]
async fn streams_are_listed_in_pages() {
    let local = Local::memory().unwrap();
    let client = local.client();
    for name in ["Orders", "Products", "Shops"] {
        shop::create_as(&client, name).await;
    }
    let streams = local.streams_client();
    let mut names = Vec::new();
    let mut start = None;
    loop {
        let page =
            streams.list_streams().limit(2).set_exclusive_start_stream_arn(start).send().await.unwrap();
        names.extend(page.streams().iter().map(|stream| stream.table_name().unwrap().to_owned()));
        start = page.last_evaluated_stream_arn;
        if start.is_none() {
            break;
        }
    }
    assert_eq!(names, ["Orders", "Products", "Shops"]);
    let of_products = streams.list_streams().table_name("Products").send().await.unwrap();
    assert_eq!(of_products.streams()[0].table_name(), Some("Products"));
    assert!(streams.list_streams().table_name("Other").send().await.unwrap().streams().is_empty());
}
