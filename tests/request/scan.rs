use crate::model::{ByStatus, ByYear, Counter, Order, OrderNote, sent, tables};
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
