//! The items of a parallel scan.

use super::WholeSource;
use crate::{
    call::{
        BatchOptions,
        retry::{Pause, RetryPacer},
    },
    cursor::{Fingerprint, ParallelCursor, SegmentPlace},
    direct,
    entity::Item,
    observe::{Ending, Observing},
    op::read::{ItemReader, Items, Prepared},
    outcome::{Error, SegmentError},
    schema::Source,
    timer::Timer,
};
use futures_core::Stream;
use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::Instant;

/// The items of a parallel scan, from all segments in turn: a [`Stream`], and a loop with [`next`](ParallelItems::next).
///
/// An error is that of one segment; the stream continues with the others, and ends when there are no more. After an
/// error of an item that does not have the form that is read, its segment continues after that item, too. Of every
/// segment that is read, one page is read ahead.
#[must_use = "a stream does nothing unless it is polled"]
pub struct ParallelItems<T> {
    fingerprint: Fingerprint,
    /// The places of the segments that are not being read.
    places: Vec<SegmentPlace>,
    /// The first segment that has not been looked at.
    next: usize,
    reading: Vec<SegmentReader<T>>,
    /// The position among those that are read of the one that is asked next.
    turn: usize,
    open: Box<dyn Fn(u32, Option<Item>) -> Items<T> + Send>,
    remaining: Option<usize>,
    options: BatchOptions,
    timer: Timer,
    /// Of the segments that are not read any more.
    progress: ScanProgress,
    /// True if a segment may have failed that is read again; with the time since when the caller has been busy.
    has_failed: bool,
    busy: Option<Instant>,
    observing: Observing,
}

/// The progress of a parallel scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ScanProgress {
    /// The number of segments.
    pub segments: u32,
    /// The number of segments that were read to their end.
    pub done: u32,
    /// The number of segments that have failed.
    pub failed: u32,
    /// The number of items that were returned.
    pub returned: u64,
    /// The number of items of other entities that were passed over.
    pub skipped: u64,
    /// The number of items that were passed over because their time to live is over.
    pub expired: u64,
    /// The number of pages that were read.
    pub pages: u64,
}

/// A segment that is being read.
struct SegmentReader<T> {
    segment: u32,
    items: Items<T>,
    pace: RetryPacer,
    pause: Pause,
    /// The time at which the page that failed may be requested again.
    again: Option<Instant>,
    /// For how long the caller was busy while it was asked for.
    busy: Duration,
    /// After how many pages one has failed.
    pages: u64,
}

impl<T: Send + 'static> SegmentReader<T> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if self.items.has_failed() {
                if self.pause.is_on(&self.pace, cx) {
                    return Poll::Pending;
                }
                self.busy = Duration::ZERO;
                self.items.try_again();
            }
            let polled = ready!(Pin::new(&mut self.items).poll_next(cx));
            let error = match polled {
                Some(Err(error)) if self.items.has_failed() => error,
                // An item, the end, or an item that cannot be read.
                polled => {
                    self.again = None;
                    return Poll::Ready(polled);
                }
            };
            let now = Instant::now();
            self.note(now);
            if self.pace.is_over(now) || !is_worth_another(&error) {
                return Poll::Ready(Some(Err(error)));
            }
        }
    }

    /// Notes that a page has failed. What counts is the request itself and the pause before it, not how long it waited
    /// for its units and for the caller.
    fn note(&mut self, now: Instant) {
        if self.items.pages() > self.pages {
            (self.pages, self.again) = (self.items.pages(), None);
            self.pace.note(true, false, now, now);
        }
        let sent = match self.again {
            Some(again) => {
                let sent = now - self.items.failed_after().saturating_sub(self.busy);
                self.pace.waited(sent.saturating_duration_since(again), now);
                sent
            }
            // The time begins with the first answer that says so.
            None => now,
        };
        self.pace.note(false, true, sent, now);
        self.again = Some(self.pace.pause(now).unwrap_or(now));
    }
}

fn is_worth_another(error: &Error) -> bool {
    match error {
        Error::Service(error) => direct::passes(error.kind()) || error.kind().is_ambiguous(),
        _ => false,
    }
}

impl<T: Send + 'static> ParallelItems<T> {
    pub(super) fn new<I: Source, R: ItemReader<Output = T>>(
        fingerprint: Fingerprint,
        (segments, places): (u32, Option<Vec<SegmentPlace>>),
        remaining: Option<usize>,
        (options, timer): (BatchOptions, Timer),
        open: impl Fn(u32, Option<Item>) -> Prepared<WholeSource, I, R> + Send + 'static,
    ) -> Self {
        let places = places.unwrap_or_else(|| (0..segments).map(|_| SegmentPlace::Start).collect());
        let done = places.iter().filter(|place| **place == SegmentPlace::End).count();
        let progress = ScanProgress {
            segments,
            done: u32::try_from(done).unwrap_or(u32::MAX),
            ..ScanProgress::default()
        };
        let open = Box::new(move |segment, start| Items::new(Ok(open(segment, start))));
        let (next, reading, turn, has_failed, busy) = (0, Vec::new(), 0, false, None);
        Self {
            fingerprint,
            places,
            next,
            reading,
            turn,
            open,
            remaining,
            options,
            timer,
            progress,
            has_failed,
            busy,
            observing: Observing::none(),
        }
    }

    pub(super) fn observed(self, observing: Observing) -> Self {
        Self { observing, ..self }
    }

    /// The next item of any segment, or `None` at the end.
    ///
    /// # Errors
    /// A segment cannot be read any further. The others go on with the next call.
    pub async fn next(&mut self) -> Option<Result<T, SegmentError>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The pagination token for the place in each segment after the items that were returned.
    pub fn cursor(&self) -> ParallelCursor {
        let mut places = self.places.clone();
        for reading in &self.reading {
            if let Some(place) = places.get_mut(reading.segment as usize) {
                *place = place_of(reading);
            }
        }
        ParallelCursor::new(self.fingerprint, places)
    }

    /// The progress of the scan.
    pub fn progress(&self) -> ScanProgress {
        self.reading.iter().fold(self.progress, |progress, reading| progress.with(&reading.items))
    }

    /// Asks the segments in turn.
    fn poll_segments(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, SegmentError>>> {
        self.open();
        // How many have been asked in a row without anything to give.
        let mut asked = 0;
        while asked < self.reading.len() {
            self.turn %= self.reading.len();
            let Some(reading) = self.reading.get_mut(self.turn) else { break };
            let polled = reading.poll(cx);
            self.has_failed |= reading.again.is_some();
            match polled {
                Poll::Pending => {
                    asked += 1;
                    self.turn += 1;
                }
                Poll::Ready(Some(Ok(item))) => {
                    self.turn += 1;
                    self.progress.returned += 1;
                    self.remaining = self.remaining.map(|remaining| remaining.saturating_sub(1));
                    return Poll::Ready(Some(Ok(item)));
                }
                Poll::Ready(Some(Err(error))) => {
                    let (segments, segment) = (self.progress.segments, reading.segment);
                    if reading.items.has_failed() {
                        self.observing.note_failure(&error);
                        self.close(place_of);
                        self.progress.failed += 1;
                    } else {
                        self.turn += 1;
                    }
                    return Poll::Ready(Some(Err(SegmentError::new(segment, segments, error))));
                }
                Poll::Ready(None) => {
                    self.close(|_| SegmentPlace::End);
                    self.progress.done += 1;
                    self.open();
                    // Another has taken its place and was not asked yet.
                    asked = 0;
                }
            }
        }
        match self.reading.is_empty() {
            true => Poll::Ready(None),
            false => Poll::Pending,
        }
    }

    /// Begins with further segments, as long as there are any.
    fn open(&mut self) {
        while self.reading.len() < self.options.concurrency
            && let Some(place) = self.places.get(self.next)
        {
            if *place != SegmentPlace::End {
                let segment = u32::try_from(self.next).unwrap_or(u32::MAX);
                let items = (self.open)(segment, place.clone().into_start_key());
                let (pace, pause) =
                    (RetryPacer::new(self.options.retry_timeout), Pause::new(self.timer.clone()));
                let (again, busy, pages) = (None, Duration::ZERO, 0);
                self.reading.push(SegmentReader { segment, items, pace, pause, again, busy, pages });
            }
            self.next += 1;
        }
    }

    /// Ends the segment whose turn it is, and notes where it is.
    fn close(&mut self, place: impl FnOnce(&SegmentReader<T>) -> SegmentPlace) -> u32 {
        let reading = self.reading.swap_remove(self.turn);
        if let Some(at) = self.places.get_mut(reading.segment as usize) {
            *at = place(&reading);
        }
        self.progress = self.progress.with(&reading.items);
        reading.segment
    }
}

fn place_of<T: Send + 'static>(reading: &SegmentReader<T>) -> SegmentPlace {
    let cursor = reading.items.cursor();
    cursor.map_or(SegmentPlace::Start, |cursor| SegmentPlace::After(cursor.into_key()))
}

impl ScanProgress {
    fn with<T: Send + 'static>(self, items: &Items<T>) -> Self {
        Self {
            skipped: self.skipped + items.skipped() as u64,
            expired: self.expired + items.expired() as u64,
            pages: self.pages + items.pages(),
            ..self
        }
    }
}

impl<T> Unpin for ParallelItems<T> {}

impl<T: Send + 'static> Stream for ParallelItems<T> {
    type Item = Result<T, SegmentError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.remaining == Some(0) {
            this.observing.end(&Ending::OK);
            return Poll::Ready(None);
        }
        if let Some(since) = this.busy.take() {
            let busy = since.elapsed();
            this.reading.iter_mut().for_each(|reading| reading.busy += busy);
            this.has_failed = this.reading.iter().any(|reading| reading.again.is_some());
        }
        let polled = this.poll_segments(cx);
        if let Poll::Ready(None) = polled {
            this.observing.end(&Ending::OK);
        }
        if polled.is_ready() && this.has_failed {
            this.busy = Some(Instant::now());
        }
        polled
    }
}

impl<T> fmt::Debug for ParallelItems<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParallelItems")
            .field("segments", &self.places.len())
            .field("reading", &self.reading.len())
            .finish_non_exhaustive()
    }
}
