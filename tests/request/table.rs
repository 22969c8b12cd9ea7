use crate::model::{Counters, Shop, sent};
use aws_sdk_dynamodb::types::StreamViewType;
use dynamap::Table;
use dynamap_local::Local;
use expect_test::expect;

#[tokio::test]
async fn create_table_if_absent() {
    let (local, requests) = Local::memory().unwrap().recording();
    Table::<Shop>::new(local.client(), "shop").create_table_if_absent().send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "shop"
        }
        CreateTable {
          "AttributeDefinitions": [
            {
              "AttributeName": "pk",
              "AttributeType": "S"
            },
            {
              "AttributeName": "sk",
              "AttributeType": "S"
            },
            {
              "AttributeName": "gsi1pk",
              "AttributeType": "S"
            },
            {
              "AttributeName": "gsi1sk",
              "AttributeType": "S"
            },
            {
              "AttributeName": "year",
              "AttributeType": "N"
            },
            {
              "AttributeName": "total",
              "AttributeType": "N"
            }
          ],
          "BillingMode": "PAY_PER_REQUEST",
          "GlobalSecondaryIndexes": [
            {
              "IndexName": "gsi1",
              "KeySchema": [
                {
                  "AttributeName": "gsi1pk",
                  "KeyType": "HASH"
                },
                {
                  "AttributeName": "gsi1sk",
                  "KeyType": "RANGE"
                }
              ],
              "Projection": {
                "NonKeyAttributes": [
                  "note"
                ],
                "ProjectionType": "INCLUDE"
              }
            },
            {
              "IndexName": "gsi2",
              "KeySchema": [
                {
                  "AttributeName": "year",
                  "KeyType": "HASH"
                },
                {
                  "AttributeName": "total",
                  "KeyType": "RANGE"
                }
              ],
              "Projection": {
                "ProjectionType": "ALL"
              }
            }
          ],
          "KeySchema": [
            {
              "AttributeName": "pk",
              "KeyType": "HASH"
            },
            {
              "AttributeName": "sk",
              "KeyType": "RANGE"
            }
          ],
          "TableName": "shop"
        }
        DescribeTable {
          "TableName": "shop"
        }
        DescribeTimeToLive {
          "TableName": "shop"
        }
        UpdateTimeToLive {
          "TableName": "shop",
          "TimeToLiveSpecification": {
            "AttributeName": "expires_at",
            "Enabled": true
          }
        }
    "#]]
    .assert_eq(&sent(&requests));
    let counters = Table::<Counters>::new(local.client(), "counters");
    counters.create_table_if_absent().provisioned(5, 5).send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "counters"
        }
        CreateTable {
          "AttributeDefinitions": [
            {
              "AttributeName": "id",
              "AttributeType": "N"
            }
          ],
          "BillingMode": "PROVISIONED",
          "KeySchema": [
            {
              "AttributeName": "id",
              "KeyType": "HASH"
            }
          ],
          "ProvisionedThroughput": {
            "ReadCapacityUnits": 5,
            "WriteCapacityUnits": 5
          },
          "TableName": "counters"
        }
        DescribeTable {
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
}

#[tokio::test]
async fn streams() {
    let (local, requests) = Local::memory().unwrap().recording();
    let counters = Table::<Counters>::new(local.client(), "counters");
    let create = counters.create_table_if_absent().stream(StreamViewType::KeysOnly);
    expect![[r#"
        CreateTable {
          "TableName": "counters"
          "AttributeDefinitions": [{"AttributeName":"id","AttributeType":"N"}]
          "KeySchema": [{"AttributeName":"id","KeyType":"HASH"}]
          "BillingMode": "PAY_PER_REQUEST"
          "StreamSpecification": {"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}
        }
        capacity: none"#]]
    .assert_eq(&create.explain().to_string());
    counters.create_table_if_absent().send().await.unwrap();
    drop(sent(&requests));
    let enable = || counters.enable_stream(StreamViewType::NewAndOldImages);
    expect![[r#"
        UpdateTable {
          "TableName": "counters"
          "StreamSpecification": {"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}
        }
        capacity: none"#]]
    .assert_eq(&enable().explain().to_string());
    enable().send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "counters"
        }
        UpdateTable {
          "StreamSpecification": {
            "StreamEnabled": true,
            "StreamViewType": "NEW_AND_OLD_IMAGES"
          },
          "TableName": "counters"
        }
        DescribeTable {
          "TableName": "counters"
        }
        DescribeTable {
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
    counters.stream_arn().send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
}
