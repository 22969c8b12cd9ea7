//! The one way in which a key changes: its head is read, and replaced if it is still the one that was read.
//!
//! So no write is lost, and none that is late undoes another. The value of a key is one item, however large the value is:
//! chunks and entries are written before it, and deleted after it.

use dynamap::Error;

use crate::{
    attempts::{ATTEMPTS, wait_for},
    error::{Result, StoreError},
    leftover,
    model::{Entry, Head, Leftover},
    store::Store,
    target::Target,
};

/// The head of a key before and after a write.
#[derive(Debug)]
pub(crate) struct HeadChange {
    pub(crate) old: Option<Head>,
    pub(crate) new: Head,
}

/// Replaces the head of a key by what `next` makes of it.
///
/// `next` is called for each attempt, and not at all if the key is not at the revision that is expected.
///
/// # Errors
/// [`StoreError::RevisionMismatch`], [`StoreError::Contended`], and the errors of `next`.
pub(crate) async fn change<E: From<StoreError>>(
    store: &Store,
    target: &Target,
    mut next: impl FnMut(Option<&Head>) -> Result<Head, E>,
) -> Result<HeadChange, E> {
    let mut work = Preparation::default();
    for attempt in 0..ATTEMPTS {
        wait_for(attempt).await;
        let stored = store.table.get(Head::at(&target.key)).consistent_read().send().await;
        let stored = stored.map_err(StoreError::from)?;
        let version = stored.as_ref().map(|head| head.version);
        let old = stored.and_then(Head::unless_removed);
        work.drop_entry_unless_of(store, old.as_ref()).await;
        target.check(old.as_ref())?;
        let mut new = next(old.as_ref())?;
        new.version = version.unwrap_or_default();
        new.size()?;
        work.prepare(store, old.as_ref(), &new).await?;
        if replace(store, &mut new).await? {
            work.finish(store).await;
            return Ok(HeadChange { old, new });
        }
    }
    Err(StoreError::Contended { key: target.key.clone(), attempts: ATTEMPTS }.into())
}

/// Writes a head over the one whose version it has; false if another writer was faster.
async fn replace(store: &Store, head: &mut Head) -> Result<bool> {
    let outcome = match head.version.is_new() {
        true => store.table.create(&mut *head).send().await,
        false => store.table.replace(&mut *head).send().await,
    };
    let outcome = match outcome {
        // No attempt was answered. `resolve` sends the write again, which is applied at most once.
        Err(Error::Unknown(unknown)) => unknown.resolve().await,
        outcome => outcome,
    };
    match outcome {
        Ok(()) => Ok(true),
        Err(Error::ConditionFailed(_) | Error::VersionConflict(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The writes that a new head needs before it, and those that it makes possible.
#[derive(Debug, Default)]
pub(crate) struct Preparation {
    leftovers: Vec<Leftover>,
    entry: Option<Entry>,
}

impl Preparation {
    /// Writes what the new head relies on: the last entry of a log as an item, and the note of a generation that the head
    /// does not refer to any more.
    pub(crate) async fn prepare(&mut self, store: &Store, old: Option<&Head>, new: &Head) -> Result<()> {
        let Some(old) = old else { return Ok(()) };
        if old.generation() != new.generation() {
            if let Some(leftover) = Leftover::of(old, store.now()) {
                leftover::note(store, &leftover).await?;
                self.leftovers.push(leftover);
            }
        } else if let Some(log) = &old.log {
            let entry = Entry { generation: log.generation, number: log.entries, value: log.last.clone() };
            // Whoever writes it writes the same.
            store.table.put(&entry).send().await?;
            self.entry = Some(entry);
        }
        Ok(())
    }

    /// Deletes the entry that was written for an earlier attempt, if its log was removed since.
    async fn drop_entry_unless_of(&mut self, store: &Store, head: Option<&Head>) {
        let generation = head.and_then(Head::generation);
        if let Some(entry) = self.entry.take_if(|entry| Some(entry.generation) != generation) {
            // No head refers to it: if this fails, it is a small item that nothing reads.
            let _ = store.table.delete(&entry).at_least_once().send().await;
        }
    }

    /// Deletes what no head refers to any more.
    pub(crate) async fn finish(self, store: &Store) {
        for leftover in &self.leftovers {
            // The value is written. What cannot be deleted now has its note, by which `collect` finds it.
            let _ = leftover::delete(store, leftover).await;
        }
    }
}
