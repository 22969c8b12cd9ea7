use super::text::InputText;
use crate::outcome::LoadCheckpoint;
use crc32fast::Hasher;
use std::{
    io,
    task::{Context, Poll, ready},
};

/// DynamoDB: no request has more bytes, and there must be some left around the item. Longer lines are never held whole.
pub(super) const MAX_LINE: usize = 16 * 1024 * 1024 - 64 * 1024;

/// The lines of a text, one after another.
pub(super) struct Lines<'a> {
    text: InputText<'a>,
    /// The bytes that were read and not passed, from `start` on; up to `searched` there is no end of a line.
    buffer: Vec<u8>,
    start: usize,
    searched: usize,
    /// The end of the line that was given last.
    given: Option<usize>,
    is_too_long: bool,
    checksum: Hasher,
    place: LineEnd,
    /// The work since the last [`LineStep::Yield`], in bytes.
    work: usize,
}

/// The result of going on to the next line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineStep {
    Line,
    /// There is no line yet after much work, or there was much before it: the other tasks of the runtime have their turn.
    Yield,
    End,
}

/// An input that is always ready is read so far without a turn of the other tasks: some tenths of a millisecond.
const WORK_AT_ONCE: usize = 256 * 1024;

/// A line is as much work as so many bytes, however short it is.
const WORK_OF_A_LINE: usize = 64;

/// The end of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct LineEnd {
    pub(super) line: u64,
    pub(super) offset: u64,
    /// CRC-32 of the text up to here.
    pub(super) checksum: u32,
}

impl LineEnd {
    pub(super) fn of(checkpoint: &LoadCheckpoint) -> Self {
        let LoadCheckpoint { line, offset, checksum, .. } = *checkpoint;
        Self { line, offset, checksum }
    }
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: InputText<'a>) -> Self {
        Self {
            text,
            buffer: Vec::new(),
            start: 0,
            searched: 0,
            given: None,
            is_too_long: false,
            checksum: Hasher::new(),
            place: LineEnd::default(),
            work: 0,
        }
    }

    /// Goes on to the next line.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<LineStep>> {
        if self.work >= WORK_AT_ONCE {
            self.work = 0;
            return Poll::Ready(Ok(LineStep::Yield));
        }
        if let Some(end) = self.given.take() {
            (self.start, self.searched, self.is_too_long) = (end, end, false);
        }
        loop {
            let unsearched = self.buffer.get(self.searched..).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', unsearched) {
                self.give(self.searched + at + 1);
                return Poll::Ready(Ok(LineStep::Line));
            }
            self.searched = self.buffer.len();
            if self.searched - self.start > MAX_LINE {
                self.is_too_long = true;
                self.note(self.searched);
                self.start = self.searched;
            }
            if self.start > 0 {
                self.buffer.drain(..self.start);
                (self.start, self.searched) = (0, self.buffer.len());
            }
            if self.work >= WORK_AT_ONCE {
                self.work = 0;
                return Poll::Ready(Ok(LineStep::Yield));
            }
            let is_more = ready!(self.text.poll_more(cx, &mut self.buffer))?;
            self.work += self.buffer.len() - self.searched;
            if !is_more {
                let any = !self.buffer.is_empty() || self.is_too_long;
                if any {
                    self.give(self.buffer.len());
                }
                return Poll::Ready(Ok(if any { LineStep::Line } else { LineStep::End }));
            }
        }
    }

    /// The line, without white space around it; `None` if it is too long.
    pub(super) fn line(&self) -> Option<&[u8]> {
        let line = self.buffer.get(self.start..self.given?)?.trim_ascii();
        (!self.is_too_long && line.len() <= MAX_LINE).then_some(line)
    }

    /// The end of the line.
    pub(super) fn place(&self) -> LineEnd {
        self.place
    }

    fn give(&mut self, end: usize) {
        self.note(end);
        self.given = Some(end);
        self.place.line += 1;
        self.work += WORK_OF_A_LINE;
        self.place.checksum = self.checksum.clone().finalize();
    }

    /// Notes that the text goes on up to `end`.
    fn note(&mut self, end: usize) {
        let text = self.buffer.get(self.start..end).unwrap_or_default();
        self.checksum.update(text);
        self.place.offset += text.len() as u64;
    }
}
