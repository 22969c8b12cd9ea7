use crate::model::{Order, Shop, Status, order, sent, session, tables};
use dynamap::expr::Condition;
use dynamap::value::{Bytes, DataType};
use dynamap::{Attribute, Entity, Table};
use dynamap_local::Requests;
use expect_test::{Expect, expect};
use std::collections::{BTreeMap, BTreeSet};

/// Has an attribute of every data type that has operators of its own.
#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "PARCEL#{number}", sk = "PARCEL")]
struct Parcel {
    #[dynamap(key_only)]
    number: u32,
    ship_to: Option<Address>,
    weight: Option<u32>,
    limit: u64,
    label: Bytes,
    tags: BTreeSet<String>,
    stops: Vec<Address>,
    phones: BTreeMap<String, String>,
    codes: Vec<String>,
    fragile: bool,
    #[dynamap(serde)]
    insured: Option<u32>,
    note: String,
}

#[derive(Debug, Clone, Attribute)]
struct Address {
    city: String,
    #[dynamap(rename = "postal.code")]
    postal_code: Option<String>,
}

/// What the condition of a delete becomes, in one line: expression, names, values.
async fn rendered<const N: usize>(conditions: [Condition<Parcel>; N]) -> String {
    let (shop, _, requests) = tables().await;
    let mut lines = String::new();
    for condition in conditions {
        lines.push_str(&line(&shop, &requests, condition).await);
    }
    lines
}

async fn line(shop: &Table<Shop>, requests: &Requests, condition: Condition<Parcel>) -> String {
    match shop.delete(Parcel::key(1)).overwrite_other_entities().condition(condition).send().await {
        Ok(()) | Err(dynamap::Error::ConditionFailed(_)) => {}
        Err(error) => return format!("{error}\n"),
    }
    let mut body = requests.take().remove(0).body;
    body.sort_all_objects();
    let expression = body["ConditionExpression"].as_str().unwrap();
    format!("{expression} {} {}\n", body["ExpressionAttributeNames"], body["ExpressionAttributeValues"])
}

async fn check<const N: usize>(conditions: [Condition<Parcel>; N], expected: Expect) {
    expected.assert_eq(&rendered(conditions).await);
}

#[tokio::test]
async fn comparisons() {
    check(
        [
            Parcel::WEIGHT.eq(7),
            Parcel::WEIGHT.ne(7),
            Parcel::WEIGHT.lt(7),
            Parcel::WEIGHT.le(7),
            Parcel::WEIGHT.gt(7),
            Parcel::WEIGHT.ge(7),
            Parcel::WEIGHT.between(1, 7),
            Parcel::WEIGHT.is_in([1, 7]),
            Parcel::WEIGHT.lt(Parcel::LIMIT),
            Parcel::FRAGILE.eq(true),
            Parcel::NOTE.is_in(["a", "b", "a"]),
            Parcel::INSURED.eq(Some(7)),
            Parcel::SHIP_TO.eq(Address { city: "Oslo".into(), postal_code: None }),
            Parcel::TAGS.eq(BTreeSet::from(["a".to_owned(), "b".to_owned()])),
        ],
        expect![[r##"
            #n0 = :v0 {"#n0":"weight"} {":v0":{"N":"7"}}
            #n0 <> :v0 {"#n0":"weight"} {":v0":{"N":"7"}}
            #n0 < :v0 {"#n0":"weight"} {":v0":{"N":"7"}}
            #n0 <= :v0 {"#n0":"weight"} {":v0":{"N":"7"}}
            #n0 > :v0 {"#n0":"weight"} {":v0":{"N":"7"}}
            #n0 >= :v0 {"#n0":"weight"} {":v0":{"N":"7"}}
            #n0 BETWEEN :v0 AND :v1 {"#n0":"weight"} {":v0":{"N":"1"},":v1":{"N":"7"}}
            #n0 IN (:v0, :v1) {"#n0":"weight"} {":v0":{"N":"1"},":v1":{"N":"7"}}
            #n0 < #n1 {"#n0":"weight","#n1":"limit"} null
            #n0 = :v0 {"#n0":"fragile"} {":v0":{"BOOL":true}}
            #n0 IN (:v0, :v1, :v0) {"#n0":"note"} {":v0":{"S":"a"},":v1":{"S":"b"}}
            #n0 = :v0 {"#n0":"insured"} {":v0":{"N":"7"}}
            #n0 = :v0 {"#n0":"ship_to"} {":v0":{"M":{"city":{"S":"Oslo"}}}}
            #n0 = :v0 {"#n0":"tags"} {":v0":{"SS":["a","b"]}}
        "##]],
    )
    .await;
}

#[tokio::test]
async fn functions() {
    check(
        [
            Parcel::WEIGHT.exists(),
            Parcel::WEIGHT.not_exists(),
            Parcel::WEIGHT.is_type(DataType::N),
            Parcel::NOTE.begins_with("a"),
            Parcel::LABEL.begins_with([0, 1].as_slice()),
            Parcel::NOTE.contains("a"),
            Parcel::NOTE.contains(Parcel::SHIP_TO.field(Address::CITY)),
            Parcel::TAGS.contains("a"),
            Parcel::CODES.contains("a"),
            Parcel::TAGS.size().gt(1),
            Parcel::STOPS.size().between(1, Parcel::LIMIT),
            Parcel::LIMIT.ge(Parcel::PHONES.size()),
            Parcel::INSURED.size().ne(1),
        ],
        expect![[r##"
            attribute_exists(#n0) {"#n0":"weight"} null
            attribute_not_exists(#n0) {"#n0":"weight"} null
            attribute_type(#n0, :v0) {"#n0":"weight"} {":v0":{"S":"N"}}
            begins_with(#n0, :v0) {"#n0":"note"} {":v0":{"S":"a"}}
            begins_with(#n0, :v0) {"#n0":"label"} {":v0":{"B":"AAE="}}
            contains(#n0, :v0) {"#n0":"note"} {":v0":{"S":"a"}}
            contains(#n0, #n1.#n2) {"#n0":"note","#n1":"ship_to","#n2":"city"} null
            contains(#n0, :v0) {"#n0":"tags"} {":v0":{"S":"a"}}
            contains(#n0, :v0) {"#n0":"codes"} {":v0":{"S":"a"}}
            size(#n0) > :v0 {"#n0":"tags"} {":v0":{"N":"1"}}
            size(#n0) BETWEEN :v0 AND #n1 {"#n0":"stops","#n1":"limit"} {":v0":{"N":"1"}}
            #n0 >= size(#n1) {"#n0":"limit","#n1":"phones"} null
            size(#n0) <> :v0 {"#n0":"insured"} {":v0":{"N":"1"}}
        "##]],
    )
    .await;
}

#[tokio::test]
async fn paths() {
    check(
        [
            Parcel::SHIP_TO.field(Address::CITY).eq("Oslo"),
            Parcel::SHIP_TO.field(Address::POSTAL_CODE).begins_with("0"),
            Parcel::STOPS.index(3).field(Address::CITY).exists(),
            Parcel::STOPS.index(0).eq(Address { city: "Oslo".into(), postal_code: None }),
            Parcel::PHONES.key("at work.[0]").eq("7"),
            Parcel::CODES.index(0).size().lt(3),
        ],
        expect![[r##"
            #n0.#n1 = :v0 {"#n0":"ship_to","#n1":"city"} {":v0":{"S":"Oslo"}}
            begins_with(#n0.#n1, :v0) {"#n0":"ship_to","#n1":"postal.code"} {":v0":{"S":"0"}}
            attribute_exists(#n0[3].#n1) {"#n0":"stops","#n1":"city"} null
            #n0[0] = :v0 {"#n0":"stops"} {":v0":{"M":{"city":{"S":"Oslo"}}}}
            #n0.#n1 = :v0 {"#n0":"phones","#n1":"at work.[0]"} {":v0":{"S":"7"}}
            size(#n0[0]) < :v0 {"#n0":"codes"} {":v0":{"N":"3"}}
        "##]],
    )
    .await;
}

#[tokio::test]
async fn combinations() {
    let (heavy, fragile, noted) =
        (|| Parcel::WEIGHT.gt(7), || Parcel::FRAGILE.eq(true), || Parcel::NOTE.exists());
    check(
        [
            heavy().and(fragile()).and(noted()),
            heavy() & fragile() | noted(),
            heavy() & (fragile() | noted()),
            heavy().or(fragile().not()),
            !(heavy() & fragile()),
            Condition::all([heavy(), Condition::any([fragile(), noted()]), heavy()]),
        ],
        expect![[r##"
            #n0 > :v0 AND #n1 = :v1 AND attribute_exists(#n2) {"#n0":"weight","#n1":"fragile","#n2":"note"} {":v0":{"N":"7"},":v1":{"BOOL":true}}
            (#n0 > :v0 AND #n1 = :v1) OR attribute_exists(#n2) {"#n0":"weight","#n1":"fragile","#n2":"note"} {":v0":{"N":"7"},":v1":{"BOOL":true}}
            #n0 > :v0 AND (#n1 = :v1 OR attribute_exists(#n2)) {"#n0":"weight","#n1":"fragile","#n2":"note"} {":v0":{"N":"7"},":v1":{"BOOL":true}}
            #n0 > :v0 OR NOT (#n1 = :v1) {"#n0":"weight","#n1":"fragile"} {":v0":{"N":"7"},":v1":{"BOOL":true}}
            NOT (#n0 > :v0 AND #n1 = :v1) {"#n0":"weight","#n1":"fragile"} {":v0":{"N":"7"},":v1":{"BOOL":true}}
            #n0 > :v0 AND (#n1 = :v1 OR attribute_exists(#n2)) AND #n0 > :v0 {"#n0":"weight","#n1":"fragile","#n2":"note"} {":v0":{"N":"7"},":v1":{"BOOL":true}}
        "##]],
    )
    .await;
}

#[tokio::test]
async fn of_writes() {
    let (shop, _, requests) = tables().await;
    shop.delete(Order::key("c-1", 2024, 7))
        .condition(Order::STATUS.eq(Status::Open))
        .send()
        .await
        .unwrap_err();
    expect![[r##"
        DeleteItem {
          "ConditionExpression": "(attribute_not_exists(#n0) OR #n0 = :v0) AND #n1 = :v1",
          "ExpressionAttributeNames": {
            "#n0": "entity_type",
            "#n1": "status"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "Order"
            },
            ":v1": {
              "S": "Open"
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
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));

    let text = |requests: &Requests| {
        let body = requests.take().remove(0).body;
        let expression = body["ConditionExpression"].as_str().unwrap().to_owned();
        format!("{expression} {}\n", body["ReturnValuesOnConditionCheckFailure"])
    };
    let mut lines = String::new();
    let condition = || Order::TOTAL.lt(100) | Order::NOTE.not_exists();
    shop.put(&order()).condition(condition()).send().await.unwrap();
    lines.push_str(&text(&requests));
    shop.replace(&order()).condition(condition()).condition(Order::CODE.ne("x")).send().await.unwrap();
    lines.push_str(&text(&requests));
    shop.create(&order()).condition(condition()).send().await.unwrap_err();
    lines.push_str(&text(&requests));
    shop.create(&session()).condition(crate::model::Session::EXPIRES_AT.exists()).send().await.unwrap_err();
    lines.push_str(&text(&requests));
    expect![[r#"
        (attribute_not_exists(#n0) OR #n0 = :v0) AND (#n1 < :v1 OR attribute_not_exists(#n2)) "ALL_OLD"
        attribute_exists(#n0) AND (attribute_not_exists(#n1) OR #n1 = :v0) AND (#n2 < :v1 OR attribute_not_exists(#n3)) AND #n4 <> :v2 "ALL_OLD"
        attribute_not_exists(#n0) AND (#n1 < :v0 OR attribute_not_exists(#n2)) "ALL_OLD"
        (attribute_not_exists(#n0) OR #n1 <= :v0) AND attribute_exists(#n1) "ALL_OLD"
    "#]]
    .assert_eq(&lines);
}

#[tokio::test]
async fn of_queries() {
    let (shop, _, requests) = tables().await;
    let query = shop.query(Order::partition("c-1").year(2024)).filter(Order::TOTAL.gt(100));
    query.filter(Order::CUSTOMER_ID.eq("c-1")).send().await.unwrap();
    expect![[r##"
        Query {
          "ExpressionAttributeNames": {
            "#n0": "pk",
            "#n1": "sk",
            "#n2": "total",
            "#n3": "customer_id"
          },
          "ExpressionAttributeValues": {
            ":v0": {
              "S": "CUSTOMER#c-1"
            },
            ":v1": {
              "S": "ORDER#02024#"
            },
            ":v2": {
              "N": "100"
            },
            ":v3": {
              "S": "c-1"
            }
          },
          "FilterExpression": "#n2 > :v2 AND #n3 = :v3",
          "KeyConditionExpression": "#n0 = :v0 AND begins_with(#n1, :v1)",
          "TableName": "shop"
        }
    "##]]
    .assert_eq(&sent(&requests));
}
