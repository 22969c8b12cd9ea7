//! Changes that are read in one pass over an event.

use super::{
    delivered::delivered_record,
    event::{StreamEvent, event},
    members::{MemberValue, members, pass, without_mark},
    record::{body_member, member},
};
use crate::{
    call::item_status::{KeyAttributes, read_plain_key},
    error::DecodeError,
    op::read::{ItemReader, Queryable},
    stream::{
        Changes, ItemOf, RecordError, StreamRecord, StreamView,
        assemble::{assemble, check_record},
        change::ReaderOf,
        images::Images,
        side::{Side, read_next},
    },
    wire::JsonReader,
};
use std::{iter, ops::Range};

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
    let mut one_pass = OnePass::<T> { hint: <ReaderOf<T>>::begin(&mut r, iter::empty()), source_arn: "" };
    event(&mut r, |index, r| {
        let start = r.scanner.place();
        match one_pass.changes::<V>(r) {
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
struct OnePass<'a, T: Queryable> {
    hint: <ReaderOf<T> as ItemReader>::MemberHint,
    /// The stream of the record before as it is written, which is that of most records.
    source_arn: &'a str,
}

/// The parts of a record that are read on the way.
struct RecordParts<'a, I> {
    keys: Option<KeyAttributes>,
    /// The values of the keys as they are written.
    keys_json: [&'a str; 2],
    old: Option<Side<I>>,
    new: Option<Side<I>>,
    /// The places of the images: the old, the new.
    images: [Option<Range<usize>>; 2],
    has_body: bool,
}

impl<'a, T: Queryable> OnePass<'a, T> {
    /// The changes of the record that comes next; none if anything about it is not as DynamoDB writes it.
    fn changes<V: StreamView>(&mut self, r: &mut JsonReader<'a>) -> Option<Changes<T, V>> {
        let mut record = StreamRecord::default();
        let mut parts = RecordParts {
            keys: None,
            keys_json: [""; 2],
            old: None,
            new: None,
            images: [None, None],
            has_body: false,
        };
        let read = members(r, |name, r| match name {
            "dynamodb" if parts.has_body => Err(unusual()),
            "kinesis" => Err(unusual()),
            "dynamodb" => {
                parts.has_body = true;
                members(r, |name, r| self.body_member::<V>(&mut record, &mut parts, name, r)).map(|_| ())
            }
            "eventSourceARN" if !self.source_arn.is_empty() && r.scanner.pass_literal(self.source_arn) => {
                Ok(())
            }
            "eventSourceARN" => {
                self.source_arn = pass(r)?;
                Ok(())
            }
            _ => member(&mut record, name, r),
        });
        let Ok(MemberValue::Value(())) = read else { return None };
        let event = check_record::<V>(&record).ok()?;
        let number = record.sequence_number.take()?;
        let (keys, text, [old_place, new_place]) = (parts.keys?, r.scanner.text(), parts.images);
        let images = |[old, new]: [bool; 2]| {
            let place = |place: &Option<Range<usize>>, wanted| if wanted { place.clone() } else { None };
            Images::in_text(text, [place(&old_place, old), place(&new_place, new)])
        };
        assemble(&record, number, event, keys, [parts.old.as_mut(), parts.new.as_mut()], &images).ok()
    }

    fn body_member<V: StreamView>(
        &mut self,
        record: &mut StreamRecord<'a>,
        parts: &mut RecordParts<'a, ItemOf<T>>,
        name: &str,
        r: &mut JsonReader<'a>,
    ) -> Result<(), DecodeError> {
        let is_known = match name {
            "Keys" => parts.keys.is_some(),
            "OldImage" => parts.old.is_some(),
            "NewImage" => parts.new.is_some(),
            _ => return body_member(record, name, r),
        };
        r.scanner.pass_whitespace();
        if is_known {
            return Err(unusual());
        }
        if r.scanner.peek() != b'{' {
            return body_member(record, name, r);
        }
        let start = r.scanner.offset();
        let [old_place, new_place] = &mut parts.images;
        let (side, place, wanted) = match name {
            "OldImage" => (&mut parts.old, old_place, V::HAS_OLD),
            "NewImage" => (&mut parts.new, new_place, V::HAS_NEW),
            _ => {
                let (keys, json) = read_plain_key::<T::Table>(r).ok_or_else(unusual)?;
                (parts.keys, parts.keys_json) = (Some(keys), json);
                return Ok(());
            }
        };
        // DynamoDB writes the keys before the images.
        if parts.keys.is_none() {
            return Err(unusual());
        }
        read_next::<ReaderOf<T>>(r, &mut self.hint, parts.keys_json, wanted, side)?;
        *place = Some(start..r.scanner.offset());
        Ok(())
    }
}

/// A record that is not read in one pass: what it is, it says when it is read by itself.
#[cold]
fn unusual() -> DecodeError {
    DecodeError::new("a record as DynamoDB writes it", "another record")
}
