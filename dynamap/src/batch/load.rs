//! Loads: the lines of a file or another input, into a table.

mod line;
mod lines;
mod progress;
mod text;
mod tracker;

use super::{
    blocking::Blocking,
    write::{BatchWriteRun, WriteBatch, WriteTables, first},
};
use crate::{
    call::{BatchOptions, Explanation, Handle, metering::metered},
    outcome::{Error, IncompleteLoad, LoadCheckpoint, LoadReport, Result, UnwrittenLine},
    schema::TableSchema,
};
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemFluentBuilder;
use lines::Lines;
pub use progress::LoadProgress;
use progress::{OnLoadProgress, OnUnwrittenLine};
use std::{fmt, io, marker::PhantomData, time::Duration};
use text::InputText;
use tokio::io::AsyncRead;
use tracker::Lined;

/// Puts the items of a file into a table: a line each, in the form of DynamoDB's exports to S3.
///
/// A line is `{"Item":{"pk":{"S":"..."}, ...}}`, or the item alone; blank lines are passed over. With the feature `gzip`
/// the input may be compressed. The items pass as they are, with attributes that no entity has and the texts of numbers. [BatchWriteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html)
/// requests of up to 25 items and 16 MB, several at once, as those of a [`BatchWriteItem`](crate::batch::BatchWriteItem)
/// and at the same cost: one write capacity unit (WCU) for each 1 KB of the larger of the old and the new
/// item, rounded up.
///
/// - **Nothing is lost.** Every line is counted as written, replaced, not written or unknown. A malformed line does not
///   stop the others, unless [`stop_at_first_error`](Self::stop_at_first_error) says so: one that is no item, has no key or
///   one of another data type, or is larger than 400 KB. [`send`](Self::send) is an error with the report unless all lines
///   were written.
/// - **The last line wins** of those with equal keys, if DynamoDB takes it: one that it finds not valid replaces none.
///   The stored item is replaced.
/// - **After a crash** it continues from the last [`LoadCheckpoint`] that [`on_progress`](Self::on_progress) was given.
///   Lines behind it are written again, which does no harm, and the counts are exact. But a request of the crashed run
///   that DynamoDB applies late may put back an item that a later line has replaced.
/// - **Capacity.** With a meter or a budget, as for a [`BatchWriteItem`](crate::batch::BatchWriteItem), the report has the
///   [consumed capacity](LoadReport::consumed).
/// - **Turns.** An input that is always ready leaves the other tasks of the runtime their turn, also where it has nothing to
///   write.
/// - **Memory.** Up to 50 lines for each request in flight are held, and 32 MB; a line has up to 16 MB.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// let lines = r#"{"Item":{"pk":{"S":"a"},"sk":{"S":"1"},"total":{"N":"12.50"}}}
/// {"Item":{"pk":{"S":"a"},"sk":{"S":"2"}}}
/// "#;
/// let report = shop.load(lines.as_bytes()).send().await?;
/// assert_eq!((report.lines(), report.written()), (2, 2));
///
/// let report = shop.load(&b"{}\n"[..]).report().await;
/// assert_eq!(report.unwritten()[0].error().to_string(), "the item has no key attribute `pk`");
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
#[doc(alias("import", "ImportTable"))]
pub struct Load<'a, S> {
    handle: Handle,
    lines: Lines<'a>,
    options: BatchOptions,
    resume: Option<LoadCheckpoint>,
    stop_at_first_error: bool,
    on_progress: OnLoadProgress<'a>,
    on_unwritten: OnUnwrittenLine<'a>,
    of: PhantomData<fn() -> S>,
}

impl<'a, S: TableSchema> Load<'a, S> {
    pub(crate) fn blocking(handle: Handle, input: impl io::Read + Send + 'a) -> Self {
        Self::new(handle, Blocking(input))
    }

    pub(crate) fn new(handle: Handle, input: impl AsyncRead + Send + 'a) -> Self {
        Self {
            handle,
            lines: Lines::new(InputText::new(input)),
            options: BatchOptions::default(),
            resume: None,
            stop_at_first_error: false,
            on_progress: None,
            on_unwritten: None,
            of: PhantomData,
        }
    }

    /// Sets the most requests in flight, at least one. Default: 8.
    pub fn concurrency(mut self, requests: usize) -> Self {
        self.options.set_concurrency(requests);
        self
    }

    /// Sets the retry timeout: the load gives up on lines that are unprocessed or without a response when nothing was
    /// processed for so long. Default: one minute.
    pub fn retry_timeout(mut self, time: Duration) -> Self {
        self.options.retry_timeout = time;
        self
    }

    /// Continues at the place of an earlier run, with the same input from its beginning.
    ///
    /// The part that was loaded is read and checked, and not written again.
    pub fn resume_from(mut self, checkpoint: LoadCheckpoint) -> Self {
        self.resume = Some(checkpoint);
        self
    }

    /// Takes no more lines after one that is not written. Those that were taken are still written.
    pub fn stop_at_first_error(mut self) -> Self {
        self.stop_at_first_error = true;
        self
    }

    /// Calls this whenever something was taken or settled, on the task that runs the load.
    pub fn on_progress(mut self, call: impl FnMut(&LoadProgress) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// Calls this for each line that was not written or whose outcome is unknown.
    pub fn on_unwritten(mut self, call: impl FnMut(&UnwrittenLine) + Send + 'a) -> Self {
        self.on_unwritten = Some(Box::new(call));
        self
    }

    /// The SDK's builder with the first request: the writes of up to 25 lines, which are read from the input. Lines that cannot
    /// be written are passed over, and nothing is sent.
    ///
    /// # Errors
    /// [`Error::IncompleteLoad`]: the input cannot be read, or is not that of the checkpoint.
    pub async fn into_sdk(self) -> Result<BatchWriteItemFluentBuilder> {
        let (tables, chunk) = self.first().await?;
        first::into_sdk(&tables, chunk.as_ref())
    }

    /// The first request and its cost in capacity units: the writes of up to 25 lines, which are read from the input.
    /// Lines that cannot be written are passed over, and nothing is sent.
    ///
    /// # Errors
    /// The same as those of [`into_sdk`](Self::into_sdk).
    pub async fn explain(self) -> Result<Explanation> {
        let (tables, chunk) = self.first().await?;
        Ok(first::explain(&tables, chunk.as_ref()))
    }

    /// The first request.
    async fn first(self) -> Result<(WriteTables, Option<WriteBatch>)> {
        let table = self.handle.table.clone();
        let mut lined = Lined::<S>::new(table, self.lines, self.resume, false, (None, None));
        let chunk = first::first(&mut lined).await;
        let report = lined.into_report(None);
        match report.failure() {
            Some(_) => Err(Error::IncompleteLoad(IncompleteLoad::new(report))),
            None => Ok((WriteTables::of::<S>(self.handle), chunk)),
        }
    }

    /// Reads the input and writes its items.
    ///
    /// # Errors
    /// [`Error::IncompleteLoad`]: some lines were not written. It has the report, and all others were written.
    pub async fn send(self) -> Result<LoadReport> {
        let report = self.report().await;
        match report.is_complete() {
            true => Ok(report),
            false => Err(Error::IncompleteLoad(IncompleteLoad::new(report))),
        }
    }

    /// Reads the input and writes its items, and returns the outcome of the lines.
    #[must_use = "it says what was not written"]
    pub async fn report(self) -> LoadReport {
        let calls = (self.on_progress, self.on_unwritten);
        let table = self.handle.table.clone();
        let lined = Lined::<S>::new(table, self.lines, self.resume, self.stop_at_first_error, calls);
        let tables = WriteTables::of::<S>(self.handle);
        let (lined, consumed) = BatchWriteRun::new(tables, lined, self.options).run().await;
        lined.into_report(consumed.map(|consumed| consumed.all))
    }
}

metered!(['a, S] Load<'a, S>, handle);

impl<S> fmt::Debug for Load<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load")
            .field("table", &self.handle.table)
            .field("concurrency", &self.options.concurrency)
            .field("resume_from", &self.resume)
            .finish_non_exhaustive()
    }
}
