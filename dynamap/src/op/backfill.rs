//! Backfill: items that are stored in older shapes, or that the caller changes, are written anew.

mod item;
mod progress;

pub use progress::BackfillProgress;

use super::{
    ParallelItems,
    read::Raw,
    scan::{ParallelScan, Scan},
    write::whole_entity::WrittenWhole,
};
use crate::{
    call::{BatchOptions, Explanation, Handle, InFlightRequests, metering::metered},
    entity::Item,
    observe::Observing,
    outcome::{BackfillCheckpoint, BackfillFailure, BackfillReport, Error, IncompleteBackfill, Result},
    schema::Primary,
    wire,
};
use item::{EntityChange, ItemBackfill, ItemOutcome};
use std::{fmt, future::poll_fn, marker::PhantomData, pin::pin, sync::Arc, task::Poll, time::Duration};

/// Reads all entities of a table, and writes those anew that are stored in an older shape, or that a function changes.
///
/// It reads the whole table by a parallel Scan, also the items of other entities, at half a read capacity unit (RCU) for each 4 KB. Each
/// item that is to be written is a conditional write: an UpdateItem as by [`save`](crate::Repository::save), at its cost. An entity with
/// unique fields or `transactional` is written by transactions.
///
/// - **No update of another writer is lost.** An entity with a version is saved by it; of another one, each attribute of the item must
///   be as it was read. Where that is not so, the item is read again (GetItem, strongly consistent) and judged anew.
/// - **Progress.** [`on_progress`](Self::on_progress) is given the numbers and a [`BackfillCheckpoint`], from which a later run goes on.
///   A backfill may run at any time and again, several at once as well: what is current is not written.
/// - **Failures.** An item that cannot be read or written does not stop the others. [`send`](Self::send) is an error with the report
///   unless all is done.
/// - **Memory.** Each segment that is being read holds two pages of 1 MB; at most as many items as are written at once are held beside.
///
/// Items that have expired are passed over. A backfill is a write: times of the last write, counters and versions advance, and change
/// streams see it.
///
/// ```
/// # use dynamap::{Attribute, Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", shape = "shape")]
/// pub struct Shop;
///
/// /// A customer as it was.
/// #[derive(Attribute)]
/// pub struct CustomerV1 { pub id: u32, pub name: String }
///
/// #[derive(Debug, Clone, PartialEq, Entity)]
/// #[dynamap(table = Shop, pk = "CUSTOMER#{id}", shape = 2, upgrade(CustomerV1))]
/// pub struct Customer { pub id: u32, pub first: String, pub last: String }
///
/// impl From<CustomerV1> for Customer {
///     fn from(CustomerV1 { id, name }: CustomerV1) -> Self {
///         let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
///         Self { id, first: first.into(), last: last.into() }
///     }
/// }
/// # mod old {
/// #     #[derive(dynamap::Entity)]
/// #     #[dynamap(table = super::Shop, pk = "CUSTOMER#{id}", shape = 1)]
/// #     pub struct Customer { pub id: u32, pub name: String }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # shop.put(&old::Customer { id: 1, name: "Ada Lovelace".into() }).send().await?;
/// let report = shop.repository::<Customer>().backfill().send().await?;
/// assert_eq!((report.seen(), report.written()), (1, 1));
/// # assert_eq!(shop.get(Customer::key(1)).send().await?.unwrap().last, "Lovelace");
/// # Ok(())
/// # }
/// ```
#[must_use = "a backfill does nothing until it is sent"]
#[doc(alias("migration", "migrate"))]
pub struct Backfill<'a, E> {
    handle: Handle,
    segments: u32,
    options: BatchOptions,
    only_check: bool,
    resume: Option<BackfillCheckpoint>,
    change: Option<EntityChange<E>>,
    on_progress: OnBackfillProgress<'a>,
    on_failure: OnBackfillFailure<'a>,
    of: PhantomData<fn() -> E>,
}

type OnBackfillProgress<'a> = Option<Box<dyn FnMut(&BackfillProgress) + Send + 'a>>;
type OnBackfillFailure<'a> = Option<Box<dyn FnMut(BackfillFailure) + Send + 'a>>;

/// The default number of segments.
const SEGMENTS: u32 = 4;

/// The most items that are looked at before the progress is told.
const ROUND: usize = 1000;

/// The name of the call in its span.
const CALL: &str = "Backfill";

impl<'a, E: WrittenWhole> Backfill<'a, E> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self {
            handle,
            segments: SEGMENTS,
            options: BatchOptions::default(),
            only_check: false,
            resume: None,
            change: None,
            on_progress: None,
            on_failure: None,
            of: PhantomData,
        }
    }

    /// Changes each entity by this function, and writes those for which it returns true as well.
    ///
    /// It may be called several times for one item, and for one that an earlier run has written: it returns false where there is
    /// nothing to do. It must leave the key as it is; an entity with another key is a failure.
    pub fn change(mut self, change: impl Fn(&mut E) -> bool + Send + Sync + 'static) -> Self {
        self.change = Some(Arc::new(change));
        self
    }

    /// Counts what is to be written, and writes nothing (dry run).
    #[doc(alias = "dry_run")]
    pub fn only_check(mut self) -> Self {
        self.only_check = true;
        self
    }

    /// Sets the number of segments of the scan, 1 to 1,000,000. Default: 4. A resumed backfill has those that it had.
    pub fn segments(mut self, segments: u32) -> Self {
        self.segments = segments;
        self
    }

    /// Sets the number of segments that are read at once, and of items that are written at once, at least one. Default: 8.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.options.set_concurrency(requests);
        self
    }

    /// Sets the retry timeout: a segment or an item is given up whose requests are throttled or get no response for so long.
    /// Default: one minute.
    pub fn retry_timeout(mut self, time: Duration) -> Self {
        self.options.retry_timeout = time;
        self
    }

    /// Continues at the place of an earlier run. Items that failed before that place are not looked at again.
    pub fn resume_from(mut self, checkpoint: BackfillCheckpoint) -> Self {
        self.resume = Some(checkpoint);
        self
    }

    /// Calls this after every 1,000 items that were looked at, or sooner, on the task that runs the backfill.
    pub fn on_progress(mut self, call: impl FnMut(&BackfillProgress) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// Gives each item that fails to this function, on the task that runs the backfill. The report has the number of them then,
    /// and not the items, so that memory is bounded whatever fails.
    pub fn on_failure(mut self, call: impl FnMut(BackfillFailure) + Send + 'a) -> Self {
        self.on_failure = Some(Box::new(call));
        self
    }

    /// The request for the first page of the first segment and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The number of segments is not one from 1 to 1,000,000.
    pub fn explain(self) -> Result<Explanation> {
        self.scan().explain()
    }

    /// Runs the backfill.
    ///
    /// # Errors
    /// The number of segments is not one from 1 to 1,000,000, or the checkpoint is of another table: then nothing was read.
    /// [`Error::IncompleteBackfill`]: segments or items failed. It has the report.
    pub async fn send(self) -> Result<BackfillReport> {
        let observing = Observing::call(CALL, &self.handle.table);
        let written = |report: &BackfillReport| usize::try_from(report.written()).unwrap_or(usize::MAX);
        observing.watch(pin!(self.run()), written).await
    }

    async fn run(mut self) -> Result<BackfillReport> {
        let mut items = self.items()?;
        let segments = self.segment_count();
        let mut checkpoint = self.resume.take().unwrap_or_default();
        checkpoint.segments = segments;
        let mut report = BackfillReport {
            table: self.handle.table.clone(),
            entity: E::NAME,
            checkpoint,
            failed: Vec::new(),
            failed_segments: Vec::new(),
        };
        loop {
            let (round, is_last) = self.round(&mut items, &mut report).await;
            for outcome in self.write(round).await {
                self.count(outcome, &mut report);
            }
            report.checkpoint.cursor = items.cursor().to_string();
            if let Some(on_progress) = &mut self.on_progress {
                on_progress(&BackfillProgress::new(&report.checkpoint, items.progress()));
            }
            if is_last {
                break;
            }
        }
        match report.is_complete() {
            true => Ok(report),
            false => Err(Error::IncompleteBackfill(IncompleteBackfill::new(report))),
        }
    }

    fn segment_count(&self) -> u32 {
        self.resume.as_ref().map_or(self.segments, |checkpoint| checkpoint.segments)
    }

    fn scan(&self) -> ParallelScan<E::Table, Primary, Raw> {
        Scan::raw(self.handle.clone(), false).parallel(self.segment_count()).options(self.options)
    }

    fn items(&self) -> Result<ParallelItems<Box<[u8]>>> {
        match &self.resume {
            Some(checkpoint) if !checkpoint.cursor.is_empty() => {
                self.scan().start_after(&checkpoint.cursor).items()
            }
            _ => self.scan().items(),
        }
    }

    /// The next items that are to be written, as many as are written at once; and true if there are no more.
    async fn round(
        &mut self,
        items: &mut ParallelItems<Box<[u8]>>,
        report: &mut BackfillReport,
    ) -> (Vec<ItemBackfill<E>>, bool) {
        let mut round = Vec::new();
        for _ in 0..ROUND {
            if round.len() >= self.options.concurrency {
                break;
            }
            let item = match items.next().await {
                Some(Ok(item)) => wire::item_from_json::<Item>(&item),
                Some(Err(error)) => {
                    report.failed_segments.push(error);
                    continue;
                }
                None => return (round, true),
            };
            let item = match item {
                Ok(item) => item,
                Err(error) => {
                    self.count(ItemOutcome::unread(error.in_entity(E::NAME)), report);
                    continue;
                }
            };
            let backfill =
                ItemBackfill::new(&self.handle, self.change.clone(), self.only_check, self.options);
            if let Some(backfill) = backfill.of_entity(item) {
                report.checkpoint.seen += 1;
                match backfill.is_current() {
                    Some(outcome) => report.checkpoint.count(&outcome.kind()),
                    None => round.push(backfill),
                }
            }
        }
        (round, false)
    }

    /// Writes these items at once.
    async fn write(&self, round: Vec<ItemBackfill<E>>) -> Vec<ItemOutcome> {
        let mut writes = InFlightRequests::new();
        let mut round = round.into_iter();
        let mut outcomes = Vec::new();
        poll_fn(|cx| {
            for item in round.by_ref() {
                writes.push(item.run(), cx);
            }
            writes.poll(cx);
            outcomes.extend(writes.take_answers());
            if writes.len() == 0 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        outcomes
    }

    fn count(&mut self, outcome: ItemOutcome, report: &mut BackfillReport) {
        report.checkpoint.conflicts += outcome.conflicts;
        report.checkpoint.count(&outcome.kind());
        if let Some(failure) = outcome.into_failure() {
            match &mut self.on_failure {
                Some(on_failure) => on_failure(failure),
                None => report.failed.push(failure),
            }
        }
    }
}

metered!(['a, E] Backfill<'a, E>, handle);

impl<E: WrittenWhole> fmt::Debug for Backfill<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backfill")
            .field("entity", &E::NAME)
            .field("segments", &self.segments)
            .field("only_check", &self.only_check)
            .field("resume_from", &self.resume)
            .finish_non_exhaustive()
    }
}
