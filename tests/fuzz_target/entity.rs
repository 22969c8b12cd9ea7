//! An entity with a field of every form.
//!
//! Few fields are needed, so that small documents are entities. No type has two texts for one key of a map, or two
//! stored forms for one value, so that what is read and written is read again as it was.

use dynamap::value::{ByteArray, Bytes, Number, Value};
use dynamap::{Attribute, Entity, Index, TableSchema};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::num::NonZero;

/// The table.
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByWord))]
pub struct Forms;

/// An index, whose keys are written for items that have a word.
#[derive(Index)]
#[dynamap(table = Forms, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
pub struct ByWord;

/// An item of everything.
#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Forms, pk = "E#{id}", sk = "N#{number}#{letter}", rename_all = "camelCase")]
#[dynamap(index = ByWord, pk = "W#{word}", sk = "{id}")]
pub struct Everything {
    #[dynamap(key_only)]
    id: String,
    #[dynamap(key_only)]
    number: u8,
    #[dynamap(key_only)]
    letter: char,
    word: Option<String>,
    small: Option<NonZero<i8>>,
    long: Option<i128>,
    float: Option<f64>,
    #[dynamap(default)]
    short_float: f32,
    exact: Option<Number>,
    flag: Option<bool>,
    bytes: Option<Bytes>,
    hash: Option<ByteArray<4>>,
    strings: BTreeSet<String>,
    numbers: BTreeSet<Number>,
    blobs: HashSet<Bytes>,
    list: Option<Vec<Option<i64>>>,
    pair: Option<(u8, Box<str>)>,
    array: Option<[Size; 2]>,
    map: Option<HashMap<String, Value>>,
    any: Option<Value>,
    by_size: Option<BTreeMap<Size, BTreeSet<u16>>>,
    #[dynamap(default)]
    shapes: Vec<Shape>,
    internal: Option<Internal>,
    adjacent: Option<Adjacent>,
    untagged: Option<Untagged>,
    #[dynamap(serde)]
    foreign: Option<Foreign>,
    #[dynamap(skip)]
    _skipped: u8,
    #[dynamap(flatten)]
    flat: Flat,
    #[dynamap(flatten)]
    others: BTreeMap<String, Shape>,
}

/// A document without keys, whose other attributes are passed over.
#[derive(Debug, PartialEq, Attribute)]
#[dynamap(rename_all = "camelCase")]
pub struct Loose {
    word: Option<String>,
    /// Asks serde for whatever it finds.
    #[dynamap(serde)]
    any: Option<serde_json::Value>,
    shapes: Option<Vec<Shape>>,
}

/// A document that passes over all attributes.
#[derive(Debug, Attribute)]
pub(super) struct Nothing {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Attribute)]
#[dynamap(rename_all = "kebab-case")]
pub(super) enum Size {
    VerySmall,
    Large,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
pub(super) enum Shape {
    Unit,
    Newtype(Wrapper<i64>),
    Tuple(u8, Internal),
    Fields { first: Option<Untagged>, rest: Vec<Shape> },
}

#[derive(Debug, Clone, PartialEq, Attribute)]
pub(super) struct Wrapper<T>(T);

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(tag = "type")]
pub(super) enum Internal {
    Unit,
    Fields {
        adjacent: Adjacent,
    },
    Open {
        #[dynamap(flatten)]
        rest: BTreeMap<String, u8>,
    },
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(tag = "t", content = "c")]
pub(super) enum Adjacent {
    Unit,
    Text(String),
    Both(Size, Bytes),
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(untagged)]
pub(super) enum Untagged {
    Number(u8),
    Pair(bool, String),
    /// What is left of a failed attempt at a pair would stand around it.
    List(Vec<Untagged>),
    Fields {
        a: String,
        deep: Option<Box<Untagged>>,
    },
    Set(BTreeSet<String>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Foreign {
    list: Vec<(u8, String)>,
    inner: Option<Box<Foreign>>,
    #[serde(default)]
    kinds: BTreeMap<char, Kind>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Kind {
    Unit,
    Number(i64),
    Fields { flag: bool },
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Flat {
    flat_text: Option<String>,
    flat_flag: Option<bool>,
}
