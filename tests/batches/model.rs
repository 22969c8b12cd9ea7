//! What the batches write.

use dynamap::batch::BatchWrite;
use dynamap::entity::Item;
use dynamap::error::{DecodeError, EncodeError};
use dynamap::value::{AttributeType, FromAttribute, Reader, ToAttribute, Writer, marker};
use dynamap::{Entity, TableSchema};
use std::pin::Pin;
use std::task::{Context, Poll};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = number("at"))]
pub(crate) struct Log;

/// Its sort key is written now as `1`, now as `1.0` or `10E-1`.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Log, pk = "DEVICE#{device}", sk = at)]
pub(crate) struct Reading {
    pub(crate) device: u32,
    pub(crate) at: Written,
    pub(crate) position: u64,
    pub(crate) text: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Log, pk = "NOTES", sk = id)]
pub(crate) struct Note {
    #[dynamap(rename = "at")]
    pub(crate) id: u32,
    pub(crate) position: u64,
}

/// The text of a number as it was written: `1`, `1.0` or `10E-1`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written(pub(crate) String);

impl AttributeType for Written {
    type DataType = marker::N;
}

impl ToAttribute for Written {
    fn write<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        w.number(&self.0)
    }
}

impl FromAttribute for Written {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        r.number().map(|text| Self(text.to_string()))
    }
}

/// A number in one of its forms.
pub(crate) fn written(number: u32) -> Written {
    Written(match fastrand::u8(..4) {
        0 => format!("{number}.0"),
        1 => format!("{number}0E-1"),
        _ => number.to_string(),
    })
}

/// A key by its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Reading(u32, u32),
    Note(u32),
}

impl Key {
    pub(crate) fn of_reading(reading: &Reading) -> Self {
        Self::Reading(reading.device, reading.at.0.parse::<f64>().unwrap() as u32)
    }

    pub(crate) fn of_item(item: &Item) -> Self {
        let at = item["at"].as_n().unwrap().parse::<f64>().unwrap() as u32;
        match item["pk"].as_s().unwrap().strip_prefix("DEVICE#") {
            Some(device) => Self::Reading(device.parse().unwrap(), at),
            None => Self::Note(at),
        }
    }
}

/// A put with its position, or a delete.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Put(Reading),
    Delete(Reading),
    PutNote(Note),
    DeleteNote(u32),
}

/// So many writes, many of them of the same keys.
pub(crate) fn steps(count: u64) -> Vec<Step> {
    let keys = fastrand::u32(1..2500).max(1);
    let large = fastrand::u8(..10) == 0;
    let step = |position| {
        let id = fastrand::u32(..keys);
        let text = "x".repeat(if large { fastrand::usize(..20_000) } else { fastrand::usize(..50) });
        let reading = || Reading { device: id % 10, at: written(id / 10), position, text };
        match fastrand::u8(..10) {
            0..5 => Step::Put(reading()),
            5 => Step::Delete(reading()),
            6..8 => Step::PutNote(Note { id, position }),
            _ => Step::DeleteNote(id),
        }
    };
    (0..count).map(step).collect()
}

impl Step {
    pub(crate) fn key(&self) -> Key {
        match self {
            Self::Put(reading) | Self::Delete(reading) => Key::of_reading(reading),
            Self::PutNote(note) => Key::Note(note.id),
            Self::DeleteNote(id) => Key::Note(*id),
        }
    }

    pub(crate) fn is_put(&self) -> bool {
        matches!(self, Self::Put(_) | Self::PutNote(_))
    }

    pub(crate) fn to_write(&self) -> BatchWrite<Log> {
        match self {
            Self::Put(reading) => BatchWrite::put(reading.clone()),
            Self::Delete(reading) => BatchWrite::delete(reading.to_key()),
            Self::PutNote(note) => BatchWrite::put(note.clone()),
            Self::DeleteNote(id) => BatchWrite::delete(Note::key(*id)),
        }
    }
}

/// A stream that is not ready each time, and wakes at once or after a while.
pub(crate) struct Slowly<I> {
    items: I,
    pause: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl<I> Slowly<I> {
    pub(crate) fn new(items: I) -> Self {
        Self { items, pause: None }
    }
}

impl<I: Iterator + Unpin> futures_core::Stream for Slowly<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<I::Item>> {
        if let Some(pause) = &mut self.pause {
            std::task::ready!(pause.as_mut().poll(cx));
            self.pause = None;
        } else if fastrand::u8(..10) == 0 {
            let pause = std::time::Duration::from_millis(fastrand::u64(..5));
            self.pause = Some(Box::pin(tokio::time::sleep(pause)));
            return self.poll_next(cx);
        }
        Poll::Ready(self.items.next())
    }
}
