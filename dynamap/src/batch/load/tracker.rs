use super::{
    line,
    lines::{LineEnd, LineStep, Lines},
    progress::{LoadProgress, OnLoadProgress, OnUnwrittenLine},
};
use crate::{
    batch::write::{NextWrite, PositionedWrite, WriteLedger, WriteOutcome},
    capacity::Consumed,
    error::ServiceErrorKind,
    outcome::{LineError, LoadCheckpoint, LoadFailure, LoadReport, Unwritten, UnwrittenLine},
    schema::TableSchema,
};
use std::{
    collections::VecDeque,
    marker::PhantomData,
    sync::Arc,
    task::{Context, Poll, ready},
};

/// The most lines that may have an outcome behind one that has none.
const WINDOW: usize = 100_000;

/// The most lines that a report lists.
const LISTED: usize = 1000;

/// The lines of a load, and their outcomes.
pub(super) struct Lined<'a, S> {
    lines: Lines<'a>,
    /// The place of an earlier run, until the input has been passed up to there.
    resume: Option<LoadCheckpoint>,
    /// The lines that were taken and that the checkpoint has not passed.
    window: VecDeque<Entry>,
    /// True if the checkpoint stays where it is: the next lines are for a later run.
    is_held: bool,
    report: LoadReport,
    stop_at_first_error: bool,
    is_over: bool,
    on_progress: OnLoadProgress<'a>,
    on_unwritten: OnUnwrittenLine<'a>,
    of: PhantomData<fn() -> S>,
}

#[derive(Debug)]
struct Entry {
    place: LineEnd,
    state: LineState,
}

/// The outcome of a line.
#[derive(Debug, Clone, Copy)]
enum LineState {
    Open,
    Written(u64),
    Replaced,
    /// The line can never be written.
    Bad,
    /// Another run may write it.
    Left,
}

impl<'a, S: TableSchema> Lined<'a, S> {
    pub(super) fn new(
        table: Arc<str>,
        lines: Lines<'a>,
        resume: Option<LoadCheckpoint>,
        stop_at_first_error: bool,
        (on_progress, on_unwritten): (OnLoadProgress<'a>, OnUnwrittenLine<'a>),
    ) -> Self {
        Self {
            lines,
            // A load that has not come to the end of a line begins anew.
            resume: resume.filter(|checkpoint| checkpoint.line > 0),
            window: VecDeque::new(),
            is_held: false,
            report: LoadReport::new(table, resume.unwrap_or_default()),
            stop_at_first_error,
            is_over: false,
            on_progress,
            on_unwritten,
            of: PhantomData,
        }
    }

    pub(super) fn into_report(mut self, consumed: Option<Consumed>) -> LoadReport {
        self.report.consumed = consumed;
        self.report.first.sort_unstable_by_key(|unwritten| unwritten.line);
        self.report
    }

    /// Passes the lines that earlier runs have settled; false if that is another input, or cannot be read.
    fn poll_resume(&mut self, cx: &mut Context<'_>, checkpoint: LoadCheckpoint) -> Poll<bool> {
        let place = LineEnd::of(&checkpoint);
        while self.lines.place().line < place.line {
            match ready!(self.lines.poll_next(cx)) {
                Ok(LineStep::Line) => {}
                Ok(LineStep::Yield) => {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Ok(LineStep::End) => break,
                Err(error) => return Poll::Ready(self.fail(LoadFailure::Read(error))),
            }
        }
        self.resume = None;
        match self.lines.place() == place {
            true => Poll::Ready(true),
            false => Poll::Ready(self.fail(LoadFailure::OtherInput)),
        }
    }

    /// Nothing more is taken.
    fn fail(&mut self, failure: LoadFailure) -> bool {
        self.is_over = true;
        self.report.failure.get_or_insert(failure);
        false
    }

    /// Notes the outcome of a line, and moves the checkpoint as far as it can.
    fn note(&mut self, line: u64, state: LineState) {
        if let Ok(at) = self.window.binary_search_by_key(&line, |entry| entry.place.line)
            && let Some(entry) = self.window.get_mut(at)
        {
            entry.state = state;
        }
        while let Some(Entry { place, state }) = self.window.front() {
            let checkpoint = &mut self.report.checkpoint;
            match *state {
                LineState::Open => return,
                LineState::Left => {
                    self.is_held = true;
                    self.window.clear();
                    return;
                }
                LineState::Bad => checkpoint.not_written += 1,
                LineState::Replaced => checkpoint.replaced += 1,
                LineState::Written(bytes) => {
                    checkpoint.written += 1;
                    checkpoint.bytes += bytes;
                }
            }
            LineEnd { line: checkpoint.line, offset: checkpoint.offset, checksum: checkpoint.checksum } =
                *place;
            self.window.pop_front();
        }
    }

    fn list(&mut self, line: u64, unknown: bool, error: LineError) {
        *if unknown { &mut self.report.unknown } else { &mut self.report.not_written } += 1;
        let unwritten = UnwrittenLine { line, unknown, error };
        if let Some(on_unwritten) = &mut self.on_unwritten {
            on_unwritten(&unwritten);
        }
        if self.report.first.len() < LISTED {
            self.report.first.push(unwritten);
        }
        if self.stop_at_first_error {
            self.fail(LoadFailure::Stopped);
        }
    }
}

impl<S: TableSchema> WriteLedger for Lined<'_, S> {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<NextWrite>> {
        if let Some(checkpoint) = self.resume
            && !ready!(self.poll_resume(cx, checkpoint))
        {
            return Poll::Ready(None);
        }
        // An answer is to come: that of the first line in the window.
        if self.window.len() >= WINDOW {
            return Poll::Pending;
        }
        while !self.is_over {
            match ready!(self.lines.poll_next(cx)) {
                Ok(LineStep::Line) if self.lines.line().is_some_and(<[u8]>::is_empty) => continue,
                Ok(LineStep::Line) => {}
                Ok(LineStep::Yield) => return Poll::Ready(Some(NextWrite::Yield)),
                Ok(LineStep::End) => {
                    self.is_over = true;
                    break;
                }
                Err(error) => {
                    self.fail(LoadFailure::Read(error));
                    break;
                }
            }
            // A write is known by the number of its line.
            let place = self.lines.place();
            let position = place.line;
            if !self.is_held {
                self.window.push_back(Entry { place, state: LineState::Open });
            }
            return Poll::Ready(Some(match line::put::<S>(self.lines.line()) {
                Ok(encoded) => NextWrite::Write(PositionedWrite { table: 0, position, encoded }),
                Err(error) => {
                    self.note(position, LineState::Bad);
                    self.list(position, false, error);
                    NextWrite::Refused
                }
            }));
        }
        Poll::Ready(None)
    }

    fn settle(&mut self, write: PositionedWrite, fate: WriteOutcome, reason: impl FnOnce() -> Unwritten) {
        let bytes = write.encoded.json().len() as u64;
        let state = match fate {
            WriteOutcome::Written => {
                self.report.written += 1;
                self.report.bytes += bytes;
                LineState::Written(bytes)
            }
            WriteOutcome::Superseded => {
                self.report.replaced += 1;
                LineState::Replaced
            }
            WriteOutcome::NotWritten | WriteOutcome::Unknown => {
                let (reason, is_unknown) = (reason(), fate == WriteOutcome::Unknown);
                // What DynamoDB finds not valid it never takes.
                let is_bad = !is_unknown
                    && matches!(&reason, Unwritten::Failed(error) if error.kind() == ServiceErrorKind::Validation);
                self.list(write.position, is_unknown, LineError::Unwritten(reason));
                if is_bad { LineState::Bad } else { LineState::Left }
            }
        };
        self.note(write.position, state);
    }

    fn answered(&mut self) {
        self.report.requests += 1;
    }

    fn tell(&mut self) {
        let Some(on_progress) = &mut self.on_progress else { return };
        let report = &self.report;
        on_progress(&LoadProgress {
            lines: report.lines(),
            written: report.written,
            replaced: report.replaced,
            not_written: report.not_written,
            unknown: report.unknown,
            bytes: report.bytes,
            requests: report.requests,
            checkpoint: report.checkpoint,
        });
    }
}
