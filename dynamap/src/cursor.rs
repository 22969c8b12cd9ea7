//! Pagination tokens, with which a query or scan continues.

mod absorb;
#[cfg(feature = "cursor")]
mod binding;
mod fingerprint;
mod into_cursor;
#[cfg(feature = "cursor")]
mod key;
mod parallel;
#[cfg(feature = "cursor")]
mod sealed;
#[cfg(feature = "cursor")]
mod sealed_place;
#[cfg(feature = "cursor")]
mod sealer;
mod token;

#[cfg(feature = "cursor")]
pub(crate) use binding::Binding;
pub(crate) use fingerprint::Fingerprint;
pub use into_cursor::IntoCursor;
#[cfg(feature = "cursor")]
pub use key::{CursorKey, InvalidCursorKey};
pub use parallel::ParallelCursor;
pub(crate) use parallel::{MAX_SEGMENTS, SegmentPlace};
#[cfg(feature = "cursor")]
pub use sealed::SealedCursor;
#[cfg(feature = "cursor")]
pub(crate) use sealed_place::{PageSide, SealedPlace};
#[cfg(feature = "cursor")]
pub use sealer::CursorSealer;

use crate::{
    entity::Item,
    error::{CursorError, DecodeError, EncodeError},
    wire::{self, JsonWriter},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{collections::BTreeMap, fmt, str::FromStr};
use token::{decoded, encoded};

/// A pagination token: the place after the last item that a query or scan returned (`LastEvaluatedKey`).
///
/// A cursor is text for the client of an API: `to_string` and `parse`, or serde. It continues the query that
/// made it and no other: one of another table, index, partition, range, filter or direction refuses it, and a scan
/// refuses that of a query.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer: u32, pub number: u32 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # for number in 1..=5 { shop.put(&Order { customer: 1, number }).send().await?; }
/// // One page of a web API. The client sends the token of the page before, and none for the first page.
/// let page = async |token: Option<String>| {
///     let page = shop.query(Order::partition(1)).limit(3).start_after(token).send().await?;
///     let next = page.cursor.map(|cursor| cursor.to_string());
///     Ok::<_, dynamap::Error>((page.items.len(), next))
/// };
/// let (count, next) = page(None).await?;
/// assert_eq!((count, next.is_some()), (3, true));
/// assert_eq!(page(next).await?, (2, None));
/// # Ok(())
/// # }
/// ```
///
/// The text has a checksum: damage in transit is a [`CursorError`], and never a query that continues at another place.
/// It is no signature. The text holds the keys of an item, encoded but not encrypted. A client that gets a cursor can
/// read them, and can make a cursor for another place in the same query.
#[derive(Clone, PartialEq)]
#[doc(alias("LastEvaluatedKey", "ExclusiveStartKey", "pagination_token"))]
pub struct Cursor {
    query: Fingerprint,
    /// Sorted, so that equal cursors have equal texts.
    key: BTreeMap<String, AttributeValue>,
}

/// Of the token of a single query or scan; 1 had no checksum.
const VERSION: u8 = 2;

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

    /// The cursor right after an item that a query or scan could not read, to continue with the items behind it;
    /// `None` if the error is not about such an item.
    ///
    /// A `send` or `try_collect` that ended with the error has returned none of the items before it.
    pub fn past(error: &DecodeError) -> Option<Self> {
        error.cursor()?.parse().ok()
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

/// The keys of many items, each as the JSON of an item. Cursors after the items are made of them.
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Cursor, Fingerprint, KeyTexts};
    use crate::{
        entity::Item,
        error::{CursorError, EncodeError},
        key::KeyConditionParts,
        value::Writer,
    };
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
        assert_eq!("AQ".parse::<Cursor>(), Err(CursorError::Version));
        assert_eq!("A".repeat(100_000).parse::<Cursor>(), Err(CursorError::Malformed));
    }

    #[test]
    fn what_is_accepted_has_a_text() {
        for key in [r#"{"n":{"N":"x"}}"#, r#"{"n":{"NS":["1E126"]}}"#, r#"{"n":{"L":[{"SS":[]}]}}"#] {
            let text = super::encoded(super::VERSION, query("a", false), key.as_bytes());
            assert_eq!(text.parse::<Cursor>(), Err(CursorError::Malformed), "{key}");
        }
    }

    #[test]
    fn debug_does_not_show_the_key() {
        assert!(!format!("{:?}", cursor()).contains('ü'));
    }

    #[test]
    fn each_of_many_keys_is_found_though_one_has_no_text() {
        let mut keys = KeyTexts::default();
        assert_eq!((keys.last(), keys.get(0)), (None, None));
        for (text, is_written) in [("a", true), ("bc", true), ("d", false), ("e", true)] {
            keys.push(|w| {
                w.string(text)?;
                if is_written { Ok(()) } else { Err(EncodeError::new("no key")) }
            });
        }
        let json = |text: &str| format!(r#"{{"S":"{text}"}}"#).into_bytes();
        for (index, text) in [(0, json("a")), (1, json("bc")), (2, Vec::new()), (3, json("e"))] {
            assert_eq!(keys.get(index), Some(&*text), "{index}");
        }
        assert_eq!((keys.last(), keys.get(4)), (Some(&*json("e")), None));
    }
}
