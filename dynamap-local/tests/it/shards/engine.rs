//! The records of an embedded table, distributed over the shards of a model.

use std::collections::BTreeMap;

use dynamap_local::Local;
use dynamap_local::shards::{ShardModel, ShardPlan};

use crate::shop::{self, TABLE, n, product, put};

async fn shop(plan: ShardPlan) -> (Local, ShardModel, String) {
    let (local, model) = Local::memory().unwrap().with_shards(plan);
    shop::create(&local.client()).await;
    let streams = local.streams_client().list_streams().table_name(TABLE).send().await.unwrap();
    let arn = streams.streams()[0].stream_arn().unwrap().to_owned();
    (local, model, arn)
}

#[tokio::test(start_paused = true)]
async fn writes_before_a_split_are_in_the_parent_and_later_ones_in_its_children() {
    let (local, model, arn) = shop(ShardPlan::none()).await;
    let client = local.client();
    let write = async |stock: i64| {
        for id in 0..8 {
            let mut item = product(&format!("p-{id}"));
            item.insert("stock".to_owned(), n(stock));
            put(&client, item).await;
        }
    };
    write(1).await;
    let parent = model.shards(&arn)[0].id.clone();
    model.split(&parent).unwrap();
    write(2).await;

    let shards = model.shards(&arn);
    assert_eq!(shards.iter().map(|shard| shard.records).sum::<usize>(), 16);
    assert_eq!(shards[0].records, 8);
    assert!(shards[1].records > 0 && shards[2].records > 0, "{shards:?}");

    let stream = super::Stream { client: model.streams_client(), model, arn };
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for shard in stream.listed().await {
        for record in stream.read(shard.shard_id().unwrap()).await.0 {
            let image = record.dynamodb().unwrap().new_image().unwrap();
            seen.entry(image["sk"].as_s().unwrap().clone())
                .or_default()
                .push(image["stock"].as_n().unwrap().clone());
        }
    }
    assert_eq!(seen.len(), 8);
    assert!(seen.values().all(|stock| *stock == ["1", "2"]), "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn the_original_sees_one_shard() {
    let plain = Local::memory().unwrap();
    let (local, model) = plain.with_shards(ShardPlan::none().shards(4));
    shop::create(&plain.client()).await;
    put(&plain.client(), product("p-1")).await;
    let arn = plain.streams_client().list_streams().send().await.unwrap();
    let arn = arn.streams()[0].stream_arn().unwrap();
    let shards = async |local: &Local| {
        let described = local.streams_client().describe_stream().stream_arn(arn).send().await.unwrap();
        described.stream_description.unwrap().shards.unwrap().len()
    };
    assert_eq!((shards(&plain).await, shards(&local).await), (1, 4));
    // What was written past the model is in it.
    assert_eq!(model.shards(arn).iter().map(|shard| shard.records).sum::<usize>(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_table_has_no_stream() {
    let (local, model, arn) = shop(ShardPlan::none()).await;
    assert_eq!(model.shards(&arn).len(), 1);
    local.client().delete_table().table_name(TABLE).send().await.unwrap();
    assert!(model.shards(&arn).is_empty());
    let described = local.streams_client().describe_stream().stream_arn(&arn).send();
    assert_eq!(super::code!(described), "ResourceNotFoundException");
}
