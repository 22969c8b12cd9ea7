//! The stream of a table: created with it, or enabled later.

use crate::model::Shop;
use aws_sdk_dynamodb::types::StreamViewType;
use dynamap::{Error, Table};
use dynamap_local::Local;

fn shop() -> Table<Shop> {
    Table::new(Local::memory().unwrap().client(), "shop")
}

#[tokio::test(start_paused = true)]
async fn a_table_is_created_with_a_stream() {
    let shop = shop();
    assert_eq!(shop.stream_arn().send().await.unwrap(), None, "there is no table");
    let create = || shop.create_table_if_absent().stream(StreamViewType::NewImage);
    assert!(create().send().await.unwrap());
    assert!(!create().send().await.unwrap());
    let arn = shop.stream_arn().await.unwrap().unwrap();
    assert!(arn.contains(":table/shop/stream/"), "{arn}");
    assert_eq!(shop.enable_stream(StreamViewType::NewImage).send().await.unwrap(), arn);
    let described = shop.client().describe_table().table_name("shop").send().await.unwrap().table.unwrap();
    let stream = described.stream_specification.unwrap();
    assert_eq!((stream.stream_enabled, stream.stream_view_type), (true, Some(StreamViewType::NewImage)));
}

#[tokio::test(start_paused = true)]
async fn the_stream_of_a_table_that_is_there_is_enabled() {
    for at_creation in [true, false] {
        let shop = shop();
        shop.create_table_if_absent().send().await.unwrap();
        assert_eq!(shop.stream_arn().send().await.unwrap(), None);
        let view = StreamViewType::NewAndOldImages;
        match at_creation {
            true => assert!(!shop.create_table_if_absent().stream(view).await.unwrap()),
            false => drop(shop.enable_stream(view).await.unwrap()),
        }
        assert!(shop.stream_arn().send().await.unwrap().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn another_view_type_is_another_schema() {
    let shop = shop();
    shop.create_table_if_absent().stream(StreamViewType::KeysOnly).send().await.unwrap();
    let view = || StreamViewType::NewAndOldImages;
    let others = [
        shop.enable_stream(view()).send().await.map(drop),
        shop.create_table_if_absent().stream(view()).send().await.map(drop),
    ];
    for other in others {
        match other {
            Err(Error::SchemaMismatch(error)) => assert_eq!(
                error.to_string(),
                "stream of table `shop`: the schema says the view type NEW_AND_OLD_IMAGES, DynamoDB has the view type KEYS_ONLY"
            ),
            other => panic!("{other:?}"),
        }
    }
}
