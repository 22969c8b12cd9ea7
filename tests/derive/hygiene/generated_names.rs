//! Fields and types with the names of what is generated.

use super::super::forms::{item, plain, stored};
use dynamap::{Attribute, Entity, Index, Projection, TableSchema};
use serde_json::json;
use std::collections::BTreeMap;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByOwner))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByOwner;

/// A type beside the index, and the entity holds one.
type ByOwnerIndex = u8;

const HEADS: usize = 2;

/// Fields whose constants are called as those of the traits.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "{partition}", sk = "{key}#{by_owner}", name = "an order")]
#[dynamap(index = ByOwner, pk = "{name}", sk = "{set}#{clone}")]
struct Order {
    partition: String,
    key: u8,
    by_owner: String,
    name: String,
    set: u8,
    clone: u8,
    table: String,
    key_attributes: String,
    transactional: String,
    checks_key: String,
    stamps: String,
    fields: String,
    open: String,
    takes_any: String,
    #[dynamap(rename = "e")]
    entity_type: ByOwnerIndex,
    heads: [u8; HEADS],
    _2fa: u8,
    __: u8,
    #[dynamap(flatten)]
    rest: BTreeMap<String, String>,
}

#[derive(Debug, PartialEq, Attribute)]
struct Document {
    fields: u8,
    exact: u8,
    fixed_width: u8,
    #[dynamap(flatten)]
    rest: BTreeMap<String, u8>,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Order)]
struct Heads {
    heads: [u8; HEADS],
    fields: String,
    _2fa: u8,
    entity_type: ByOwnerIndex,
}

fn order() -> Order {
    let s = String::from;
    Order {
        partition: s("p"),
        key: 1,
        by_owner: s("b"),
        name: s("n"),
        set: 2,
        clone: 3,
        table: s("t"),
        key_attributes: s("k"),
        transactional: s("x"),
        checks_key: s("c"),
        stamps: s("s"),
        fields: s("f"),
        open: s("o"),
        takes_any: s("a"),
        entity_type: 4,
        heads: [5, 6],
        _2fa: 7,
        __: 8,
        rest: [(s("more"), s("m"))].into(),
    }
}

#[test]
fn fields_are_called_as_generated_constants_and_functions() {
    let item = item(&order());
    assert_eq!((&item["pk"], &item["sk"]), (&json!({ "S": "p" }), &json!({ "S": "001#b" })));
    assert_eq!((&item["gsi1pk"], &item["gsi1sk"]), (&json!({ "S": "n" }), &json!({ "S": "002#003" })));
    assert_eq!((&item["more"], &item["entity_type"]), (&json!({ "S": "m" }), &json!({ "S": "an order" })));
    assert_eq!(Order::key("p", 1, "b"), order().to_key());
    assert_eq!((Order::NAME.name(), <Order as dynamap::Entity>::NAME), ("name", "an order"));
    assert_eq!((Order::_2FA.name(), Order::__.name(), Order::FIELDS.name()), ("_2fa", "__", "fields"));
    assert!(Order::partition("p").key(1).by_owner("b"..).into_parts().is_ok());
    assert!(Order::by_owner("n").set(2).clone(3..).into_parts().is_ok());
    let json = serde_json::to_vec(&item).unwrap();
    let heads = dynamap::wire::item_from_json::<Heads>(&json).unwrap();
    assert_eq!(heads, Heads { heads: [5, 6], fields: "f".into(), _2fa: 7, entity_type: 4 });
    let document = Document { fields: 1, exact: 2, fixed_width: 3, rest: [("more".into(), 4)].into() };
    let expected = json!({ "fields": 1, "exact": 2, "fixed_width": 3, "more": 4 });
    assert_eq!(plain(&stored(&document)), expected);
    assert_eq!(Document::FIELDS.name(), "fields");
}

mod other {
    use super::Shop;
    use dynamap::Index;

    /// The same name as an index of another module.
    #[derive(Index)]
    #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
    pub(super) struct Key;
}

use other::Key as ByKey;

/// An index under another name, since its own would be that of the function `key`.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "{id}", sk = "A")]
#[dynamap(index = ByKey, pk = "{id}", sk = "{id}")]
struct Aliased {
    id: u8,
}

#[test]
fn an_index_is_called_as_it_is_imported() {
    assert!(Aliased::by_key(1).id(2..).into_parts().is_ok());
}
