//! Every document that differs in one place from one that DynamoDB writes: read as the oracle reads it, whichever way
//! the reader takes.

use super::oracle;
use dynamap::error::{DecodeError, EncodeError};
use dynamap::value::{
    AttributeType, Field, FieldTable, FromAttribute, Reader, ToAttribute, Value, Writer, marker,
};
use dynamap::wire;
use std::{collections::BTreeMap, fmt::Debug};

/// Names that are found by one word, by two, and as text; one has in it what is an escape in JSON.
const NAMES: [&str; 6] = ["a", "tag", "exactly8", "longer_name", "sixteen_bytes_ab", "a\\\\b"];
static TABLE: FieldTable = FieldTable::new(&NAMES, &[], &FieldTable::heads(&NAMES));

/// A map whose members are found by a table.
#[derive(Debug, PartialEq)]
struct Known(Vec<(usize, Inner)>);

#[derive(Debug, PartialEq)]
enum Inner {
    Number(i64),
    Float(f64),
    Text(String),
    List(Vec<i64>),
    Map(Box<Known>),
    Any(Value),
}

impl AttributeType for Known {
    type DataType = marker::M;
}

impl ToAttribute for Known {
    fn write<W: Writer>(&self, _: &mut W) -> Result<(), EncodeError> {
        Err(EncodeError::new("it is only read"))
    }
}

impl FromAttribute for Known {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let mut members = r.begin_map()?;
        let mut fields = BTreeMap::new();
        loop {
            match r.next_field(&mut members, &TABLE)? {
                Field::End => return Ok(Self(fields.into_iter().collect())),
                Field::Known(index) => fields.insert(
                    index,
                    match index {
                        0 => Inner::Number(i64::read(r)?),
                        1 => Inner::Text(String::read(r)?),
                        2 => Inner::List(FromAttribute::read(r)?),
                        3 => Inner::Map(Box::new(Self::read(r)?)),
                        4 => Inner::Float(f64::read(r)?),
                        _ => Inner::Any(Value::read(r)?),
                    },
                ),
            };
        }
    }
}

/// Reads `json` by both ways, which must agree.
#[track_caller]
fn check<T: FromAttribute + PartialEq + Debug>(json: &[u8]) -> Option<T> {
    let read = wire::from_json::<T>(json);
    let expected = oracle::read(json).and_then(|value| wire::from_attribute_value::<T>(value).ok());
    assert_eq!(read.as_ref().ok(), expected.as_ref(), "{read:?} of {}", json.escape_ascii());
    expected
}

const DOCUMENT: &str = concat!(
    r#"{"M":{"a":{"N":"12"},"tag":{"S":"te\"xt"},"exactly8":{"L":[{"N":"1"},{"N":"-20"}]},"#,
    r#""longer_name":{"M":{"a":{"N":"3"},"sixteen_bytes_ab":{"N":"0.5"},"longer_name":{"M":{}},"exactly8":{"L":[]}}},"#,
    r#""sixteen_bytes_ab":{"N":"1.25"},"a\\\\b":{"S":"the end of it"}}}"#
);

#[test]
fn a_byte_that_is_another_is_read_as_the_oracle_reads_it() {
    let document = DOCUMENT.as_bytes();
    assert!(check::<Known>(document).is_some());
    for at in 0..document.len() {
        for byte in b"{}[]\":,\\ \n\x0b;xuSNML0.-e1\x80" {
            let replaced = [&document[..at], &[*byte], &document[at + 1..]].concat();
            let inserted = [&document[..at], &[*byte], &document[at..]].concat();
            for json in [replaced, inserted] {
                check::<Known>(&json);
                check::<Value>(&json);
            }
        }
        let removed = [&document[..at], &document[at + 1..]].concat();
        check::<Known>(&removed);
        check::<BTreeMap<String, Value>>(&removed);
    }
}

/// White space may stand in each place, and nothing is read otherwise for it.
#[test]
fn white_space_changes_nothing() {
    let document = DOCUMENT.as_bytes();
    let read = check::<Known>(document);
    let outside = |at: usize| document[..at].iter().filter(|byte| **byte == b'"').count() % 2 == 0;
    // The escaped quote does not end its text.
    let places = (0..document.len()).filter(|at| {
        let escaped = document[..*at].windows(2).any(|pair| pair == b"\\\"");
        (outside(*at) != escaped) && !document[*at].is_ascii_alphanumeric()
    });
    for at in places {
        for space in [" ", "\n\t", "                        "] {
            let json = [&document[..at], space.as_bytes(), &document[at..]].concat();
            assert_eq!(check::<Known>(&json), read, "{}", json.escape_ascii());
        }
    }
}

#[test]
fn names_that_look_like_a_field_are_others() {
    let end = r#""exactly8":{"L":[{"N":"1"},{"N":"2"}]}}}"#;
    for (name, index) in [
        ("a", Some(0)),
        ("sixteen_bytes_ab", Some(4)),
        (r"sixteen\u005fbytes_ab", Some(4)),
        // The names of fields, and something behind them.
        ("sixteen_bytes_abX:", None),
        ("sixteen_bytes_abX:{", None),
        ("longer_name:", None),
        ("a:", None),
        (r#"a\":"#, None),
        ("", None),
        // Three characters, and the four of the field.
        (r"a\\b", None),
        (r"a\\\\b", Some(5)),
    ] {
        for json in [
            format!(r#"{{"M":{{"{name}":{{"N":"7"}},{end}"#),
            format!(r#"{{"M":{{"tag":{{"S":""}},"{name}":{{"N":"7"}},{end}"#),
        ] {
            let Known(fields) = check::<Known>(json.as_bytes()).unwrap();
            let found = fields.iter().map(|(index, _)| *index).find(|index| ![1, 2].contains(index));
            assert_eq!(found, index, "{json}");
        }
    }
}

#[test]
fn maps_with_known_members_are_as_deep_as_others() {
    fn deepest<T: FromAttribute>(inner: &str) -> Option<usize> {
        let open = r#"{"M":{"longer_name":"#;
        let is_read = |levels: &usize| {
            let json = format!("{}{inner}{}", open.repeat(*levels), "}}".repeat(*levels));
            wire::from_json::<T>(json.as_bytes()).is_ok()
        };
        (1..100).rev().find(is_read)
    }
    for inner in [r#"{"M":{}}"#, r#"{"M":{"a":{"N":"1"}}}"#, r#"{"M":{"tag":{"S":"\n"},"a":{"N":"1"}}}"#] {
        assert_eq!(deepest::<Known>(inner), deepest::<Value>(inner), "{inner}");
    }
}
