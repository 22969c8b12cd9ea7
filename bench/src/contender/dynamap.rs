//! dynamap: from the bytes of a response to entities, and from an entity to the bytes of a request.

use crate::model::{Model, TABLE};
use dynamap::{
    entity::write_item,
    error::DecodeError,
    stream::{Changes, NewAndOldImages, json},
    value::{Field, FromDocument, Reader},
    wire::{JsonReader, JsonWriter},
};

/// The entity in a response of GetItem.
pub(crate) fn get_item<T: Model>(body: &[u8]) -> T {
    read_item::<T>(&mut JsonReader::new(behind(body, "\"Item\":")).unwrap()).unwrap()
}

/// The entities in a response of Query.
pub(crate) fn query<T: FromDocument<Output = T>>(body: &[u8]) -> Vec<T> {
    // The reader takes attribute values and items. For the list of items around them, which is no attribute
    // value, it is asked as if it were inside an item.
    let mut reader = JsonReader::new(behind(body, "\"Items\":[")).unwrap();
    let mut elements = JsonReader::new(b"{").unwrap().begin_item().unwrap();
    let mut entities = Vec::new();
    while reader.next_element(&mut elements).unwrap() {
        entities.push(read_item::<T>(&mut reader).unwrap());
    }
    entities
}

/// The request document of PutItem.
pub(crate) fn put_item<T: Model>(entity: &T) -> Vec<u8> {
    // As much room to begin with as the requests of `Table` have.
    let mut out = Vec::with_capacity(1024);
    out.extend_from_slice(b"{\"TableName\":\"");
    out.extend_from_slice(TABLE.as_bytes());
    out.extend_from_slice(b"\",\"Item\":");
    write_item(entity, &mut JsonWriter::new(&mut out)).unwrap();
    out.push(b'}');
    out
}

/// The changes in an event of Lambda.
pub(crate) fn lambda_event<T: Model>(event: &[u8]) -> Vec<Changes<T>> {
    let event = json::lambda_changes::<T, NewAndOldImages>(event).unwrap();
    event.into_iter().map(Result::unwrap).collect()
}

fn read_item<T: FromDocument>(reader: &mut JsonReader<'_>) -> Result<T::Output, DecodeError> {
    let mut members = reader.begin_item()?;
    let mut partial = T::Partial::default();
    while let Field::Known(index) = reader.next_field(&mut members, T::FIELDS)? {
        T::read_field(&mut partial, index, reader)?;
    }
    T::finish(partial)
}

/// The rest behind `name`, which is near the start.
fn behind<'a>(body: &'a [u8], name: &str) -> &'a [u8] {
    let at = body.windows(name.len()).position(|window| window == name.as_bytes()).unwrap();
    &body[at + name.len()..]
}
