//! The keys of tables: templates, fields that are keys, and fields that are stored only in keys.

use crate::forms::{item, read_item, with};
use dynamap::{
    Entity, TableSchema,
    entity::Key,
    value::{ByteArray, Bytes},
};
use serde_json::json;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "T#{tenant}#{region}", sk = "{tenant}#{year}#{word}", name = "line of order")]
struct Line {
    #[dynamap(key_only)]
    region: String,
    #[dynamap(key_only)]
    year: i32,
    #[dynamap(key_only)]
    tenant: u8,
    word: String,
    count: u32,
}

fn line() -> Line {
    Line { region: "e#u".into(), year: -5, tenant: 7, word: "w".into(), count: 3 }
}

#[test]
fn fields_only_in_keys() {
    let json = item(&line());
    assert_eq!(
        json,
        json!({
            "pk": { "S": "T#007#e$Su" },
            "sk": { "S": "007#-9999999995#w" },
            "entity_type": { "S": "line of order" },
            "word": { "S": "w" },
            "count": { "N": "3" },
        })
    );
    // An attribute of the field's name is not the field.
    assert_eq!(read_item(&with(&json, "region", Some(json!({ "S": "other" })))), Ok(line()));
    // A stored field is read from its attribute, and must be that of the key: the entity would be written elsewhere.
    let other = with(&json, "word", Some(json!({ "S": "other" })));
    assert_eq!(read_item::<Line>(&other).unwrap_err().found(), "an item with another key");
    for key in ["pk", "sk"] {
        let error = read_item::<Line>(&with(&json, key, None)).unwrap_err();
        assert_eq!((error.path().as_str(), error.found()), (key, "none"));
    }
}

#[test]
fn keys_are_made_read_and_compared() {
    let key = line().to_key();
    let again = LineKey::from_attributes(Some(key.partition_key().unwrap()), key.sort_key().unwrap());
    assert_eq!(again.as_ref(), Ok(&key));
    assert_eq!(Line::key(7, "e#u", -5, "w"), key);
    assert_ne!(Line::key(7, "e#u", -5, "x"), key);
}

macro_rules! bare {
    ($($module:ident: $kind:ident $type:ty, $value:expr, $stored:expr;)*) => { $(
        mod $module {
            use super::*;

            #[derive(TableSchema)]
            #[dynamap(partition_key = $kind("id"), sort_key = $kind("at"), entity_type = none)]
            struct Bare;

            #[derive(Debug, PartialEq, Entity)]
            #[dynamap(table = Bare, pk = id, sk = place)]
            struct Entry {
                id: $type,
                #[dynamap(rename = "at")]
                place: $type,
                note: Option<String>,
            }

            #[test]
            fn fields_are_keys() {
                let entry = Entry { id: $value, place: $value, note: None };
                assert_eq!(item(&entry), json!({ "id": $stored, "at": $stored }));
                let key = dynamap::wire::to_json(&entry.to_key().partition_key().unwrap()).unwrap();
                assert_eq!(serde_json::from_slice::<serde_json::Value>(&key).unwrap(), $stored);
            }
        }
    )* };
}

bare! {
    text: string String, "a#b $".to_owned(), json!({ "S": "a#b $" });
    number: number i64, -7, json!({ "N": "-7" });
    fraction: number f64, 0.5, json!({ "N": "0.5" });
    bytes: binary Bytes, Bytes::from(vec![0, 255]), json!({ "B": "AP8=" });
    array: binary ByteArray<2>, ByteArray([0, 255]), json!({ "B": "AP8=" });
}

#[derive(TableSchema)]
#[dynamap(partition_key = "id", entity_type = "kind")]
struct Mixed;

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Mixed, pk = id, rename_all = "camelCase", name = "kind two")]
struct NoSortKey {
    id: String,
    all_words: u8,
}

#[test]
fn tables_without_sort_key_and_renamed_entity_types() {
    let entity = NoSortKey { id: "1".into(), all_words: 2 };
    let json = item(&entity);
    assert_eq!(json, json!({ "id": { "S": "1" }, "kind": { "S": "kind two" }, "allWords": { "N": "2" } }));
    assert_eq!(entity.to_key().sort_key(), Ok(None));
    assert_eq!(NoSortKey::NAME, "kind two");
    // What the item says it is, is not asked: that is for the caller.
    assert_eq!(read_item(&with(&json, "kind", None)), Ok(entity));
}

#[test]
fn empty_and_long_keys_are_refused() {
    let of = |id: String| dynamap::entity::to_item(&NoSortKey { id, all_words: 1 });
    let refused = |id: String| of(id).unwrap_err().to_string();
    assert_eq!(refused(String::new()), "key attribute `id`: a key cannot be empty");
    assert_eq!(refused("x".repeat(2049)), "key attribute `id`: 2049 bytes are over the limit of 2048 bytes");
    assert!(of("x".repeat(2048)).is_ok());
    let word = |length| dynamap::entity::to_item(&Line { word: "x".repeat(length), ..line() });
    assert!(word(1008).is_ok());
    assert_eq!(
        word(1009).unwrap_err().to_string(),
        "key `{tenant}#{year}#{word}`: 1025 bytes are over the limit of 1024 bytes"
    );
}
