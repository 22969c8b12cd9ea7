//! Keys of secondary indexes.

use super::stored;
use dynamap::key::IntoKeyCondition;
use dynamap::{Entity, Index, TableSchema};
use serde_json::{Value, json};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
#[dynamap(indexes(ByStatus, ByPlace, ByTotal, Inverted, BySharedKey, ByKind))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByStatus;

/// A key of several attributes.
#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = ["country", number("zip")], sort_key = ["street", "house"])]
struct ByPlace;

#[derive(Index)]
#[dynamap(table = Shop, name = "lsi1", local, sort_key = number("total"))]
struct ByTotal;

/// The table's keys reversed.
#[derive(Index)]
#[dynamap(table = Shop, name = "inverted", partition_key = "sk", sort_key = "pk")]
struct Inverted;

/// Shares an attribute with another index.
#[derive(Index)]
#[dynamap(table = Shop, name = "gsi4", partition_key = "gsi1pk", sort_key = number("total"), projection = keys_only)]
struct BySharedKey;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi5", partition_key = "entity kind")]
struct ByKind;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
#[dynamap(index = ByStatus, pk = "STATUS#{status}", sk = "{urgency}#{number}")]
#[dynamap(index = ByPlace, pk = [country, zip], sk = [street, house])]
#[dynamap(index = ByTotal, sk = total)]
#[dynamap(index = Inverted, pk = "ORDER#{number}", sk = "CUSTOMER#{customer}")]
#[dynamap(index = BySharedKey, pk = "STATUS#{status}", sk = total)]
#[dynamap(index = ByKind, pk = "ORDER")]
struct Order {
    #[dynamap(key_only)]
    customer: String,
    number: u16,
    status: Option<String>,
    urgency: Option<u8>,
    total: u32,
    country: Option<String>,
    zip: u32,
    street: String,
    house: String,
}

fn order() -> Order {
    Order {
        customer: "c".into(),
        number: 7,
        status: Some("open".into()),
        urgency: Some(1),
        total: 100,
        country: Some("SE".into()),
        zip: 22100,
        street: "Main Street".into(),
        house: "1 b".into(),
    }
}

#[test]
fn keys_of_all_indexes() {
    let expected = json!({
        "pk": "CUSTOMER#c",
        "sk": "ORDER#00007",
        "entity_type": "Order",
        "gsi1pk": "STATUS#open",
        "gsi1sk": "001#00007",
        "entity kind": "ORDER",
        "number": 7,
        "status": "open",
        "urgency": 1,
        "total": 100,
        "country": "SE",
        "zip": 22100,
        "street": "Main Street",
        "house": "1 b",
    });
    assert_eq!(stored::item(&order()), expected);
}

#[test]
fn a_sparse_index_has_a_whole_key_or_none() {
    let gsi1 = |item: &Value| (item.get("gsi1pk").is_some(), item.get("gsi1sk").is_some());
    let item = stored::item(&Order { status: None, ..order() });
    assert_eq!(gsi1(&item), (false, false));
    let item = stored::item(&Order { country: None, ..order() });
    assert_eq!((gsi1(&item), item.get("country")), ((true, true), None));
}

/// Only one index, so that no other shares its partition key.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "A#{id}", sk = "A")]
#[dynamap(index = ByStatus, pk = "STATUS#{status}", sk = "{urgency}")]
struct Sparse {
    id: String,
    status: String,
    urgency: Option<u8>,
}

#[test]
fn an_optional_component_decides_over_the_whole_key() {
    let sparse = Sparse { id: "x".into(), status: "open".into(), urgency: None };
    let item = stored::item(&sparse);
    assert!(item.get("gsi1pk").is_none() && item.get("gsi1sk").is_none());
    let item = stored::item(&Sparse { urgency: Some(2), ..sparse });
    assert_eq!((&item["gsi1pk"], &item["gsi1sk"]), (&json!("STATUS#open"), &json!("002")));
}

#[test]
fn conditions_name_the_attributes_of_their_index() {
    let names = |parts: dynamap::key::KeyConditionParts| {
        let names = |attributes: &[&'static str]| attributes.join(" ");
        let partition: Vec<_> = parts.partition.iter().map(|(name, _)| *name).collect();
        let sort: Vec<_> =
            parts.sort.iter().map(|(name, operator)| format!("{name} {}", operator.name())).collect();
        (names(&partition), sort.join(", "))
    };
    let of = |partition: &str, sort: &str| (partition.to_owned(), sort.to_owned());
    let condition = Order::by_status("open").urgency(1).number(5..);
    assert_eq!(names(condition.into_parts().unwrap()), of("gsi1pk", "gsi1sk BETWEEN"));
    let condition = Order::by_place("SE", 22100_u32).street("Main Street").house("1".to_owned()..);
    assert_eq!(names(condition.into_parts().unwrap()), of("country zip", "street =, house >="));
    let condition = Order::by_total("c").total(5..=9);
    assert_eq!(names(condition.into_parts().unwrap()), of("pk", "total BETWEEN"));
    let condition = Order::inverted(7).customer("c").into_key_condition();
    assert_eq!(names(condition.into_parts().unwrap()), of("sk", "pk ="));
    let condition = Order::by_shared_key("open").total(..9);
    assert_eq!(names(condition.into_parts().unwrap()), of("gsi1pk", "total <"));
    let condition = Order::by_kind().into_key_condition();
    assert_eq!(names(condition.into_parts().unwrap()), of("entity kind", ""));
}
