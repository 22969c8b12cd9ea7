use crate::{
    entity::{self, Entity, Item, Key},
    error::{DecodeError, Result},
    value::Writer,
    wire::{self, JsonReader, JsonWriter},
};
use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use std::collections::{BTreeMap, HashMap};

/// The puts and deletes of a BatchWriteItem request, encoded.
///
/// DynamoDB takes at most 25, of 16 MB together and for each key only one; nothing here checks that.
#[derive(Debug, Clone, Default)]
pub struct WriteRequests {
    /// The JSON of the list of each table, without its end.
    tables: BTreeMap<String, Vec<u8>>,
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
    pub fn put<E: Entity>(&mut self, table: &str, entity: &E) -> Result<()> {
        self.add(table, "PutRequest", "Item", |w| entity::write_item(entity, w))
    }

    /// Adds a delete of the item with `key` from `table`.
    ///
    /// # Errors
    /// The key cannot be made. The requests are as before.
    pub fn delete<K: Key>(&mut self, table: &str, key: &K) -> Result<()> {
        let key = entity::key_item(key)?;
        self.add(table, "DeleteRequest", "Key", |w| Ok(wire::write_item(&key, w)?))
    }

    fn add(
        &mut self,
        table: &str,
        request: &str,
        member: &str,
        write: impl FnOnce(&mut JsonWriter<'_>) -> Result<()>,
    ) -> Result<()> {
        let mut json = self.tables.remove(table).unwrap_or_default();
        let before = json.len();
        json.extend_from_slice(if json.is_empty() { b"[{\"" } else { b",{\"" });
        for part in [request, "\":{\"", member, "\":"] {
            json.extend_from_slice(part.as_bytes());
        }
        let written = write(&mut JsonWriter::new(&mut json));
        match written {
            Ok(()) => json.extend_from_slice(b"}}"),
            Err(_) => json.truncate(before),
        }
        if !json.is_empty() {
            self.tables.insert(table.to_owned(), json);
        }
        written
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(String::as_str)
    }

    /// The member `"RequestItems":{..}` of a request.
    pub(super) fn member(&self) -> Vec<u8> {
        let size: usize = self.tables.iter().map(|(table, json)| table.len() + json.len() + 5).sum();
        let mut member = Vec::with_capacity(size + 20);
        member.extend_from_slice(b"\"RequestItems\":{");
        for (table, json) in &self.tables {
            let mut w = JsonWriter::new(&mut member);
            // Never nested, so that it cannot be too deep.
            let _ = w.key(table);
            member.extend_from_slice(json);
            member.push(b']');
        }
        member.push(b'}');
        member
    }

    /// The same in the SDK's types.
    pub(super) fn into_values(self) -> Result<HashMap<String, Vec<WriteRequest>>, DecodeError> {
        let tables = self.tables.into_iter().map(|(table, mut json)| {
            json.push(b']');
            Ok((table, write_requests(&json)?))
        });
        tables.collect()
    }
}

fn write_requests(json: &[u8]) -> Result<Vec<WriteRequest>, DecodeError> {
    let mut r = JsonReader::new(json)?;
    let (mut requests, mut first) = (Vec::new(), true);
    r.scanner.expect(b'[', "the `[` of write requests")?;
    while r.scanner.next_member(&mut first, b']')? {
        r.scanner.expect(b'{', "the `{` of a write request")?;
        let is_put = r.scanner.key()? == "PutRequest";
        r.scanner.expect(b'{', "the `{` of a put or delete")?;
        r.scanner.key()?;
        let item = Some(wire::read_item::<Item, _>(&mut r)?);
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
