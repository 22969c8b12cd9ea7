//! `attempt` and `find_string`, which leave values unread.

use super::agreement::read_alike;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::error::{DecodeError, EncodeError};
use dynamap::value::{AttributeType, FromAttribute, Reader, ToAttribute, Value, Writer, marker};
use dynamap::wire;
use std::collections::BTreeMap;

/// A list of lists of numbers if it can be read as one, and any value otherwise.
#[derive(Debug, PartialEq)]
enum Either {
    Numbers(BTreeMap<String, Vec<Vec<i64>>>),
    Any(Value),
}

impl AttributeType for Either {
    type DataType = marker::Any;
}

impl ToAttribute for Either {
    fn write<W: Writer>(&self, _: &mut W) -> Result<(), EncodeError> {
        Err(EncodeError::new("it is only read"))
    }
}

impl FromAttribute for Either {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        match r.attempt(BTreeMap::read) {
            Ok(numbers) => Ok(Self::Numbers(numbers)),
            Err(_) => Value::read(r).map(Self::Any),
        }
    }
}

/// A map and the string in it that says what it is.
#[derive(Debug, PartialEq)]
struct Tagged(Option<String>, BTreeMap<String, Value>);

impl AttributeType for Tagged {
    type DataType = marker::M;
}

impl ToAttribute for Tagged {
    fn write<W: Writer>(&self, _: &mut W) -> Result<(), EncodeError> {
        Err(EncodeError::new("it is only read"))
    }
}

impl FromAttribute for Tagged {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let tag = r.find_string("kind")?;
        Ok(Self(tag.map(|tag| tag.to_string()), BTreeMap::read(r)?))
    }
}

fn attribute(value: &Value) -> AttributeValue {
    wire::to_attribute_value(value).unwrap()
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::M(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[test]
fn a_failed_attempt_leaves_everything_unread() {
    let good = map([("a", vec![vec![1_i64], vec![2, 3]].into())]);
    let bad = map([("a", vec![Value::from(vec![1]), vec![Value::from(2), "x".into()].into()].into())]);
    let list = Value::from(vec![good.clone(), bad.clone(), good.clone(), Value::from("s")]);
    let read: Vec<Either> = read_alike(&attribute(&list)).unwrap();
    assert!(matches!(read[0], Either::Numbers(_)));
    assert_eq!(read[1], Either::Any(bad));
    assert!(matches!(read[2], Either::Numbers(_)));
    assert_eq!(read[3], Either::Any(Value::from("s")));
}

#[test]
fn attempts_do_not_use_up_levels_of_nesting() {
    let bad = map([("a", vec![vec![Value::from("x")]].into())]);
    let list = Value::from(vec![bad; 100]);
    assert_eq!(read_alike::<Vec<Either>>(&attribute(&list)).unwrap().len(), 100);
}

#[test]
fn a_tag_is_found_wherever_it_stands() {
    let tagged = |value: &Value| read_alike::<Tagged>(&attribute(value)).unwrap().0;
    let inner = map([("kind", "inner".into())]);
    assert_eq!(tagged(&map([("kind", "a".into()), ("z", inner.clone())])), Some("a".to_owned()));
    assert_eq!(tagged(&map([("b", inner.clone()), ("kind", "a".into())])), Some("a".to_owned()));
    assert_eq!(tagged(&map([("b", inner)])), None);
    assert_eq!(tagged(&map([("kind", 1_i64.into())])), None);
    assert!(read_alike::<Tagged>(&attribute(&Value::from("kind"))).is_err());
    let last_wins = br#"{"M":{"kind":{"S":"a"},"kind":{"S":"b"}}}"#;
    assert_eq!(wire::from_json::<Tagged>(last_wins).unwrap().0, Some("b".to_owned()));
    let last_is_a_number = br#"{"M":{"kind":{"S":"a"},"kind":{"N":"1"}}}"#;
    assert_eq!(wire::from_json::<Tagged>(last_is_a_number).unwrap().0, None);
}
