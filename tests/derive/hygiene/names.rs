//! Fields, attributes and types with any names.

use super::super::stored;
use dynamap::entity::from_item;
use dynamap::{Attribute, Entity, Index, TableSchema};
use serde_json::json;

#[derive(TableSchema)]
#[dynamap(partition_key = "type", sort_key = "sk", indexes(ByLoop))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByLoop;

/// Keywords.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = type, sk = "{match}#{fn}")]
#[dynamap(index = ByLoop, pk = "{loop}", sk = "{type}")]
struct Raw {
    r#type: String,
    #[dynamap(key_only)]
    r#match: String,
    r#fn: u8,
    r#loop: Option<String>,
}

#[allow(dead_code)]
#[derive(dynamap::ItemCollection)]
struct RawItems {
    r#type: Vec<Raw>,
}

#[allow(dead_code)]
#[derive(dynamap::ItemCollection)]
#[dynamap(index = ByLoop)]
#[allow(non_camel_case_types)]
enum RawItem {
    r#fn(Raw),
}

#[test]
fn raw_identifiers() {
    let _ = (RawItems::partition("t").of::<Raw>().r#match("m"), RawItem::by_loop("l"), RawItem::r#fn);
    let _ = |items: RawItems| items.r#type;
    let raw = Raw { r#type: "t".into(), r#match: "m".into(), r#fn: 1, r#loop: Some("l".into()) };
    let expected = json!({
        "type": "t", "sk": "m#001", "gsi1pk": "l", "gsi1sk": "t", "entity_type": "Raw", "fn": 1, "loop": "l",
    });
    assert_eq!(stored::item(&raw), expected);
    assert!(Raw::partition("t").r#match("m").r#fn(1..).into_parts().is_ok());
    assert!(Raw::by_loop("l").type_begins_with("t").into_parts().is_ok());
    assert_eq!(Raw::key("t", "m", 1), Raw::key("t", "m", 1));
    assert_eq!((Raw::FN.name(), Raw::LOOP.name()), ("fn", "loop"));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByKey))]
struct Locals;

#[derive(Index)]
#[dynamap(table = Locals, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByKey;

/// Every name that generated code uses for something of its own.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Locals, pk = "{key}#{w}#{r}#{partial}#{name}#{index}", sk = "{text}{parser}{value}{partition_key}{sort_key}{entity}{list}{self_}{at}")]
#[dynamap(index = ByKey, pk = "{key}#{w}#{partial}#{name}#{value}", sk = "{entity}{text}{sort_key}{optional}")]
struct Fields {
    #[dynamap(key_only)]
    key: String,
    #[dynamap(key_only)]
    w: String,
    #[dynamap(key_only)]
    r: String,
    #[dynamap(key_only)]
    partial: String,
    #[dynamap(key_only)]
    name: String,
    #[dynamap(key_only)]
    index: String,
    #[dynamap(key_only)]
    text: String,
    #[dynamap(key_only)]
    parser: String,
    value: String,
    #[dynamap(key_only, plain)]
    partition_key: u32,
    #[dynamap(key_only, plain)]
    sort_key: u32,
    #[dynamap(key_only)]
    entity: String,
    list: String,
    self_: u8,
    at: u8,
    optional: Option<String>,
    other: u32,
    state: u32,
    template: u32,
    from: u32,
    condition: u32,
}

#[test]
fn fields_with_the_names_of_locals() {
    let s = |text: &str| text.to_owned();
    let fields = Fields {
        key: s("k"),
        w: s("w"),
        r: s("r"),
        partial: s("p"),
        name: s("n"),
        index: s("i"),
        text: s("t"),
        parser: s("a"),
        value: s("v"),
        partition_key: 1,
        sort_key: 2,
        entity: s("e"),
        list: s("l"),
        self_: 3,
        at: 4,
        optional: Some(s("o")),
        other: 5,
        state: 6,
        template: 7,
        from: 8,
        condition: 9,
    };
    let item = stored::item(&fields);
    assert_eq!(item["pk"], "k#w#r#p#n#i");
    assert_eq!(item["sk"], "t#a#v#1#2#e#l#003#004");
    assert_eq!(item["gsi1pk"], "k#w#p#n#v");
    assert_eq!(item["gsi1sk"], "e#t#2#o");
    let condition = Fields::partition("k", "w", "r", "p", "n", "i").text("t").parser("a").value("v");
    let condition = condition.partition_key(1_u32).sort_key(2_u32).entity("e").list("l").self_(3).at(4..);
    assert!(condition.into_parts().is_ok());
    assert!(
        Fields::by_key("k", "w", "p", "n", "v")
            .entity("e")
            .text("t")
            .sort_key(2_u32)
            .optional(..)
            .into_parts()
            .is_ok()
    );
}

#[derive(TableSchema)]
#[dynamap(partition_key = "the \"key\" \\ #ü", sort_key = "a.b c", ttl = "läuft ab", entity_type = "\n")]
struct Odd;

/// Attribute names that need escapes, in Rust, JSON or both.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Odd, pk = "\"{id}\"\\\n", sk = "é {{{id}}}", name = "an \"entity\" \\")]
struct Names {
    #[dynamap(key_only)]
    id: String,
    #[dynamap(rename = "\"quoted\" \\ and \u{1} 😀")]
    quoted: u32,
    #[dynamap(rename = "dotted.name")]
    dotted: u32,
    #[dynamap(rename = " ")]
    space: Inner,
    größe: u32,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Inner {
    #[dynamap(rename = "\t\"")]
    tab: u32,
}

#[test]
fn attribute_names_of_any_characters() {
    let names = Names { id: "x".into(), quoted: 1, dotted: 2, space: Inner { tab: 3 }, größe: 4 };
    let expected = json!({
        "the \"key\" \\ #ü": "\"x#\"\\\n",
        "a.b c": "é {x#}",
        "\n": "an \"entity\" \\",
        "\"quoted\" \\ and \u{1} 😀": 1,
        "dotted.name": 2,
        " ": { "\t\"": 3 },
        "größe": 4,
    });
    assert_eq!(stored::item(&names), expected);
    let error = from_item::<Names>(Default::default()).unwrap_err();
    assert_eq!(error.entity(), Some("an \"entity\" \\"));
    assert_eq!(Names::GRÖSSE.name(), "größe");
}
