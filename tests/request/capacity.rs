use crate::model::{Counter, Order, sent, tables};
use dynamap::Budget;
use dynamap::capacity::Meter;
use expect_test::expect;

/// Calls that have a meter or a budget ask for what they consume, and no others.
#[tokio::test]
async fn metered() {
    let (shop, counters, requests) = tables().await;
    let meter = Meter::new();
    shop.query(Order::partition("c-1")).meter(&meter).send().await.unwrap();
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
          "ReturnConsumedCapacity": "INDEXES",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    let budget = Budget::builder().reads(5.0).build().unwrap();
    counters.delete(Counter::key(7)).budget(&budget).send().await.unwrap();
    expect![[r#"
        DeleteItem {
          "Key": {
            "id": {
              "N": "7"
            }
          },
          "ReturnConsumedCapacity": "INDEXES",
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
    shop.batch_get([Order::key("c-1", 2024, 7)]).meter(&meter).send().await.unwrap();
    expect![[r#"
        BatchGetItem {
          "RequestItems": {
            "shop": {
              "Keys": [
                {
                  "pk": {
                    "S": "CUSTOMER#c-1"
                  },
                  "sk": {
                    "S": "ORDER#02024#0000000007"
                  }
                }
              ]
            }
          },
          "ReturnConsumedCapacity": "INDEXES"
        }
    "#]]
    .assert_eq(&sent(&requests));
    shop.clone().with_meter(&meter).scan::<Order>().send().await.unwrap();
    expect![[r#"
        Scan {
          "ReturnConsumedCapacity": "INDEXES",
          "TableName": "shop"
        }
    "#]]
    .assert_eq(&sent(&requests));
    shop.scan::<Order>().send().await.unwrap();
    expect![[r#"
        Scan {
          "TableName": "shop"
        }
    "#]]
    .assert_eq(&sent(&requests));
}
