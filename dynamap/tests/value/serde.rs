//! Types of serde, whose stored form is that of `serde_dynamo`.

use super::agreement::{as_json, assert_alike, assert_written_alike};
use super::generate;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::error::DecodeError;
use dynamap::value::serde as adapter;
use dynamap::value::{Bytes, Number, Value};
use dynamap::wire::{self, AttributeValueReader, AttributeValueWriter, JsonReader, JsonWriter};
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Debug;

fn write<T: Serialize>(value: &T) -> AttributeValue {
    let mut writer = AttributeValueWriter::new();
    adapter::write(value, &mut writer).unwrap();
    let attribute = writer.finish().unwrap();
    let mut json = Vec::new();
    adapter::write(value, &mut JsonWriter::new(&mut json)).unwrap();
    assert_written_alike(&json, &attribute);
    attribute
}

/// Reads from both forms; the results, also the errors, must be equal.
fn read<T: DeserializeOwned + PartialEq + Debug>(value: AttributeValue) -> Result<T, DecodeError> {
    let json = serde_json::to_vec(&as_json(&value)).unwrap();
    let mut reader = JsonReader::new(&json).unwrap();
    let from_json = adapter::read::<T, _>(&mut reader);
    if from_json.is_ok() {
        reader.finish().unwrap();
    }
    let from_attribute = adapter::read::<T, _>(&mut AttributeValueReader::new(value.clone()));
    assert_alike(&value, &from_json, &from_attribute);
    from_json
}

/// Numbers in one spelling, sets and maps in one order.
fn normal(value: &AttributeValue) -> Value {
    fn as_floats(value: Value) -> Value {
        match value {
            // A float that lies half way between two shortest texts may be written as either.
            Value::N(number) => Value::N(number.to_f64().try_into().unwrap()),
            Value::Ns(numbers) => {
                Value::L(numbers.into_iter().map(|number| as_floats(number.into())).collect())
            }
            Value::L(elements) => Value::L(elements.into_iter().map(as_floats).collect()),
            Value::M(members) => {
                Value::M(members.into_iter().map(|(name, value)| (name, as_floats(value))).collect())
            }
            other => other,
        }
    }
    as_floats(wire::from_attribute_value(value.clone()).unwrap())
}

#[track_caller]
fn like_serde_dynamo<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let ours = write(value);
    let theirs: AttributeValue = serde_dynamo::to_attribute_value(value).unwrap();
    assert_eq!(normal(&ours), normal(&theirs));
    assert_eq!(&read::<T>(theirs.clone()).unwrap(), value);
    assert_eq!(&serde_dynamo::from_attribute_value::<AttributeValue, T>(ours).unwrap(), value);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Unit;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Newtype(String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Pair(i32, Option<String>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Plain {
    A,
    B,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum External {
    Unit,
    Newtype(u8),
    Tuple(u8, String),
    Struct { a: u8, b: Option<String> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Internal {
    Unit,
    Struct { a: u8, b: Vec<f64> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "contents")]
enum Adjacent {
    Unit,
    Newtype(u8),
    Tuple(u8, String),
    Struct { a: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(i64),
    Text(String),
    Struct { a: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Everything {
    unit: Unit,
    nothing: (),
    newtype: Newtype,
    pair: Pair,
    tuple: (bool, char),
    plain: Vec<Plain>,
    external: Vec<External>,
    internal: Vec<Internal>,
    adjacent: Vec<Adjacent>,
    untagged: Vec<Untagged>,
    option: Option<Option<u8>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
    bytes: Bytes,
    by_number: BTreeMap<i16, String>,
    by_flag: BTreeMap<bool, String>,
    by_newtype: BTreeMap<Newtype, u64>,
    by_variant: BTreeMap<Plain, f32>,
    by_character: BTreeMap<char, i8>,
    #[serde(with = "serde_dynamo::string_set")]
    strings: BTreeSet<String>,
    #[serde(with = "serde_dynamo::number_set")]
    numbers: BTreeSet<i64>,
    #[serde(with = "serde_dynamo::binary_set")]
    binaries: Vec<Bytes>,
    #[serde(flatten)]
    rest: BTreeMap<String, Untagged>,
}

fn everything(text: String, number: i64, float: f64) -> Everything {
    Everything {
        unit: Unit,
        nothing: (),
        newtype: Newtype(text.clone()),
        pair: Pair(-1, None),
        tuple: (true, 'é'),
        plain: vec![Plain::A, Plain::B],
        external: vec![
            External::Unit,
            External::Newtype(1),
            External::Tuple(2, text.clone()),
            External::Struct { a: 3, b: None },
        ],
        internal: vec![Internal::Unit, Internal::Struct { a: 1, b: vec![float, 0.5] }],
        adjacent: vec![
            Adjacent::Unit,
            Adjacent::Newtype(1),
            Adjacent::Tuple(2, text.clone()),
            Adjacent::Struct { a: 3 },
        ],
        untagged: vec![Untagged::Number(number), Untagged::Text(text.clone()), Untagged::Struct { a: 1 }],
        option: Some(Some(1)),
        skipped: None,
        bytes: Bytes(text.clone().into_bytes()),
        by_number: BTreeMap::from([(-7, text.clone())]),
        by_flag: BTreeMap::from([(true, text.clone())]),
        by_newtype: BTreeMap::from([(Newtype(text.clone()), u64::MAX)]),
        by_variant: BTreeMap::from([(Plain::B, 0.1)]),
        by_character: BTreeMap::from([('#', -1)]),
        strings: BTreeSet::from([text.clone(), "other".to_owned()]),
        numbers: BTreeSet::from([number, 1]),
        binaries: vec![Bytes(vec![1]), Bytes(vec![2, 3])],
        rest: BTreeMap::from([("more".to_owned(), Untagged::Text(text))]),
    }
}

proptest! {
    #[test]
    fn the_form_is_that_of_serde_dynamo(text in generate::key(), number in any::<i64>(), float in generate::float()) {
        let value = everything(text.clone(), number, float);
        like_serde_dynamo(&value);
        like_serde_dynamo(&float);
        like_serde_dynamo(&text);
        like_serde_dynamo(&Some(number));
        prop_assert_eq!(write(&number), serde_dynamo::to_attribute_value::<_, AttributeValue>(number).unwrap());
        like_serde_dynamo(&(number, text));
    }
}

#[test]
fn numbers_are_numbers_without_loss() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Prices {
        one: Number,
        #[serde(with = "serde_dynamo::number_set")]
        many: BTreeSet<Number>,
        integer: i128,
    }
    let number: Number = "12345678901234567890123456789012345678E-20".parse().unwrap();
    let prices = Prices { one: number, many: BTreeSet::from([number]), integer: -(10_i128.pow(38)) };
    let attribute = write(&prices);
    let members = attribute.as_m().unwrap();
    assert_eq!(members["one"], AttributeValue::N(number.to_string()));
    assert_eq!(members["many"], AttributeValue::Ns(vec![number.to_string()]));
    assert_eq!(read::<Prices>(attribute).unwrap(), prices);
}

#[test]
fn what_dynamodb_cannot_store_is_refused() {
    fn refused<T: Serialize>(value: &T) -> String {
        let from_json = adapter::write(value, &mut JsonWriter::new(&mut Vec::new())).unwrap_err();
        let from_attribute = adapter::write(value, &mut AttributeValueWriter::new()).unwrap_err();
        assert_eq!(from_json, from_attribute);
        from_json.to_string()
    }
    #[derive(Serialize)]
    enum Deep {
        Float { here: f64 },
    }
    assert_eq!(
        refused(&vec![Deep::Float { here: f64::NAN }]),
        "attribute `[0].Float.here`: the number is not finite"
    );
    assert!(refused(&u128::MAX).contains("38"));
    assert!(refused(&HashMap::from([(vec![1], 1)])).contains("keys of a map"));
    assert!(refused(&serde_dynamo::string_set::StringSet(Vec::<String>::new())).contains("without members"));
    assert!(refused(&serde_dynamo::string_set::StringSet(vec![1])).contains("must be a string"));
    assert!(refused(&serde_dynamo::number_set::NumberSet("x")).contains("only a sequence"));
    let deep = (0..40).fold(serde_json::json!("leaf"), |value, _| serde_json::json!([value]));
    assert!(refused(&deep).contains("nests deeper than 32 levels"));
}

#[test]
fn serde_json_values_survive() {
    let value = serde_json::json!({"a": [1, -2, 0.5, null, true, "x", {"b": {}}], "c": []});
    like_serde_dynamo(&value);
}

/// The messages of serde and of its users quote values; ours must not.
#[test]
fn errors_never_hold_a_value() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[allow(dead_code)]
        name: String,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(try_from = "String")]
    struct Picky;
    impl TryFrom<String> for Picky {
        type Error = String;
        fn try_from(value: String) -> Result<Self, String> {
            Err(format!("not picky enough: {value}"))
        }
    }
    fn errors(value: &AttributeValue) -> Vec<DecodeError> {
        let members = |value| AttributeValue::M(HashMap::from([("name".to_owned(), value)]));
        let mut errors = vec![
            read::<Plain>(value.clone()).unwrap_err(),
            read::<Picky>(value.clone()).unwrap_err(),
            read::<Untagged>(AttributeValue::L(vec![value.clone()])).unwrap_err(),
            read::<Internal>(members(value.clone())).unwrap_err(),
            read::<Internal>(AttributeValue::M(HashMap::from([
                ("kind".to_owned(), AttributeValue::S("Struct".to_owned())),
                ("a".to_owned(), value.clone()),
                ("b".to_owned(), AttributeValue::L(vec![])),
            ])))
            .unwrap_err(),
            read::<HashMap<String, Picky>>(members(value.clone())).unwrap_err(),
            read::<Vec<External>>(AttributeValue::L(vec![value.clone()])).unwrap_err(),
            read::<HashMap<String, bool>>(members(value.clone())).unwrap_err(),
            wire::item_to_serde::<HashMap<String, Picky>>(HashMap::from([(
                "name".to_owned(),
                value.clone(),
            )]))
            .unwrap_err(),
        ];
        errors.extend(read::<Strict>(members(AttributeValue::L(vec![value.clone()]))).err());
        errors
    }
    for value in [
        AttributeValue::S("8234567".to_owned()),
        AttributeValue::N("8234567".to_owned()),
        AttributeValue::B(aws_sdk_dynamodb::primitives::Blob::new("8234567")),
        AttributeValue::Ss(vec!["8234567".to_owned()]),
    ] {
        for error in errors(&value) {
            let text = format!("{error} {error:?} {}", error.path());
            assert!(!text.contains("8234567") && !text.contains("ODIzNDU2Nw"), "{text}");
        }
    }
}

#[test]
fn errors_name_the_path() {
    let attribute = write(&BTreeMap::from([("a", vec![(1, "x")])]));
    let error = read::<BTreeMap<String, Vec<(u8, u8)>>>(attribute).unwrap_err();
    assert_eq!(error.to_string(), "attribute `{key}[0][1]`: expected a number (N), found a string (S)");
    assert_eq!(error.path_unredacted(), "a[0][1]");
    let attribute = write(&BTreeMap::from([("Struct", BTreeMap::from([("a", "x")]))]));
    let error = read::<External>(attribute).unwrap_err();
    assert_eq!(error.to_string(), "attribute `Struct.a`: expected a number (N), found a string (S)");
    let error = read::<Pair>(write(&vec![1])).unwrap_err();
    assert_eq!(error.to_string(), "expected tuple struct Pair with 2 elements, found 1 elements");
    let error =
        read::<External>(write(&BTreeMap::from([("Struct", BTreeMap::from([("b", "x")]))]))).unwrap_err();
    assert_eq!(error.to_string(), "attribute `Struct.a`: expected a value, found no attribute");
    let error = read::<Plain>(write(&"C")).unwrap_err();
    assert_eq!(error.to_string(), "expected the variant `A` or `B`, found another variant");
}

proptest! {
    /// Any value, read as types of serde: no panic, and both readers give the same.
    #[test]
    fn hostile_values_give_the_same_result_from_both_forms(value in generate::value()) {
        let value = wire::to_attribute_value(&value).unwrap();
        let _ = read::<serde_json::Value>(value.clone());
        let _ = read::<External>(value.clone());
        let _ = read::<Untagged>(value.clone());
        let _ = read::<Pair>(value.clone());
        let _ = read::<Option<Vec<u8>>>(value.clone());
        let _ = read::<BTreeMap<i16, Number>>(value.clone());
        let _ = read::<Bytes>(value.clone());
        let _ = read::<(Unit, char)>(value);
    }
}

#[test]
fn items_meet_serde_types() {
    let item = wire::item_from_serde(&Pair2 { a: 1, b: "x".to_owned() }).unwrap();
    assert_eq!(item["a"], AttributeValue::N("1".to_owned()));
    assert_eq!(wire::item_to_serde::<Pair2>(item).unwrap(), Pair2 { a: 1, b: "x".to_owned() });
    assert!(wire::item_from_serde(&1).is_err());
    assert!(wire::item_from_serde(&BTreeMap::from([(vec![1], 1)])).is_err());
}

#[test]
fn an_item_is_no_level_of_nesting() {
    let nested =
        |levels: usize| (0..levels).fold(serde_json::json!(1), |value, _| serde_json::json!([value]));
    let item = wire::item_from_serde(&BTreeMap::from([("a", nested(31))])).unwrap();
    assert_eq!(wire::item_to_serde::<serde_json::Value>(item).unwrap()["a"], nested(31));
    assert!(wire::item_from_serde(&BTreeMap::from([("a", nested(32))])).is_err());
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pair2 {
    a: u8,
    b: String,
}
