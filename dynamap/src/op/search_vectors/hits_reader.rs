//! The items and scores of a response.

use crate::{
    call::item_status::{ItemStatus, ReadFilter},
    direct::{Receiver, read_scored, scored},
    entity::Item,
    error::DecodeError,
    op::read::{ItemReader, noted_item, table_key},
    wire::JsonReader,
};
use aws_sdk_dynamodb::types::SearchResultItem;
use std::mem::take;

/// The items of a response, each with its score.
#[derive(Debug)]
pub(super) struct FoundItems<T> {
    pub(super) items: Vec<(T, f64)>,
    pub(super) skipped: usize,
    pub(super) expired: usize,
    /// The error of the first item that could not be read.
    pub(super) unread: Option<DecodeError>,
}

impl<T> Default for FoundItems<T> {
    fn default() -> Self {
        Self { items: Vec::new(), skipped: 0, expired: 0, unread: None }
    }
}

/// Reads the results of a search by `R`.
pub(super) struct HitsReader<R: ItemReader> {
    how: ReadFilter,
    found: FoundItems<R::Output>,
}

impl<R: ItemReader> HitsReader<R> {
    pub(super) fn new(how: ReadFilter) -> Self {
        Self { how, found: FoundItems::default() }
    }

    pub(super) fn take(&mut self) -> FoundItems<R::Output> {
        take(&mut self.found)
    }

    /// Reads the results that the SDK has read.
    pub(super) fn read_values(
        mut self,
        results: Vec<SearchResultItem>,
    ) -> Result<FoundItems<R::Output>, DecodeError> {
        for (index, SearchResultItem { item, score, .. }) in results.into_iter().enumerate() {
            let (item, score) = scored(item, Some(score)).map_err(|error| error.at_index(index))?;
            let standing = R::standing(&item, self.how);
            let read = self.how.counts(standing).then(|| {
                let key = key_of::<R>(&item);
                R::from_values(item).or_else(|error| R::unread(placed(error, index, key)))
            });
            self.add(standing, read, score);
        }
        Ok(self.found)
    }

    /// Adds a result: the item, if it counts, or its error.
    fn add(&mut self, standing: ItemStatus, item: ReadItem<R>, score: f64) {
        match item {
            Some(Ok(item)) => self.found.items.push((item, score)),
            Some(Err(error)) => {
                self.found.unread.get_or_insert(error);
            }
            None if standing == ItemStatus::Expired => self.found.expired += 1,
            None => self.found.skipped += 1,
        }
    }

    /// Reads the item that is the next value. An error is of the item alone, if it is an item at all.
    fn read_item(
        &self,
        r: &mut JsonReader<'_>,
        hint: &mut R::MemberHint,
        index: usize,
    ) -> Result<(ItemStatus, ReadItem<R>), DecodeError> {
        let (start, mut item) = (r.scanner.place(), None);
        match R::read(r, self.how, hint, |read| item = Some(read)) {
            Ok(standing) => Ok((standing, item.map(Ok))),
            Err(error) => {
                // Behind it again, with its key.
                r.go_back_to(start);
                let key = R::look(r, self.how).is_ok().then(|| noted_item(r)).flatten();
                r.go_back_to(start);
                r.raw()?;
                Ok((ItemStatus::Present, Some(R::unread(placed(error, index, key)))))
            }
        }
    }
}

impl<R: ItemReader> Receiver for HitsReader<R> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.found = FoundItems::default();
        // What an item is, the one after it mostly is, too.
        let mut hint = R::begin(r, std::iter::empty());
        let (mut first, mut index) = (true, 0);
        r.scanner.expect(b'[', "the `[` of search results")?;
        while r.scanner.next_member(&mut first, b']')? {
            let read = read_scored(r, |r| self.read_item(r, &mut hint, index));
            let ((standing, item), score) = read.map_err(|error| error.at_index(index))?;
            self.add(standing, item, score);
            index += 1;
        }
        Ok(())
    }
}

/// An item, or the error that it is; none of an item that does not count.
type ReadItem<R> = Option<Result<<R as ItemReader>::Output, DecodeError>>;

/// The key attributes of an item, if it has them.
fn key_of<R: ItemReader>(item: &Item) -> Option<Item> {
    let names = table_key::<R::Table>();
    names.into_iter().map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect()
}

/// The error of the item at this position among the results.
#[cold]
fn placed(error: DecodeError, index: usize, key: Option<Item>) -> DecodeError {
    let error = error.in_page(0, index, None);
    match key {
        Some(key) if !key.is_empty() => error.with_item_key(key),
        _ => error,
    }
}
