//! Positions in a shard, pages of records, and iterators that expire.

use std::time::Duration;

use aws_sdk_dynamodbstreams::primitives::DateTime;
use aws_sdk_dynamodbstreams::types::{
    AttributeValue, Record, ShardIteratorType, StreamRecord, StreamViewType,
};
use dynamap_local::shards::{ShardAnswer, ShardEvent, ShardModelError, ShardPlan};

use super::{Stream, code, content, number, record};

fn versions(records: &[Record]) -> Vec<u32> {
    records.iter().map(|record| content(record).1).collect()
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_iterator_begins_where_it_says() {
    let stream = Stream::new(ShardPlan::none());
    let shard = stream.only();
    let begin = stream.iterator(&shard, ShardIteratorType::Latest).await;
    let placed: Vec<_> = (1..=3).map(|version| stream.put("PRODUCT#1", version)).collect();
    let latest = stream.iterator(&shard, ShardIteratorType::Latest).await;
    stream.put("PRODUCT#1", 4);

    let at = |kind: ShardIteratorType| {
        let request = stream.client.get_shard_iterator().stream_arn(&stream.arn).shard_id(&shard);
        let request = request.shard_iterator_type(kind).sequence_number(&placed[1].sequence_number);
        async { request.send().await.unwrap().shard_iterator.unwrap() }
    };
    let cases = [
        (stream.horizon(&shard).await, vec![1, 2, 3, 4]),
        (begin, vec![1, 2, 3, 4]),
        (at(ShardIteratorType::AtSequenceNumber).await, vec![2, 3, 4]),
        (at(ShardIteratorType::AfterSequenceNumber).await, vec![3, 4]),
        (latest, vec![4]),
    ];
    for (iterator, expected) in cases {
        assert_eq!(versions(&stream.get(&iterator).await.records.unwrap()), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn an_iterator_of_a_time_begins_at_the_first_record_of_it() {
    let stream = Stream::new(ShardPlan::none());
    let shard = stream.only();
    stream.put("PRODUCT#1", 1);
    tokio::time::advance(Duration::from_secs(10)).await;
    stream.put("PRODUCT#1", 2);
    let (records, _) = stream.read(&shard).await;
    let time = *records[1].dynamodb().unwrap().approximate_creation_date_time().unwrap();
    let at = |time: DateTime| {
        let request = stream.client.get_shard_iterator().stream_arn(&stream.arn).shard_id(&shard);
        request.shard_iterator_type(ShardIteratorType::AtTimestamp).timestamp(time).send()
    };
    let iterator = at(time).await.unwrap().shard_iterator.unwrap();
    assert_eq!(versions(&stream.get(&iterator).await.records.unwrap()), [2]);
    let iterator = at(DateTime::from_secs(1)).await.unwrap().shard_iterator.unwrap();
    assert_eq!(versions(&stream.get(&iterator).await.records.unwrap()), [1, 2]);
    assert_eq!(code!(at(DateTime::from_secs(time.secs() + 3600))), "ValidationException");
}

#[tokio::test(start_paused = true)]
async fn an_open_shard_has_always_a_next_iterator() {
    let stream = Stream::new(ShardPlan::none());
    let shard = stream.only();
    let mut iterator = stream.horizon(&shard).await;
    for version in 0..5 {
        let page = stream.get(&iterator).await;
        assert!(page.records.unwrap().is_empty());
        iterator = page.next_shard_iterator.unwrap();
        stream.put("PRODUCT#1", version);
        let page = stream.get(&iterator).await;
        assert_eq!(versions(&page.records.unwrap()), [version]);
        iterator = page.next_shard_iterator.unwrap();
    }
    stream.model.roll_over(&shard).unwrap();
    assert_eq!(stream.get(&iterator).await.next_shard_iterator, None);
}

#[tokio::test(start_paused = true)]
async fn iterators_expire_after_fifteen_minutes() {
    let stream = Stream::new(ShardPlan::none());
    let placed = stream.put("PRODUCT#1", 1);
    let iterator = stream.horizon(&placed.shard).await;
    tokio::time::advance(Duration::from_secs(15 * 60 - 1)).await;
    let next = stream.get(&iterator).await.next_shard_iterator.unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let get = |iterator: &str| stream.client.get_records().shard_iterator(iterator).send();
    assert_eq!(code!(get(&iterator)), "ExpiredIteratorException");
    // The next one is younger.
    stream.put("PRODUCT#1", 2);
    assert_eq!(versions(&stream.get(&next).await.records.unwrap()), [2]);

    stream.model.expire_iterators();
    assert_eq!(code!(get(&next)), "ExpiredIteratorException");
    let again = stream.after(&placed.shard, &placed.sequence_number).await;
    assert_eq!(versions(&stream.get(&again).await.records.unwrap()), [2]);
}

#[tokio::test(start_paused = true)]
async fn a_page_has_at_most_a_thousand_records_or_a_megabyte() {
    let stream = Stream::new(ShardPlan::none());
    let shard = stream.only();
    (0..1500).for_each(|version| drop(stream.put("PRODUCT#1", version)));
    let first = stream.get(&stream.horizon(&shard).await).await;
    assert_eq!(first.records().len(), 1000);
    let second = stream.get(&first.next_shard_iterator.unwrap()).await;
    assert_eq!(versions(second.records()), (1000..1500).collect::<Vec<_>>());

    let large = Stream::new(ShardPlan::none());
    for version in 0..5 {
        let mut record = record("PRODUCT#1", version);
        let image = record.dynamodb.as_mut().unwrap().new_image.as_mut().unwrap();
        image.insert("text".to_owned(), AttributeValue::S("x".repeat(300_000)));
        large.model.put_record(&large.arn, &record).unwrap();
    }
    let page = large.get(&large.horizon(&large.only()).await).await;
    assert_eq!(versions(page.records()), [0, 1, 2]);
    let page = large.get(&page.next_shard_iterator.unwrap()).await;
    assert_eq!(versions(page.records()), [3, 4]);
}

#[tokio::test(start_paused = true)]
async fn limits_and_positions_are_checked() {
    let stream = Stream::new(ShardPlan::none());
    let placed = stream.put("PRODUCT#1", 1);
    stream.put("PRODUCT#1", 2);
    let iterator = stream.horizon(&placed.shard).await;
    let limited = |limit: i32| stream.client.get_records().shard_iterator(&iterator).limit(limit).send();
    assert_eq!(code!(limited(0)), "ValidationException");
    assert_eq!(code!(limited(1001)), "LimitExceededException");
    assert_eq!(versions(limited(1).await.unwrap().records()), [1]);
    assert_eq!(
        code!(stream.client.get_records().shard_iterator("no iterator").send()),
        "ValidationException"
    );

    let positioned = |number: Option<&str>| {
        let request = stream.client.get_shard_iterator().stream_arn(&stream.arn).shard_id(&placed.shard);
        let request = request.shard_iterator_type(ShardIteratorType::AfterSequenceNumber);
        request.set_sequence_number(number.map(str::to_owned)).send()
    };
    assert_eq!(code!(positioned(None)), "ValidationException");
    assert_eq!(code!(positioned(Some("17"))), "ValidationException");
    assert_eq!(code!(positioned(Some("100000000000000000000"))), "ValidationException");
    let unknown = stream.client.get_shard_iterator().stream_arn(&stream.arn).shard_id("shardId-1");
    let unknown = unknown.shard_iterator_type(ShardIteratorType::Latest);
    assert_eq!(code!(unknown.send()), "ResourceNotFoundException");
}

#[tokio::test(start_paused = true)]
async fn a_third_reader_of_a_shard_is_refused() {
    let latency = Duration::from_millis(50);
    let stream = Stream::new(ShardPlan::none().latency(latency..=latency));
    let iterator = stream.horizon(&stream.only()).await;
    let once = aws_sdk_dynamodbstreams::config::retry::RetryConfig::disabled();
    let client = stream.model.streams_config().retry_config(once).build();
    let client = aws_sdk_dynamodbstreams::Client::from_conf(client);
    let get = || client.get_records().shard_iterator(&iterator).send();
    let (first, second, third) = tokio::join!(get(), get(), get());
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(code!(async { third }), "LimitExceededException");
    assert!(get().await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_view_has_the_images_that_it_says() {
    let model = dynamap_local::shards::ShardModel::new(ShardPlan::none());
    let client = model.streams_client();
    for (view, has_new, has_old) in [
        (StreamViewType::KeysOnly, false, false),
        (StreamViewType::NewImage, true, false),
        (StreamViewType::OldImage, false, true),
        (StreamViewType::NewAndOldImages, true, true),
    ] {
        let arn = model.create_stream("Shop", "pk", view.clone());
        let mut put = record("PRODUCT#1", 1);
        let change = put.dynamodb.as_mut().unwrap();
        change.old_image = change.new_image.clone();
        model.put_record(&arn, &put).unwrap();
        let stream = Stream { model: model.clone(), client: client.clone(), arn };
        let (records, _) = stream.read(&stream.only()).await;
        let change: &StreamRecord = records[0].dynamodb().unwrap();
        assert_eq!(
            (change.new_image().is_some(), change.old_image().is_some()),
            (has_new, has_old),
            "{view}"
        );
        assert_eq!(change.stream_view_type(), Some(&view));
        assert!(change.keys().is_some() && change.size_bytes() > Some(10));
        assert_eq!(stream.describe().await.stream_view_type(), Some(&view));
    }
}

#[tokio::test(start_paused = true)]
async fn a_disabled_stream_is_read_to_its_end() {
    let stream = Stream::new(ShardPlan::none().shards(2));
    let placed = stream.put("PRODUCT#1", 1);
    stream.model.disable(&stream.arn).unwrap();
    assert_eq!(stream.describe().await.stream_status().unwrap().as_str(), "DISABLED");
    assert_eq!(stream.open(), Vec::<String>::new());
    let (records, is_end) = stream.read(&placed.shard).await;
    assert_eq!((versions(&records), is_end), (vec![1], true));
    let refused = stream.model.put_record(&stream.arn, &record("PRODUCT#1", 2)).unwrap_err();
    assert_eq!(refused, ShardModelError::DisabledStream(stream.arn.clone()));

    let iterator = stream.horizon(&placed.shard).await;
    stream.model.delete(&stream.arn);
    let not_found = "ResourceNotFoundException";
    assert_eq!(code!(stream.client.get_records().shard_iterator(iterator).send()), not_found);
    assert_eq!(code!(stream.client.describe_stream().stream_arn(&stream.arn).send()), not_found);
    assert!(matches!(stream.model.log().last().unwrap().event,
        ShardEvent::Answered { ref answer, .. } if *answer == ShardAnswer::Error(not_found.to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_record_keeps_what_it_says_of_itself() {
    let stream = Stream::new(ShardPlan::none());
    let mut put = record("PRODUCT#1", 1);
    let image = put.dynamodb.as_mut().unwrap().new_image.as_mut().unwrap();
    let blob = |text: &str| aws_sdk_dynamodbstreams::primitives::Blob::new(text);
    image.insert("bytes".to_owned(), AttributeValue::B(blob("a")));
    image.insert("set".to_owned(), AttributeValue::Bs(vec![blob("b"), blob("c")]));
    image.insert(
        "list".to_owned(),
        AttributeValue::L(vec![AttributeValue::Null(true), AttributeValue::Bool(false)]),
    );
    image.insert("texts".to_owned(), AttributeValue::Ss(vec!["d".to_owned()]));
    image.insert("numbers".to_owned(), AttributeValue::Ns(vec!["1".to_owned()]));
    image.insert("map".to_owned(), AttributeValue::M(image.clone()));
    put.event_id = Some("e-1".to_owned());
    let user = aws_sdk_dynamodbstreams::types::Identity::builder()
        .r#type("Service")
        .principal_id("dynamodb.amazonaws.com");
    put.user_identity = Some(user.build());
    stream.model.put_record(&stream.arn, &put).unwrap();
    let (records, _) = stream.read(&stream.only()).await;
    let [read] = &records[..] else { panic!("one record was put") };
    assert_eq!(
        (&read.event_id, &read.event_name, &read.user_identity),
        (&put.event_id, &put.event_name, &put.user_identity)
    );
    let images = [read, &put].map(|record| record.dynamodb().unwrap().new_image().unwrap());
    assert_eq!(images[0], images[1]);
    assert!(number(read) > 0);
}
