use std::{fmt, ops::AddAssign};

use dynamap::{Error, Repository, Table, entity::Unversioned};
use tokio::task::JoinSet;

use super::Catalogue;
use crate::model::Shop;

/// The writes that are under way at any time.
const CONCURRENCY: usize = 8;

/// How many items of each kind were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Product groups.
    pub groups: usize,
    /// Products.
    pub products: usize,
    /// Users.
    pub users: usize,
}

impl Written {
    /// The number of items.
    #[must_use]
    pub fn total(&self) -> usize {
        self.groups + self.products + self.users
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { groups, products, users } = self;
        write!(f, "{groups} product groups, {products} products, {users} users")
    }
}

/// A write failed, and the import ended there.
#[derive(Debug, thiserror::Error)]
#[error("{written} written; {unwritten} not{}", unknown_text(*unknown))]
pub struct Interrupted {
    /// What was written for certain.
    pub written: Written,
    /// How many items were not written for certain.
    pub unwritten: usize,
    /// How many writes failed in a way that does not tell whether they were applied.
    pub unknown: usize,
    /// Why the first of the failed writes failed.
    pub source: Error,
}

fn unknown_text(unknown: usize) -> String {
    if unknown == 0 { String::new() } else { format!("; {unknown} perhaps") }
}

/// Writes the catalogue, groups first, and calls `progress` with the number of items written.
///
/// Items that are there already are replaced: importing the same files again changes nothing. Eight writes are
/// under way at any time. After a failure none are begun, and those under way are awaited.
///
/// # Errors
/// A write failed; the error tells what was written.
pub async fn write(
    shop: &Table<Shop>,
    catalogue: &Catalogue,
    mut progress: impl FnMut(usize),
) -> Result<Written, Interrupted> {
    let mut written = Written::default();
    let mut failed = Failed::default();
    let total = catalogue.len();
    let mut done = 0;
    let mut one_more = |count: &mut usize| {
        count.add_assign(1);
        done += 1;
        progress(done);
    };
    put_all(shop.repository(), &catalogue.groups, &mut failed, || one_more(&mut written.groups)).await;
    put_all(shop.repository(), &catalogue.products, &mut failed, || one_more(&mut written.products)).await;
    put_all(shop.repository(), &catalogue.users, &mut failed, || one_more(&mut written.users)).await;
    match failed.first {
        None => Ok(written),
        Some(source) => {
            let unwritten = total - written.total() - failed.unknown;
            Err(Interrupted { written, unwritten, unknown: failed.unknown, source })
        }
    }
}

/// The writes that failed.
#[derive(Default)]
struct Failed {
    first: Option<Error>,
    unknown: usize,
}

/// Puts the items and calls `on_written` for each one that is there; does nothing after a failure.
async fn put_all<E: Unversioned + Clone>(
    repository: Repository<E>,
    items: &[E],
    failed: &mut Failed,
    mut on_written: impl FnMut(),
) {
    let mut waiting = items.iter();
    let mut under_way = JoinSet::new();
    loop {
        while failed.first.is_none()
            && under_way.len() < CONCURRENCY
            && let Some(item) = waiting.next().cloned()
        {
            let repository = repository.clone();
            under_way.spawn(async move { repository.put(&item).send().await });
        }
        match under_way.join_next().await {
            None => return,
            Some(Ok(Ok(()))) => on_written(),
            Some(Ok(Err(error))) => {
                failed.unknown += usize::from(may_be_applied(&error));
                failed.first.get_or_insert(error);
            }
            // The tasks are never cancelled: this one panicked.
            Some(Err(panicked)) => std::panic::resume_unwind(panicked.into_panic()),
        }
    }
}

/// True if the write that failed like this may be in the table all the same.
fn may_be_applied(error: &Error) -> bool {
    matches!(error, Error::Unknown(_))
}
