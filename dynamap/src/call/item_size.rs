//! The size of an item that is to be written.

use super::MAX_ITEM;
use crate::{entity::Item, error::EncodeError, wire};
use std::borrow::Cow;

/// Refuses an item that DynamoDB would not take for its size, which is read from its JSON of `json` bytes only if that may be
/// too large.
///
/// DynamoDB: an item has up to 400 KB, names and values together. None is larger than its JSON: a string, a number and a
/// binary value have no fewer bytes there, as each has quotes and a data type around it, and so have the names; for the
/// one to three bytes that a flag, a null, a document or an element costs there are at least seven.
pub(crate) fn check_item_size<'a, F>(
    json: usize,
    item: impl FnOnce() -> Result<Cow<'a, Item>, F>,
) -> Result<(), EncodeError> {
    if json <= MAX_ITEM {
        return Ok(());
    }
    match item().map(|item| wire::item_size(&item)) {
        Ok(size) if size > MAX_ITEM => {
            Err(EncodeError::new(format!("the item has {size} bytes, and DynamoDB takes {MAX_ITEM}")))
        }
        // What is no item is for DynamoDB to refuse.
        _ => Ok(()),
    }
}
