use super::{read_item::ReadItem, reads::key_names};
use crate::{
    capacity::Consumed,
    cursor::KeyTexts,
    direct::Receiver,
    entity::{Item, entity_type},
    error::{DecodeError, ItemCollectionError, Redacted},
    op::standing::{ReadItems, Standing, noted_entity_type, write_keys},
    schema::Source,
    wire::{self, JsonReader},
};
use std::marker::PhantomData;

/// One page as it was read.
#[derive(Debug)]
pub(super) struct ReadPage<T> {
    pub(super) items: Vec<T>,
    /// How many DynamoDB has counted, where it was asked for their number only.
    pub(super) counted: usize,
    /// The keys that a cursor after each item is made of: of all items, or of the last that the limit allows.
    pub(super) keys: KeyTexts,
    pub(super) passed_over: usize,
    pub(super) expired: usize,
    /// What ends the query or scan.
    pub(super) refused: Option<ItemCollectionError>,
    /// Whether the limit cut items off.
    pub(super) cut: bool,
    pub(super) consumed: Option<Consumed>,
}

impl<T> Default for ReadPage<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            counted: 0,
            keys: KeyTexts::default(),
            passed_over: 0,
            expired: 0,
            refused: None,
            cut: false,
            consumed: None,
        }
    }
}

/// Which items of a page need their keys: those after which a cursor can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::op) enum Keys {
    OfAll,
    /// Only of the item after which the limit may cut.
    OfLast,
}

/// Reads the items of one response.
pub(super) struct PageReader<I, R: ReadItem> {
    how: ReadItems,
    /// How many items may be returned.
    remaining: Option<usize>,
    keys: Keys,
    page: ReadPage<R::Output>,
    of: PhantomData<fn() -> I>,
}

impl<I: Source, R: ReadItem> PageReader<I, R> {
    pub(super) fn new(how: ReadItems, remaining: Option<usize>, keys: Keys) -> Self {
        Self { how, remaining, keys, page: ReadPage::default(), of: PhantomData }
    }

    pub(super) fn take(&mut self) -> ReadPage<R::Output> {
        std::mem::take(&mut self.page)
    }

    /// Reads the items that the SDK has read.
    pub(super) fn read_values(mut self, items: Vec<Item>) -> Result<ReadPage<R::Output>, DecodeError> {
        for item in items {
            let standing = R::standing(&item, self.how);
            if !self.how.counts(standing) && standing != Standing::Unknown {
                self.pass_over(standing);
                continue;
            }
            if self.is_full() {
                self.page.cut = true;
                break;
            }
            if standing == Standing::Unknown {
                self.refuse(entity_type::<R::Table>(&item));
                break;
            }
            if self.needs_key() {
                let names = key_names::<R::Table, I>();
                let key: Item =
                    names.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone()))).collect();
                self.page.keys.push(|w| wire::write_item(&key, w));
            }
            self.page.items.push(R::from_values(item)?);
        }
        Ok(self.page)
    }

    fn pass_over(&mut self, standing: Standing) {
        match standing {
            Standing::OtherEntity => self.page.passed_over += 1,
            _ => self.page.expired += 1,
        }
    }

    /// Ends the query or scan with an item of no member of the collection.
    #[cold]
    fn refuse(&mut self, entity_type: Option<&str>) {
        let found = entity_type.map(|name| {
            let end = (0..=name.len().min(255)).rev().find(|end| name.is_char_boundary(*end));
            Redacted::new("{entity type}", &name[..end.unwrap_or_default()])
        });
        self.page.refused = Some(ItemCollectionError::UnknownEntity { collection: R::NAME, found });
    }

    /// True if no more items may be returned.
    fn is_full(&self) -> bool {
        self.remaining.is_some_and(|remaining| self.page.items.len() >= remaining)
    }

    /// True if the next item that is returned needs its key.
    fn needs_key(&self) -> bool {
        self.keys == Keys::OfAll || self.remaining == Some(self.page.items.len() + 1)
    }
}

impl<I: Source, R: ReadItem> Receiver for PageReader<I, R> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.page = ReadPage::default();
        // What an item is, the one after it mostly is, too.
        let mut guess = R::begin(r, key_names::<R::Table, I>());
        let mut first = true;
        r.scanner.expect(b'[', "the `[` of items")?;
        while r.scanner.next_member(&mut first, b']')? {
            if self.page.cut || self.page.refused.is_some() {
                r.raw()?;
                continue;
            }
            let needs_key = self.needs_key();
            let (how, is_full) = (self.how, self.is_full());
            let standing = match is_full {
                true => R::look(r, how)?,
                false => R::read(r, how, &mut guess, |item| self.page.items.push(item))?,
            };
            match how.counts(standing) {
                false if standing == Standing::Unknown && is_full => self.page.cut = true,
                false if standing == Standing::Unknown => {
                    self.refuse(noted_entity_type::<R::Table>(r).as_deref())
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
