//! Old items, numbers of items, the only one, and whole entities that are saved or created.

use crate::model::{Counter, Order, order, sent, tables};
use dynamap::expr::Condition;
use expect_test::expect;

#[tokio::test]
async fn old_items() {
    let (shop, counters, requests) = tables().await;
    counters.put(&Counter { id: 7, count: 1 }).return_old().send().await.unwrap();
    expect![[r#"
        PutItem {
          "Item": {
            "count": {
              "N": "1"
            },
            "id": {
              "N": "7"
            }
          },
          "ReturnValues": "ALL_OLD",
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
    counters.delete(Counter::key(7_u64)).return_old().send().await.unwrap();
    expect![[r#"
        DeleteItem {
          "Key": {
            "id": {
              "N": "7"
            }
          },
          "ReturnValues": "ALL_OLD",
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
    shop.delete(&order()).return_old().send().await.unwrap();
    expect![[r##"
        DeleteItem {
          "ConditionExpression": "attribute_not_exists(#n0) OR #n0 = :v0",
          "ExpressionAttributeNames": {
            "#n0": "entity_type"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Order"
            }
          },
          "Key": {
            "pk": {
              "S": "CUSTOMER#c-1"
            },
            "sk": {
              "S": "ORDER#02024#0000000007"
            }
          },
          "ReturnValues": "ALL_OLD",
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn numbers_of_items() {
    let (shop, counters, requests) = tables().await;
    let orders = || shop.query(Order::partition("c-1").year(2024));
    orders().filter(Order::TOTAL.gt(5_u64)).count().send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "sk",
            "#n2": "total",
            "#n3": "entity_type",
            "#n4": "expires_at"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "CUSTOMER#c-1"
            },
            ":v1": {
              "S": "ORDER#02024#"
            },
            ":v2": {
              "N": "5"
            },
            ":v3": {
              "S": "Order"
            },
            ":v4": {
              "N": "<now>"
            }
          },
          "FilterExpression": "#n2 > :v2 AND #n3 = :v3 AND NOT (#n4 <= :v4)",
          "KeyConditionExpression": "#n0 = :v0 AND begins_with(#n1, :v1)",
          "Select": "COUNT",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    counters.scan::<Counter>().count().send().await.unwrap();
    expect![[r##"
        Scan {
          "ExpressionAttributeNames": {
            "#n0": "id"
          },
          "ProjectionExpression": "#n0",
          "TableName": "counters"
        }
    "##]]
    .assert_eq(&sent(&requests));
    orders().filter(Condition::<Order>::always()).one().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "CUSTOMER#c-1"
            },
            ":v1": {
              "S": "ORDER#02024#"
            }
          },
          "KeyConditionExpression": "#n0 = :v0 AND begins_with(#n1, :v1)",
          "Limit": 2,
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn whole_entities() {
    let (_, counters, requests) = tables().await;
    counters.save_or_create(&Counter { id: 7, count: 1 }).send().await.unwrap();
    expect![[r##"
        UpdateItem {
          "ExpressionAttributeNames": {
            "#n0": "count"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "N": "1"
            }
          },
          "Key": {
            "id": {
              "N": "7"
            }
          },
          "TableName": "counters",
          "UpdateExpression": "SET #n0 = :v0"
        }
    "##]]
    .assert_eq(&sent(&requests));
    counters.create_if_absent(&Counter { id: 7, count: 1 }).send().await.unwrap();
    expect![[r##"
        PutItem {
          "ConditionExpression": "attribute_not_exists(#n0)",
          "ExpressionAttributeNames": {
            "#n0": "id"
          },
          "Item": {
            "count": {
              "N": "1"
            },
            "id": {
              "N": "7"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "counters"
        }
    "##]]
    .assert_eq(&sent(&requests));
    let count = counters.update(Counter::key(7_u64)).apply(Counter::COUNT.add_or(100_u64, 1_u64));
    counters.transact_write().update(count).client_request_token("t-1").send().await.unwrap();
    expect![[r##"
        TransactWriteItems {
          "ClientRequestToken": "t-1",
          "TransactItems": [
            {
              "Update": {
                "ConditionExpression": "attribute_exists(#n1)",
                "ExpressionAttributeNames": {
                  "#n0": "count",
                  "#n1": "id"
                },
                "ExpressionAttributeValues": {
                  ":v0": {
                    "N": "100"
                  },
                  ":v1": {
                    "N": "1"
                  }
                },
                "Key": {
                  "id": {
                    "N": "7"
                  }
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                "TableName": "counters",
                "UpdateExpression": "SET #n0 = if_not_exists(#n0, :v0) + :v1"
              }
            }
          ]
        }
    "##]]
    .assert_eq(&sent(&requests));
}
