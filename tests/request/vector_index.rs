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
    expect![[r#"
        DescribeTable {
          "TableName": "library"
        }
        UpdateTable {
          "AttributeDefinitions": [
            {
              "AttributeName": "vec1pk",
              "AttributeType": "S"
            },
            {
              "AttributeName": "lang",
              "AttributeType": "S"
            },
            {
              "AttributeName": "year",
              "AttributeType": "N"
            }
          ],
          "TableName": "library",
          "VectorIndexUpdates": [
            {
              "Create": {
                "Dimensions": 3,
                "DistanceFunction": "COSINE",
                "IndexName": "by-meaning",
                "Projection": {
                  "NonKeyAttributes": [
                    "title"
                  ],
                  "ProjectionType": "INCLUDE"
                },
                "SearchSchema": [
                  {
                    "AttributeName": "vec1pk",
                    "SearchSchemaElementType": "HASH"
                  },
                  {
                    "AttributeName": "lang",
                    "SearchSchemaElementType": "INLINE_FILTER"
                  },
                  {
                    "AttributeName": "year",
                    "SearchSchemaElementType": "INLINE_FILTER"
                  }
                ],
                "VectorAttribute": {
                  "AttributeName": "meaning"
                }
              }
            }
          ]
        }
    "#]]
    .assert_eq(&sent(&requests));
    tokio::time::sleep(Duration::from_secs(31)).await;
    library.wait_until_searchable::<ByMeaning>().send().await.unwrap();
    expect![[r##"
        DescribeTable {
          "TableName": "library"
        }
        SearchVectors {
          "ExpressionAttributeNames": {
            "#k": "pk",
            "#p": "vec1pk"
          },
          "ExpressionAttributeValues": {
            ":p": {
              "S": "-"
            }
          },
          "IndexName": "by-meaning",
          "ProjectionExpression": "#k",
          "SearchConditionExpression": "#p = :p",
          "SearchVector": [
            {
              "N": "1"
            },
            {
              "N": "0"
            },
            {
              "N": "0"
            }
          ],
          "TableName": "library",
          "TopK": 1
        }
    "##]]
    .assert_eq(&sent(&requests));
    library.remove_vector_index::<ByMeaning>().send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "library"
        }
        UpdateTable {
          "TableName": "library",
          "VectorIndexUpdates": [
            {
              "Delete": {
                "IndexName": "by-meaning"
              }
            }
          ]
        }
        DescribeTable {
          "TableName": "library"
        }
    "#]]
    .assert_eq(&sent(&requests));
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
    expect![[r##"
        UpdateTable {
          "TableName": "library"
          "AttributeDefinitions": [{"AttributeName":"vec1pk","AttributeType":"S"},{"AttributeName":"lang","AttributeType":"S"},{"AttributeName":"year","AttributeType":"N"}]
          "VectorIndexUpdates": [{"Create":{"IndexName":"by-meaning","VectorAttribute":{"AttributeName":"meaning"},"SearchSchema":[{"AttributeName":"vec1pk","SearchSchemaElementType":"HASH"},{"AttributeName":"lang","SearchSchemaElementType":"INLINE_FILTER"},{"AttributeName":"year","SearchSchemaElementType":"INLINE_FILTER"}],"Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["title"]},"Dimensions":3,"DistanceFunction":"COSINE"}}]
        }
        capacity: none
        UpdateTable {
          "TableName": "library"
          "VectorIndexUpdates": [{"Create":{"IndexName":"by-place","VectorAttribute":{"AttributeName":"place"},"Projection":{"ProjectionType":"ALL"},"Dimensions":2,"DistanceFunction":"EUCLIDEAN"}}]
        }
        capacity: none
        SearchVectors {
          "TableName": "library"
          "IndexName": "by-meaning"
          "SearchVector": [{"N":"1"},{"N":"0"},{"N":"0"}]
          "TopK": 1
          "SearchConditionExpression": "#p = :p"
          "ProjectionExpression": "#k"
          "ExpressionAttributeNames": {"#k":"pk","#p":"vec1pk"}
          "ExpressionAttributeValues": {":p":{"S":"-"}}
        }
        SearchConditionExpression: 7 of 4096 bytes, 1 of 300 operators
        ProjectionExpression: 2 of 4096 bytes, 0 of 300 operators
        capacity: by the bytes that it reads of the vector index
        SearchVectors {
          "TableName": "library"
          "IndexName": "by-place"
          "SearchVector": [{"N":"1"},{"N":"0"}]
          "TopK": 1
          "ProjectionExpression": "#k"
          "ExpressionAttributeNames": {"#k":"pk"}
        }
        ProjectionExpression: 2 of 4096 bytes, 0 of 300 operators
        capacity: by the bytes that it reads of the vector index
        UpdateTable {
          "TableName": "library"
          "VectorIndexUpdates": [{"Delete":{"IndexName":"by-meaning"}}]
        }
        capacity: none"##]].assert_eq(&texts.join("\n"));
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
