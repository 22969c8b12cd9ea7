//! JSON that DynamoDB does not write but the reader takes, and JSON that it refuses: white space, commas, depth,
//! numbers.
#![allow(clippy::unwrap_used)]

use super::{JsonReader, marks::Marks};
use crate::{
    error::DecodeError,
    value::{Field, FieldTable, FromAttribute, MAX_DEPTH, Number, Reader},
    wire::{from_json, item_from_json, read_item},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

fn reads(json: &str) -> bool {
    let value = from_json::<AttributeValue>(json.as_bytes());
    let item = item_from_json::<HashMap<String, AttributeValue>>(format!("{{\"a\":{json}}}").as_bytes());
    assert_eq!(value.is_ok(), item.is_ok(), "{json}");
    assert_eq!(value.ok(), item.ok().and_then(|mut item| item.remove("a")), "{json}");
    from_json::<AttributeValue>(json.as_bytes()).is_ok()
}

/// The tokens of values with all that has a place between them.
const TOKENS: [&[&str]; 6] = [
    &["{", "\"S\"", ":", "\"a b\"", "}"],
    &["{", "\"BOOL\"", ":", "true", "}"],
    &["{", "\"NULL\"", ":", "true", "}"],
    &[
        "{", "\"L\"", ":", "[", "{", "\"N\"", ":", "\"1\"", "}", ",", "{", "\"S\"", ":", "\"\\n\"", "}", "]",
        "}",
    ],
    &[
        "{", "\"M\"", ":", "{", "\"x\"", ":", "{", "\"L\"", ":", "[", "]", "}", ",", "\"y\"", ":", "{",
        "\"M\"", ":", "{", "}", "}", "}", "}",
    ],
    &["{", "\"SS\"", ":", "[", "\"a\"", ",", "\"b\"", "]", "}"],
];

#[test]
fn white_space_stands_between_any_two_tokens() {
    for tokens in TOKENS {
        let plain = tokens.concat();
        let value = from_json::<AttributeValue>(plain.as_bytes()).unwrap();
        for space in [" ", "\n", "\r", "\t", " \r\n\t "] {
            for at in 0..=tokens.len() {
                let (before, after) = (tokens[..at].concat(), tokens[at..].concat());
                let json = format!("{before}{space}{after}");
                assert_eq!(from_json::<AttributeValue>(json.as_bytes()).as_ref(), Ok(&value), "{json}");
                assert!(reads(&json));
            }
            let json = tokens.join(space);
            assert_eq!(from_json::<AttributeValue>(json.as_bytes()).as_ref(), Ok(&value), "{json}");
        }
        for other in ["\u{b}", "\u{c}", "\u{a0}", "\0"] {
            for at in 0..=tokens.len() {
                let json = format!("{}{other}{}", tokens[..at].concat(), tokens[at..].concat());
                assert!(!reads(&json), "{json}");
            }
        }
    }
}

#[test]
fn no_token_is_missing_doubled_or_another() {
    for tokens in TOKENS {
        for at in 0..tokens.len() {
            let (before, after) = (tokens[..at].concat(), tokens[at + 1..].concat());
            for instead in ["", "x", ",", "[", &tokens[at].repeat(2)] {
                if instead == tokens[at] {
                    continue;
                }
                // Two members less, with their comma, are a value as well.
                let json = format!("{before}{instead}{after}");
                assert!(!reads(&json), "{json}");
            }
        }
    }
}

#[test]
fn maps_and_lists_are_as_deep_as_dynamodb_has_them() {
    let depth = MAX_DEPTH as usize;
    for (open, close) in [("{\"L\":[", "]}"), ("{\"M\":{\"m\":", "}}"), ("{ \"L\" : [ ", " ] }")] {
        let nested =
            |levels: usize, inner: &str| format!("{}{inner}{}", open.repeat(levels), close.repeat(levels));
        for scalar in ["{\"S\":\"a\"}", "{\"S\":\"a\\n\"}", "{\"BOOL\":true}"] {
            let deepest = (1..2 * depth).rev().find(|levels| reads(&nested(*levels, scalar)));
            assert_eq!(deepest, Some(depth - 1), "{open} {scalar}");
        }
    }
    // Each level that is left gives room for another.
    let wide = format!("{{\"L\":[{}]}}", vec!["{\"L\":[{\"L\":[]}]}"; 100].join(","));
    assert!(reads(&wide));
}

#[test]
fn numbers_keep_their_sign_and_fit_their_type() {
    // Something follows, as in an item, or nothing.
    fn read<T: FromAttribute>(text: &str) -> [Option<T>; 2] {
        let number = format!("{{\"N\":\"{text}\"}}");
        let list = format!("{{\"L\":[{number},{number},{{\"N\":\"1\"}}]}}");
        let list = from_json::<Vec<AttributeValue>>(list.as_bytes()).unwrap();
        assert_eq!(list[0], AttributeValue::N(text.into()));
        let padded = format!("{number}{}", " ".repeat(40));
        [from_json(number.as_bytes()).ok(), from_json(padded.as_bytes()).ok()]
    }
    for (text, i8s, u8s) in [
        ("127", Some(127), Some(127)),
        ("128", None, Some(128)),
        ("-127", Some(-127), None),
        ("-128", Some(-128), None),
        ("-129", None, None),
        ("255", None, Some(255)),
        ("256", None, None),
        ("1.5", None, None),
    ] {
        assert_eq!((read::<i8>(text), read::<u8>(text)), ([i8s; 2], [u8s; 2]), "{text}");
    }
    for text in
        ["0", "-0", "-0.5", "0.5", "1.25", "-7.0000001", "9007199254740993", "123456789012345.1234567"]
    {
        let float: f64 = text.parse().unwrap();
        let read_floats = read::<f64>(text);
        assert_eq!(read_floats.map(|read| read.map(f64::to_bits)), [Some(float.to_bits()); 2], "{text}");
        let number: Number = text.parse().unwrap();
        assert_eq!(read::<Number>(text), [Some(number); 2], "{text}");
    }
    for text in ["1x", "1\\u0031x", "1 ", "", "-", "--1"] {
        let padded = format!("{{\"N\":\"{text}\"}}{}", " ".repeat(40));
        assert!(from_json::<i64>(padded.as_bytes()).is_err(), "{text}");
        assert!(from_json::<f64>(padded.as_bytes()).is_err(), "{text}");
    }
    for limit in [i64::MAX, i64::MIN] {
        assert_eq!(read::<i64>(&limit.to_string()), [Some(limit); 2]);
    }
}

/// A backslash is looked for ahead, and what was found stays true when a value is read twice.
#[test]
fn text_with_escapes_is_read_wherever_it_stands() {
    let texts = ["a", "tab\tquote\"", "", "back\\slash", "ü", "\"", "x\\"];
    for first in texts {
        for second in texts {
            let value = AttributeValue::L(
                [first, second, first, "long enough to be passed by words"]
                    .map(|text| AttributeValue::S(text.into()))
                    .to_vec(),
            );
            let item: HashMap<_, _> =
                [(format!("{first}1"), value.clone()), (format!("{second}2"), value)].into();
            let json = crate::wire::item_to_json(&item).unwrap();
            assert_eq!(item_from_json::<HashMap<String, AttributeValue>>(&json), Ok(item));
        }
    }
    assert!(!reads("{\"S\":\"a\nb\"}"), "a control character in a string");
    assert!(!reads("{\"SS\":[\"a\nb\"]}"));
    assert!(!reads("{\"M\":{\"a\nb\":{\"S\":\"a\"}}}"));
}

#[test]
fn the_json_of_a_value_has_no_white_space_around_it() {
    let mut r = JsonReader::new(b" \n{ \"a\" : [1] } , ").unwrap();
    assert_eq!(r.raw(), Ok("{ \"a\" : [1] }"));
}

/// Otherwise each item that cannot be read would leave less depth for those after it.
#[test]
fn a_reader_that_goes_back_is_as_deep_as_it_was() {
    type Numbers = HashMap<String, Vec<Vec<i64>>>;
    let mut r = JsonReader::new(br#"{"a":{"L":[{"L":[{"S":"x"}]}]}}"#).unwrap();
    let start = r.scanner.place();
    for _ in 0..MAX_DEPTH {
        assert!(read_item::<Numbers, _>(&mut r).is_err());
        r.go_back_to(start);
    }
    assert!(read_item::<HashMap<String, AttributeValue>, _>(&mut r).is_ok());

    let mut r = JsonReader::new(br#"{"M":{"a":{"L":[{"L":[{"S":"x"}]}]},"b":7}}"#).unwrap();
    for _ in 0..MAX_DEPTH {
        assert!(r.find_string("b").is_err());
        assert!(r.attempt(Numbers::read).is_err());
        assert_eq!((r.depth, r.scanner.offset()), (0, 0));
    }
    assert_eq!(r.data_type().map(|_| r.depth), Ok(0));
}

/// A member of a map may have the name of an attribute whose place is noted.
#[test]
fn only_attributes_of_the_item_are_noted() {
    for json in [
        r#"{"pk":{"S":"A"},"m":{"M":{"pk":{"S":"B"}}}}"#,
        r#"{"m":{"M":{"pk":{"S":"B"}}},"pk":{"S":"A"},"n":{"L":[{"M":{"pk":{"S":"C"}}}]}}"#,
    ] {
        for json in [json.to_owned(), json.replace(",", " , ")] {
            let mut r = JsonReader::new(json.as_bytes()).unwrap();
            r.set_marks(Marks::new(["pk", "sk"], &FieldTable::EMPTY));
            // The first item stands at the start, where nothing is noted yet.
            r.reset_marks();
            read_item::<HashMap<String, AttributeValue>, _>(&mut r).unwrap();
            assert!(r.marked_is(0, "A") && !r.marked_is(1, "A"), "{json}");
        }
    }
}

/// All short texts of these characters, and whether they are JSON.
#[test]
fn what_is_passed_over_is_json() {
    let is_passed = |json: &str| {
        let mut r = JsonReader::new(json.as_bytes()).unwrap();
        r.raw() == Ok(json) && r.finish().is_ok()
    };
    let mut texts = vec![String::new()];
    for _ in 0..5 {
        let longer = texts.iter().flat_map(|text| "-01.eE+".chars().map(move |next| format!("{text}{next}")));
        texts = longer.collect();
        for text in &texts {
            let json = serde_json::from_str::<serde_json::Value>(text);
            assert_eq!(is_passed(text), json.is_ok(), "{text}");
        }
    }
    for (text, passed) in [
        ("true", true),
        ("false", true),
        ("null", true),
        ("tru", false),
        ("nul", false),
        ("x", false),
        ("True", false),
    ] {
        assert_eq!(is_passed(text), passed, "{text}");
        assert_eq!(JsonReader::new(text.as_bytes()).unwrap().raw().is_ok(), passed, "{text}");
        assert_eq!(is_passed(&format!("[{text},{{\"a\":{text}}}]")), passed, "{text}");
    }
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |levels: usize| format!("{}1{}", open.repeat(levels), close.repeat(levels));
        assert!(is_passed(&nested(128)) && !is_passed(&nested(129)), "{open}");
    }
}

const NAMES: [&str; 3] = ["sk", "map", "pk"];
static TABLE: FieldTable = FieldTable::new(&NAMES, &[], &FieldTable::heads(&NAMES));

/// Reads an item whose attributes are fields, of which one is a map that has members of the same names.
fn read_fields(r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
    let mut members = r.begin_item()?;
    while let Field::Known(index) = r.next_field(&mut members, &TABLE)? {
        if index != 1 {
            r.skip()?;
            continue;
        }
        let mut members = r.begin_map()?;
        while let Field::Known(_) = r.next_field(&mut members, &TABLE)? {
            r.skip()?;
        }
    }
    Ok(())
}

#[test]
fn the_places_of_fields_are_those_of_the_last_item() {
    let items = [
        r#"{"pk":{"S":"A"},"map":{"M":{"pk":{"S":"B"},"sk":{"S":"B"}}},"sk":{"S":"C"}}"#,
        r#"{"map":{"M":{}},"pk":{"S":"D"},"ttl":{"N":"7"}}"#,
    ];
    for items in [items.map(str::to_owned), items.map(|item| item.replace(':', ": "))] {
        let json = format!("{{\"Items\":[{}]}}", items.join(","));
        let mut r = JsonReader::new(json.as_bytes()).unwrap();
        r.set_marks(Marks::new(["ttl", "pk", "sk"], &TABLE));
        assert!(r.scanner.pass(b"{\"Items\":["));
        r.reset_marks();
        read_fields(&mut r).unwrap();
        let read =
            |r: &JsonReader<'_>, at| r.marked(at).map(|mut r| r.raw().unwrap_or_default().replace(' ', ""));
        let text = |text: &str| Some(format!("{{\"S\":\"{text}\"}}"));
        assert_eq!([0, 1, 2].map(|at| read(&r, at)), [None, text("A"), text("C")], "{json}");
        assert_eq!(r.marked_from(2).map(|(name, _)| name).collect::<Vec<_>>(), ["sk"]);
        assert!(r.scanner.pass(b","));
        r.reset_marks();
        read_fields(&mut r).unwrap();
        assert_eq!([1, 2].map(|at| read(&r, at)), [text("D"), None], "{json}");
        assert_eq!(r.marked_from(0).map(|(name, _)| name).collect::<Vec<_>>(), ["ttl", "pk"]);
        assert_eq!((r.depth, r.scanner.pass(b"]}")), (0, true));
    }
    // The end of an item is not that of what it stands in.
    let mut r = JsonReader::new(br#"{"Item":{"pk":{"S":"A"}}}"#).unwrap();
    assert!(r.scanner.pass(b"{\"Item\":"));
    read_fields(&mut r).unwrap();
    assert_eq!((r.scanner.pass(b"}"), r.finish()), (true, Ok(())));
}
