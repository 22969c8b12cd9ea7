use crate::model::{Counter, Order, order, sent, session, tables};
use expect_test::expect;

#[tokio::test]
async fn put() {
    let (shop, counters, requests) = tables().await;
    shop.put(&order()).send().await.unwrap();
    expect![[r##"
        PutItem {
          "ConditionExpression": "attribute_not_exists(#n0) OR #n0 = :v0",
          "ExpressionAttributeNames": {
            "#n0": "entity_type"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Order"
            }
          },
          "Item": {
            "code": {
              "S": "A-7"
            },
            "customer_id": {
              "S": "c-1"
            },
            "entity_type": {
              "S": "Order"
            },
            "gsi1pk": {
              "S": "STATUS#Open"
            },
            "gsi1sk": {
              "S": "A-7"
            },
            "number": {
              "N": "7"
            },
            "pk": {
              "S": "CUSTOMER#c-1"
            },
            "sk": {
              "S": "ORDER#02024#0000000007"
            },
            "status": {
              "S": "Open"
            },
            "total": {
              "N": "120"
            },
            "year": {
              "N": "2024"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    counters.put(&Counter { id: 7, count: 1 }).send().await.unwrap();
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
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn create() {
    let (shop, counters, requests) = tables().await;
    shop.create(&order()).send().await.unwrap();
    expect![[r##"
        PutItem {
          "ConditionExpression": "attribute_not_exists(#n0)",
          "ExpressionAttributeNames": {
            "#n0": "pk"
          },
          "Item": {
            "code": {
              "S": "A-7"
            },
            "customer_id": {
              "S": "c-1"
            },
            "entity_type": {
              "S": "Order"
            },
            "gsi1pk": {
              "S": "STATUS#Open"
            },
            "gsi1sk": {
              "S": "A-7"
            },
            "number": {
              "N": "7"
            },
            "pk": {
              "S": "CUSTOMER#c-1"
            },
            "sk": {
              "S": "ORDER#02024#0000000007"
            },
            "status": {
              "S": "Open"
            },
            "total": {
              "N": "120"
            },
            "year": {
              "N": "2024"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    counters.create(&Counter { id: 7, count: 1 }).send().await.unwrap();
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
}

/// DynamoDB deletes what has expired some time later; until then it is there and counts as absent.
#[tokio::test]
async fn create_and_replace_what_expires() {
    let (shop, _, requests) = tables().await;
    shop.create(&session()).send().await.unwrap();
    expect![[r##"
        PutItem {
          "ConditionExpression": "attribute_not_exists(#n0) OR #n1 <= :v0",
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "expires_at"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "N": "<now>"
            }
          },
          "Item": {
            "entity_type": {
              "S": "Session"
            },
            "expires_at": {
              "N": "4000000000"
            },
            "pk": {
              "S": "SESSION#t-1"
            },
            "sk": {
              "S": "SESSION"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.replace(&session()).send().await.unwrap();
    expect![[r##"
        PutItem {
          "ConditionExpression": "attribute_exists(#n0) AND (attribute_not_exists(#n1) OR #n1 = :v0) AND (attribute_not_exists(#n2) OR #n2 > :v1)",
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "entity_type",
            "#n2": "expires_at"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Session"
            },
            ":v1": {
              "N": "<now>"
            }
          },
          "Item": {
            "entity_type": {
              "S": "Session"
            },
            "expires_at": {
              "N": "4000000000"
            },
            "pk": {
              "S": "SESSION#t-1"
            },
            "sk": {
              "S": "SESSION"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn replace() {
    let (shop, counters, requests) = tables().await;
    shop.put(&order()).send().await.unwrap();
    counters.put(&Counter { id: 7, count: 1 }).send().await.unwrap();
    requests.clear();
    shop.replace(&order()).send().await.unwrap();
    expect![[r##"
        PutItem {
          "ConditionExpression": "attribute_exists(#n0) AND (attribute_not_exists(#n1) OR #n1 = :v0)",
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "entity_type"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Order"
            }
          },
          "Item": {
            "code": {
              "S": "A-7"
            },
            "customer_id": {
              "S": "c-1"
            },
            "entity_type": {
              "S": "Order"
            },
            "gsi1pk": {
              "S": "STATUS#Open"
            },
            "gsi1sk": {
              "S": "A-7"
            },
            "number": {
              "N": "7"
            },
            "pk": {
              "S": "CUSTOMER#c-1"
            },
            "sk": {
              "S": "ORDER#02024#0000000007"
            },
            "status": {
              "S": "Open"
            },
            "total": {
              "N": "120"
            },
            "year": {
              "N": "2024"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    counters.replace(&Counter { id: 7, count: 2 }).send().await.unwrap();
    expect![[r##"
        PutItem {
          "ConditionExpression": "attribute_exists(#n0)",
          "ExpressionAttributeNames": {
            "#n0": "id"
          },
          "Item": {
            "count": {
              "N": "2"
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
}

#[tokio::test]
async fn delete() {
    let (shop, _, requests) = tables().await;
    shop.delete(Order::key("c-1", 2024, 7)).send().await.unwrap();
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
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
}
