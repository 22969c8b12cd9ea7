//! Changes that are read in one pass over an event.

use super::{
    delivered::delivered_record,
    event::{StreamEvent, event},
    members::{MemberValue, members, without_mark},
    record::{body_member, member},
};
use crate::{
    call::item_status::{KeyAttributes, noted_plain_key},
    error::DecodeError,
    op::read::{ItemReader, Queryable},
    stream::{
        Changes, ItemOf, RecordError, StreamRecord, StreamView,
        assemble::{assemble, check_record},
        change::ReaderOf,
        image::Image,
        side::{Side, read_next},
    },
    wire::JsonReader,
};
use std::{borrow::Cow, iter, sync::Arc};

/// The changes of one record, or the error that it is.
pub type ReadChanges<T, V> = Result<Changes<T, V>, RecordError>;

/// Reads the changes of all records of a Lambda event from its JSON: as [`lambda_event`](super::lambda_event) and then
/// [`changes`](StreamRecord::changes) of each record, and faster, since the images are read on the way.
///
/// ```
/// # use dynamap::{Entity, TableSchema};
/// use dynamap::stream::{NewImage, json};
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "ORDER#{number}")]
/// # pub struct Order { pub number: u32 }
///
/// # fn handle(event: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
/// for changes in json::lambda_changes::<Order, NewImage>(event)? {
///     match changes {
///         Ok(changes) => changes.for_each(|change| println!("{change:?}")),
///         Err(error) => println!("{error}"),
///     }
/// }
/// # Ok(())
/// # }
/// # handle(br#"{"Records":[]}"#).unwrap();
/// ```
///
/// # Errors
/// The bytes are not JSON, or not that of an event: an object with `Records`, which is a list.
pub fn lambda_changes<T: Queryable, V: StreamView>(
    json: &[u8],
) -> Result<StreamEvent<'_, ReadChanges<T, V>>, DecodeError> {
    let mut r = JsonReader::new(without_mark(json))?;
    let text = r.scanner.text();
    // Changes of both images keep them: all in one copy of the event.
    let shared: Option<Arc<str>> = (V::HAS_OLD && V::HAS_NEW).then(|| text.into());
    let keep = |image: &Image<'_>| match &shared {
        Some(shared) => image.in_event(shared, text.as_ptr() as usize),
        None => image.to_static(),
    };
    let mut one_pass = OnePass::<T> { hint: <ReaderOf<T>>::begin(&mut r, iter::empty()), keep: &keep };
    event(&mut r, |index, r| {
        let start = r.scanner.place();
        match one_pass.changes::<V>(r, index) {
            Some(changes) => Ok(Ok(changes)),
            // Read by itself, the record says what is wrong with it.
            None => {
                r.go_back_to(start);
                let record = StreamRecord { index: Some(index), ..delivered_record(r)? };
                Ok(record.changes::<T, V>())
            }
        }
    })
}

/// Reads one record after another, each as the one before it.
struct OnePass<'k, T: Queryable> {
    hint: <ReaderOf<T> as ItemReader>::MemberHint,
    keep: &'k dyn Fn(&Image<'_>) -> Image<'static>,
}

/// The parts of a record that are read on the way.
struct RecordParts<'a, I> {
    keys: Option<KeyAttributes>,
    /// The values of the keys as they are written.
    keys_json: [&'a str; 2],
    old: Option<Side<I>>,
    new: Option<Side<I>>,
    has_body: bool,
}

impl<T: Queryable> OnePass<'_, T> {
    /// The changes of the record that comes next; none if anything about it is not as DynamoDB writes it.
    fn changes<V: StreamView>(&mut self, r: &mut JsonReader<'_>, index: usize) -> Option<Changes<T, V>> {
        let mut record = StreamRecord { index: Some(index), ..StreamRecord::default() };
        let mut parts = RecordParts { keys: None, keys_json: [""; 2], old: None, new: None, has_body: false };
        let read = members(r, |name, r| match name {
            "dynamodb" if parts.has_body => Err(unusual()),
            "kinesis" => Err(unusual()),
            "dynamodb" => {
                parts.has_body = true;
                members(r, |name, r| self.body_member::<V>(&mut record, &mut parts, name, r)).map(|_| ())
            }
            _ => member(&mut record, name, r),
        });
        let Ok(MemberValue::Value(())) = read else { return None };
        let event = check_record::<V>(&record).ok()?;
        let number = record.sequence_number.take()?;
        // Of a member that stands twice the second may be null.
        let is_read = [parts.keys.is_some(), parts.old.is_some(), parts.new.is_some()];
        if [&record.keys, &record.old_image, &record.new_image].map(Option::is_some) != is_read {
            return None;
        }
        let keys = parts.keys?;
        assemble(&record, number, event, keys, [parts.old, parts.new], self.keep).ok()
    }

    fn body_member<'a, V: StreamView>(
        &mut self,
        record: &mut StreamRecord<'a>,
        parts: &mut RecordParts<'a, ItemOf<T>>,
        name: &str,
        r: &mut JsonReader<'a>,
    ) -> Result<(), DecodeError> {
        r.scanner.pass_whitespace();
        if r.scanner.peek() != b'{' {
            return body_member(record, name, r);
        }
        let start = r.scanner.offset();
        let (image, is_first) = match name {
            "Keys" => {
                r.reset_marks();
                r.skip_item()?;
                let (keys, json) = noted_plain_key::<T::Table>(r).ok_or_else(unusual)?;
                parts.keys_json = json;
                (&mut record.keys, parts.keys.replace(keys).is_none())
            }
            // DynamoDB writes the keys before the images.
            "OldImage" | "NewImage" if parts.keys.is_none() => return Err(unusual()),
            "OldImage" => {
                let side = read_next::<ReaderOf<T>>(r, &mut self.hint, parts.keys_json, V::HAS_OLD)?;
                (&mut record.old_image, parts.old.replace(side).is_none())
            }
            "NewImage" => {
                let side = read_next::<ReaderOf<T>>(r, &mut self.hint, parts.keys_json, V::HAS_NEW)?;
                (&mut record.new_image, parts.new.replace(side).is_none())
            }
            _ => return body_member(record, name, r),
        };
        let json = r.scanner.text().get(start..r.scanner.offset()).unwrap_or_default();
        *image = Some(Image::Json(Cow::Borrowed(json)));
        if is_first { Ok(()) } else { Err(unusual()) }
    }
}

/// A record that is not read in one pass: what it is, it says when it is read by itself.
#[cold]
fn unusual() -> DecodeError {
    DecodeError::new("a record as DynamoDB writes it", "another record")
}
