//! Dumps: all items of a table, into a file or another output.

mod output;

use super::blocking::Blocking;
use crate::{
    call::{BatchOptions, Explanation, Handle, metering::metered},
    capacity::Meter,
    op::{ParallelItems, ParallelScan, Scan, ScanProgress, read::Raw},
    outcome::{DumpCheckpoint, DumpReport, Error, IncompleteDump, Result},
    schema::{Primary, TableSchema},
};
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use output::Output;
use std::{fmt, io, marker::PhantomData, time::Duration};
use tokio::io::AsyncWrite;

/// The default number of segments.
const SEGMENTS: u32 = 16;

/// Writes all items of a table to a file: a line each, in the form of DynamoDB's exports to S3.
///
/// A line is `{"Item":{"pk":{"S":"..."}, ...}}`. Every item of the table is written as it is stored, also one of an
/// unknown entity and an expired one, in no order. The table is read by a parallel scan
/// ([Scan](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html)), which costs half a read
/// capacity unit for each 4 KB, rounded up, and one as a [strongly consistent read](Self::consistent_read). Items that
/// are written during the dump may be in it or not.
///
/// - **After a crash** it continues from the last [`DumpCheckpoint`] that [`on_progress`](Self::on_progress) was given: cut
///   the file to its [`bytes`](DumpCheckpoint::bytes), and append. No item is missing and none is there twice.
/// - **Failures.** Segments that cannot be read do not stop the others. [`send`](Self::send) is an error with the report
///   unless all items were written.
/// - **Capacity.** With a meter or a budget the report has the [consumed capacity](DumpReport::consumed).
/// - **Memory.** Each segment that is being read holds two pages of 1 MB, and 1 MB of lines.
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
/// # let line = "{\"Item\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"1\"}}}\n";
/// # shop.load(line.as_bytes()).send().await?;
/// let mut file = Vec::new();
/// let report = shop.dump(&mut file).send().await?;
/// assert_eq!((report.items(), report.bytes()), (1, file.len() as u64));
/// # assert_eq!(file.len(), line.len());
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
#[doc(alias("export", "backup"))]
pub struct Dump<'a, S> {
    handle: Handle,
    output: Output<'a>,
    segments: u32,
    options: BatchOptions,
    consistent: bool,
    resume: Option<DumpCheckpoint>,
    on_progress: OnDumpProgress<'a>,
    of: PhantomData<fn() -> S>,
}

type OnDumpProgress<'a> = Option<Box<dyn FnMut(&DumpProgress) + Send + 'a>>;

/// The progress of a dump. After a [resumption](Dump::resume_from) the numbers are those of all runs, but for `pages`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DumpProgress {
    /// The number of items that were written.
    pub items: u64,
    /// The number of bytes that were written.
    pub bytes: u64,
    /// The number of pages that were read.
    pub pages: u64,
    /// The number of segments.
    pub segments: u32,
    /// The number of segments that were read to their end.
    pub done: u32,
    /// The number of segments that have failed.
    pub failed: u32,
    /// The place at which a later run continues, if this one does not come to its end.
    pub checkpoint: DumpCheckpoint,
}

impl<'a, S: TableSchema> Dump<'a, S> {
    pub(crate) fn blocking(handle: Handle, output: impl io::Write + Send + 'a) -> Self {
        Self::new(handle, Blocking(output))
    }

    pub(crate) fn new(handle: Handle, output: impl AsyncWrite + Send + 'a) -> Self {
        Self {
            handle,
            output: Output::new(output),
            segments: SEGMENTS,
            options: BatchOptions::of_requests(SEGMENTS as usize),
            consistent: false,
            resume: None,
            on_progress: None,
            of: PhantomData,
        }
    }

    /// Sets the number of segments, 1 to 1,000,000. Default: 16. A resumed dump has those that it had.
    pub fn segments(mut self, segments: u32) -> Self {
        self.segments = segments;
        self
    }

    /// Sets the number of segments that are read at once, at least one. Default: 16.
    pub fn concurrency(mut self, segments: usize) -> Self {
        self.options.set_concurrency(segments);
        self
    }

    /// Sets the retry timeout: a segment whose pages are throttled or get no response for so long is given up.
    /// Default: one minute.
    ///
    /// The time in which it waits for units of the [budget](Self::budget), or for the output, is not counted.
    pub fn retry_timeout(mut self, time: Duration) -> Self {
        self.options.retry_timeout = time;
        self
    }

    /// Uses strongly consistent reads (`ConsistentRead: true`), which cost twice the read capacity units. The default
    /// is eventually consistent: writes of the last second may be missing.
    pub fn consistent_read(mut self) -> Self {
        self.consistent = true;
        self
    }

    /// Compresses the lines with gzip, in members of 1 MB of lines, between which a later run can continue.
    #[cfg(feature = "gzip")]
    pub fn gzip(mut self) -> Self {
        self.output.is_gzip = true;
        self
    }

    /// Continues at the place of an earlier run. The output is appended to that of the earlier run, cut to
    /// [`bytes`](DumpCheckpoint::bytes).
    pub fn resume_from(mut self, checkpoint: DumpCheckpoint) -> Self {
        self.resume = Some(checkpoint);
        self
    }

    /// Calls this after every 1 MB of lines that was written and flushed, on the task that runs the dump.
    pub fn on_progress(mut self, call: impl FnMut(&DumpProgress) + Send + 'a) -> Self {
        self.on_progress = Some(Box::new(call));
        self
    }

    /// Reads the table and writes its items.
    ///
    /// # Errors
    /// The number of segments is not one from 1 to 1,000,000, or the checkpoint is of another table: then nothing was
    /// written. [`Error::IncompleteDump`]: not everything was written. It has the report.
    pub async fn send(mut self) -> Result<DumpReport> {
        let meter = self.handle.add_own_meter();
        let mut items = self.items()?;
        let segments = self.resume.as_ref().map_or(self.segments, |checkpoint| checkpoint.segments);
        let mut checkpoint = self.resume.take().unwrap_or_default();
        checkpoint.segments = segments;
        let mut report = DumpReport {
            table: self.handle.table.clone(),
            pages: 0,
            consumed: None,
            failed: Vec::new(),
            checkpoint,
            failure: None,
        };
        loop {
            let next = items.next().await;
            let is_last = next.is_none();
            match next {
                Some(Ok(item)) => self.output.push(&item),
                Some(Err(error)) => report.failed.push(error),
                None => {}
            }
            if is_last || self.output.is_full() {
                let (progress, cursor) = (items.progress(), items.cursor().to_string());
                if let Err(error) = self.settle(progress, cursor, &mut report).await {
                    report.failure = Some(error);
                    break;
                }
            }
            if is_last {
                break;
            }
        }
        // What is on its way to be read ahead counts when it is dropped.
        drop(items);
        report.consumed = meter.as_ref().map(Meter::consumed);
        match report.is_complete() {
            true => Ok(report),
            false => Err(Error::IncompleteDump(IncompleteDump::new(report))),
        }
    }

    /// The SDK's builder with the request for the first page of the first segment, which reads from its beginning also after
    /// [`resume_from`](Self::resume_from). Nothing is written.
    ///
    /// # Errors
    /// The number of segments is not one from 1 to 1,000,000.
    pub fn into_sdk(self) -> Result<ScanFluentBuilder> {
        self.scan().into_sdk()
    }

    /// The request for the first page of the first segment and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// The number of segments is not one from 1 to 1,000,000.
    pub fn explain(self) -> Result<Explanation> {
        self.scan().explain()
    }

    fn scan(&self) -> ParallelScan<S, Primary, Raw> {
        let segments = self.resume.as_ref().map_or(self.segments, |checkpoint| checkpoint.segments);
        let scan = Scan::<S, _, _>::raw(self.handle.clone(), self.consistent);
        scan.parallel(segments).options(self.options)
    }

    fn items(&self) -> Result<ParallelItems<Box<[u8]>>> {
        let scan = self.scan();
        match &self.resume {
            // One that was made before anything was written has no cursor.
            Some(checkpoint) if !checkpoint.cursor.is_empty() => scan.start_after(&checkpoint.cursor).items(),
            _ => scan.items(),
        }
    }

    /// Writes the lines that are there, and tells of it.
    async fn settle(
        &mut self,
        progress: ScanProgress,
        cursor: String,
        report: &mut DumpReport,
    ) -> io::Result<()> {
        let (lines, bytes) = self.output.write().await?;
        let checkpoint = &mut report.checkpoint;
        report.pages = progress.pages;
        checkpoint.items += lines;
        checkpoint.bytes += bytes;
        checkpoint.cursor = cursor;
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(&DumpProgress {
                items: checkpoint.items,
                bytes: checkpoint.bytes,
                pages: progress.pages,
                segments: progress.segments,
                done: progress.done,
                failed: progress.failed,
                checkpoint: checkpoint.clone(),
            });
        }
        Ok(())
    }
}

metered!(['a, S] Dump<'a, S>, handle);

impl<S> fmt::Debug for Dump<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dump")
            .field("table", &self.handle.table)
            .field("segments", &self.segments)
            .field("resume_from", &self.resume)
            .finish_non_exhaustive()
    }
}
