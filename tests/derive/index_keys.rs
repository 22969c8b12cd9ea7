//! The keys of secondary indexes.

use crate::forms::{item, read_item, with};
use dynamap::{Entity, Index, TableSchema};
use serde_json::{Value, json};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", entity_type = none)]
#[dynamap(indexes(ByWord, Several, Local, Inverted, ByRegion, ByRegionAndRank, Bare))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "word", partition_key = "wordpk", sort_key = "wordsk")]
struct ByWord;

#[derive(Index)]
#[dynamap(table = Shop, name = "several")]
#[dynamap(partition_key = ["zone", number("year")], sort_key = [number("rank"), "title"])]
struct Several;

#[derive(Index)]
#[dynamap(table = Shop, name = "local", local, sort_key = "localsk")]
struct Local;

#[derive(Index)]
#[dynamap(table = Shop, name = "inverted", partition_key = "sk", sort_key = "pk")]
struct Inverted;

#[derive(Index)]
#[dynamap(table = Shop, name = "region", partition_key = "regionpk", sort_key = "regionsk")]
struct ByRegion;

#[derive(Index)]
#[dynamap(table = Shop, name = "region2", partition_key = "regionpk", sort_key = "ranksk")]
struct ByRegionAndRank;

#[derive(Index)]
#[dynamap(table = Shop, name = "bare", partition_key = binary("hash"))]
struct Bare;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "P#{id}", sk = "S#{number}")]
#[dynamap(index = ByWord, pk = "W#{word}", sk = "{second}#{number}")]
#[dynamap(index = Several, pk = [zone, year], sk = [rank, title])]
#[dynamap(index = Local, sk = "L#{word}")]
#[dynamap(index = Inverted, pk = "S#{number}", sk = "P#{id}")]
#[dynamap(index = Bare, pk = hash)]
struct Everything {
    #[dynamap(key_only)]
    id: String,
    #[dynamap(key_only)]
    number: u8,
    word: Option<String>,
    second: Option<u8>,
    zone: String,
    year: u16,
    rank: Option<i32>,
    title: String,
    hash: Option<dynamap::value::Bytes>,
}

fn everything() -> Everything {
    Everything {
        id: "1".into(),
        number: 2,
        word: Some("w#".into()),
        second: Some(3),
        zone: "z".into(),
        year: 2024,
        rank: Some(-1),
        title: "t".into(),
        hash: Some(vec![1].into()),
    }
}

fn without(json: &Value, names: &[&str]) -> Value {
    names.iter().fold(json.clone(), |json, name| with(&json, name, None))
}

#[test]
fn keys_of_all_kinds() {
    assert_eq!(
        item(&everything()),
        json!({
            "pk": { "S": "P#1" },
            "sk": { "S": "S#002" },
            "wordpk": { "S": "W#w$S" },
            "wordsk": { "S": "003#002" },
            "localsk": { "S": "L#w$S" },
            "word": { "S": "w#" },
            "second": { "N": "3" },
            "zone": { "S": "z" },
            "year": { "N": "2024" },
            "rank": { "N": "-1" },
            "title": { "S": "t" },
            "hash": { "B": "AQ==" },
        })
    );
}

#[test]
fn an_absent_component_takes_its_keys_along() {
    let json = item(&everything());
    let no_second = Everything { second: None, ..everything() };
    assert_eq!(item(&no_second), without(&json, &["second", "wordpk", "wordsk"]));
    let no_word = Everything { word: None, ..everything() };
    assert_eq!(item(&no_word), without(&json, &["word", "wordpk", "wordsk", "localsk"]));
    let no_rank = Everything { rank: None, hash: None, ..everything() };
    assert_eq!(item(&no_rank), without(&json, &["rank", "hash"]));
}

#[test]
fn index_keys_are_not_read() {
    let json = without(&item(&everything()), &["wordpk", "wordsk", "localsk"]);
    assert_eq!(read_item(&json), Ok(everything()));
}

#[test]
fn index_keys_are_checked() {
    let bytes = dynamap::value::Bytes::from(vec![]);
    let cases = [
        (Everything { word: Some("x".repeat(2047)), ..everything() }, "key `W#{word}`: 2049 bytes are over"),
        (Everything { zone: String::new(), ..everything() }, "key attribute `zone`: a key cannot be empty"),
        (Everything { title: "x".repeat(1025), ..everything() }, "key attribute `title`: 1025 bytes"),
        (Everything { hash: Some(bytes), ..everything() }, "key attribute `hash`: a key cannot be empty"),
    ];
    for (entity, message) in cases {
        let error = dynamap::entity::to_item(&entity).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "P#{id}", sk = "P")]
#[dynamap(index = ByRegion, pk = "R#{region}", sk = "{word}")]
#[dynamap(index = ByRegionAndRank, pk = "R#{region}", sk = "{rank}")]
struct Shared {
    id: u8,
    region: String,
    word: Option<String>,
    rank: Option<u8>,
}

/// Each index has its whole key as soon as its own components are there.
#[test]
fn two_indexes_share_an_attribute() {
    let shared = |word: Option<&str>, rank| {
        let json = item(&Shared { id: 1, region: "eu".into(), word: word.map(str::to_owned), rank });
        ["regionpk", "regionsk", "ranksk"].map(|name| json[name]["S"].as_str().map(str::to_owned))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(shared(Some("w"), Some(1)), [some("R#eu"), some("w"), some("001")]);
    assert_eq!(shared(Some("w"), None), [some("R#eu"), some("w"), None]);
    assert_eq!(shared(None, Some(1)), [some("R#eu"), None, some("001")]);
    assert_eq!(shared(None, None), [None, None, None]);
}
