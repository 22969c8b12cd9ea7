use crate::model::{Counters, Shop, sent};
use dynamap::op::Throughput;
use dynamap::{Index, Table, TableSchema};
use dynamap_local::{Local, Requests};
use expect_test::expect;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByDay, ByTotal, ByPlace), sort_key = "sk")]
struct Ledger;

#[derive(Index)]
#[dynamap(table = Ledger, name = "by_day", partition_key = "day")]
struct ByDay;

#[derive(Index)]
#[dynamap(table = Ledger, name = "by_total", local, sort_key = number("total"))]
struct ByTotal;

#[derive(Index)]
#[dynamap(table = Ledger, name = "by_place", partition_key = "place")]
struct ByPlace;

const PROVISIONED: Throughput = Throughput::Provisioned { read: 5, write: 5 };

/// The UpdateTable request that was sent.
fn updated(requests: &Requests) -> String {
    let sent = sent(requests);
    let (_, update) = sent.split_once("UpdateTable ").unwrap();
    update.split_once("\n}").unwrap().0.to_owned()
}

#[tokio::test]
async fn update_throughput() {
    let (local, requests) = Local::memory().unwrap().recording();
    let counters = Table::<Counters>::new(local.client(), "counters");
    counters.create_table_if_absent().send().await.unwrap();
    drop(sent(&requests));
    counters.update_throughput(PROVISIONED).send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "counters"
        }
        UpdateTable {
          "BillingMode": "PROVISIONED",
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
    counters.update_throughput(Throughput::Provisioned { read: 5, write: 7 }).send().await.unwrap();
    expect![[r#"
        {
          "ProvisionedThroughput": {
            "ReadCapacityUnits": 5,
            "WriteCapacityUnits": 7
          },
          "TableName": "counters""#]]
    .assert_eq(&updated(&requests));
    counters.update_throughput(Throughput::OnDemand).send().await.unwrap();
    expect![[r#"
        {
          "BillingMode": "PAY_PER_REQUEST",
          "TableName": "counters""#]]
    .assert_eq(&updated(&requests));
    counters.update_throughput(Throughput::OnDemand).send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
    counters.describe().send().await.unwrap();
    expect![[r#"
        DescribeTable {
          "TableName": "counters"
        }
    "#]]
    .assert_eq(&sent(&requests));
    assert_eq!(counters.describe().explain().request_json(), r#"{"TableName":"counters"}"#);
}

#[tokio::test]
async fn the_throughput_of_indexes() {
    let (local, requests) = Local::memory().unwrap().recording();
    let ledger = Table::<Ledger>::new(local.client(), "ledger");
    ledger.create_table_if_absent().send().await.unwrap();
    let change = || {
        let change = ledger.update_throughput(PROVISIONED).index_throughput::<ByDay>(1, 1);
        change.index_throughput::<ByDay>(20, 10)
    };
    expect![[r#"
        UpdateTable {
          "TableName": "ledger"
          "BillingMode": "PROVISIONED"
          "ProvisionedThroughput": {"ReadCapacityUnits":5,"WriteCapacityUnits":5}
          "GlobalSecondaryIndexUpdates": [{"Update":{"IndexName":"by_day","ProvisionedThroughput":{"ReadCapacityUnits":20,"WriteCapacityUnits":10}}},{"Update":{"IndexName":"by_place","ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}}}]
        }
        capacity: none"#]].assert_eq(&change().explain().unwrap().to_string());
    expect![[r#"
        UpdateTable {
          "TableName": "ledger"
          "BillingMode": "PAY_PER_REQUEST"
        }
        capacity: none"#]]
    .assert_eq(&ledger.update_throughput(Throughput::OnDemand).explain().unwrap().to_string());
    drop(sent(&requests));
    change().send().await.unwrap();
    let sent = requests.take().into_iter().find(|request| request.operation == "UpdateTable").unwrap();
    let explained: serde_json::Value =
        serde_json::from_str(&change().explain().unwrap().request_json()).unwrap();
    assert_eq!(explained, sent.body);
    // Shop has a local index as well, and others.
    let shop = Table::<Shop>::new(local.client(), "shop");
    shop.create_table_if_absent().provisioned(5, 5).send().await.unwrap();
    requests.clear();
    shop.update_throughput(Throughput::Provisioned { read: 6, write: 5 }).send().await.unwrap();
    expect![[r#"
        {
          "GlobalSecondaryIndexUpdates": [
            {
              "Update": {
                "IndexName": "gsi1",
                "ProvisionedThroughput": {
                  "ReadCapacityUnits": 6,
                  "WriteCapacityUnits": 5
                }
              }
            },
            {
              "Update": {
                "IndexName": "gsi2",
                "ProvisionedThroughput": {
                  "ReadCapacityUnits": 6,
                  "WriteCapacityUnits": 5
                }
              }
            }
          ],
          "ProvisionedThroughput": {
            "ReadCapacityUnits": 6,
            "WriteCapacityUnits": 5
          },
          "TableName": "shop""#]]
    .assert_eq(&updated(&requests));
}
