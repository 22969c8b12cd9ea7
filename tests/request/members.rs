//! What reads by keys of several entities, projections of transactions and counts ask for.

use crate::model::{Counter, Order, OrderNote, Session, sent, tables};
use dynamap::ItemCollection;
use dynamap::collection::MemberKey;
use expect_test::expect;

#[derive(ItemCollection)]
#[dynamap(unknown = skip)]
#[expect(dead_code, reason = "only what is asked for matters here")]
enum OfCustomer {
    Order(OrderNote),
}

#[tokio::test]
async fn projections_of_a_transaction() {
    let (shop, _, requests) = tables().await;
    let keys = (Order::key("c-1", 2024, 7), Session::key("t-1"), Order::key("c-1", 2024, 7));
    shop.transact_get(keys).project::<(OrderNote, Session, OrderNote)>().send().await.unwrap();
    expect![[r##"
        TransactGetItems {
          "TransactItems": [
            {
              "Get": {
                "ExpressionAttributeNames": {
                  "#n0": "entity_type",
                  "#n1": "expires_at",
                  "#n2": "note",
                  "#n3": "pk"
                },
                "Key": {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000007"
                  }
                },
                "ProjectionExpression": "#n0, #n1, #n2, #n3",
                "TableName": "shop"
              }
            },
            {
              "Get": {
                "Key": {
                  "pk": {
                    "S": "SESSION#t-1"
                  },
                  "sk": {
                    "S": "SESSION"
                  }
                },
                "TableName": "shop"
              }
            }
          ]
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn items_by_the_keys_of_members() {
    let (shop, _, requests) = tables().await;
    let key = || MemberKey::<OfCustomer>::from(Order::key("c-1", 2024, 7));
    shop.get_member(key()).consistent_read().send().await.unwrap();
    shop.batch_get_members([key(), key()]).send().await.unwrap();
    expect![[r##"
        GetItem {
          "ConsistentRead": true,
          "ExpressionAttributeNames": {
            "#n0": "entity_type",
            "#n1": "expires_at",
            "#n2": "note",
            "#n3": "pk"
          },
          "Key": {
            "pk": {
              "S": "CUSTOMER#c-1"
            },
            "sk": {
              "S": "ORDER#02024#0000000007"
            }
          },
          "ProjectionExpression": "#n0, #n1, #n2, #n3",
          "TableName": "shop"
        }
        BatchGetItem {
          "RequestItems": {
            "shop": {
              "ExpressionAttributeNames": {
                "#n0": "entity_type",
                "#n1": "expires_at",
                "#n2": "note",
                "#n3": "pk",
                "#n4": "sk"
              },
              "Keys": [
                {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000007"
                  }
                }
              ],
              "ProjectionExpression": "#n0, #n1, #n2, #n3, #n4"
            }
          }
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn counts_of_collections_and_of_parallel_scans() {
    let (shop, counters, requests) = tables().await;
    shop.query(OfCustomer::partition("c-1")).count().send().await.unwrap();
    counters.repository::<Counter>().scan().parallel(1).count().send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "entity_type",
            "#n2": "expires_at"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "CUSTOMER#c-1"
            },
            ":v1": {
              "S": "Order"
            },
            ":v2": {
              "N": "<now>"
            }
          },
          "FilterExpression": "#n1 = :v1 AND NOT (#n2 <= :v2)",
          "KeyConditionExpression": "#n0 = :v0",
          "Select": "COUNT",
          "TableName": "shop"
        }
        Scan {
          "ExpressionAttributeNames": {
            "#n0": "id"
          },
          "ProjectionExpression": "#n0",
          "Segment": 0,
          "TableName": "counters",
          "TotalSegments": 1
        }
    "##]]
    .assert_eq(&sent(&requests));
}
