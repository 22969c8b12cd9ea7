//! What is done with the bytes of a fuzzer, whoever makes them: `tests/fuzz` on stable Rust, `fuzz` with libFuzzer.
//!
//! A target panics where dynamap breaks a promise. No panic on any bytes is one of them; the others stand at each
//! target.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod entity;
mod oracle;

pub use entity::{Everything, Loose};

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::Cursor;
use dynamap::entity::{Item, from_item, to_item, write_item};
use dynamap::value::{FromAttribute, FromDocument, Number, Value};
use dynamap::wire::{self, JsonWriter};
use std::fmt::Debug;

/// Reads an item as an entity.
///
/// The bytes and the `AttributeValue`s of the same item give equal entities or errors in both. What can be written
/// again is read back as it was.
pub fn read_item(bytes: &[u8]) {
    let known = oracle::item(bytes).ok();
    read_document::<Loose>(bytes, known.as_ref());
    let Some(entity) = read_document::<Everything>(bytes, known.as_ref()) else { return };
    let mut json = Vec::new();
    let written = write_item(&entity, &mut JsonWriter::new(&mut json));
    let item = to_item(&entity);
    assert_eq!(written.is_ok(), item.is_ok(), "{written:?}, {item:?}");
    // Some numbers and sets can be read and not stored.
    let Ok(item) = item else { return };
    assert_eq!(
        wire::item_from_json::<Everything>(&json).as_ref(),
        Ok(&entity),
        "read back from {}",
        text(&json)
    );
    assert_eq!(from_item::<Everything>(item.clone()).as_ref(), Ok(&entity), "read back from {item:?}");
    assert_eq!(oracle::item(&json).map(|known| known.value), Ok(item), "written as {}", text(&json));
}

/// Passes over all attributes of an item.
///
/// They may be any JSON of 32 levels of attribute values, or of as many objects and arrays as these are.
pub fn pass_over(bytes: &[u8]) {
    const MAX_JSON_DEPTH: usize = 1 + 2 * 32;
    let read = wire::item_from_json::<entity::Nothing>(bytes);
    match serde_json::from_slice::<serde_json::Value>(bytes) {
        Ok(json) => {
            let may_be_item = json.is_object() && depth(bytes) <= MAX_JSON_DEPTH;
            assert_eq!(read.is_ok(), may_be_item, "{read:?}");
        }
        // serde_json refuses what is deeper than it goes, and numbers that are greater than a float.
        Err(known) => assert!(read.is_err() || known.to_string().contains("number out of range"), "{known}"),
    }
}

/// How deep the objects and arrays of valid JSON nest.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0, 0);
    let mut rest = json.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => {
                while let Some(b'\\') = rest.find(|byte| matches!(byte, b'"' | b'\\')) {
                    rest.next();
                }
            }
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Reads one attribute value.
///
/// The bytes are accepted if serde_json and the rules of DynamoDB-JSON accept them, and give the same value.
/// [`Value`] and the types of the entity read the same from the bytes and from the `AttributeValue`.
pub fn read_value(bytes: &[u8]) {
    let read = wire::from_json::<AttributeValue>(bytes);
    let known = oracle::value(bytes);
    assert_eq!(read.as_ref().ok(), known.as_ref().ok().and_then(oracle::Known::valid), "{read:?}, {known:?}");
    let known = known.ok();
    if let Some(value) = read_attribute::<Value>(bytes, known.as_ref()) {
        write_value(&value);
    }
    read_attribute::<entity::Shape>(bytes, known.as_ref());
    read_attribute::<entity::Adjacent>(bytes, known.as_ref());
    read_attribute::<entity::Untagged>(bytes, known.as_ref());
    read_attribute::<Vec<Option<i64>>>(bytes, known.as_ref());
}

/// Reads an item of any attributes, writes it and reads it again.
///
/// The bytes are accepted if serde_json and the rules of DynamoDB-JSON accept them, and give the same item. It is
/// written unless it holds what DynamoDB does not store, and both forms hold the same item.
pub fn round_trip(bytes: &[u8]) {
    let read = wire::item_from_json::<Item>(bytes);
    let known = oracle::item(bytes);
    assert_eq!(read.as_ref().ok(), known.as_ref().ok().and_then(oracle::Known::valid), "{read:?}, {known:?}");
    let Ok(item) = read else { return };
    let json = wire::item_to_json(&item);
    let values = wire::item_to_attribute_values(&item);
    let storable = is_storable_map(&item);
    assert_eq!((json.is_ok(), values.is_ok()), (storable, storable), "{json:?}, {values:?}");
    let (Ok(json), Ok(values)) = (json, values) else { return };
    assert_eq!(values, item);
    assert_eq!(wire::item_from_json::<Item>(&json).as_ref(), Ok(&item), "read back from {}", text(&json));
    assert_eq!(oracle::item(&json).map(|known| known.value), Ok(item), "written as {}", text(&json));
}

/// Reads the text of a cursor, which a client may have made up.
///
/// What is accepted has a text, and that text is the same cursor.
pub fn cursor(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(cursor) = text.parse::<Cursor>() else { return };
    let again = cursor.to_string();
    assert!(again.parse::<Cursor>().is_ok_and(|read| read == cursor), "read {again} from {text}");
    assert_eq!(serde_json::to_string(&cursor).unwrap(), format!("\"{again}\""));
}

/// The text of a cursor with any key: the version, the hash of the query, the key and the checksums, in base64 for URLs.
///
/// Written once more, so that what is made up here holds as a cursor as far as anybody can make one up.
pub fn cursor_of(key: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bytes = [&[2, 0, 1, 2, 3, 4, 5, 6, 7], key].concat();
    let hash = bytes.iter().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3)
    });
    bytes.extend(((hash ^ (hash >> 32)) as u32).to_le_bytes());
    bytes.extend(crc32(&bytes).to_le_bytes());
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().fold(0_usize, |bits, &byte| bits << 8 | usize::from(byte)) << (24 - 8 * three.len());
        let digits = [18, 12, 6, 0].map(|shift| char::from(LETTERS[bits >> shift & 63]));
        text.extend(&digits[..=three.len()]);
    }
    text
}

/// Reads an item from the bytes and, if they are one for whoever reads all of it, from its `AttributeValue`s.
fn read_document<T>(bytes: &[u8], known: Option<&oracle::Known<Item>>) -> Option<T>
where
    T: FromDocument<Output = T> + PartialEq + Debug,
{
    let read = wire::item_from_json::<T>(bytes);
    // Of members of one name the bytes show all, and the item the last.
    if let Some(known) = known.filter(|known| !known.repeats) {
        let from_values = wire::item_from_attribute_values::<T>(known.value.clone());
        assert_eq!(read.as_ref().ok(), from_values.as_ref().ok(), "{read:?}, {from_values:?}");
    }
    read.ok()
}

/// The same for an attribute value.
fn read_attribute<T>(bytes: &[u8], known: Option<&oracle::Known<AttributeValue>>) -> Option<T>
where
    T: FromAttribute + PartialEq + Debug,
{
    let read = wire::from_json::<T>(bytes);
    if let Some(known) = known.filter(|known| !known.repeats) {
        let from_value = wire::from_attribute_value::<T>(known.value.clone());
        assert_eq!(read.as_ref().ok(), from_value.as_ref().ok(), "{read:?}, {from_value:?}");
    }
    read.ok()
}

fn write_value(value: &Value) {
    let (json, attribute) = (wire::to_json(value), wire::to_attribute_value(value));
    assert_eq!(json.is_ok(), attribute.is_ok(), "{json:?}, {attribute:?}");
    let (Ok(json), Ok(attribute)) = (json, attribute) else { return };
    assert_eq!(wire::from_json::<Value>(&json).as_ref(), Ok(value), "read back from {}", text(&json));
    assert_eq!(wire::from_attribute_value::<Value>(attribute).as_ref(), Ok(value));
}

/// True if DynamoDB stores the value: its numbers are numbers, and its sets have members.
fn is_storable(value: &AttributeValue) -> bool {
    let is_number = |text: &String| text.parse::<Number>().is_ok();
    match value {
        AttributeValue::N(text) => is_number(text),
        AttributeValue::Ss(members) => !members.is_empty(),
        AttributeValue::Ns(members) => !members.is_empty() && members.iter().all(is_number),
        AttributeValue::Bs(members) => !members.is_empty(),
        AttributeValue::L(elements) => elements.iter().all(is_storable),
        AttributeValue::M(members) => is_storable_map(members),
        _ => true,
    }
}

/// DynamoDB: the name of an attribute and the key of a map have at least one byte.
fn is_storable_map(members: &Item) -> bool {
    members.iter().all(|(key, value)| !key.is_empty() && is_storable(value))
}

fn text(json: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(json)
}

/// CRC-32 as in zip files, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}
