//! Newtypes: as values, members of sets, keys of maps and components of keys.

use super::stored;
use dynamap::value::{DataType, MapKey};
use dynamap::{Attribute, Entity, TableSchema};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Attribute)]
struct OrderId(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Attribute)]
struct Number(u16);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Notes(Option<String>);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Tags(BTreeSet<OrderId>);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Amount(f64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Attribute)]
#[dynamap(rename_all = "kebab-case")]
enum Size {
    Small,
    VeryLarge,
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", entity_type = none)]
struct Shop;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "{id}", sk = "{size}#{number}")]
struct Order {
    id: OrderId,
    size: Size,
    number: Number,
    notes: Notes,
    tags: Tags,
    amount: Amount,
    ids: BTreeSet<OrderId>,
    numbers: BTreeSet<Number>,
    sizes: BTreeSet<Size>,
    by_id: BTreeMap<OrderId, Number>,
    by_number: HashMap<Number, Size>,
    by_size: BTreeMap<Size, Vec<OrderId>>,
}

#[test]
fn newtypes_stand_for_their_content() {
    let id = OrderId("a#b".into());
    let order = Order {
        id: id.clone(),
        size: Size::VeryLarge,
        number: Number(7),
        notes: Notes(Some("n".into())),
        tags: Tags([id.clone()].into()),
        amount: Amount(0.5),
        ids: [id.clone()].into(),
        numbers: [Number(1), Number(2)].into(),
        sizes: [Size::Small].into(),
        by_id: [(id.clone(), Number(1))].into(),
        by_number: [(Number(3), Size::Small)].into(),
        by_size: [(Size::VeryLarge, vec![id])].into(),
    };
    let expected = json!({
        "pk": "a$Sb",
        "sk": "very-large#00007",
        "id": "a#b",
        "size": "very-large",
        "number": 7,
        "notes": "n",
        "tags": ["a#b"],
        "amount": 0.5,
        "ids": ["a#b"],
        "numbers": ["1", "2"],
        "sizes": ["small"],
        "by_id": { "a#b": 1 },
        "by_number": { "3": "small" },
        "by_size": { "very-large": ["a#b"] },
    });
    assert_eq!(stored::item(&order), expected);
}

#[test]
fn the_absence_of_the_content_is_that_of_the_newtype() {
    let order = Order {
        id: OrderId("a".into()),
        size: Size::Small,
        number: Number(1),
        notes: Notes(None),
        tags: Tags(BTreeSet::new()),
        amount: Amount(1.0),
        ids: BTreeSet::new(),
        numbers: BTreeSet::new(),
        sizes: BTreeSet::new(),
        by_id: BTreeMap::new(),
        by_number: HashMap::new(),
        by_size: BTreeMap::new(),
    };
    let item = stored::item(&order);
    assert_eq!((item.get("notes"), item.get("tags")), (None, None));
}

#[test]
fn unknown_names_are_no_keys_of_a_map() {
    assert_eq!(Size::from_key("small".into()).unwrap(), Size::Small);
    let error = Size::from_key("CANARY".into()).unwrap_err();
    assert_eq!(error.to_string(), "expected a variant of `Size`, found another name");
}

#[test]
fn a_key_condition_takes_newtypes_and_what_they_are_made_of() {
    let id = OrderId("a".into());
    let condition = Order::partition(&id).size(Size::Small).number(Number(1)..=Number(9));
    let parts = condition.into_parts().unwrap();
    assert_eq!(parts.partition.len(), 1);
}

#[test]
fn data_types_are_those_of_the_content() {
    use dynamap::value::{AttributeType, marker::Marker};
    fn of<T: AttributeType>() -> Option<DataType> {
        <T::DataType as Marker>::DATA_TYPE
    }
    assert_eq!(of::<OrderId>(), Some(DataType::S));
    assert_eq!(of::<Number>(), Some(DataType::N));
    assert_eq!(of::<Tags>(), Some(DataType::Ss));
    assert_eq!(of::<Size>(), Some(DataType::S));
}
