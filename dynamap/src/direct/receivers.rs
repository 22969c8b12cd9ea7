use super::exchange::Receiver;
use crate::{
    error::DecodeError,
    value::FromDocument,
    wire::{self, JsonReader},
};
use std::collections::HashMap;

/// Reads nothing.
pub(crate) struct NullReceiver;

impl Receiver for NullReceiver {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        r.raw().map(|_| ())
    }
}

/// Reads one item.
pub(crate) struct ItemReceiver<T: FromDocument>(pub(crate) Option<T::Output>);

impl<T: FromDocument<Output: Send + 'static> + 'static> Receiver for ItemReceiver<T> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.0 = Some(wire::read_item::<T, _>(r)?);
        Ok(())
    }
}

/// Reads a list of items.
pub(super) struct ListReceiver<T: FromDocument>(pub(super) Vec<T::Output>);

impl<T: FromDocument<Output: Send + 'static> + 'static> Receiver for ListReceiver<T> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.0 = read_list::<T>(r)?;
        Ok(())
    }
}

/// Reads lists of items by the names of their tables.
pub(super) struct ByTable<T: FromDocument>(pub(super) HashMap<String, Vec<T::Output>>);

impl<T: FromDocument<Output: Send + 'static> + 'static> Receiver for ByTable<T> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.0.clear();
        let mut first = true;
        r.scanner.expect(b'{', "the `{` of tables")?;
        while r.scanner.next_member(&mut first, b'}')? {
            let table = r.scanner.key()?.into_owned();
            self.0.insert(table, read_list::<T>(r)?);
        }
        Ok(())
    }
}

/// Reads a list of places, each with an item or without one.
pub(super) struct ByPosition<T: FromDocument>(pub(super) Vec<Option<T::Output>>);

impl<T: FromDocument<Output: Send + 'static> + 'static> Receiver for ByPosition<T> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.0.clear();
        let mut first = true;
        r.scanner.expect(b'[', "the `[` of responses")?;
        while r.scanner.next_member(&mut first, b']')? {
            let item = read_place::<T>(r).map_err(|error| error.at_index(self.0.len()))?;
            self.0.push(item);
        }
        Ok(())
    }
}

/// Reads a list of items with scores.
pub(super) struct ScoredReceiver<T: FromDocument>(pub(super) Vec<(T::Output, f64)>);

impl<T: FromDocument<Output: Send + 'static> + 'static> Receiver for ScoredReceiver<T> {
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError> {
        self.0.clear();
        let mut first = true;
        r.scanner.expect(b'[', "the `[` of search results")?;
        while r.scanner.next_member(&mut first, b']')? {
            let read = read_scored(r, wire::read_item::<T, _>);
            let (item, score) = read.map_err(|error| error.at_index(self.0.len()))?;
            self.0.push((item, score));
        }
        Ok(())
    }
}

/// Reads `{"Item":{..},"Score":0.5}`, in which `read` reads the item.
pub(crate) fn read_scored<'a, T>(
    r: &mut JsonReader<'a>,
    mut read: impl FnMut(&mut JsonReader<'a>) -> Result<T, DecodeError>,
) -> Result<(T, f64), DecodeError> {
    let (mut item, mut score, mut first) = (None, None, true);
    r.scanner.expect(b'{', "the `{` of a search result")?;
    while r.scanner.next_member(&mut first, b'}')? {
        match &*r.scanner.key()? {
            "Item" => item = Some(read(r)?),
            "Score" => score = Some(read_score(r)?),
            _ => r.raw().map(|_| ())?,
        }
    }
    scored(item, score)
}

/// A search result with an item, and with a score that is a number.
pub(crate) fn scored<T>(item: Option<T>, score: Option<f64>) -> Result<(T, f64), DecodeError> {
    match item.zip(score) {
        Some((_, score)) if !score.is_finite() => Err(no_number()),
        Some(scored) => Ok(scored),
        None => Err(DecodeError::new("a search result", "one without an item or a score")),
    }
}

fn read_score(r: &mut JsonReader<'_>) -> Result<f64, DecodeError> {
    r.raw()?.parse().map_err(|_| no_number())
}

#[cold]
fn no_number() -> DecodeError {
    DecodeError::new("the score of a search result", "no number")
}

fn read_list<T: FromDocument>(r: &mut JsonReader<'_>) -> Result<Vec<T::Output>, DecodeError> {
    let (mut items, mut first) = (Vec::new(), true);
    r.scanner.expect(b'[', "the `[` of items")?;
    while r.scanner.next_member(&mut first, b']')? {
        items.push(wire::read_item::<T, _>(r)?);
    }
    Ok(items)
}

/// Reads `{"Item":{..}}`, `{}` or `null`.
fn read_place<T: FromDocument>(r: &mut JsonReader<'_>) -> Result<Option<T::Output>, DecodeError> {
    let (mut item, mut first) = (None, true);
    if r.scanner.pass_literal("null") {
        return Ok(None);
    }
    r.scanner.expect(b'{', "the `{` of a response")?;
    while r.scanner.next_member(&mut first, b'}')? {
        if r.scanner.key()? == "Item" {
            item = Some(wire::read_item::<T, _>(r)?);
        } else {
            r.raw()?;
        }
    }
    Ok(item)
}
