use super::{
    attempt_marks::{AttemptMarks, EachMarked},
    exchange::OnAttempt,
    random::Random,
    request::with_members,
};
use crate::{
    entity::{self, Entity, Item, Key, KeyBytes, TableOf, Unversioned},
    error::{DecodeError, EncodeError},
    known_fault::KnownFault,
    outcome::Result,
    schema::TableSchema,
    wire::{self, JsonReader, JsonWriter},
};
use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use std::{collections::HashMap, fmt, sync::Arc};

/// The puts and deletes of a BatchWriteItem request, encoded.
///
/// DynamoDB takes at most 25, of 16 MB together and for each key only one; nothing here checks that.
#[derive(Clone, Default)]
pub struct WriteRequests {
    /// Each table, and the JSON of its list without the end.
    tables: Vec<(String, Vec<u8>)>,
    /// Of the puts that check no version.
    marks: Vec<Arc<AttemptMarks>>,
}

/// Shows the tables, and no item or key.
impl fmt::Debug for WriteRequests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tables: Vec<&str> = self.tables.iter().map(|(table, _)| table.as_str()).collect();
        f.debug_struct("WriteRequests").field("tables", &tables).finish_non_exhaustive()
    }
}

impl WriteRequests {
    /// No requests.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a put of `entity` into `table`.
    ///
    /// # Errors
    /// A value cannot be stored, or a key cannot be made. The requests are as before.
    pub fn put<E: Unversioned>(&mut self, table: &str, entity: &E) -> Result<()> {
        self.add(table, "PutRequest", "Item", |w| Ok(entity::write_item(entity, w)?))
    }

    /// Adds a put of `entity` into `table`, also if it has a version.
    ///
    /// DynamoDB checks nothing in a batch: an item that another writer has written meanwhile is replaced. The item
    /// gets a version that no entity in memory has, so that every other writer sees that it was replaced. The version
    /// in `entity` does not change: read the item before it is saved.
    ///
    /// # Errors
    /// A value cannot be stored, or a key cannot be made.
    pub fn put_ignoring_version<E: Entity>(&mut self, table: &str, entity: &E) -> Result<()> {
        let (item, marks) = item_ignoring_version(entity, None)?;
        self.add(table, "PutRequest", "Item", |w| raw(w, &item))?;
        self.marks.extend(marks.map(Arc::new));
        Ok(())
    }

    /// Adds a delete of the item with `key` from `table`.
    ///
    /// # Errors
    /// The key cannot be made. The requests are as before.
    pub fn delete<K: Key>(&mut self, table: &str, key: &K) -> Result<()> {
        let mut bytes = KeyBytes::default();
        bytes.set_key(key)?;
        self.add(table, "DeleteRequest", "Key", |w| Ok(bytes.write::<TableOf<K>>(w)?))
    }

    fn add(
        &mut self,
        table: &str,
        request: &str,
        member: &str,
        write: impl FnOnce(&mut JsonWriter<'_>) -> Result<()>,
    ) -> Result<()> {
        let known = self.tables.iter_mut().find(|(known, _)| known == table);
        let mut json = known.map_or_else(|| list(table), |(_, json)| std::mem::take(json));
        let before = json.len();
        if !json.ends_with(b"[") {
            json.push(b',');
        }
        let written = push_request(&mut json, request, member, write);
        if written.is_err() {
            json.truncate(before);
        }
        match self.tables.iter_mut().find(|(known, _)| known == table) {
            Some(known) => known.1 = json,
            None if written.is_ok() => self.tables.push((table.to_owned(), json)),
            None => {}
        }
        written
    }

    /// A hook that gives another version in each attempt to the puts that check no version.
    pub(super) fn on_attempt(&mut self) -> Option<Arc<dyn OnAttempt>> {
        let marks = std::mem::take(&mut self.marks);
        if marks.is_empty() { None } else { Some(Arc::new(EachMarked(marks))) }
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.iter().map(|(table, _)| table.as_str())
    }

    /// The member `{"RequestItems":{..}` of a request.
    pub(super) fn into_member(self) -> Vec<u8> {
        let mut tables = self.tables.into_iter().map(|(_, json)| json);
        // The first one stays where it is: mostly it is the only one.
        let mut member = tables.next().unwrap_or_else(|| OPENING.to_vec());
        for json in tables {
            member.extend_from_slice(b"],");
            member.extend_from_slice(&json[OPENING.len()..]);
        }
        member.extend_from_slice(if member.len() > OPENING.len() { b"]}" } else { b"}" });
        member
    }

    /// The requests of a member, in the SDK's types.
    pub(crate) fn values(member: &[u8]) -> Result<HashMap<String, Vec<WriteRequest>>, DecodeError> {
        let mut r = JsonReader::new(member.get(OPENING.len() - 1..).unwrap_or_default())?;
        let (mut tables, mut first) = (HashMap::new(), true);
        r.scanner.expect(b'{', "the `{` of tables")?;
        while r.scanner.next_member(&mut first, b'}')? {
            let table = r.scanner.key()?.into_owned();
            tables.insert(table, write_requests(&mut r)?);
        }
        Ok(tables)
    }
}

/// The JSON of a put of `entity`, as it stands in a list of write requests; written into `json`, which is empty.
pub(crate) fn put_request<E: Entity>(entity: &E, mut json: Vec<u8>) -> Result<Vec<u8>> {
    push_request(&mut json, "PutRequest", "Item", |w| Ok(entity::write_item(entity, w)?))?;
    Ok(json)
}

/// The JSON of a put as by [`put_request`], for an entity that may have a version, which is not checked. `json` is
/// empty.
pub(crate) fn put_request_ignoring_version<E: Entity>(
    entity: &E,
    mut json: Vec<u8>,
    random: Option<&Random>,
) -> Result<(Vec<u8>, Option<AttemptMarks>)> {
    if !has_version::<E>() {
        return Ok((put_request(entity, json)?, None));
    }
    let (item, marks) = item_ignoring_version(entity, random)?;
    push_request(&mut json, "PutRequest", "Item", |w| raw(w, &item))?;
    Ok((json, marks))
}

fn has_version<E: Entity>() -> bool {
    E::STAMPS.iter().any(|stamp| stamp.version.is_some())
}

/// The JSON of an item that replaces the stored one ignoring its version, with a version that no entity in memory has.
fn item_ignoring_version<E: Entity>(
    entity: &E,
    random: Option<&Random>,
) -> Result<(Vec<u8>, Option<AttemptMarks>)> {
    let mut json = Vec::new();
    entity::write_item(entity, &mut JsonWriter::new(&mut json))?;
    let item = wire::item_from_json::<Item>(&json)?;
    let version = |name: &'static str| item.get(name).cloned();
    let Some((written, marks)) = AttemptMarks::of_unchecked::<E>(random, version)? else {
        return Ok((json, None));
    };
    if KnownFault::KeptVersion.is_back() {
        return Ok((json, None));
    }
    let mut with = vec![b'{'];
    for (at, (name, value)) in written.iter().enumerate() {
        if at > 0 {
            with.push(b',');
        }
        wire::push_string(&mut with, name);
        with.push(b':');
        with.extend(wire::to_json(value)?);
    }
    let replaced: Vec<&str> = written.iter().map(|(name, _)| *name).collect();
    with_members(&json, &mut with, &replaced)?;
    Ok((with, Some(marks)))
}

/// Writes JSON that we wrote before.
fn raw(w: &mut JsonWriter<'_>, json: &[u8]) -> Result<()> {
    let text = std::str::from_utf8(json).map_err(|_| EncodeError::new("an item is no text"))?;
    w.raw(text);
    Ok(())
}

/// The JSON of a put of the item with this JSON, as it stands in a list of write requests.
pub(crate) fn put_request_of(item: &[u8]) -> Vec<u8> {
    [b"{\"PutRequest\":{\"Item\":", item, b"}}"].concat()
}

/// The JSON of a delete of the item with this key, as it stands in a list of write requests.
pub(crate) fn delete_request<S: TableSchema>(key: &KeyBytes) -> Result<Vec<u8>> {
    let mut json = Vec::with_capacity(128);
    push_request(&mut json, "DeleteRequest", "Key", |w| Ok(key.write::<S>(w)?))?;
    Ok(json)
}

/// The item of a [`put_request`].
pub(crate) fn item_of_put_request(json: &[u8]) -> Result<Item, DecodeError> {
    wire::item_from_json::<Item>(json_of_put_item(json).unwrap_or_default())
}

/// The JSON of the item of a [`put_request`]; `None` if it is none.
pub(crate) fn json_of_put_item(json: &[u8]) -> Option<&[u8]> {
    json.strip_prefix(b"{\"PutRequest\":{\"Item\":").and_then(|rest| rest.strip_suffix(b"}}"))
}

/// The member `{"RequestItems":{"table":[..` of a request up to the end of a list of these write requests or keys, which
/// stands behind `opening`.
pub(crate) fn request_items<'a>(
    table: &str,
    opening: &str,
    elements: impl Iterator<Item = &'a [u8]> + Clone,
) -> Vec<u8> {
    let mut json = Vec::new();
    push_request_items(&mut json, table, opening, elements);
    json
}

/// Writes a [`request_items`] behind the lists of other tables, which are complete.
pub(crate) fn push_request_items<'a>(
    json: &mut Vec<u8>,
    table: &str,
    opening: &str,
    elements: impl Iterator<Item = &'a [u8]> + Clone,
) {
    let length: usize = elements.clone().map(|element| element.len() + 1).sum();
    json.reserve_exact(OPENING.len() + table.len() + length + 256);
    match json.is_empty() {
        true => json.extend_from_slice(OPENING),
        false => json.push(b','),
    }
    push_name(json, table);
    json.extend_from_slice(opening.as_bytes());
    json.push(b'[');
    for (at, element) in elements.enumerate() {
        if at > 0 {
            json.push(b',');
        }
        json.extend_from_slice(element);
    }
    json.push(b']');
}

/// Writes `{"PutRequest":{"Item":..}}` or the same for a delete. After an error the bytes hold a part of it.
fn push_request(
    json: &mut Vec<u8>,
    request: &str,
    member: &str,
    write: impl FnOnce(&mut JsonWriter<'_>) -> Result<()>,
) -> Result<()> {
    for part in ["{\"", request, "\":{\"", member, "\":"] {
        json.extend_from_slice(part.as_bytes());
    }
    write(&mut JsonWriter::new(json))?;
    json.extend_from_slice(b"}}");
    Ok(())
}

const OPENING: &[u8] = b"{\"RequestItems\":{";

/// The beginning of a member with one table, and of its list.
fn list(table: &str) -> Vec<u8> {
    // Enough for some items; more of them double it.
    let mut json = Vec::with_capacity(16 * 1024);
    push_table(&mut json, table);
    json.push(b'[');
    json
}

fn push_table(json: &mut Vec<u8>, table: &str) {
    json.extend_from_slice(OPENING);
    push_name(json, table);
}

fn push_name(json: &mut Vec<u8>, table: &str) {
    wire::push_string(json, table);
    json.push(b':');
}

fn write_requests(r: &mut JsonReader<'_>) -> Result<Vec<WriteRequest>, DecodeError> {
    let (mut requests, mut first) = (Vec::new(), true);
    r.scanner.expect(b'[', "the `[` of write requests")?;
    while r.scanner.next_member(&mut first, b']')? {
        r.scanner.expect(b'{', "the `{` of a write request")?;
        let is_put = r.scanner.key()? == "PutRequest";
        r.scanner.expect(b'{', "the `{` of a put or delete")?;
        r.scanner.key()?;
        let item = Some(wire::read_item::<Item, _>(r)?);
        r.scanner.expect(b'}', "the `}` of a put or delete")?;
        r.scanner.expect(b'}', "the `}` of a write request")?;
        let missing = |_| DecodeError::new("a put or delete", "a part of it");
        let request = WriteRequest::builder();
        requests.push(match is_put {
            true => {
                request.put_request(PutRequest::builder().set_item(item).build().map_err(missing)?).build()
            }
            false => request
                .delete_request(DeleteRequest::builder().set_key(item).build().map_err(missing)?)
                .build(),
        });
    }
    Ok(requests)
}
