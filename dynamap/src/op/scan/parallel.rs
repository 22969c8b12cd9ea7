use super::{ParallelItems, Scan, ScanSegment, WholeSource};
use crate::{
    call::{BatchOptions, Explanation, metering::metered},
    cursor::{IntoCursor, MAX_SEGMENTS, ParallelCursor},
    error::CursorError,
    expr::Condition,
    observe::Observing,
    op::read::{HeldBy, ReadShape, Sending},
    outcome::{InvalidSegmentCount, Result},
    schema::Source,
};
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use std::{fmt, time::Duration};

/// The default number of segments that are read at once.
const CONCURRENCY: usize = 32;

/// Reads a table or an index in segments, several at once.
///
/// DynamoDB divides the items into so many segments (`Segment` and `TotalSegments` of
/// [Scan](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html)), and each is read page after
/// page. It costs the same read capacity units as the scan in one piece, and takes less time: a table of 1 GB has a
/// thousand pages.
///
/// - **Filters, limits and the rest** are those of the [`Scan`], set before it is divided. A limit is one for all
///   segments together.
/// - **Failures.** A page that is throttled or gets no response is requested again, with exponential backoff up to 5 s and
///   full jitter. A segment whose pages fail for a minute, or that is refused, is a
///   [`SegmentError`](crate::outcome::SegmentError), and the others continue. The time in which a segment waits for units of
///   the [budget](Self::budget), or for a caller that is busy with an item, is not counted.
/// - **Pagination.** The [`cursor`](ParallelItems::cursor) has the place in every segment, also in those that failed.
///
/// No task is spawned: the segments are read while the stream is polled.
///
/// ```
/// # use dynamap::{Entity, Table, TableSchema};
/// # use dynamap_local::Local;
/// # #[derive(TableSchema)]
/// # #[dynamap(partition_key = "pk", sort_key = "sk")]
/// # pub struct Shop;
/// # #[derive(Debug, PartialEq, Entity)]
/// # #[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
/// # pub struct Order { pub customer: u32, pub number: u32 }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
/// # shop.create_table_if_absent().send().await?;
/// # let orders = shop.repository::<Order>();
/// # orders.batch_write().put_all((0..40).map(|number| Order { customer: number, number })).send().await?;
/// let mut items = orders.scan().parallel(4).items()?;
/// let mut seen = 0;
/// while let Some(order) = items.next().await {
///     order?;
///     seen += 1;
/// }
/// assert_eq!(seen, 40);
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is sent"]
pub struct ParallelScan<E, I, T> {
    pub(super) scan: Scan<E, I, T>,
    segments: u32,
    options: BatchOptions,
    start_after: Result<Option<ParallelCursor>, CursorError>,
}

impl<E, I: Source, T: ReadShape<E>> Scan<E, I, T> {
    /// Reads it in so many segments, 1 to 1,000,000, several at once.
    #[doc(alias("TotalSegments", "Segment"))]
    pub fn parallel(self, segments: u32) -> ParallelScan<E, I, T> {
        let options = BatchOptions::of_requests(CONCURRENCY);
        ParallelScan { scan: self, segments, options, start_after: Ok(None) }
    }
}

impl<E, I: Source, T: HeldBy<E, I>> ParallelScan<E, I, T> {
    /// Sets the number of segments that are read at once, at least one. Default: 32.
    pub fn concurrency(mut self, segments: usize) -> Self {
        self.options.set_concurrency(segments);
        self
    }

    /// Sets the retry timeout: a segment whose pages are throttled or get no response for so long is given up.
    /// Default: one minute.
    ///
    /// It is the time of the requests and of the pauses between them, since the first one that failed.
    pub fn retry_timeout(mut self, time: Duration) -> Self {
        self.options.retry_timeout = time;
        self
    }

    /// Continues at the place of an earlier run of this scan.
    ///
    /// It takes a [`ParallelCursor`], its text, or an `Option` of these: `None` reads from the start. A text that is no such
    /// cursor is an error of [`items`](Self::items).
    pub fn start_after(mut self, cursor: impl IntoCursor<ParallelCursor>) -> Self {
        self.start_after = cursor.into_cursor();
        self
    }

    /// The SDK's builder with the request for the first page of the first segment.
    ///
    /// # Errors
    /// As [`items`](Self::items).
    pub fn into_sdk(self) -> Result<ScanFluentBuilder> {
        self.check()?;
        let first = self.first();
        Ok(self.scan.prepare_part(first)?.first_request())
    }

    /// The request for the first page of the first segment and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// As [`items`](Self::items).
    pub fn explain(self) -> Result<Explanation> {
        let operators = self.scan.filter.as_ref().map_or(0, Condition::operators);
        self.check()?;
        let first = self.first();
        Ok(self.scan.prepare_part(first)?.explain(operators))
    }

    /// Reads the segments, as one stream of items.
    ///
    /// # Errors
    /// The number of segments is not one from 1 to 1,000,000, DynamoDB would refuse the filter, or a cursor belongs to
    /// another scan.
    pub fn items(self) -> Result<ParallelItems<T::Output>> {
        self.items_with(None)
    }

    /// Reads all items, up to the limit if there is one.
    ///
    /// # Errors
    /// As [`items`](Self::items); otherwise the error of the first segment that fails, and the items that were read are lost.
    pub fn try_collect(self) -> Sending<Vec<T::Output>> {
        let items = self.items();
        Box::pin(async move {
            let (mut items, mut all) = (items?, Vec::new());
            while let Some(item) = items.next().await {
                all.push(item?);
            }
            Ok(all)
        })
    }
}

impl<E, I: Source, T: ReadShape<E>> ParallelScan<E, I, T> {
    /// The items, where `more` is asked for beside the filter.
    pub(super) fn items_with(self, more: Option<Condition<E>>) -> Result<ParallelItems<T::Output>> {
        self.check()?;
        let pacing = (self.options, self.scan.handle.timer());
        // The caller that adds the counts up cuts the sum.
        let limit = self.scan.settings.limit.filter(|_| !self.scan.settings.count);
        let total = self.segments;
        let first = WholeSource { segment: Some(ScanSegment { number: 0, total }) };
        let mut whole = self.scan.prepare_part_with(first, more)?;
        let fingerprint = whole.fingerprint();
        let places = self.start_after?.map(|cursor| cursor.into_places(fingerprint, total)).transpose()?;
        let observing = if limit == Some(0) { Observing::none() } else { whole.observe() };
        let open = move |number, start| {
            whole.part(WholeSource { segment: Some(ScanSegment { number, total }) }, start)
        };
        Ok(ParallelItems::new(fingerprint, (total, places), limit, pacing, open).observed(observing))
    }

    pub(crate) fn options(self, options: BatchOptions) -> Self {
        Self { options, ..self }
    }

    /// The same, of which something else is read.
    pub(super) fn reading<U>(
        self,
        scan: impl FnOnce(Scan<E, I, T>) -> Scan<E, I, U>,
    ) -> ParallelScan<E, I, U> {
        let Self { scan: read, segments, options, start_after } = self;
        ParallelScan { scan: scan(read), segments, options, start_after }
    }

    /// The first segment.
    pub(super) fn first(&self) -> WholeSource {
        WholeSource { segment: Some(ScanSegment { number: 0, total: self.segments }) }
    }

    pub(super) fn check(&self) -> Result<()> {
        if !(1..=MAX_SEGMENTS).contains(&self.segments) {
            return Err(InvalidSegmentCount(self.segments).into());
        }
        // That of a scan in one piece tells nothing of the segments.
        match self.scan.settings.start_after {
            Ok(None) => Ok(()),
            Ok(Some(_)) | Err(_) => Err(CursorError::OtherQuery.into()),
        }
    }
}

metered!([E, I, T] ParallelScan<E, I, T>, scan.handle);

impl<E, I, T> Clone for ParallelScan<E, I, T> {
    fn clone(&self) -> Self {
        Self { scan: self.scan.clone(), start_after: self.start_after.clone(), ..*self }
    }
}

impl<E, I, T> fmt::Debug for ParallelScan<E, I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParallelScan").field("scan", &self.scan).field("segments", &self.segments).finish()
    }
}
