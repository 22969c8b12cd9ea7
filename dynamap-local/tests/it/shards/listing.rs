//! Shards as DescribeStream lists them.

use std::time::Duration;

use aws_sdk_dynamodbstreams::types::{ShardFilter, ShardFilterType};
use dynamap_local::shards::ShardPlan;

use super::{Stream, code};

#[tokio::test(start_paused = true)]
async fn more_than_a_hundred_shards_are_listed_in_pages() {
    for (page_size, pages) in [(100, 3), (7, 36)] {
        let stream = Stream::new(ShardPlan::none().shards(50).page_size(page_size));
        for _ in 0..4 {
            stream.open().iter().for_each(|shard| drop(stream.model.roll_over(shard).unwrap()));
        }
        let mut ids: Vec<String> = Vec::new();
        let mut requests = 0;
        loop {
            let request = stream.client.describe_stream().stream_arn(&stream.arn);
            let request = request.set_exclusive_start_shard_id(ids.last().cloned());
            let description = request.send().await.unwrap().stream_description.unwrap();
            requests += 1;
            ids.extend(description.shards().iter().map(|shard| shard.shard_id().unwrap().to_owned()));
            assert!(description.shards().len() <= page_size);
            if description.last_evaluated_shard_id().is_none() {
                break;
            }
            assert_eq!(description.last_evaluated_shard_id(), ids.last().map(String::as_str));
        }
        assert_eq!((ids.len(), requests), (250, pages));
        assert_eq!(
            ids,
            stream.model.shards(&stream.arn).into_iter().map(|shard| shard.id).collect::<Vec<_>>()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn children_and_ends_are_listed_late() {
    let delay = Duration::from_secs(10);
    let stream = Stream::new(ShardPlan::none().listing_delay(delay..=delay));
    tokio::time::advance(delay).await;
    let parent = stream.only();
    let children = stream.model.split(&parent).unwrap();
    let listed = stream.listed().await;
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].sequence_number_range().unwrap().ending_sequence_number(), None);
    // A reader that reached the end knows of it before it is listed.
    assert!(stream.read(&parent).await.1);

    tokio::time::advance(delay).await;
    let listed = stream.listed().await;
    assert_eq!(listed.len(), 3);
    assert!(listed[0].sequence_number_range().unwrap().ending_sequence_number().is_some());
    assert_eq!([1, 2].map(|at: usize| listed[at].shard_id().unwrap().to_owned()), children);
}

#[tokio::test(start_paused = true)]
async fn the_filter_gives_the_children_of_a_shard() {
    let stream = Stream::new(ShardPlan::none().shards(2));
    let parent = stream.open()[0].clone();
    let children = stream.model.split(&parent).unwrap();
    stream.model.roll_over(&children[0]).unwrap();
    let filtered = |filter: ShardFilter| {
        stream.client.describe_stream().stream_arn(&stream.arn).shard_filter(filter).send()
    };
    let of =
        |shard: &str| ShardFilter::builder().r#type(ShardFilterType::ChildShards).shard_id(shard).build();
    let found = filtered(of(&parent)).await.unwrap().stream_description.unwrap();
    let ids: Vec<_> = found.shards().iter().map(|shard| shard.shard_id().unwrap()).collect();
    assert_eq!(ids, children);
    let none = filtered(of(&children[1])).await.unwrap().stream_description.unwrap();
    assert!(none.shards().is_empty());
    assert_eq!(code!(filtered(ShardFilter::builder().build())), "ValidationException");
}

#[tokio::test(start_paused = true)]
async fn streams_are_listed_in_pages() {
    let stream = Stream::new(ShardPlan::none());
    let again =
        stream.model.create_stream("Shop", "pk", aws_sdk_dynamodbstreams::types::StreamViewType::KeysOnly);
    stream.model.create_stream("Other", "pk", aws_sdk_dynamodbstreams::types::StreamViewType::KeysOnly);
    let page = stream.client.list_streams().table_name("Shop").limit(1).send().await.unwrap();
    assert_eq!(page.streams()[0].stream_arn(), Some(stream.arn.as_str()));
    let last = page.last_evaluated_stream_arn().unwrap();
    let page = stream.client.list_streams().table_name("Shop").exclusive_start_stream_arn(last);
    let page = page.send().await.unwrap();
    assert_eq!(page.streams().len(), 1);
    assert_eq!(
        (page.streams()[0].stream_arn(), page.last_evaluated_stream_arn()),
        (Some(again.as_str()), None)
    );
    assert_eq!(stream.client.list_streams().send().await.unwrap().streams().len(), 3);
}
