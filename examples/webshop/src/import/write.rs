use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
};

use dynamap::{
    Table,
    batch::{BatchWrite, BatchWriteReport, Unwritten, UnwrittenItem},
};

use super::{catalogue::Catalogue, place::Place};
use crate::model::Shop;

/// The items that were not written that `Display` shows; the others are counted.
const SHOWN: usize = 20;

/// The number of written items, by kind.
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

/// Writes failed, and the import ended there.
#[derive(Debug, thiserror::Error)]
#[error("{written} written; {} not{}", remaining.unwritten(), unknown_text(remaining.unknown()))]
pub struct Interrupted {
    /// The items that were written for certain.
    pub written: Written,
    /// The items that were not, by the lines of their files.
    pub remaining: RemainingItems,
    /// The reason for the first of the failed writes.
    pub source: Option<Unwritten>,
}

fn unknown_text(unknown: usize) -> String {
    if unknown == 0 { String::new() } else { format!("; {unknown} perhaps") }
}

/// Items that were not written, or whose write has an unknown outcome.
///
/// `Display` shows one a line: file, line and reason, as editors and terminals make links of.
#[derive(Debug)]
pub struct RemainingItems(Vec<RemainingItem>);

/// An item that was not written, or whose write has an unknown outcome.
#[derive(Debug)]
pub struct RemainingItem {
    place: Option<Place>,
    outcome: WriteOutcome,
}

#[derive(Debug)]
enum WriteOutcome {
    NotBegun,
    NotWritten(Unwritten),
    Unknown(Unwritten),
}

impl WriteOutcome {
    fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    fn is_certain(&self) -> bool {
        !self.is_unknown()
    }
}

impl RemainingItems {
    /// The items, in the order of the files.
    #[must_use]
    pub fn as_slice(&self) -> &[RemainingItem] {
        &self.0
    }

    /// The number of items that were not written for certain.
    #[must_use]
    pub fn unwritten(&self) -> usize {
        self.count(WriteOutcome::is_certain)
    }

    /// The number of writes with an unknown outcome.
    #[must_use]
    pub fn unknown(&self) -> usize {
        self.count(WriteOutcome::is_unknown)
    }

    fn count(&self, is: impl Fn(&WriteOutcome) -> bool) -> usize {
        self.0.iter().filter(|item| is(&item.outcome)).count()
    }
}

impl fmt::Display for RemainingItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        match &self.outcome {
            WriteOutcome::NotBegun => f.write_str("not begun"),
            WriteOutcome::NotWritten(reason) => write!(f, "not written: {reason}"),
            WriteOutcome::Unknown(reason) => write!(f, "perhaps written: {reason}"),
        }
    }
}

impl fmt::Display for RemainingItems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().take(SHOWN).enumerate() {
            write!(f, "{}{item}", if index == 0 { "" } else { "\n" })?;
        }
        match self.0.len() {
            more if more > SHOWN => write!(f, "\nand {} more", more - SHOWN),
            _ => Ok(()),
        }
    }
}

/// Writes the catalogue, groups first, and calls `progress` with the number of items written.
///
/// Items that are there already are replaced: importing the same files again changes nothing. They are written 25 with a
/// request, of which eight are under way at any time, and within the budget of the table, if it has one. After a failure
/// no more are taken, and those that were are tried.
///
/// # Errors
/// Writes failed; the error tells what was written, and what was not.
pub async fn write(
    shop: &Table<Shop>,
    catalogue: &Catalogue,
    mut progress: impl FnMut(usize) + Send,
) -> Result<Written, Interrupted> {
    let has_failed = AtomicBool::new(false);
    let writes = writes(catalogue).take_while(|_| !has_failed.load(Ordering::Relaxed));
    let batch = shop.batch_write().write_all(writes).on_progress(|now| {
        has_failed.fetch_or(now.failed > 0, Ordering::Relaxed);
        progress(usize::try_from(now.written).unwrap_or(usize::MAX));
    });
    outcome(catalogue, &batch.report().await)
}

fn writes(catalogue: &Catalogue) -> impl Iterator<Item = BatchWrite<Shop>> + Send {
    let groups = catalogue.groups.iter().cloned().map(BatchWrite::put);
    let products = catalogue.products.iter().cloned().map(BatchWrite::put);
    groups.chain(products).chain(catalogue.users.iter().cloned().map(BatchWrite::put))
}

/// Settles the outcome of the items, by their positions among all writes.
fn outcome(catalogue: &Catalogue, report: &BatchWriteReport) -> Result<Written, Interrupted> {
    let position = |position: u64| usize::try_from(position).unwrap_or(usize::MAX);
    let failed = |item: &UnwrittenItem, outcome: fn(Unwritten) -> WriteOutcome| {
        (position(item.position()), outcome(item.reason().clone()))
    };
    let not_written = report.not_written().iter().map(|item| failed(item, WriteOutcome::NotWritten));
    let unknown = report.unknown().iter().map(|item| failed(item, WriteOutcome::Unknown));
    let not_begun =
        (position(report.total())..catalogue.len()).map(|position| (position, WriteOutcome::NotBegun));
    let mut remaining: Vec<(usize, WriteOutcome)> = not_written.chain(unknown).chain(not_begun).collect();
    remaining.sort_by_key(|(position, _)| *position);

    let Catalogue { groups, products, users, .. } = catalogue;
    let mut written = Written { groups: groups.len(), products: products.len(), users: users.len() };
    for (position, _) in &remaining {
        match *position {
            at if at < groups.len() => written.groups -= 1,
            at if at < groups.len() + products.len() => written.products -= 1,
            _ => written.users -= 1,
        }
    }
    if remaining.is_empty() {
        return Ok(written);
    }
    let source = remaining.iter().find_map(|(_, outcome)| match outcome {
        WriteOutcome::NotWritten(reason) | WriteOutcome::Unknown(reason) => Some(reason.clone()),
        WriteOutcome::NotBegun => None,
    });
    let place = |(position, outcome)| RemainingItem { place: catalogue.place(position).cloned(), outcome };
    Err(Interrupted {
        written,
        remaining: RemainingItems(remaining.into_iter().map(place).collect()),
        source,
    })
}
