//! Fields with the names that generated code uses itself.

use dynamap::{Attribute, Entity, TableSchema};

/// A table.
#[derive(Debug, TableSchema)]
#[dynamap(partition_key = "the pk", sort_key = "sk#1")]
pub(crate) struct Shop;

/// An entity.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "A#{r}#{w}#{key}", sk = "{partial}#{text}#{parser}")]
pub(crate) struct Names {
    #[dynamap(key_only)]
    r: String,
    #[dynamap(key_only)]
    w: String,
    key: String,
    #[dynamap(key_only)]
    partial: String,
    text: String,
    parser: String,
    name: String,
    index: u8,
    value: u8,
    members: u8,
    partition_key: u8,
    sort_key: u8,
    entity: u8,
    tag: u8,
    list: u8,
    item: u8,
    table: u8,
    error: u8,
    #[dynamap(rename = "a \"quoted\" \\ name.with#all – of it")]
    odd: u8,
}

/// Variants and their fields.
#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(tag = "tag")]
pub(crate) enum Variants {
    R { w: u8, r: u8, value: u8, name: u8, index: u8, partial: u8 },
    Unit,
}

/// A tuple.
#[derive(Debug, Clone, PartialEq, Attribute)]
pub(crate) struct Tuple(u8, String);

#[test]
fn they_meet_nothing() {
    let names = Names {
        r: "r".into(),
        w: "w".into(),
        key: "key".into(),
        partial: "partial".into(),
        text: "text".into(),
        parser: "parser".into(),
        name: "name".into(),
        index: 1,
        value: 2,
        members: 3,
        partition_key: 4,
        sort_key: 5,
        entity: 6,
        tag: 7,
        list: 8,
        item: 9,
        table: 10,
        error: 11,
        odd: 12,
    };
    let item = dynamap::entity::to_item(&names);
    assert_eq!(item.map(dynamap::entity::from_item::<Names>).ok(), Some(Ok(names.clone())));
    for value in [Variants::R { w: 1, r: 2, value: 3, name: 4, index: 5, partial: 6 }, Variants::Unit] {
        let json = dynamap::wire::to_json(&value);
        assert_eq!(json.ok().map(|json| dynamap::wire::from_json::<Variants>(&json)), Some(Ok(value)));
    }
    let tuple = Tuple(1, "a".into());
    let json = dynamap::wire::to_json(&tuple);
    assert_eq!(json.ok().map(|json| dynamap::wire::from_json::<Tuple>(&json)), Some(Ok(tuple)));
    let condition = Names::partition("r", "w", "key").partial("partial").text("a".."b");
    assert!(condition.into_parts().is_ok());
}
