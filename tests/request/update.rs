use crate::model::{Order, Shop, Status, order, sent, tables};
use dynamap::expr::Update;
use dynamap::{Attribute, Entity, Error, Index, TableSchema};
use dynamap_local::Local;
use expect_test::{Expect, expect};
use std::collections::{BTreeMap, BTreeSet};

/// Has an attribute for every action, and names that an expression could take for something else.
#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "PARCEL#{number}", sk = "PARCEL")]
struct Parcel {
    #[dynamap(key_only)]
    number: u32,
    weight: u32,
    #[dynamap(rename = "a-b")]
    dash: Option<u64>,
    #[dynamap(rename = "a_b")]
    underscore: u64,
    #[dynamap(rename = "a.b")]
    dot: Option<String>,
    #[dynamap(rename = "add")]
    reserved: String,
    tags: BTreeSet<String>,
    codes: Option<BTreeSet<u8>>,
    stops: Vec<Stop>,
    notes: Option<Vec<String>>,
    phones: BTreeMap<String, Option<String>>,
    ship_to: Stop,
    #[dynamap(serde)]
    insured: Option<u32>,
}

#[derive(Debug, Clone, Attribute)]
struct Stop {
    city: String,
    #[dynamap(rename = "postal.code")]
    postal_code: Option<String>,
    visits: u32,
}

fn stop() -> Stop {
    Stop { city: "Oslo".into(), postal_code: None, visits: 1 }
}

/// What an update becomes, in one line: expression, names, values without those of the condition.
async fn check<const N: usize>(updates: [Update<Parcel>; N], expected: Expect) {
    let (shop, _, requests) = tables().await;
    let mut lines = String::new();
    for update in updates {
        let absent = shop.update(Parcel::key(1)).apply(update.clone()).send().await;
        assert!(matches!(absent, Err(Error::ConditionFailed(_))), "{update}: {absent:?}");
        let mut body = requests.take().remove(0).body;
        body.sort_all_objects();
        let expression = body["UpdateExpression"].as_str().unwrap();
        let used = |member: &str| {
            let all = body[member].as_object().cloned().unwrap_or_default();
            let used = all.into_iter().filter(|(placeholder, _)| expression.contains(placeholder.as_str()));
            serde_json::Value::Object(used.collect())
        };
        let (names, values) = (used("ExpressionAttributeNames"), used("ExpressionAttributeValues"));
        lines.push_str(&format!("{update}\n  {expression} {names} {values}\n"));
    }
    expected.assert_eq(&lines);
}

#[tokio::test]
async fn set() {
    check(
        [
            Parcel::WEIGHT.set(3),
            Parcel::DASH.set(Some(1)),
            Parcel::DASH.set(2_u64).and(Parcel::UNDERSCORE.set(2_u64)),
            Parcel::DASH.set(None),
            Parcel::DOT.set("x").and(Parcel::RESERVED.set(Parcel::DOT)),
            Parcel::TAGS.set(["b", "a", "b"]),
            Parcel::TAGS.set(BTreeSet::new()),
            Parcel::STOPS.set([stop()]),
            Parcel::NOTES.set(["x", "y"]),
            Parcel::INSURED.set(Some(7)),
            Parcel::INSURED.set(None),
            Parcel::WEIGHT.set(Parcel::WEIGHT + 1),
            Parcel::WEIGHT.set(Parcel::WEIGHT - Parcel::SHIP_TO.field(Stop::VISITS)),
            Parcel::DASH.set(Parcel::DASH.if_not_exists(0) + 1),
            Parcel::DASH.set_if_not_exists(5),
        ],
        expect![[r##"
            SET weight = ?
              SET #n0 = :v0 {"#n0":"weight"} {":v0":{"N":"3"}}
            SET `a-b` = ?
              SET #n0 = :v0 {"#n0":"a-b"} {":v0":{"N":"1"}}
            SET `a-b` = ?, a_b = ?
              SET #n0 = :v0, #n1 = :v0 {"#n0":"a-b","#n1":"a_b"} {":v0":{"N":"2"}}
            REMOVE `a-b`
              REMOVE #n0 {"#n0":"a-b"} {}
            SET `a.b` = ?, add = `a.b`
              SET #n0 = :v0, #n1 = #n0 {"#n0":"a.b","#n1":"add"} {":v0":{"S":"x"}}
            SET tags = ?
              SET #n0 = :v0 {"#n0":"tags"} {":v0":{"SS":["a","b"]}}
            REMOVE tags
              REMOVE #n0 {"#n0":"tags"} {}
            SET stops = ?
              SET #n0 = :v0 {"#n0":"stops"} {":v0":{"L":[{"M":{"city":{"S":"Oslo"},"visits":{"N":"1"}}}]}}
            SET notes = ?
              SET #n0 = :v0 {"#n0":"notes"} {":v0":{"L":[{"S":"x"},{"S":"y"}]}}
            SET insured = ?
              SET #n0 = :v0 {"#n0":"insured"} {":v0":{"N":"7"}}
            REMOVE insured
              REMOVE #n0 {"#n0":"insured"} {}
            SET weight = weight + ?
              SET #n0 = #n0 + :v0 {"#n0":"weight"} {":v0":{"N":"1"}}
            SET weight = weight - ship_to.visits
              SET #n0 = #n0 - #n1.#n2 {"#n0":"weight","#n1":"ship_to","#n2":"visits"} {}
            SET `a-b` = if_not_exists(`a-b`, ?) + ?
              SET #n0 = if_not_exists(#n0, :v0) + :v1 {"#n0":"a-b"} {":v0":{"N":"0"},":v1":{"N":"1"}}
            SET `a-b` = if_not_exists(`a-b`, ?)
              SET #n0 = if_not_exists(#n0, :v0) {"#n0":"a-b"} {":v0":{"N":"5"}}
        "##]],
    )
    .await;
}

#[tokio::test]
async fn set_inside_maps_and_lists() {
    check(
        [
            Parcel::SHIP_TO.field(Stop::POSTAL_CODE).set("0150"),
            Parcel::STOPS.index(2).field(Stop::VISITS).set(Parcel::STOPS.index(2).field(Stop::VISITS) + 1),
            Parcel::STOPS.index(0).set(stop()),
            Parcel::PHONES.key("at work").set(Some("1".to_owned())),
            Parcel::PHONES.key("a.b").set_if_not_exists("2".to_owned()),
        ],
        expect![[r##"
            SET ship_to.`postal.code` = ?
              SET #n0.#n1 = :v0 {"#n0":"ship_to","#n1":"postal.code"} {":v0":{"S":"0150"}}
            SET stops[2].visits = stops[2].visits + ?
              SET #n0[2].#n1 = #n0[2].#n1 + :v0 {"#n0":"stops","#n1":"visits"} {":v0":{"N":"1"}}
            SET stops[0] = ?
              SET #n0[0] = :v0 {"#n0":"stops"} {":v0":{"M":{"city":{"S":"Oslo"},"visits":{"N":"1"}}}}
            SET phones.{key} = ?
              SET #n0.#n1 = :v0 {"#n0":"phones","#n1":"at work"} {":v0":{"S":"1"}}
            SET phones.{key} = if_not_exists(phones.{key}, ?)
              SET #n0.#n1 = if_not_exists(#n0.#n1, :v0) {"#n0":"phones","#n1":"a.b"} {":v0":{"S":"2"}}
        "##]],
    )
    .await;
}

#[tokio::test]
async fn remove() {
    check(
        [
            Parcel::DOT.remove().and(Parcel::TAGS.remove()),
            Parcel::STOPS.index(0).remove().and(Parcel::STOPS.index(1).remove()),
            Parcel::PHONES.key("#n0").remove(),
            Parcel::SHIP_TO.field(Stop::POSTAL_CODE).remove(),
        ],
        expect![[r##"
            REMOVE `a.b`, tags
              REMOVE #n0, #n1 {"#n0":"a.b","#n1":"tags"} {}
            REMOVE stops[0], stops[1]
              REMOVE #n0[0], #n0[1] {"#n0":"stops"} {}
            REMOVE phones.{key}
              REMOVE #n0.#n1 {"#n0":"phones","#n1":"#n0"} {}
            REMOVE ship_to.`postal.code`
              REMOVE #n0.#n1 {"#n0":"ship_to","#n1":"postal.code"} {}
        "##]],
    )
    .await;
}

#[tokio::test]
async fn add_and_delete() {
    check(
        [
            Parcel::WEIGHT.add(1),
            Parcel::DASH.add(1_u64),
            Parcel::TAGS.add(["x"]).and(Parcel::CODES.delete([1, 2])),
            Update::all([Parcel::WEIGHT.add(1), Parcel::DOT.remove(), Parcel::RESERVED.set("r")]),
        ],
        expect![[r##"
            ADD weight ?
              ADD #n0 :v0 {"#n0":"weight"} {":v0":{"N":"1"}}
            ADD `a-b` ?
              ADD #n0 :v0 {"#n0":"a-b"} {":v0":{"N":"1"}}
            ADD tags ? DELETE codes ?
              ADD #n0 :v0 DELETE #n1 :v1 {"#n0":"tags","#n1":"codes"} {":v0":{"SS":["x"]},":v1":{"NS":["1","2"]}}
            SET add = ? REMOVE `a.b` ADD weight ?
              SET #n0 = :v0 REMOVE #n1 ADD #n2 :v1 {"#n0":"add","#n1":"a.b","#n2":"weight"} {":v0":{"S":"r"},":v1":{"N":"1"}}
        "##]],
    )
    .await;
}

#[tokio::test]
async fn append_and_prepend() {
    check(
        [Parcel::STOPS.append([stop()]), Parcel::NOTES.prepend(["x"]), Parcel::NOTES.append(Parcel::NOTES)],
        expect![[r##"
            SET stops = list_append(if_not_exists(stops, ?), ?)
              SET #n0 = list_append(if_not_exists(#n0, :v0), :v1) {"#n0":"stops"} {":v0":{"L":[]},":v1":{"L":[{"M":{"city":{"S":"Oslo"},"visits":{"N":"1"}}}]}}
            SET notes = list_append(?, if_not_exists(notes, ?))
              SET #n0 = list_append(:v0, if_not_exists(#n0, :v1)) {"#n0":"notes"} {":v0":{"L":[{"S":"x"}]},":v1":{"L":[]}}
            SET notes = list_append(if_not_exists(notes, ?), notes)
              SET #n0 = list_append(if_not_exists(#n0, :v0), #n0) {"#n0":"notes"} {":v0":{"L":[]}}
        "##]],
    )
    .await;
}

#[tokio::test]
async fn index_keys_follow() {
    let (shop, _, requests) = tables().await;
    shop.put(&order()).send().await.unwrap();
    requests.clear();
    shop.update(Order::key("c-1", 2024, 7)).apply(Order::STATUS.set(Status::Open)).send().await.unwrap();
    expect![[r##"
        UpdateItem {
          "ConditionExpression": "attribute_exists(#n2) AND (attribute_not_exists(#n3) OR #n3 = :v2)",
          "ExpressionAttributeNames": {
            "#n0": "status",
            "#n1": "gsi1pk",
            "#n2": "pk",
            "#n3": "entity_type"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Open"
            },
            ":v1": {
              "S": "STATUS#Open"
            },
            ":v2": {
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
          "TableName": "shop",
          "UpdateExpression": "SET #n0 = :v0, #n1 = :v1"
        }
    "##]]
    .assert_eq(&sent(&requests));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByMaker))]
struct Garage;

#[derive(Index)]
#[dynamap(table = Garage, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByMaker;

#[derive(Debug, Entity)]
#[dynamap(table = Garage, pk = "CAR#{plate}", sk = "CAR")]
#[dynamap(index = ByMaker, pk = "MAKER#{maker}", sk = "{model}#{plate}")]
struct Car {
    plate: String,
    maker: Option<String>,
    model: String,
    note: Option<String>,
}

#[tokio::test]
async fn upsert_save_and_what_they_return() {
    let (local, requests) = Local::memory().unwrap().recording();
    let garage = dynamap::Table::<Garage>::new(local.client(), "garage");
    garage.create_table_if_absent().send().await.unwrap();
    requests.clear();
    garage
        .upsert(Car::key("A 1"))
        .apply(Car::set_maker_and_model("Saab", "900"))
        .return_updated_new()
        .send()
        .await
        .unwrap();
    expect![[r##"
        UpdateItem {
          "ConditionExpression": "attribute_not_exists(#n5) OR #n5 = :v5",
          "ExpressionAttributeNames": {
            "#n0": "maker",
            "#n1": "model",
            "#n2": "gsi1pk",
            "#n3": "gsi1sk",
            "#n4": "plate",
            "#n5": "entity_type"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Saab"
            },
            ":v1": {
              "S": "900"
            },
            ":v2": {
              "S": "MAKER#Saab"
            },
            ":v3": {
              "S": "900#A$P1"
            },
            ":v4": {
              "S": "A 1"
            },
            ":v5": {
              "S": "Car"
            }
          },
          "Key": {
            "pk": {
              "S": "CAR#A$P1"
            },
            "sk": {
              "S": "CAR"
            }
          },
          "ReturnValues": "UPDATED_NEW",
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "garage",
          "UpdateExpression": "SET #n0 = :v0, #n1 = :v1, #n2 = :v2, #n3 = :v3, #n4 = :v4, #n5 = :v5"
        }
    "##]]
    .assert_eq(&sent(&requests));
    let car = Car { plate: "A 1".into(), maker: None, model: "901".into(), note: None };
    garage.save(&car).return_updated_old().send().await.unwrap();
    expect![[r##"
        UpdateItem {
          "ConditionExpression": "attribute_exists(#n7) AND (attribute_not_exists(#n0) OR #n0 = :v0)",
          "ExpressionAttributeNames": {
            "#n0": "entity_type",
            "#n1": "model",
            "#n2": "plate",
            "#n3": "gsi1pk",
            "#n4": "gsi1sk",
            "#n5": "maker",
            "#n6": "note",
            "#n7": "pk"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Car"
            },
            ":v1": {
              "S": "901"
            },
            ":v2": {
              "S": "A 1"
            }
          },
          "Key": {
            "pk": {
              "S": "CAR#A$P1"
            },
            "sk": {
              "S": "CAR"
            }
          },
          "ReturnValues": "UPDATED_OLD",
          "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
          "TableName": "garage",
          "UpdateExpression": "SET #n0 = :v0, #n1 = :v1, #n2 = :v2 REMOVE #n3, #n4, #n5, #n6"
        }
    "##]]
    .assert_eq(&sent(&requests));
}
