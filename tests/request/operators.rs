use crate::model::sent;
use dynamap::expr::Path;
use dynamap::{Attribute, Entity, Table, TableSchema};
use dynamap_local::Local;
use expect_test::expect;
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", entity_type = none)]
struct Shop;

#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
    tags: Tags,
    payment: Payment,
    sending: Option<Sending>,
    at: (u32, u32),
    #[dynamap(flatten)]
    ship_to: Address,
    #[dynamap(flatten)]
    others: BTreeMap<String, u32>,
}

#[derive(Debug, Attribute)]
struct Tags(BTreeSet<String>);

#[derive(Debug, Attribute)]
#[dynamap(tag = "method")]
enum Payment {
    #[dynamap(alias = "old card")]
    Card { last4: String },
}

#[derive(Debug, Attribute)]
enum Sending {
    Post { code: u32 },
    Fetched,
}

#[derive(Debug, Attribute)]
struct Address {
    city: String,
}

#[tokio::test]
async fn every_place_has_its_path_and_variants_are_conditions() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop");
    shop.create_table_if_absent().send().await.unwrap();
    requests.clear();
    let update = Order::TAGS
        .inner()
        .add(["a"])
        .and(Order::PAYMENT.at(Payment::VARIANT.card.last4).set("4711"))
        .and(Order::SENDING.at(Sending::VARIANT.post.code).set(1))
        .and(Order::AT.element::<1>().set(2))
        .and(Order::SHIP_TO.field(Address::CITY).set("Oslo"))
        .and(Order::OTHERS.key("weight").set(3))
        .and(Path::<_, u32>::named("height").add(4));
    let condition = Order::TAGS.contains("b") | Order::SENDING.is(Sending::VARIANT.fetched);
    shop.update(Order::key(1)).apply(update).condition(condition).send().await.unwrap_err();
    expect![[r##"
        UpdateItem {
          "ConditionExpression": "attribute_exists(#n10) AND #n0.#n11 IN (:v7, :v8) AND attribute_exists(#n2.#n3) AND (contains(#n8, :v9) OR #n2 = :v10)",
          "ExpressionAttributeNames": {
            "#n0": "payment",
            "#n1": "last4",
            "#n10": "pk",
            "#n11": "method",
            "#n2": "sending",
            "#n3": "Post",
            "#n4": "code",
            "#n5": "at",
            "#n6": "city",
            "#n7": "weight",
            "#n8": "tags",
            "#n9": "height"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "4711"
            },
            ":v1": {
              "N": "1"
            },
            ":v10": {
              "S": "Fetched"
            },
            ":v2": {
              "N": "2"
            },
            ":v3": {
              "S": "Oslo"
            },
            ":v4": {
              "N": "3"
            },
            ":v5": {
              "SS": [
                "a"
              ]
            },
            ":v6": {
              "N": "4"
            },
            ":v7": {
              "S": "Card"
            },
            ":v8": {
              "S": "old card"
            },
            ":v9": {
              "S": "b"
            }
          },
          "Key": {
            "pk": {
              "S": "ORDER#0000000001"
            }
          },
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "shop",
          "UpdateExpression": "SET #n0.#n1 = :v0, #n2.#n3.#n4 = :v1, #n5[1] = :v2, #n6 = :v3, #n7 = :v4 ADD #n8 :v5, #n9 :v6"
        }
    "##]].assert_eq(&sent(&requests));
    let filter = Order::PAYMENT.is(Payment::VARIANT.card) & !Order::SENDING.is(Sending::VARIANT.post);
    shop.scan::<Order>().filter(filter).send().await.unwrap();
    expect![[r##"
        Scan {
          "ExpressionAttributeNames": {
            "#n0": "payment",
            "#n1": "method",
            "#n2": "sending",
            "#n3": "Post"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Card"
            },
            ":v1": {
              "S": "old card"
            }
          },
          "FilterExpression": "#n0.#n1 IN (:v0, :v1) AND NOT (attribute_exists(#n2.#n3))",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
}
