//! The records of an event by their shards, and in the order in which they are handled.

use super::batch_order::BatchOrder;
use crate::{
    entity::KeyValues,
    op::read::Queryable,
    stream::{SequenceNumber, StreamRecord},
};
use std::collections::HashMap;

/// Sorts the records of each shard by their sequence numbers; returns their order.
///
/// Lambda delivers them sorted. Where a record has no number, its place in the event counts.
pub(super) fn in_order<T: Queryable>(records: &mut [StreamRecord<'_>]) -> BatchOrder {
    let shards = shards(records);
    let count = shards.iter().copied().max().map_or(0, |last| last + 1);
    for shard in 0..count {
        let own = |records: &[StreamRecord<'_>]| -> Vec<usize> {
            (0..records.len()).filter(|at| shards.get(*at) == Some(&shard)).collect()
        };
        sort(records, &own(records));
    }
    BatchOrder::new(shards.into_iter().zip(records).map(|(shard, record)| (shard, key::<T>(record))))
}

/// The shard of each record: Lambda delivers records of one shard of each stream at once.
fn shards(records: &[StreamRecord<'_>]) -> Vec<usize> {
    let mut known: HashMap<Option<&str>, usize> = HashMap::new();
    let mut of_source = |source| {
        let next = known.len();
        *known.entry(source).or_insert(next)
    };
    records.iter().map(|record| of_source(record.source_arn())).collect()
}

/// Sorts the records at these places by their numbers. One without a number stays at its place.
fn sort(records: &mut [StreamRecord<'_>], places: &[usize]) {
    let number = |at: &usize| Some((records.get(*at)?.sequence_number()?.clone(), *at));
    let mut sorted: Vec<(SequenceNumber, usize)> = places.iter().filter_map(number).collect();
    if sorted.is_sorted() {
        return;
    }
    let places: Vec<usize> = sorted.iter().map(|(_, at)| *at).collect();
    sorted.sort();
    let moved: Vec<_> =
        sorted.iter().filter_map(|(_, at)| records.get_mut(*at).map(std::mem::take)).collect();
    for (at, record) in places.iter().zip(moved) {
        if let Some(place) = records.get_mut(*at) {
            *place = record;
        }
    }
}

/// The key of a record, to be compared; `None` if it cannot be read.
fn key<T: Queryable>(record: &StreamRecord<'_>) -> Option<KeyValues> {
    let keys = record.keys_unredacted().ok().flatten()?;
    KeyValues::of_item::<T::Table>(&keys)
}
