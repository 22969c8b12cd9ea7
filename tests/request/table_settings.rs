//! The requests of settings, which the engine has in part: those of backups are seen by a transport in front of it.

use crate::model::{Counters, sent};
use aws_sdk_dynamodb::types::{StreamViewType, TableClass};
use dynamap::op::{Encryption, PointInTimeRecovery, TableSettings, Throughput};
use dynamap::{Index, Table, TableSchema};
use dynamap_local::{Local, Request, Response, SharedTransport, Transport, TransportFuture};
use expect_test::expect;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByDay, ByTotal))]
struct Ledger;

#[derive(Index)]
#[dynamap(table = Ledger, name = "by_day", partition_key = "day")]
struct ByDay;

#[derive(Index)]
#[dynamap(table = Ledger, name = "by_total", local, sort_key = number("total"))]
struct ByTotal;

#[test]
fn create_table_with_everything() {
    let ledger = Table::<Ledger>::new(Local::memory().unwrap().client(), "ledger");
    let settings = TableSettings::new()
        .throughput(Throughput::OnDemand)
        .on_demand_maximum(4000, 1000)
        .index_on_demand_maximum::<ByDay>(2000, None)
        .warm_throughput(12000, 4000)
        .index_warm_throughput::<ByDay>(13000, 5000)
        .stream(StreamViewType::NewAndOldImages)
        .encryption(Encryption::CustomerManaged("alias/ledger".into()))
        .table_class(TableClass::StandardInfrequentAccess)
        .deletion_protection(true)
        .point_in_time_recovery(PointInTimeRecovery::Days(35))
        .tag("team", "ledger");
    expect![[r#"
        CreateTable {
          "TableName": "ledger"
          "AttributeDefinitions": [{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"day","AttributeType":"S"},{"AttributeName":"total","AttributeType":"N"}]
          "KeySchema": [{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]
          "LocalSecondaryIndexes": [{"IndexName":"by_total","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"total","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]
          "GlobalSecondaryIndexes": [{"IndexName":"by_day","KeySchema":[{"AttributeName":"day","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"},"OnDemandThroughput":{"MaxReadRequestUnits":2000},"WarmThroughput":{"ReadUnitsPerSecond":13000,"WriteUnitsPerSecond":5000}}]
          "BillingMode": "PAY_PER_REQUEST"
          "StreamSpecification": {"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}
          "OnDemandThroughput": {"MaxReadRequestUnits":4000,"MaxWriteRequestUnits":1000}
          "WarmThroughput": {"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000}
          "SSESpecification": {"Enabled":true,"SSEType":"KMS","KMSMasterKeyId":"alias/ledger"}
          "TableClass": "STANDARD_INFREQUENT_ACCESS"
          "DeletionProtectionEnabled": true
          "Tags": [{"Key":"team","Value":"ledger"}]
        }
        capacity: none"#]].assert_eq(&ledger.create_table_if_absent().settings(settings).explain().to_string());
    let settings = TableSettings::new()
        .throughput(Throughput::Provisioned { read: 5, write: 6 })
        .index_throughput::<ByDay>(7, 8)
        .encryption(Encryption::AwsManaged)
        .without_stream()
        .without_tag("team");
    expect![[r#"
        CreateTable {
          "TableName": "ledger"
          "AttributeDefinitions": [{"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"S"},{"AttributeName":"day","AttributeType":"S"},{"AttributeName":"total","AttributeType":"N"}]
          "KeySchema": [{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}]
          "LocalSecondaryIndexes": [{"IndexName":"by_total","KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"total","KeyType":"RANGE"}],"Projection":{"ProjectionType":"ALL"}}]
          "GlobalSecondaryIndexes": [{"IndexName":"by_day","KeySchema":[{"AttributeName":"day","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"},"ProvisionedThroughput":{"ReadCapacityUnits":7,"WriteCapacityUnits":8}}]
          "BillingMode": "PROVISIONED"
          "ProvisionedThroughput": {"ReadCapacityUnits":5,"WriteCapacityUnits":6}
          "SSESpecification": {"Enabled":true,"SSEType":"KMS"}
        }
        capacity: none"#]].assert_eq(&ledger.create_table_if_absent().settings(settings).explain().to_string());
}

#[tokio::test]
async fn changes_one_after_another() {
    #[derive(TableSchema)]
    #[dynamap(partition_key = number("id"), ttl = "expires_at", indexes(ByYear))]
    struct Later;

    #[derive(Index)]
    #[dynamap(table = Later, name = "gsi1", partition_key = number("year"))]
    struct ByYear;

    let (local, requests) = Local::memory().unwrap().wrap(Backups).recording();
    Table::<Counters>::new(local.client(), "counters").create_table_if_absent().send().await.unwrap();
    drop(sent(&requests));
    let settings = TableSettings::new()
        .stream(StreamViewType::KeysOnly)
        .deletion_protection(true)
        .table_class(TableClass::StandardInfrequentAccess)
        .point_in_time_recovery(PointInTimeRecovery::Days(7))
        .tag("team", "counters");
    Table::<Later>::new(local.client(), "counters").update_table().settings(settings).send().await.unwrap();
    let changes: Vec<_> = requests.take().iter().map(ToString::to_string).collect();
    let changes =
        changes.into_iter().filter(|text| !text.starts_with("Describe") && !text.starts_with("List"));
    expect![[r#"
        UpdateTable {
          "StreamSpecification": {
            "StreamEnabled": true,
            "StreamViewType": "KEYS_ONLY"
          },
          "TableName": "counters"
        }
        UpdateTable {
          "TableClass": "STANDARD_INFREQUENT_ACCESS",
          "TableName": "counters"
        }
        UpdateTable {
          "DeletionProtectionEnabled": true,
          "TableName": "counters"
        }
        UpdateTable {
          "AttributeDefinitions": [
            {
              "AttributeName": "id",
              "AttributeType": "N"
            },
            {
              "AttributeName": "year",
              "AttributeType": "N"
            }
          ],
          "GlobalSecondaryIndexUpdates": [
            {
              "Create": {
                "IndexName": "gsi1",
                "KeySchema": [
                  {
                    "AttributeName": "year",
                    "KeyType": "HASH"
                  }
                ],
                "Projection": {
                  "ProjectionType": "ALL"
                }
              }
            }
          ],
          "TableName": "counters"
        }
        UpdateTimeToLive {
          "TableName": "counters",
          "TimeToLiveSpecification": {
            "AttributeName": "expires_at",
            "Enabled": true
          }
        }
        UpdateContinuousBackups {
          "PointInTimeRecoverySpecification": {
            "PointInTimeRecoveryEnabled": true,
            "RecoveryPeriodInDays": 7
          },
          "TableName": "counters"
        }
        TagResource {
          "ResourceArn": "arn:aws:dynamodb:dynoxide:000000000000:table/counters",
          "Tags": [
            {
              "Key": "team",
              "Value": "counters"
            }
          ]
        }"#]]
    .assert_eq(&changes.collect::<Vec<_>>().join("\n"));
}

#[tokio::test]
async fn verify_and_delete_table() {
    let (local, requests) = Local::memory().unwrap().wrap(Backups).recording();
    let counters = Table::<Counters>::new(local.client(), "counters");
    counters.create_table_if_absent().send().await.unwrap();
    drop(sent(&requests));
    counters.verify().send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "counters"
        }
        DescribeTimeToLive {
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
    let settings = TableSettings::new().point_in_time_recovery(PointInTimeRecovery::Off).tag("a", "b");
    counters.verify().settings(settings).send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "counters"
        }
        DescribeTimeToLive {
          "TableName": "counters"
        }
        DescribeContinuousBackups {
          "TableName": "counters"
        }
        ListTagsOfResource {
          "ResourceArn": "arn:aws:dynamodb:dynoxide:000000000000:table/counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
    expect![[r#"
        DeleteTable {
          "TableName": "counters"
        }
        capacity: none"#]]
    .assert_eq(&counters.delete_table("counters").explain().unwrap().to_string());
    counters.delete_table("counters").send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "counters"
        }
        DeleteTable {
          "TableName": "counters"
        }
        DescribeTable {
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
}

/// The requests for backups, which the engine lacks: there are none.
#[derive(Debug)]
struct Backups(SharedTransport);

impl Transport for Backups {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        if !request.operation.ends_with("ContinuousBackups") {
            return self.0.call(request);
        }
        let disabled = r#"{"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED"}}"#;
        Box::pin(async move { Ok(Response::new(200, disabled)) })
    }
}
