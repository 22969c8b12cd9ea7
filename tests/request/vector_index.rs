//! Requests about the vector indexes of a table that is there.

use crate::model::sent;
use dynamap::{Table, TableSchema, VectorIndex};
use dynamap_local::Local;
use expect_test::expect;
use std::time::{Duration, UNIX_EPOCH};
use tokio::time::Instant;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Bare;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", vector_indexes(ByMeaning, ByPlace))]
struct Library;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "by-meaning", vector = "meaning", dimensions = 3, distance = cosine)]
#[dynamap(partition_key = "vec1pk", inline_filters("lang", number("year")), projection = include("title"))]
struct ByMeaning;

#[derive(VectorIndex)]
#[dynamap(table = Library, name = "by-place", vector = "place", dimensions = 2, distance = euclidean)]
struct ByPlace;

#[tokio::test(start_paused = true)]
async fn an_index_is_added_waited_for_and_removed() {
    let start = Instant::now();
    let clock = move || UNIX_EPOCH + Duration::from_secs(1_800_000_000) + start.elapsed();
    let (local, requests) = Local::memory_with_clock(clock).unwrap().recording();
    Table::<Bare>::new(local.client(), "library").create_table_if_absent().send().await.unwrap();
    let library = Table::<Library>::new(local.client(), "library");
    requests.clear();
    library.add_vector_index::<ByMeaning>().send().await.unwrap();
    expect![[r#""#]].assert_eq(&sent(&requests));
    tokio::time::sleep(Duration::from_secs(31)).await;
    library.wait_until_searchable::<ByMeaning>().send().await.unwrap();
    expect![[r#""#]].assert_eq(&sent(&requests));
    library.remove_vector_index::<ByMeaning>().send().await.unwrap();
    expect![[r#""#]].assert_eq(&sent(&requests));
}

#[tokio::test]
async fn explained() {
    let library = Table::<Library>::new(Local::memory().unwrap().client(), "library");
    let explanations = [
        library.add_vector_index::<ByMeaning>().explain(),
        library.add_vector_index::<ByPlace>().explain(),
        library.wait_until_searchable::<ByMeaning>().explain(),
        library.wait_until_searchable::<ByPlace>().explain(),
        library.remove_vector_index::<ByMeaning>().explain(),
    ];
    let texts: Vec<String> = explanations.iter().map(ToString::to_string).collect();
    expect![[r#""#]].assert_eq(&texts.join("\n"));
}

/// What is explained is what is sent.
#[tokio::test(start_paused = true)]
async fn explanations_are_the_requests() {
    let start = Instant::now();
    let clock = move || UNIX_EPOCH + Duration::from_secs(1_800_000_000) + start.elapsed();
    let (local, requests) = Local::memory_with_clock(clock).unwrap().recording();
    Table::<Bare>::new(local.client(), "library").create_table_if_absent().send().await.unwrap();
    let library = Table::<Library>::new(local.client(), "library");
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    requests.clear();
    library.add_vector_index::<ByMeaning>().into_sdk().send().await.unwrap();
    tokio::time::sleep(Duration::from_secs(31)).await;
    library.wait_until_searchable::<ByMeaning>().into_sdk().send().await.unwrap();
    library.remove_vector_index::<ByMeaning>().into_sdk().send().await.unwrap();
    let explained = [
        library.add_vector_index::<ByMeaning>().explain(),
        library.wait_until_searchable::<ByMeaning>().explain(),
        library.remove_vector_index::<ByMeaning>().explain(),
    ];
    for (sent, explained) in requests.take().iter().zip(explained) {
        assert_eq!(
            (sent.operation.as_str(), &sent.body),
            (explained.operation(), &json(&explained.request_json()))
        );
    }
}
