//! No input makes a reader panic, and both readers take and refuse the same.

use super::agreement::read_alike;
use super::{generate, oracle};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::{ByteArray, Bytes, EpochSeconds, Number, Value};
use dynamap::wire;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Reads `json` as many types; the results do not matter here.
fn read_as_many_types(json: &[u8]) {
    let _ = wire::from_json::<String>(json);
    let _ = wire::from_json::<i64>(json);
    let _ = wire::from_json::<f32>(json);
    let _ = wire::from_json::<Option<Vec<Bytes>>>(json);
    let _ = wire::from_json::<Value>(json);
    let _ = wire::from_json::<BTreeSet<Number>>(json);
    let _ = wire::item_from_json::<HashMap<String, Value>>(json);
    let _ = wire::item_from_json::<HashMap<String, Option<i64>>>(json);
}

/// A change of a byte or two, which leaves most of a document as it was.
#[derive(Debug, Clone)]
enum Mutation {
    Replace(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Repeat(Index, Index),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let byte =
        || prop_oneof![any::<u8>(), proptest::sample::select(b"{}[]\":,\\u0 tSNBML\x00\x1f\xff".to_vec())];
    prop_oneof![
        (any::<Index>(), byte()).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        (any::<Index>(), byte()).prop_map(|(at, byte)| Mutation::Insert(at, byte)),
        any::<Index>().prop_map(Mutation::Remove),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Mutation::Repeat(from, to)),
    ]
}

fn mutate(json: &mut Vec<u8>, mutation: Mutation) {
    if json.is_empty() {
        return;
    }
    match mutation {
        Mutation::Replace(at, byte) => *at.get_mut(json) = byte,
        Mutation::Insert(at, byte) => json.insert(at.index(json.len()), byte),
        Mutation::Remove(at) => drop(json.remove(at.index(json.len()))),
        Mutation::Repeat(from, to) => {
            let (from, to) = (from.index(json.len()), to.index(json.len()));
            let part = json[from.min(to)..from.max(to)].to_vec();
            json.splice(from..from, part);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_bytes_never_panic(json in vec(any::<u8>(), 0..200)) {
        read_as_many_types(&json);
    }

    #[test]
    fn random_tokens_never_panic(tokens in vec(proptest::sample::select(vec![
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "D83D", "DE00", "S", "N", "B", "BOOL", "NULL", "M", "L",
        "SS", "NS", "BS", "true", "false", "null", " ", "\n", "1", "-", "e", ".", "{\"S\":\"", "{\"M\":{", "{\"L\":[",
        "\"}", "a", "é", "\u{0}",
    ]), 0..40)) {
        read_as_many_types(tokens.concat().as_bytes());
    }

    #[test]
    fn mutated_documents_are_read_as_the_oracle_reads_them(
        value in generate::value(),
        mutations in vec(mutation(), 0..4),
    ) {
        let mut json = wire::to_json(&value).unwrap();
        for mutation in mutations {
            mutate(&mut json, mutation);
        }
        let read = wire::from_json::<AttributeValue>(&json);
        prop_assert_eq!(read.clone().ok(), oracle::read(&json), "{:?} of {}", read, String::from_utf8_lossy(&json));
        read_as_many_types(&json);
    }

    /// A skipped member is checked as JSON, though not as a value.
    #[test]
    fn a_mutated_member_that_is_skipped_is_still_json(
        value in generate::value(),
        mutations in vec(mutation(), 0..4),
    ) {
        let mut member = wire::to_json(&value).unwrap();
        for mutation in mutations {
            mutate(&mut member, mutation);
        }
        let json = [b"{\"M\":{\"skipped\":", member.as_slice(), b"}}"].concat();
        let read = wire::from_json::<super::documents::Nothing>(&json);
        let valid = serde_json::from_slice::<serde_json::Value>(&json).is_ok_and(|json| {
            json.as_object().is_some_and(|value| value.len() == 1)
        });
        prop_assert_eq!(read.is_ok(), valid, "{:?} of {}", read, String::from_utf8_lossy(&json));
    }

    #[test]
    fn both_readers_give_the_same_result_for_any_type(value in generate::value()) {
        let value = wire::to_attribute_value(&value).unwrap();
        let _ = read_alike::<Value>(&value);
        let _ = read_alike::<AttributeValue>(&value);
        let _ = read_alike::<String>(&value);
        let _ = read_alike::<char>(&value);
        let _ = read_alike::<bool>(&value);
        let _ = read_alike::<()>(&value);
        let _ = read_alike::<u8>(&value);
        let _ = read_alike::<i64>(&value);
        let _ = read_alike::<u128>(&value);
        let _ = read_alike::<f32>(&value);
        let _ = read_alike::<f64>(&value);
        let _ = read_alike::<Number>(&value);
        let _ = read_alike::<Bytes>(&value);
        let _ = read_alike::<Blob>(&value);
        let _ = read_alike::<ByteArray<4>>(&value);
        let _ = read_alike::<EpochSeconds>(&value);
        let _ = read_alike::<Option<String>>(&value);
        let _ = read_alike::<Vec<Value>>(&value);
        let _ = read_alike::<Vec<Vec<String>>>(&value);
        let _ = read_alike::<[Value; 2]>(&value);
        let _ = read_alike::<(Value, Value)>(&value);
        let _ = read_alike::<BTreeMap<u8, Value>>(&value);
        let _ = read_alike::<HashSet<String>>(&value);
        let _ = read_alike::<BTreeSet<i64>>(&value);
        let _ = read_alike::<BTreeSet<Bytes>>(&value);
    }

    #[test]
    fn both_readers_give_the_same_result_for_any_number_text(text in "[-+]?[0-9]{0,40}[.]?[0-9]{0,5}([eE][-+]?[0-9]{1,4})?|.{0,6}") {
        for value in [AttributeValue::N(text.clone()), AttributeValue::Ns(vec![text.clone(), text])] {
            let _ = read_alike::<AttributeValue>(&value);
            let _ = read_alike::<Number>(&value);
            let _ = read_alike::<i64>(&value);
            let _ = read_alike::<i128>(&value);
            let _ = read_alike::<f64>(&value);
            let _ = read_alike::<BTreeSet<i64>>(&value);
            let _ = read_alike::<BTreeSet<Number>>(&value);
        }
    }
}

proptest! {
    #[test]
    fn a_document_that_is_cut_off_is_refused(value in generate::value()) {
        let json = wire::to_json(&value).unwrap();
        for length in 0..json.len() {
            prop_assert!(wire::from_json::<Value>(&json[..length]).is_err(), "cut at {}", length);
        }
    }
}

#[test]
fn malformed_json_is_refused() {
    let refused: &[&[u8]] = &[
        b"",
        b" ",
        b"{}",
        b"null",
        b"{\"S\":\"a\"",
        b"{\"S\":\"a",
        b"{\"S\":\"a\"} x",
        b"{\"S\":\"a\"}{}",
        b"{\"S\":\"a\",\"S\":\"b\"}",
        b"{\"S\":\"a\",}",
        b"{\"S\":a}",
        b"{\"S\":null}",
        b"{\"S\":\"\n\"}",
        b"{\"S\":\"a string that is long enough for the slow search \x01\"}",
        b"{\"S\":\"\\ud83d\"}",
        b"{\"S\":\"\\ud83d\\u0041\"}",
        b"{\"S\":\"\\ude00\"}",
        b"{\"S\":\"\\u+123\"}",
        b"{\"S\":\"\\u12\xc3\xa9\"}",
        b"{\"S\":\"\\x\"}",
        b"{\"S\":\"\\",
        b"{\"S\":\"\xff\"}",
        b"{\"S\":\"\xed\xa0\x80\"}",
        b"{\"X\":\"a\"}",
        b"{\"SSS\":[]}",
        b"{\"B\":\"A\"}",
        b"{\"B\":\"AA\"}",
        b"{\"B\":\"A A=\"}",
        b"{\"BOOL\":\"true\"}",
        b"{\"BOOL\":tru}",
        b"{\"NULL\":null}",
        b"{\"N\":1}",
        b"{\"L\":[{\"S\":\"a\"},]}",
        b"{\"L\":[,]}",
        b"{\"L\":[{\"S\":\"a\"} {\"S\":\"a\"}]}",
        b"{\"M\":{\"a\"{\"S\":\"a\"}}}",
        b"{\"M\":{a:{\"S\":\"a\"}}}",
        b"{\"M\":{,}}",
        b"{\"SS\":[\"a\",1]}",
    ];
    for json in refused {
        let read = wire::from_json::<AttributeValue>(json);
        assert!(read.is_err(), "{} is read as {read:?}", String::from_utf8_lossy(json));
    }
}

#[test]
fn any_legal_spelling_of_json_is_read() {
    let read = |json: &str| wire::from_json::<AttributeValue>(json.as_bytes()).unwrap();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    assert_eq!(read(" { \"S\" : \"a\" } \r\n\t"), text("a"));
    assert_eq!(read(r#"{"\u0053":"\"\\\/\b\f\n\r\t\u0041\ud83d\uDE00"}"#), text("\"\\/\u{8}\u{c}\n\r\tA😀"));
    assert_eq!(read("{\"S\":\"\u{7f}\u{80}é\"}"), text("\u{7f}\u{80}é"));
    assert_eq!(read(r#"{"SS":[]}"#), AttributeValue::Ss(vec![]));
    assert_eq!(read(r#"{ "NULL" : false }"#), AttributeValue::Null(true));
    let last_wins = HashMap::from([("a".to_owned(), text("2"))]);
    assert_eq!(read(r#"{"M":{"a":{"S":"1"},"\u0061":{"S":"2"}}}"#), AttributeValue::M(last_wins));
}

#[test]
fn a_data_type_that_the_sdk_does_not_know_is_an_error() {
    // The variant cannot be built by name; the SDK makes it of a response of the future.
    let unknown = r#"{"Q":"a"}"#;
    let error = wire::from_json::<Value>(unknown.as_bytes()).unwrap_err();
    assert_eq!(error.found(), "an unknown data type");
}

#[test]
fn errors_name_the_path_and_not_the_value() {
    let value = Value::from(BTreeMap::from([(
        "orders".to_owned(),
        vec![Value::from(vec![1]), Value::from(vec![Value::from(1), Value::from("hunter2")])],
    )]));
    let value = wire::to_attribute_value(&value).unwrap();
    let error = read_alike::<HashMap<String, Vec<Vec<u8>>>>(&value).unwrap_err();
    assert_eq!(error.to_string(), "attribute `{key}[1][1]`: expected a number (N), found a string (S)");
    assert_eq!(error.path_unredacted(), "orders[1][1]");
    let error = read_alike::<HashMap<String, Vec<(u8, char)>>>(&value).unwrap_err();
    assert_eq!(error.path_unredacted(), "orders[0]");
    assert!(!format!("{error:?}").contains("hunter2"));
}
