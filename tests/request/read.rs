use crate::model::{Counter, Order, OrderNote, Status, sent, tables};
use dynamap::key::{gt, lt};
use expect_test::expect;

#[tokio::test]
async fn get() {
    let (shop, counters, requests) = tables().await;
    shop.get(Order::key("c-1", 2024, 7)).send().await.unwrap();
    expect![[r#"
        GetItem {
          "Key": {
            "pk": {
              "S": "CUSTOMER#c-1"
            },
            "sk": {
              "S": "ORDER#02024#0000000007"
            }
          },
          "TableName": "shop"
        }
    "#]]
    .assert_eq(&sent(&requests));
    shop.get(Order::key("c#1", 2024, 7)).consistent_read().send().await.unwrap();
    expect![[r#"
        GetItem {
          "ConsistentRead": true,
          "Key": {
            "pk": {
              "S": "CUSTOMER#c$S1"
            },
            "sk": {
              "S": "ORDER#02024#0000000007"
            }
          },
          "TableName": "shop"
        }
    "#]]
    .assert_eq(&sent(&requests));
    counters.get(Counter::key(7)).send().await.unwrap();
    expect![[r#"
        GetItem {
          "Key": {
            "id": {
              "N": "7"
            }
          },
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn exists() {
    let (shop, counters, requests) = tables().await;
    shop.exists(Order::key("c-1", 2024, 7)).send().await.unwrap();
    expect![[r##"
        GetItem {
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "entity_type",
            "#n2": "expires_at"
          },
          "Key": {
            "pk": {
              "S": "CUSTOMER#c-1"
            },
            "sk": {
              "S": "ORDER#02024#0000000007"
            }
          },
          "ProjectionExpression": "#n0, #n1, #n2",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    counters.exists(Counter::key(7)).send().await.unwrap();
    expect![[r##"
        GetItem {
          "ExpressionAttributeNames": {
            "#n0": "id"
          },
          "Key": {
            "id": {
              "N": "7"
            }
          },
          "ProjectionExpression": "#n0",
          "TableName": "counters"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn query_of_the_table() {
    let (shop, counters, requests) = tables().await;
    shop.query(Order::partition("c-1")).send().await.unwrap();
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
              "S": "ORDER#"
            }
          },
          "KeyConditionExpression": "#n0 = :v0 AND begins_with(#n1, :v1)",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(Order::partition("c-1").year(2024)).send().await.unwrap();
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
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(Order::partition("c-1").year(2024).number(7)).send().await.unwrap();
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
              "S": "ORDER#02024#0000000007"
            }
          },
          "KeyConditionExpression": "#n0 = :v0 AND #n1 = :v1",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(Order::partition("c-1").year(2023..=2024)).descending().limit(20).send().await.unwrap();
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
              "S": "ORDER#02023"
            },
            ":v2": {
              "S": "ORDER#02024$"
            }
          },
          "KeyConditionExpression": "#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2",
          "Limit": 20,
          "ScanIndexForward": false,
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(Order::partition("c-1").year(2024).number(..10)).page_size(5).send().await.unwrap();
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
            },
            ":v2": {
              "S": "ORDER#02024#000000001/$"
            }
          },
          "KeyConditionExpression": "#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2",
          "Limit": 5,
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(Order::partition("c-1").year(gt(2024))).consistent_read().send().await.unwrap();
    expect![[r##"
        Query {
          "ConsistentRead": true,
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "CUSTOMER#c-1"
            },
            ":v1": {
              "S": "ORDER#02024$"
            },
            ":v2": {
              "S": "ORDER$"
            }
          },
          "KeyConditionExpression": "#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    counters.query(Counter::partition(7)).send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "id"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "N": "7"
            }
          },
          "KeyConditionExpression": "#n0 = :v0",
          "TableName": "counters"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn query_of_an_index() {
    let (shop, _, requests) = tables().await;
    let open = || Order::by_status(Status::Open);
    shop.query(open()).project::<OrderNote>().send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "gsi1pk",
            "#n1": "gsi1sk",
            "#n2": "note",
            "#n3": "pk",
            "#n4": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "STATUS#Open"
            }
          },
          "IndexName": "gsi1",
          "KeyConditionExpression": "#n0 = :v0",
          "ProjectionExpression": "#n0, #n1, #n2, #n3, #n4",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(open().code_begins_with("A#")).project::<OrderNote>().send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "gsi1pk",
            "#n1": "gsi1sk",
            "#n2": "note",
            "#n3": "pk",
            "#n4": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "STATUS#Open"
            },
            ":v1": {
              "S": "A$S"
            }
          },
          "IndexName": "gsi1",
          "KeyConditionExpression": "#n0 = :v0 AND begins_with(#n1, :v1)",
          "ProjectionExpression": "#n0, #n1, #n2, #n3, #n4",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(open().code("A".."B")).project::<OrderNote>().into_sdk().unwrap();
    shop.query(open().code(lt("B"))).project::<OrderNote>().send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "gsi1pk",
            "#n1": "gsi1sk",
            "#n2": "note",
            "#n3": "pk",
            "#n4": "sk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "STATUS#Open"
            },
            ":v1": {
              "S": "B"
            }
          },
          "IndexName": "gsi1",
          "KeyConditionExpression": "#n0 = :v0 AND #n1 < :v1",
          "ProjectionExpression": "#n0, #n1, #n2, #n3, #n4",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(Order::by_year(2024)).send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "year"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "N": "2024"
            }
          },
          "IndexName": "gsi2",
          "KeyConditionExpression": "#n0 = :v0",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(Order::by_year(2024).total(100..200)).send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "year",
            "#n1": "total"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "N": "2024"
            },
            ":v1": {
              "N": "100"
            },
            ":v2": {
              "N": "1.9999999999999999999999999999999999999E2"
            }
          },
          "IndexName": "gsi2",
          "KeyConditionExpression": "#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(Order::by_year(2024).total(gt(100))).send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "year",
            "#n1": "total"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "N": "2024"
            },
            ":v1": {
              "N": "100"
            }
          },
          "IndexName": "gsi2",
          "KeyConditionExpression": "#n0 = :v0 AND #n1 > :v1",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
}
