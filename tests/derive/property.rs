//! Round trips of an entity that uses everything, in both back ends.

use crate::forms::item;
use dynamap::{Attribute, Entity, Index, TableSchema};
use proptest::{collection, option, prelude::*};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByWord, BySize))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
struct ByWord;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = ["size", number("year")], sort_key = "gsi1sk")]
struct BySize;

#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "E#{id}#{number}", sk = "{at}{flag}:{letter}|{uuid}", rename_all = "camelCase")]
#[dynamap(index = ByWord, pk = "W#{word}", sk = "{id}")]
#[dynamap(index = BySize, pk = [the_size, year], sk = "{id}")]
struct Everything {
    #[dynamap(key_only)]
    id: String,
    #[dynamap(key_only)]
    number: i64,
    #[dynamap(key_only)]
    at: jiff::Timestamp,
    flag: bool,
    #[dynamap(key_only)]
    letter: char,
    uuid: uuid::Uuid,
    word: Option<String>,
    #[dynamap(rename = "size")]
    the_size: Option<Size>,
    year: u16,
    #[dynamap(skip)]
    skipped: u8,
    #[dynamap(default)]
    price: f64,
    #[dynamap(serde)]
    foreign: Option<Foreign>,
    shapes: Vec<Shape>,
    sizes: BTreeMap<Size, BTreeSet<i128>>,
    words: BTreeSet<String>,
    pair: (Option<u8>, Box<Wrapper<String>>),
    #[dynamap(flatten)]
    flat: Flat,
    #[dynamap(flatten)]
    others: BTreeMap<String, Shape>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Attribute)]
#[dynamap(rename_all = "kebab-case")]
enum Size {
    VerySmall,
    Large,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Foreign {
    list: Vec<(u8, String)>,
    inner: Option<Box<Foreign>>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Wrapper<T>(T);

#[derive(Debug, Clone, PartialEq, Attribute)]
enum Shape {
    Unit,
    Newtype(Wrapper<i64>),
    Tuple(u8, Internal),
    Fields { first: Option<Untagged>, rest: Vec<Shape> },
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(tag = "type")]
enum Internal {
    Unit,
    Fields { adjacent: Adjacent },
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(untagged)]
enum Untagged {
    Number(u8),
    Fields { a: String },
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Flat {
    flat_text: String,
    flat_none: Option<bool>,
}

fn untagged() -> impl Strategy<Value = Untagged> {
    prop_oneof![any::<u8>().prop_map(Untagged::Number), any::<String>().prop_map(|a| Untagged::Fields { a })]
}

fn internal() -> impl Strategy<Value = Internal> {
    let adjacent = prop_oneof![Just(Adjacent::Unit), any::<String>().prop_map(Adjacent::Text)];
    prop_oneof![Just(Internal::Unit), adjacent.prop_map(|adjacent| Internal::Fields { adjacent })]
}

fn shape() -> impl Strategy<Value = Shape> {
    let leaf = prop_oneof![
        Just(Shape::Unit),
        any::<i64>().prop_map(|number| Shape::Newtype(Wrapper(number))),
        (any::<u8>(), internal()).prop_map(|(number, internal)| Shape::Tuple(number, internal)),
    ];
    leaf.prop_recursive(3, 12, 3, |shape| {
        (option::of(untagged()), collection::vec(shape, 0..3))
            .prop_map(|(first, rest)| Shape::Fields { first, rest })
    })
}

fn foreign() -> impl Strategy<Value = Foreign> {
    let leaf = collection::vec(any::<(u8, String)>(), 0..3).prop_map(|list| Foreign { list, inner: None });
    leaf.prop_recursive(3, 3, 1, |inner| {
        inner.prop_map(|inner| Foreign { list: vec![], inner: Some(Box::new(inner)) })
    })
}

fn timestamp() -> impl Strategy<Value = jiff::Timestamp> {
    (-62_167_219_200_i64..253_402_207_200, 0..1_000_000_000_i32).prop_map(|(second, nanosecond)| {
        jiff::Timestamp::new(second, 0).unwrap() + jiff::Span::new().nanoseconds(i64::from(nanosecond))
    })
}

fn size() -> impl Strategy<Value = Size> {
    prop_oneof![Just(Size::VerySmall), Just(Size::Large)]
}

/// An index key cannot be empty, an id that is one alone neither. `others` begin with `x-`, which no field does.
fn everything() -> impl Strategy<Value = Everything> {
    let keys = (".{1,20}", any::<i64>(), timestamp(), any::<bool>(), any::<char>(), any::<u128>());
    let indexes = (option::of(".{0,20}"), option::of(size()), any::<u16>());
    let members = collection::btree_set(-(10_i128.pow(38) - 1)..10_i128.pow(38), 1..3);
    let values = (
        -1e120..1e120,
        option::of(foreign()),
        collection::vec(shape(), 0..3),
        collection::btree_map(size(), members, 0..3),
        collection::btree_set(".{0,5}", 0..3),
        any::<(Option<u8>, String)>(),
        any::<(String, Option<bool>)>(),
        collection::btree_map("x-.{0,5}", shape(), 0..3),
    );
    (keys, indexes, values).prop_map(|(keys, indexes, values)| {
        let (id, number, at, flag, letter, uuid) = keys;
        let (word, the_size, year) = indexes;
        let (price, foreign, shapes, sizes, words, pair, flat, others) = values;
        Everything {
            id,
            number,
            at,
            flag,
            letter,
            uuid: uuid::Uuid::from_u128(uuid),
            word,
            the_size,
            year,
            skipped: 0,
            price,
            foreign,
            shapes,
            sizes,
            words,
            pair: (pair.0, Box::new(Wrapper(pair.1))),
            flat: Flat { flat_text: flat.0, flat_none: flat.1 },
            others,
        }
    })
}

proptest! {
    /// The seed of a failure is printed, and taken from `PROPTEST_RNG_SEED`.
    #[test]
    fn every_entity_is_read_back(entity in everything()) {
        let json = item(&entity);
        let by_word = json.get("gsi1pk").is_some();
        prop_assert_eq!(by_word, entity.word.is_some());
        prop_assert_eq!(json.get("gsi1sk").is_some(), by_word || entity.the_size.is_some());
    }
}
