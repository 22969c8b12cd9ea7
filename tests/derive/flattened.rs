//! `flatten` of documents and of maps.

use crate::forms::{item, read, read_item, stored, with};
use dynamap::{Attribute, Entity, Index, TableSchema};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

#[derive(Debug, PartialEq, Attribute)]
struct Outer {
    first: u8,
    #[dynamap(flatten)]
    middle: Middle,
    last: u8,
}

#[derive(Debug, PartialEq, Attribute)]
#[dynamap(rename_all = "camelCase")]
struct Middle {
    in_middle: Option<String>,
    #[dynamap(flatten)]
    inner: Inner,
}

#[derive(Debug, PartialEq, Attribute)]
struct Inner {
    #[dynamap(rename = "i")]
    inmost: Vec<u8>,
    #[dynamap(default)]
    zero: u8,
}

fn outer() -> Outer {
    let inner = Inner { inmost: vec![1], zero: 2 };
    Outer { first: 3, middle: Middle { in_middle: Some("m".into()), inner }, last: 4 }
}

#[test]
fn documents_stand_beside_other_fields() {
    let expected = json!({ "M": {
        "first": { "N": "3" },
        "last": { "N": "4" },
        "inMiddle": { "S": "m" },
        "i": { "L": [{ "N": "1" }] },
        "zero": { "N": "2" },
    } });
    assert_eq!(stored(&outer()), expected);
}

#[test]
fn fields_of_flattened_documents_are_absent_as_others_are() {
    let json = stored(&outer());
    let without = |name| read::<Outer>(&json!({ "M": with(&json["M"], name, None) }));
    assert_eq!(without("zero").unwrap().middle.inner.zero, 0);
    assert_eq!(without("inMiddle").unwrap().middle.in_middle, None);
    assert_eq!(without("i").unwrap_err().path(), "i");
    assert_eq!(without("first").unwrap_err().path(), "first");
}

#[test]
fn unknown_attributes_are_passed_over() {
    let json = stored(&outer());
    let more = with(&json["M"], "other", Some(json!({ "M": { "first": { "S": "" } } })));
    assert_eq!(read(&json!({ "M": more })), Ok(outer()));
}

#[derive(Debug, PartialEq, Attribute)]
struct Open {
    known: u8,
    #[dynamap(flatten)]
    middle: OpenMiddle,
}

#[derive(Debug, PartialEq, Attribute)]
struct OpenMiddle {
    also_known: u8,
    #[dynamap(flatten)]
    others: BTreeMap<String, Vec<u8>>,
}

#[test]
fn a_map_catches_what_no_field_names() {
    let others = BTreeMap::from([("a".into(), vec![1]), ("b".into(), vec![])]);
    let value = Open { known: 1, middle: OpenMiddle { also_known: 2, others } };
    let json = stored(&value);
    assert_eq!(
        json,
        json!({ "M": {
            "known": { "N": "1" },
            "also_known": { "N": "2" },
            "a": { "L": [{ "N": "1" }] },
            "b": { "L": [] },
        } })
    );
    let wrong = with(&json["M"], "b", Some(json!({ "L": [{ "N": "1" }, { "S": "text" }] })));
    let error = read::<Open>(&json!({ "M": wrong })).unwrap_err();
    // What no field names is data.
    assert_eq!((error.path(), error.path_unredacted()), ("{key}[1]".into(), "b[1]".into()));
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", entity_type = "kind", indexes(ByText, ByYear))]
struct Texts;

#[derive(Index)]
#[dynamap(table = Texts, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByText;

#[derive(Index)]
#[dynamap(table = Texts, name = "gsi2", partition_key = ["region", number("year")], sort_key = "sk")]
struct ByYear;

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Texts, pk = "TEXT#{id}", sk = "TEXT")]
#[dynamap(index = ByText, pk = "BY#{word}", sk = "{id}")]
#[dynamap(index = ByYear, pk = [region, year], sk = "TEXT")]
struct Text {
    id: String,
    word: Option<String>,
    region: String,
    year: u16,
    #[dynamap(flatten)]
    others: HashMap<String, String>,
}

fn text(others: &[(&str, &str)]) -> Text {
    let others = others.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect();
    Text { id: "1".into(), word: Some("w".into()), region: "eu".into(), year: 2024, others }
}

#[test]
fn a_map_of_an_entity_catches_no_attribute_that_dynamap_writes() {
    let json = item(&text(&[("title", "t")]));
    assert_eq!(
        json,
        json!({
            "pk": { "S": "TEXT#1" },
            "sk": { "S": "TEXT" },
            "gsi1pk": { "S": "BY#w" },
            "gsi1sk": { "S": "1" },
            "kind": { "S": "Text" },
            "id": { "S": "1" },
            "word": { "S": "w" },
            "region": { "S": "eu" },
            "year": { "N": "2024" },
            "title": { "S": "t" },
        })
    );
    // An item that is in no index, or came from elsewhere.
    let fewer = with(&with(&json, "gsi1pk", None), "kind", None);
    assert_eq!(read_item(&fewer), Ok(text(&[("title", "t")])));
}

#[test]
fn a_map_writes_no_attribute_that_dynamap_writes() {
    for name in ["pk", "sk", "gsi1pk", "gsi1sk", "kind", "id", "word", "region", "year"] {
        let error = dynamap::entity::to_item(&text(&[("title", "t"), (name, "forged")])).unwrap_err();
        let dynamap::error::ItemError::Encode(error) = error else { panic!("{error:?}") };
        assert_eq!((error.entity(), error.path_unredacted().as_str()), (Some("Text"), name));
    }
}
