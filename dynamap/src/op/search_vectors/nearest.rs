use super::Score;
use crate::capacity::Consumed;
use std::vec;

/// The items of a search, the nearest first, and the numbers of items that were passed over.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Nearest<T, D> {
    /// The items with their scores. Items with the same score are in no particular order.
    pub hits: Vec<Hit<T, D>>,
    /// The number of items of other entities that were passed over. They count for [`top_k`](crate::op::SearchVectors::top_k).
    pub skipped: usize,
    /// The number of items that were passed over because their time to live is over. They count as well.
    pub expired: usize,
    /// The capacity that the request has consumed, if there is a [`Meter`](crate::capacity::Meter) or a
    /// [`Budget`](crate::Budget).
    pub consumed: Option<Consumed>,
}

/// An item that a search found, with its score.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Hit<T, D> {
    /// The item.
    pub item: T,
    /// Its score, which knows if more or less is nearer.
    pub score: Score<D>,
}

impl<T, D> Nearest<T, D> {
    /// The items without their scores.
    pub fn into_items(self) -> Vec<T> {
        self.hits.into_iter().map(|hit| hit.item).collect()
    }
}

impl<T, D> IntoIterator for Nearest<T, D> {
    type Item = Hit<T, D>;
    type IntoIter = vec::IntoIter<Hit<T, D>>;

    fn into_iter(self) -> Self::IntoIter {
        self.hits.into_iter()
    }
}
