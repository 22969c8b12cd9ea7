//! The backfill of one item.

use crate::{
    call::{
        Backoff, BatchOptions, Handle,
        item_status::{FoundBy, ItemStatus},
    },
    direct,
    entity::{self, Item, KeyValues, attributes_of, declared_names},
    error::{DecodeError, KeyError, KeyErrorKind},
    expr::{Condition, Path},
    known_fault::KnownFault,
    op::{
        transact_write_items::read_item,
        write::{whole_entity::WrittenWhole, writable::WriteHandle},
    },
    outcome::{BackfillFailure, BackfillItem, Error, Result},
    schema::primary_key,
    value::EpochSeconds,
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;

/// The caller's change of an entity, which is true if there was one.
pub(super) type EntityChange<E> = Arc<dyn Fn(&mut E) -> bool + Send + Sync>;

/// The pauses after an item was changed by another writer, or the service was busy.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(20), Duration::from_secs(2));

/// The most attempts at an item that other writers change.
const ATTEMPTS: u64 = 50;

pub(super) struct ItemBackfill<E> {
    handle: Handle,
    change: Option<EntityChange<E>>,
    only_check: bool,
    options: BatchOptions,
    item: Item,
}

/// The outcome of an item.
pub(super) struct ItemOutcome {
    pub(super) conflicts: u64,
    key: Item,
    result: Result<BackfillItem>,
}

impl ItemOutcome {
    /// Something that is no item.
    pub(super) fn unread(error: DecodeError) -> Self {
        Self { conflicts: 0, key: Item::new(), result: Err(error.into()) }
    }

    pub(super) fn kind(&self) -> BackfillItem {
        *self.result.as_ref().unwrap_or(&BackfillItem::Failed)
    }

    pub(super) fn into_failure(self) -> Option<BackfillFailure> {
        let key = self.key;
        self.result.err().map(|error| BackfillFailure { key, error })
    }
}

impl<E: WrittenWhole> ItemBackfill<E> {
    pub(super) fn new(
        handle: &Handle,
        change: Option<EntityChange<E>>,
        only_check: bool,
        options: BatchOptions,
    ) -> Self {
        Self { handle: handle.clone(), change, only_check, options, item: Item::new() }
    }

    /// The backfill of this item, if it counts as one of the entity.
    pub(super) fn of_entity(self, item: Item) -> Option<Self> {
        let now = EpochSeconds::from(self.handle.time()).as_seconds();
        let is_present = ItemStatus::of::<E>(&item, FoundBy::Page, now) == ItemStatus::Present;
        is_present.then_some(Self { item, ..self })
    }

    /// The outcome if the item need not be read as an entity: it has the shape that is written, and nothing else is to be changed.
    pub(super) fn is_current(&self) -> Option<ItemOutcome> {
        let kind = self.by_shape()?;
        let is_told = kind == BackfillItem::Newer || self.change.is_none();
        is_told.then(|| ItemOutcome { conflicts: 0, key: Item::new(), result: Ok(kind) })
    }

    /// The outcome by the shape of the item: `None` if it is older than the one that is written, or no number.
    fn by_shape(&self) -> Option<BackfillItem> {
        let Some(shape) = E::SHAPE else { return Some(BackfillItem::Current) };
        match shape.of(&self.item)? {
            stored if stored > shape.known => Some(BackfillItem::Newer),
            stored if stored >= shape.written => Some(BackfillItem::Current),
            _ => None,
        }
    }

    /// Writes the item, if it is to be written.
    pub(super) async fn run(mut self) -> ItemOutcome {
        let key = self.key();
        let mut conflicts = 0;
        let result = self.write_until_settled(&key, &mut conflicts).await;
        ItemOutcome { conflicts, key, result }
    }

    fn key(&self) -> Item {
        attributes_of(&self.item, primary_key::<E::Table>().map(|attribute| attribute.name))
    }

    async fn write_until_settled(&mut self, key: &Item, conflicts: &mut u64) -> Result<BackfillItem> {
        let (mut backoff, timer) = (BACKOFF, self.handle.timer());
        let mut failing: Option<Instant> = None;
        loop {
            let failed = match self.write().await {
                Ok(kind) => return Ok(kind),
                Err(error) => error,
            };
            match &failed {
                Error::VersionConflict(_) | Error::ConditionFailed(_) if *conflicts < ATTEMPTS => {
                    *conflicts += 1;
                    failing = None;
                }
                // After an unknown outcome the item tells if it was written.
                error if passes(error) => {
                    let since = *failing.get_or_insert_with(Instant::now);
                    if since.elapsed() >= self.options.retry_timeout {
                        return Err(failed);
                    }
                }
                _ => return Err(failed),
            }
            timer.sleep(backoff.next_pause()).await;
            let item = match read_item(&self.handle, E::NAME, key).await {
                Ok(item) => item,
                // Its next write tells as well.
                Err(error) if passes(&error) => continue,
                Err(error) => return Err(error),
            };
            let now = EpochSeconds::from(self.handle.time()).as_seconds();
            match item.filter(|item| ItemStatus::of::<E>(item, FoundBy::Key, now) == ItemStatus::Present) {
                Some(item) => self.item = item,
                None => return Ok(BackfillItem::Current),
            }
        }
    }

    /// Writes the item as it was read last.
    async fn write(&self) -> Result<BackfillItem> {
        let kind = self.by_shape();
        if kind == Some(BackfillItem::Newer) || kind.is_some() && self.change.is_none() {
            return Ok(kind.unwrap_or(BackfillItem::Current));
        }
        let mut entity = entity::from_item::<E>(self.item.clone())?;
        let read = KeyValues::of(&entity.to_key())?;
        let is_changed = self.change.as_ref().is_some_and(|change| change(&mut entity));
        if kind.is_some() && !is_changed {
            return Ok(BackfillItem::Current);
        }
        let changed = KeyValues::of(&entity.to_key())?;
        let mut values = read.values().zip(changed.values()).zip(primary_key::<E::Table>());
        if let Some((_, attribute)) = values.find(|((read, changed), _)| read != changed) {
            return Err(KeyError::in_attribute(attribute.name, KeyErrorKind::Changed).into());
        }
        if self.only_check {
            return Ok(BackfillItem::Written);
        }
        entity.save_whole(WriteHandle(&self.handle), self.unchanged()).await?;
        Ok(BackfillItem::Written)
    }

    /// The condition that the item is as it was read; none of an entity with a version, which tells it.
    fn unchanged(&self) -> Option<Condition<E>> {
        if E::STAMPS.iter().any(|stamp| stamp.version.is_some()) || KnownFault::BlindBackfill.is_back() {
            return None;
        }
        let mut names: Vec<&str> = self.item.keys().map(String::as_str).collect();
        names.extend(declared_names::<E>().into_iter().filter(|name| !name.is_empty()));
        names.sort_unstable();
        names.dedup();
        let conditions = names.into_iter().map(|name| {
            let attribute = Path::<E, AttributeValue>::named(name);
            match self.item.get(name) {
                Some(value) => attribute.eq(value),
                None => attribute.not_exists(),
            }
        });
        Some(Condition::all(conditions))
    }
}

/// True if the request may succeed later, or may have succeeded.
fn passes(error: &Error) -> bool {
    match error {
        Error::Service(error) => direct::passes(error.kind()) || error.kind().is_ambiguous(),
        Error::Unknown(_) => true,
        _ => false,
    }
}
