//! Streams of a database in a file, which is opened again.

use aws_sdk_dynamodbstreams::types::ShardIteratorType;
use dynamap_local::Local;

use super::{ShopStream, changes, number};
use crate::database::Directory;
use crate::shop;

#[tokio::test]
async fn a_reopened_file_goes_on_where_it_was() {
    let directory = Directory::new("stream");
    let path = directory.path().join("shop.db");
    let (arn, shard, iterator, last) = {
        let local = Local::file(&path).unwrap();
        shop::create(&local.client()).await;
        let stream = ShopStream::of(&local).await;
        stream.put("p-1", 1).await;
        stream.put("p-1", 2).await;
        let (records, next) = stream.get(&stream.horizon().await).await;
        (stream.arn, stream.shard, next.unwrap(), number(&records[1]).to_owned())
    };
    let stream = ShopStream::of(&Local::file(&path).unwrap()).await;
    assert_eq!((&stream.arn, &stream.shard), (&arn, &shard));
    stream.put("p-1", 3).await;
    let expected = [("MODIFY", Some(2), Some(3))];
    // Both the position and the iterator of before lead on.
    let after = stream.iterator(ShardIteratorType::AfterSequenceNumber, Some(&last)).await;
    for iterator in [iterator, after] {
        assert_eq!(changes(&stream.get(&iterator).await.0), expected);
    }
    let numbers: Vec<u128> =
        stream.all().await.iter().map(|record| number(record).parse().unwrap()).collect();
    assert_eq!(numbers.len(), 3);
    assert!(numbers.is_sorted_by(|one, other| one < other));
}
