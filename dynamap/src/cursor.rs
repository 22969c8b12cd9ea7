//! Cursors: where a query or scan goes on.

mod parallel;

pub use parallel::ParallelCursor;
pub(crate) use parallel::{MAX_SEGMENTS, SegmentPlace};

use crate::{
    entity::Item,
    error::{CursorError, EncodeError},
    expr::ConditionExpression,
    key::{KeyConditionParts, SortKeyOperator},
    wire::{self, JsonWriter},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{collections::BTreeMap, fmt, str::FromStr};

/// The place after the last item that a query or scan returned.
///
/// A cursor is text for the client of an API: `to_string` and `parse`, or serde. It continues the query that
/// made it and no other: one of another table, index, partition, range, filter or direction refuses it, and a scan
/// refuses that of a query.
///
/// The text holds the keys of an item, encoded but not encrypted: who gets a cursor can read them.
#[derive(Clone, PartialEq)]
pub struct Cursor {
    query: Fingerprint,
    /// Sorted, so that equal cursors have equal texts.
    key: BTreeMap<String, AttributeValue>,
}

const VERSION: u8 = 1;

/// More than four keys of the greatest size, as base64 of escaped JSON.
const MAX_TEXT: usize = 64 * 1024;

impl Cursor {
    pub(crate) fn new(query: Fingerprint, key: Item) -> Self {
        Self { query, key: key.into_iter().collect() }
    }

    /// A cursor after the item with a key of [`KeyTexts`].
    pub(crate) fn from_json(query: Fingerprint, key: &[u8]) -> Option<Self> {
        let key = wire::item_from_json::<BTreeMap<String, AttributeValue>>(key).ok()?;
        Some(Self { query, key })
    }

    pub(crate) fn into_key(self) -> BTreeMap<String, AttributeValue> {
        self.key
    }

    /// `ExclusiveStartKey` for the query with this fingerprint.
    pub(crate) fn into_start_key(self, query: Fingerprint) -> Result<Item, CursorError> {
        match self.query == query {
            true => Ok(self.key.into_iter().collect()),
            false => Err(CursorError::OtherQuery),
        }
    }
}

/// The text of a cursor: a version of its form, the query that it belongs to, and the place.
fn encoded(version: u8, query: Fingerprint, place: &[u8]) -> String {
    let bytes = [&[version], query.0.to_be_bytes().as_slice(), place].concat();
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes)
}

/// What the text of a cursor of at most `limit` bytes holds: its query, and the place.
fn decoded(text: &str, version: u8, limit: usize) -> Result<(Fingerprint, Vec<u8>), CursorError> {
    if text.len() > limit {
        return Err(CursorError::Malformed);
    }
    let bytes = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(text).map_err(|_| CursorError::Malformed)?;
    let (found, rest) = bytes.split_first().ok_or(CursorError::Malformed)?;
    if *found != version {
        return Err(CursorError::Version);
    }
    let (query, place) = rest.split_first_chunk::<8>().ok_or(CursorError::Malformed)?;
    Ok((Fingerprint(u64::from_be_bytes(*query)), place.to_vec()))
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encoded(VERSION, self.query, &wire::item_to_json(&self.key).map_err(|_| fmt::Error)?))
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (query, key) = decoded(text, VERSION, MAX_TEXT)?;
        let cursor = Self::from_json(query, &key).ok_or(CursorError::Malformed)?;
        // What DynamoDB does not store is no key, and could not be shown as text again.
        wire::item_to_json(&cursor.key).map_err(|_| CursorError::Malformed)?;
        Ok(cursor)
    }
}

/// Shows that it is a cursor, not the keys.
impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").finish_non_exhaustive()
    }
}

impl serde::Serialize for Cursor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Cursor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The keys of many items, each as the JSON of an item: what cursors after them are made of.
#[derive(Debug, Default)]
pub(crate) struct KeyTexts {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl KeyTexts {
    /// Adds the key that `write` writes.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut JsonWriter<'_>) -> Result<(), EncodeError>) {
        let start = self.text.len();
        // A key that cannot be written stays without text, and makes no cursor.
        if write(&mut JsonWriter::new(&mut self.text)).is_err() {
            self.text.truncate(start);
        }
        self.ends.push(self.text.len());
    }

    pub(crate) fn get(&self, index: usize) -> Option<&[u8]> {
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(start..*self.ends.get(index)?)
    }

    pub(crate) fn last(&self) -> Option<&[u8]> {
        self.get(self.ends.len().checked_sub(1)?)
    }
}

/// What a query or scan asks for, as a hash that is the same in every process (FNV-1a).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    pub(crate) fn of_query(
        table: &str,
        index: Option<&str>,
        condition: &KeyConditionParts,
        descending: bool,
    ) -> Self {
        let mut fingerprint = Self::of_source(table, index);
        fingerprint.add(&[u8::from(descending)]);
        for (attribute, value) in &condition.partition {
            fingerprint.add(attribute.as_bytes());
            fingerprint.add_value(value);
        }
        for (attribute, operator) in &condition.sort {
            fingerprint.add(attribute.as_bytes());
            fingerprint.add(operator.name().as_bytes());
            fingerprint.add_operands(operator);
        }
        fingerprint
    }

    pub(crate) fn of_scan(table: &str, index: Option<&str>) -> Self {
        let mut fingerprint = Self::of_source(table, index);
        // No query has more than one byte here.
        fingerprint.add(b"scan");
        fingerprint
    }

    fn of_source(table: &str, index: Option<&str>) -> Self {
        let mut fingerprint = Self(0xCBF2_9CE4_8422_2325);
        fingerprint.add(table.as_bytes());
        fingerprint.add(index.unwrap_or_default().as_bytes());
        fingerprint
    }

    /// A cursor of a parallel scan belongs to the number of its segments.
    pub(crate) fn add_segments(&mut self, segments: u32) {
        self.add(b"segments");
        self.add(&segments.to_be_bytes());
    }

    /// Adds bytes and their end, so that `ab` and `c` are not `a` and `bc`.
    fn add(&mut self, bytes: &[u8]) {
        let length = (bytes.len() as u64).to_be_bytes();
        for byte in bytes.iter().chain(&length) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    }

    /// Adds a filter; a query without one has the fingerprint that it always had.
    pub(crate) fn add_filter(&mut self, filter: ConditionExpression) {
        self.add(filter.text.as_bytes());
        for (placeholder, name) in filter.names.into_iter().flatten().collect::<BTreeMap<_, _>>() {
            self.add(placeholder.as_bytes());
            self.add(name.as_bytes());
        }
        for (placeholder, value) in filter.values.into_iter().flatten().collect::<BTreeMap<_, _>>() {
            self.add(placeholder.as_bytes());
            self.add_typed(&value);
        }
    }

    fn add_value(&mut self, value: &AttributeValue) {
        match value {
            AttributeValue::S(text) => self.add(text.as_bytes()),
            AttributeValue::N(text) => self.add(text.as_bytes()),
            AttributeValue::B(bytes) => self.add(bytes.as_ref()),
            // No other type is a key, but a value of a filter.
            AttributeValue::Bool(value) => self.add_members("BOOL", [[u8::from(*value)].as_slice()]),
            AttributeValue::Ss(members) => self.add_members("SS", members.iter().map(String::as_bytes)),
            AttributeValue::Ns(members) => self.add_members("NS", members.iter().map(String::as_bytes)),
            AttributeValue::Bs(members) => self.add_members("BS", members.iter().map(AsRef::as_ref)),
            AttributeValue::L(elements) => {
                self.add_members("L", []);
                elements.iter().for_each(|element| self.add_typed(element));
                self.add_members("", []);
            }
            AttributeValue::M(members) => {
                self.add_members("M", []);
                for (name, value) in members.iter().collect::<BTreeMap<_, _>>() {
                    self.add(name.as_bytes());
                    self.add_typed(value);
                }
                self.add_members("", []);
            }
            _ => self.add(&[]),
        }
    }

    /// Adds a value and its data type; that of a key is known from the key's name.
    fn add_typed(&mut self, value: &AttributeValue) {
        match value {
            AttributeValue::S(_) => self.add(b"S"),
            AttributeValue::N(_) => self.add(b"N"),
            AttributeValue::B(_) => self.add(b"B"),
            AttributeValue::Null(_) => self.add(b"NULL"),
            _ => {}
        }
        self.add_value(value);
    }

    /// Adds a data type and what a value of it holds, in an order of its own: sets have none.
    fn add_members<'a>(&mut self, descriptor: &str, members: impl IntoIterator<Item = &'a [u8]>) {
        self.add(descriptor.as_bytes());
        let mut members: Vec<&[u8]> = members.into_iter().collect();
        members.sort_unstable();
        members.into_iter().for_each(|member| self.add(member));
    }

    fn add_operands(&mut self, operator: &SortKeyOperator) {
        match operator {
            SortKeyOperator::Between(from, to) => {
                self.add_value(from);
                self.add_value(to);
            }
            SortKeyOperator::Equal(value)
            | SortKeyOperator::Less(value)
            | SortKeyOperator::LessOrEqual(value)
            | SortKeyOperator::Greater(value)
            | SortKeyOperator::GreaterOrEqual(value)
            | SortKeyOperator::BeginsWith(value) => self.add_value(value),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Cursor, Fingerprint};
    use crate::{entity::Item, error::CursorError, key::KeyConditionParts};
    use aws_sdk_dynamodb::types::AttributeValue;

    fn query(partition: &str, descending: bool) -> Fingerprint {
        let partition = vec![("pk", AttributeValue::S(partition.into()))];
        Fingerprint::of_query("shop", None, &KeyConditionParts { partition, sort: Vec::new() }, descending)
    }

    fn cursor() -> Cursor {
        let key = [("pk", AttributeValue::S("A \"b\" ü".into())), ("n", AttributeValue::N("7".into()))];
        Cursor::new(
            query("a", false),
            key.map(|(name, value)| (name.to_owned(), value)).into_iter().collect::<Item>(),
        )
    }

    #[test]
    fn a_cursor_survives_its_text() {
        let text = cursor().to_string();
        assert_eq!(text.parse::<Cursor>().unwrap(), cursor());
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)), "{text}");
        let json = serde_json::to_string(&cursor()).unwrap();
        assert_eq!(serde_json::from_str::<Cursor>(&json).unwrap(), cursor());
    }

    #[test]
    fn another_query_refuses_it() {
        assert!(cursor().into_start_key(query("a", false)).is_ok());
        assert_eq!(cursor().into_start_key(query("b", false)), Err(CursorError::OtherQuery));
        assert_eq!(cursor().into_start_key(query("a", true)), Err(CursorError::OtherQuery));
    }

    #[test]
    fn damaged_text_is_an_error() {
        let text = cursor().to_string();
        for end in 0..text.len() {
            assert!(text[..end].parse::<Cursor>().is_err(), "{end}");
        }
        assert_eq!("%%".parse::<Cursor>(), Err(CursorError::Malformed));
        assert_eq!("Ag".parse::<Cursor>(), Err(CursorError::Version));
        assert_eq!("A".repeat(100_000).parse::<Cursor>(), Err(CursorError::Malformed));
    }

    #[test]
    fn what_is_accepted_has_a_text() {
        for key in [r#"{"n":{"N":"x"}}"#, r#"{"n":{"NS":["1E126"]}}"#, r#"{"n":{"L":[{"SS":[]}]}}"#] {
            let bytes = [&[super::VERSION, 0, 0, 0, 0, 0, 0, 0, 0], key.as_bytes()].concat();
            let text = base64_simd::URL_SAFE_NO_PAD.encode_to_string(bytes);
            assert_eq!(text.parse::<Cursor>(), Err(CursorError::Malformed), "{key}");
        }
    }

    #[test]
    fn debug_does_not_show_the_key() {
        assert!(!format!("{:?}", cursor()).contains('ü'));
    }
}
