use crate::model::{Counter, Order, Session, order, sent, session, tables};
use expect_test::expect;

#[tokio::test]
async fn every_action() {
    let (shop, _, requests) = tables().await;
    shop.put(&session()).send().await.unwrap();
    let other = |number| Order { number, ..order() };
    shop.put(&other(1)).send().await.unwrap();
    shop.put(&other(2)).send().await.unwrap();
    shop.put(&other(3)).send().await.unwrap();
    requests.clear();
    shop.transact_write()
        .put(&session())
        .create(&other(4))
        .replace(&other(1))
        .save(&other(2))
        .update(
            shop.update(Order::key("c-1", 2024, 3))
                .apply(Order::TOTAL.add(5_u64))
                .condition(Order::TOTAL.ge(1)),
        )
        .delete(Order::key("c-1", 2024, 5))
        .delete(
            shop.delete(Order::key("c-1", 2024, 6)).condition(Order::NOTE.not_exists() | Order::TOTAL.eq(1)),
        )
        .check(Session::key("t-2"), Session::EXPIRES_AT.not_exists())
        .check_absent(Order::key("c-1", 2024, 8))
        .client_request_token("t-1")
        .send()
        .await
        .unwrap();
    expect![[r##"
        TransactWriteItems {
          "ClientRequestToken": "t-1",
          "TransactItems": [
            {
              "Put": {
                "ConditionExpression": "attribute_not_exists(#n0) OR #n0 = :v0",
                "ExpressionAttributeNames": {
                  "#n0": "entity_type"
                },
                "ExpressionAttributeValues": {
                  ":v0": {
                    "S": "Session"
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
            },
            {
              "Put": {
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
                    "N": "4"
                  },
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000004"
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
            },
            {
              "Put": {
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
                    "N": "1"
                  },
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000001"
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
            },
            {
              "Update": {
                "ConditionExpression": "attribute_exists(#n10) AND (attribute_not_exists(#n2) OR #n2 = :v2)",
                "ExpressionAttributeNames": {
                  "#n0": "code",
                  "#n1": "customer_id",
                  "#n10": "pk",
                  "#n2": "entity_type",
                  "#n3": "gsi1pk",
                  "#n4": "gsi1sk",
                  "#n5": "number",
                  "#n6": "status",
                  "#n7": "total",
                  "#n8": "year",
                  "#n9": "note"
                },
                "ExpressionAttributeValues": {
                  ":v0": {
                    "S": "A-7"
                  },
                  ":v1": {
                    "S": "c-1"
                  },
                  ":v2": {
                    "S": "Order"
                  },
                  ":v3": {
                    "S": "STATUS#Open"
                  },
                  ":v4": {
                    "N": "2"
                  },
                  ":v5": {
                    "S": "Open"
                  },
                  ":v6": {
                    "N": "120"
                  },
                  ":v7": {
                    "N": "2024"
                  }
                },
                "Key": {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000002"
                  }
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                "TableName": "shop",
                "UpdateExpression": "SET #n0 = :v0, #n1 = :v1, #n2 = :v2, #n3 = :v3, #n4 = :v0, #n5 = :v4, #n6 = :v5, #n7 = :v6, #n8 = :v7 REMOVE #n9"
              }
            },
            {
              "Update": {
                "ConditionExpression": "attribute_exists(#n1) AND (attribute_not_exists(#n2) OR #n2 = :v1) AND #n0 >= :v2",
                "ExpressionAttributeNames": {
                  "#n0": "total",
                  "#n1": "pk",
                  "#n2": "entity_type"
                },
                "ExpressionAttributeValues": {
                  ":v0": {
                    "N": "5"
                  },
                  ":v1": {
                    "S": "Order"
                  },
                  ":v2": {
                    "N": "1"
                  }
                },
                "Key": {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000003"
                  }
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                "TableName": "shop",
                "UpdateExpression": "ADD #n0 :v0"
              }
            },
            {
              "Delete": {
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
                    "S": "ORDER#02024#0000000005"
                  }
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                "TableName": "shop"
              }
            },
            {
              "Delete": {
                "ConditionExpression": "(attribute_not_exists(#n0) OR #n0 = :v0) AND (attribute_not_exists(#n1) OR #n2 = :v1)",
                "ExpressionAttributeNames": {
                  "#n0": "entity_type",
                  "#n1": "note",
                  "#n2": "total"
                },
                "ExpressionAttributeValues": {
                  ":v0": {
                    "S": "Order"
                  },
                  ":v1": {
                    "N": "1"
                  }
                },
                "Key": {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000006"
                  }
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                "TableName": "shop"
              }
            },
            {
              "ConditionCheck": {
                "ConditionExpression": "(attribute_not_exists(#n0) OR #n0 = :v0) AND (attribute_not_exists(#n1) OR #n1 <= :v1)",
                "ExpressionAttributeNames": {
                  "#n0": "entity_type",
                  "#n1": "expires_at"
                },
                "ExpressionAttributeValues": {
                  ":v0": {
                    "S": "Session"
                  },
                  ":v1": {
                    "N": "<now>"
                  }
                },
                "Key": {
                  "pk": {
                    "S": "SESSION#t-2"
                  },
                  "sk": {
                    "S": "SESSION"
                  }
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                "TableName": "shop"
              }
            },
            {
              "ConditionCheck": {
                "ConditionExpression": "attribute_not_exists(#n0)",
                "ExpressionAttributeNames": {
                  "#n0": "pk"
                },
                "Key": {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000008"
                  }
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                "TableName": "shop"
              }
            }
          ]
        }
    "##]].assert_eq(&sent(&requests));
}

#[tokio::test]
async fn one_action() {
    let (_, counters, requests) = tables().await;
    counters
        .create(&Counter { id: 7, count: 1 })
        .transactional()
        .client_request_token("t-1")
        .send()
        .await
        .unwrap();
    let add = counters.update(Counter::key(7)).apply(Counter::COUNT.add(1_u64)).transactional();
    add.client_request_token("t-2").send().await.unwrap();
    expect![[r##"
        TransactWriteItems {
          "ClientRequestToken": "t-1",
          "TransactItems": [
            {
              "Put": {
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
            }
          ]
        }
        TransactWriteItems {
          "ClientRequestToken": "t-2",
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
                "UpdateExpression": "ADD #n0 :v0"
              }
            }
          ]
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn get() {
    let (shop, _, requests) = tables().await;
    let key = |number| Order::key("c-1", 2024, number);
    shop.transact_get((Session::key("t-1"), vec![key(1), key(2), key(1)])).send().await.unwrap();
    expect![[r#"
        TransactGetItems {
          "TransactItems": [
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
            },
            {
              "Get": {
                "Key": {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000001"
                  }
                },
                "TableName": "shop"
              }
            },
            {
              "Get": {
                "Key": {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000002"
                  }
                },
                "TableName": "shop"
              }
            }
          ]
        }
    "#]]
    .assert_eq(&sent(&requests));
}
