use crate::model::sent;
use dynamap::{Attribute, Entity, Index, Table, TableSchema};
use dynamap_local::Local;
use expect_test::expect;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", indexes(ByDay))]
struct Desk;

#[derive(Index)]
#[dynamap(table = Desk, name = "day", partition_key = "day_pk", sort_key = "day_sk")]
struct ByDay;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "CALL#{id}")]
#[dynamap(index = ByDay, pk = "STATUS#{status}#{day}", sk = "{owner}")]
struct Call {
    id: u32,
    status: Status,
    day: u32,
    owner: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
enum Status {
    Done,
}

#[tokio::test]
async fn what_is_given_is_a_condition() {
    let (local, requests) = Local::memory().unwrap().recording();
    let desk = Table::<Desk>::new(local.client(), "desk");
    desk.create_table_if_absent().send().await.unwrap();
    requests.clear();
    let given = Call::STATUS.given(Call::DAY, 3).given(Call::OWNER, "ada").set(Status::Done);
    desk.update(Call::key(1)).apply(given).condition(Call::OWNER.exists()).send().await.unwrap_err();
    expect![[r##"
        UpdateItem {
          "ConditionExpression": "attribute_exists(#n2) AND (attribute_not_exists(#n3) OR #n3 = :v2) AND #n4 = :v3 AND #n5 = :v4 AND attribute_exists(#n5)",
          "ExpressionAttributeNames": {
            "#n0": "status",
            "#n1": "day_pk",
            "#n2": "pk",
            "#n3": "entity_type",
            "#n4": "day",
            "#n5": "owner"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Done"
            },
            ":v1": {
              "S": "STATUS#Done#0000000003"
            },
            ":v2": {
              "S": "Call"
            },
            ":v3": {
              "N": "3"
            },
            ":v4": {
              "S": "ada"
            }
          },
          "Key": {
            "pk": {
              "S": "CALL#0000000001"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "desk",
          "UpdateExpression": "SET #n0 = :v0, #n1 = :v1"
        }
    "##]].assert_eq(&sent(&requests));
}

#[tokio::test]
async fn nothing_given_is_no_attribute_and_no_key() {
    let (local, requests) = Local::memory().unwrap().recording();
    let desk = Table::<Desk>::new(local.client(), "desk");
    desk.create_table_if_absent().send().await.unwrap();
    requests.clear();
    let given = Call::STATUS.given(Call::DAY, 3).given(Call::OWNER, None).set(Status::Done);
    desk.transact_write().update(desk.update(Call::key(1)).apply(given)).send().await.unwrap_err();
    expect![[r##"
        TransactWriteItems {
          "TransactItems": [
            {
              "Update": {
                "ConditionExpression": "attribute_exists(#n2) AND (attribute_not_exists(#n3) OR #n3 = :v1) AND #n4 = :v2 AND attribute_not_exists(#n5)",
                "ExpressionAttributeNames": {
                  "#n0": "status",
                  "#n1": "day_pk",
                  "#n2": "pk",
                  "#n3": "entity_type",
                  "#n4": "day",
                  "#n5": "owner"
                },
                "ExpressionAttributeValues": {
                  ":v0": {
                    "S": "Done"
                  },
                  ":v1": {
                    "S": "Call"
                  },
                  ":v2": {
                    "N": "3"
                  }
                },
                "Key": {
                  "pk": {
                    "S": "CALL#0000000001"
                  }
                },
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                "TableName": "desk",
                "UpdateExpression": "SET #n0 = :v0 REMOVE #n1"
              }
            }
          ]
        }
    "##]].assert_eq(&sent(&requests).lines().filter(|line| !line.contains("Token")).map(|line| format!("{line}\n")).collect::<String>());
}
