use crate::model::{ByStatus, ByYear, Counter, Order, OrderNote, Shop, sent, tables};
use dynamap::{Entity, ItemCollection};
use expect_test::expect;

#[tokio::test]
async fn scan() {
    let (shop, counters, requests) = tables().await;
    counters.repository::<Counter>().scan().send().await.unwrap();
    expect![[r#"
        Scan {
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
    let orders = shop.repository::<Order>();
    orders.scan().filter(Order::TOTAL.gt(100)).consistent_read().page_size(50).send().await.unwrap();
    expect![[r##"
        Scan {
          "ConsistentRead": true,
          "ExpressionAttributeNames": {
            "#n0": "total"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "N": "100"
            }
          },
          "FilterExpression": "#n0 > :v0",
          "Limit": 50,
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    orders.scan().index::<ByStatus>().project::<OrderNote>().limit(20).send().await.unwrap();
    expect![[r##"
        Scan {
          "ExpressionAttributeNames": {
            "#n0": "gsi1pk",
            "#n1": "gsi1sk",
            "#n2": "note",
            "#n3": "pk",
            "#n4": "sk"
          },
          "IndexName": "gsi1",
          "Limit": 20,
          "ProjectionExpression": "#n0, #n1, #n2, #n3, #n4",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    let request = orders.scan().index::<ByYear>().into_sdk().unwrap();
    assert_eq!(request.get_index_name().as_deref(), Some("gsi2"));
}

#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}", sk = "PROFILE")]
struct Customer {
    id: String,
    name: String,
}

#[derive(Debug, ItemCollection)]
#[expect(dead_code, reason = "only what is asked for matters here")]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
}

#[derive(Debug, ItemCollection)]
#[expect(dead_code, reason = "only what is asked for matters here")]
struct CustomerPage {
    customer: Option<Customer>,
    orders: Vec<Order>,
}

#[tokio::test]
async fn item_collections() {
    let (shop, _, requests) = tables().await;
    let orders = CustomerItem::partition("c-1").of::<Order>().year(2024..=2025);
    shop.query(orders).descending().limit(10).send().await.unwrap();
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
              "S": "ORDER#02024"
            },
            ":v2": {
              "S": "ORDER#02025$"
            }
          },
          "KeyConditionExpression": "#n0 = :v0 AND #n1 BETWEEN :v1 AND :v2",
          "Limit": 10,
          "ScanIndexForward": false,
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    let all = CustomerItem::partition("c-1");
    shop.query(all).filter(Order::TOTAL.gt(100)).filter(Customer::NAME.eq("Ada")).send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "entity_type",
            "#n2": "total",
            "#n3": "name"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "CUSTOMER#c-1"
            },
            ":v1": {
              "S": "Order"
            },
            ":v2": {
              "N": "100"
            },
            ":v3": {
              "S": "Customer"
            },
            ":v4": {
              "S": "Ada"
            }
          },
          "FilterExpression": "(#n1 <> :v1 OR #n2 > :v2) AND (#n1 <> :v3 OR #n3 = :v4)",
          "KeyConditionExpression": "#n0 = :v0",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.query(CustomerPage::partition("c-1")).consistent_read().assemble().await.unwrap();
    expect![[r##"
        Query {
          "ConsistentRead": true,
          "ExpressionAttributeNames": {
            "#n0": "pk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "CUSTOMER#c-1"
            }
          },
          "KeyConditionExpression": "#n0 = :v0",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
    shop.scan::<CustomerItem>().index::<ByYear>().send().await.unwrap();
    expect![[r#"
        Scan {
          "IndexName": "gsi2",
          "TableName": "shop"
        }
    "#]]
    .assert_eq(&sent(&requests));
}
