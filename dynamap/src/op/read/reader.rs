use super::{
    attributes::{key_names, table_key},
    item_reader::{ItemReader, no_member, unknown_entity},
};
use crate::{
    call::item_status::{ItemStatus, ReadFilter, noted_entity_type, write_keys},
    capacity::Consumed,
    cursor::{Cursor, Fingerprint, KeyTexts},
    direct::Receiver,
    entity::{Item, entity_type},
    error::DecodeError,
    outcome::Error,
    schema::Source,
    wire::{self, JsonReader, JsonWriter},
};
use std::{fmt::Write, marker::PhantomData};

/// One page as it was read.
#[derive(Debug)]
pub(super) struct ReadPage<T> {
    pub(super) items: Vec<T>,
    /// The number that DynamoDB has counted, if only that was requested.
    pub(super) counted: usize,
    /// The keys that a cursor after each item is made of: of all items, or of the last that the limit allows.
    pub(super) keys: KeyTexts,
    pub(super) skipped: usize,
    pub(super) expired: usize,
    /// The items that could not be read, in their order.
    pub(super) unread: Vec<UnreadableItem>,
    /// True if the limit cut items off.
    pub(super) cut: bool,
    pub(super) consumed: Option<Consumed>,
}

/// An item that could not be read.
#[derive(Debug)]
pub(super) struct UnreadableItem {
    /// The number of items of the page before it.
    pub(super) after: usize,
    pub(super) error: Error,
    /// The place behind it.
    pub(super) cursor: Option<Cursor>,
}

impl<T> Default for ReadPage<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            counted: 0,
            keys: KeyTexts::default(),
            skipped: 0,
            expired: 0,
            unread: Vec::new(),
            cut: false,
            consumed: None,
        }
    }
}

/// The items of a page whose keys are kept: those after which a cursor can be requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::op) enum KeysNeeded {
    OfAll,
    /// Only of the item after which the limit may cut. The first item that cannot be read ends the page.
    OfLast,
}

/// Reads the items of one response.
pub(super) struct PageReader<I, R: ItemReader> {
    how: ReadFilter,
    /// The number of items that may be returned.
    remaining: Option<usize>,
    keys: KeysNeeded,
    of_query: Fingerprint,
    /// The number of pages before it.
    number: u32,
    page: ReadPage<R::Output>,
    of: PhantomData<fn() -> I>,
}

impl<I: Source, R: ItemReader> PageReader<I, R> {
    pub(super) fn new(
        how: ReadFilter,
        remaining: Option<usize>,
        keys: KeysNeeded,
        (of_query, number): (Fingerprint, u32),
    ) -> Self {
        Self { how, remaining, keys, of_query, number, page: ReadPage::default(), of: PhantomData }
    }

    pub(super) fn take(&mut self) -> ReadPage<R::Output> {
        std::mem::take(&mut self.page)
    }

    /// Reads the items that the SDK has read.
    pub(super) fn read_values(mut self, items: Vec<Item>) -> Result<ReadPage<R::Output>, DecodeError> {
        for (index, item) in items.into_iter().enumerate() {
            let standing = R::standing(&item, self.how);
            if !self.how.counts(standing) && standing != ItemStatus::Unknown {
                self.pass_over(standing);
                continue;
            }
            if self.is_full() {
                self.page.cut = true;
                break;
            }
            let names = key_names::<R::Table, I>();
            let key: Item =
                names.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect();
            let read = match standing {
                ItemStatus::Unknown => Err(unknown_entity::<R>(entity_type::<R::Table>(&item)).into()),
                _ => R::from_values(item).map_err(Error::from),
            };
            match read {
                Ok(read) => {
                    if self.needs_key() {
                        self.page.keys.push(|w| wire::write_item(&key, w));
                    }
                    self.page.items.push(read);
                }
                Err(error) => self.put_aside(error, index, Some(key))?,
            }
            if self.is_ended() {
                break;
            }
        }
        Ok(self.page)
    }

    fn pass_over(&mut self, standing: ItemStatus) {
        match standing {
            ItemStatus::OtherEntity => self.page.skipped += 1,
            _ => self.page.expired += 1,
        }
    }

    /// Notes an item that could not be read, with its place among all items of the page and the key for a cursor after it.
    #[cold]
    fn put_aside(&mut self, error: Error, index: usize, key: Option<Item>) -> Result<(), DecodeError> {
        let (error, other) = match error {
            Error::Decode(error) if !R::PUTS_ASIDE => return Err(error),
            Error::Decode(error) => (error, None),
            other => (no_member::<R>(), Some(other)),
        };
        let cursor = key.clone().map(|key| Cursor::new(self.of_query, key));
        match R::unread(self.placed(error, index, key.as_ref(), cursor.as_ref())) {
            Ok(item) => {
                if self.needs_key() {
                    self.page.keys.push(|w| wire::write_item(&key.unwrap_or_default(), w));
                }
                self.page.items.push(item);
            }
            Err(error) => {
                let error = other.unwrap_or_else(|| error.into());
                self.page.unread.push(UnreadableItem { after: self.page.items.len(), error, cursor });
            }
        }
        Ok(())
    }

    fn placed(
        &self,
        error: DecodeError,
        index: usize,
        key: Option<&Item>,
        cursor: Option<&Cursor>,
    ) -> DecodeError {
        let cursor = cursor.and_then(|cursor| {
            let mut text = String::new();
            write!(text, "{cursor}").ok()?;
            Some(text)
        });
        let error = error.in_page(self.number, index, cursor);
        let own = table_key::<R::Table>();
        let own = |key: &Item| -> Option<Item> {
            own.iter().map(|name| Some(((*name).to_owned(), key.get(*name)?.clone()))).collect()
        };
        match key.and_then(own) {
            Some(key) => error.with_item_key(key),
            None => error,
        }
    }

    /// True if no more items may be returned.
    fn is_full(&self) -> bool {
        self.remaining.is_some_and(|remaining| self.page.items.len() >= remaining)
    }

    /// True if the next item is not read.
    fn is_ended(&self) -> bool {
        self.page.cut || self.keys == KeysNeeded::OfLast && !self.page.unread.is_empty()
    }

    /// True if the next item that is returned needs its key.
    fn needs_key(&self) -> bool {
        self.keys == KeysNeeded::OfAll || self.remaining == Some(self.page.items.len() + 1)
    }
}

/// The key attributes of the item that `r` read last.
pub(in crate::op) fn noted_item(r: &JsonReader<'_>) -> Option<Item> {
    let mut key = Vec::new();
    write_keys(r, &mut JsonWriter::new(&mut key)).ok()?;
    wire::item_from_json::<Item>(&key).ok()
}

impl<I: Source, R: ItemReader> Receiver for PageReader<I, R> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.page = ReadPage::default();
        // What an item is, the one after it mostly is, too.
        let mut guess = R::begin(r, key_names::<R::Table, I>());
        let (mut first, mut index) = (true, 0);
        r.scanner.expect(b'[', "the `[` of items")?;
        while r.scanner.next_member(&mut first, b']')? {
            index += 1;
            if self.is_ended() {
                r.raw()?;
                continue;
            }
            let needs_key = self.needs_key();
            let (how, is_full, start) = (self.how, self.is_full(), r.scanner.place());
            let read = match is_full {
                true => R::look(r, how),
                false => R::read(r, how, &mut guess, |item| self.page.items.push(item)),
            };
            let standing = match read {
                Ok(standing) => standing,
                Err(_) if is_full => {
                    self.page.cut = true;
                    r.go_back_to(start);
                    r.raw()?;
                    continue;
                }
                Err(error) => {
                    // Behind it again, with its key if it is an item at all.
                    r.go_back_to(start);
                    let key = R::look(r, how).is_ok().then(|| noted_item(r)).flatten();
                    r.go_back_to(start);
                    r.raw()?;
                    self.put_aside(error.into(), index - 1, key)?;
                    continue;
                }
            };
            match how.counts(standing) {
                false if standing == ItemStatus::Unknown && is_full => self.page.cut = true,
                false if standing == ItemStatus::Unknown => {
                    let error = unknown_entity::<R>(noted_entity_type::<R::Table>(r).as_deref());
                    self.put_aside(error.into(), index - 1, noted_item(r))?;
                }
                false => self.pass_over(standing),
                true if is_full => self.page.cut = true,
                true if needs_key => self.page.keys.push(|w| write_keys(r, w)),
                true => {}
            }
        }
        Ok(())
    }
}
