//! The way from a record to its typed changes.

use super::{
    Changes, EventName, RecordError, RecordErrorKind, StreamRecord, StreamView,
    assemble::{absent, assemble, check_record},
    change::ReaderOf,
    image::Image,
    images::Images,
    side::{read_keys, read_side},
};
use crate::op::read::Queryable;

impl StreamRecord<'_> {
    /// Reads the changes of items of `T`, an entity or an item collection.
    ///
    /// An image is read as a stored item is: with the check of its key, defaults and upgrades. An item whose time to live
    /// is over is read as any other. An item of another entity than `T` is skipped and counted; one of no member of
    /// an item collection is treated as the collection says (`unknown = ..`). Where the record has no image, the form of
    /// the key tells the entity.
    ///
    /// # Errors
    /// The record is damaged, has not the images that `V` asks for, or its item cannot be read. The error gives the
    /// record back.
    pub fn changes<T: Queryable, V: StreamView>(&self) -> Result<Changes<T, V>, RecordError> {
        decode(self).map_err(|kind| RecordError::new(kind, self.clone().into_owned()))
    }
}

fn decode<T: Queryable, V: StreamView>(record: &StreamRecord<'_>) -> Result<Changes<T, V>, RecordErrorKind> {
    let event = check_record::<V>(record)?;
    let number = record.sequence_number.clone().ok_or_else(|| absent("a sequence number"))?;
    let keys = record.keys.as_ref().ok_or_else(|| absent("the keys of an item"))?;
    let (keys, bytes) = read_keys::<T::Table>(keys)?.ok_or_else(|| absent("the keys of its table"))?;
    let side = |image: Option<&Image<'_>>, wanted| {
        image.map(|image| read_side::<ReaderOf<T>>(image, &bytes, wanted)).transpose()
    };
    let mut old = match event {
        EventName::Insert => None,
        EventName::Modify | EventName::Remove => side(record.old_image.as_ref(), V::HAS_OLD)?,
    };
    let mut new = match event {
        EventName::Remove => None,
        EventName::Insert | EventName::Modify => side(record.new_image.as_ref(), V::HAS_NEW)?,
    };
    let images = |wanted| Images::of_record(record, wanted);
    assemble(record, number, event, keys, [old.as_mut(), new.as_mut()], &images)
}
