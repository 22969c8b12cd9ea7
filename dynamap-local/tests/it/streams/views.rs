//! The images of each view, for each kind of change.

use aws_sdk_dynamodb::types::{StreamViewType, TimeToLiveSpecification};
use aws_sdk_dynamodbstreams::types::{OperationType, StreamViewType as View};
use dynamap_local::Local;

use super::{ShopStream, set_stream, stocked};
use crate::shop::{self, TABLE, n, put};

#[tokio::test]
async fn each_view_has_its_images_for_each_change() {
    let cases = [
        (StreamViewType::KeysOnly, View::KeysOnly, false, false),
        (StreamViewType::NewImage, View::NewImage, true, false),
        (StreamViewType::OldImage, View::OldImage, false, true),
        (StreamViewType::NewAndOldImages, View::NewAndOldImages, true, true),
    ];
    for (view, seen_as, new, old) in cases {
        let local = Local::memory().unwrap();
        shop::create(&local.client()).await;
        set_stream(&local.client(), Some(view)).await;
        let stream = ShopStream::of(&local).await;
        stream.put("p-1", 1).await;
        stream.put("p-1", 2).await;
        stream.delete("p-1").await;
        expire(&stream, &local).await;

        let records = stream.all().await;
        let images: Vec<_> = records
            .iter()
            .map(|record| {
                let change = record.dynamodb().unwrap();
                assert_eq!((change.stream_view_type(), change.keys().unwrap().len()), (Some(&seen_as), 2));
                (record.event_name().unwrap(), change.new_image().is_some(), change.old_image().is_some())
            })
            .collect();
        let expected = [
            (&OperationType::Insert, new, false),
            (&OperationType::Modify, new, old),
            (&OperationType::Remove, false, old),
            (&OperationType::Insert, new, false),
            (&OperationType::Remove, false, old),
        ];
        assert_eq!(images, expected, "{seen_as}");

        // Only the service's own removal says that it is one.
        let users: Vec<_> = records.iter().map(|record| record.user_identity().is_some()).collect();
        assert_eq!(users, [false, false, false, false, true]);
        let user = records[4].user_identity().unwrap();
        assert_eq!((user.r#type(), user.principal_id()), (Some("Service"), Some("dynamodb.amazonaws.com")));
    }
}

/// Puts an item that has expired, and sweeps it.
async fn expire(stream: &ShopStream, local: &Local) {
    let enable = TimeToLiveSpecification::builder().enabled(true).attribute_name("expires_at").build();
    let request = stream.client.update_time_to_live().table_name(TABLE);
    request.time_to_live_specification(enable.unwrap()).send().await.unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let mut item = stocked("p-2", 1);
    item.insert("expires_at".to_owned(), n(i64::try_from(now).unwrap() - 60));
    put(&stream.client, item).await;
    assert_eq!(local.sweep_ttl().unwrap(), 1);
}
