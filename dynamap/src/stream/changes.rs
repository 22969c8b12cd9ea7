use super::{ChangeRecord, NewAndOldImages, StreamView};
use crate::op::read::Queryable;
use std::{fmt, iter::FusedIterator};

/// The changes of one record: one; two of an item that is of another entity than before; none of an item that is not
/// of `T`.
pub struct Changes<T: Queryable, V: StreamView = NewAndOldImages> {
    // A change may be large, and is moved some times before it is read.
    pub(super) first: Option<Box<ChangeRecord<T, V>>>,
    pub(super) second: Option<Box<ChangeRecord<T, V>>>,
    pub(super) skipped: usize,
}

impl<T: Queryable, V: StreamView> Changes<T, V> {
    /// The number of changes that are not given, since the item is of another entity than `T`, or of no member of an
    /// item collection that skips those.
    pub fn skipped(&self) -> usize {
        self.skipped
    }
}

impl<T: Queryable, V: StreamView> Iterator for Changes<T, V> {
    type Item = ChangeRecord<T, V>;

    fn next(&mut self) -> Option<ChangeRecord<T, V>> {
        self.first.take().or_else(|| self.second.take()).map(|change| *change)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::from(self.first.is_some()) + usize::from(self.second.is_some());
        (left, Some(left))
    }
}

impl<T: Queryable, V: StreamView> ExactSizeIterator for Changes<T, V> {}

impl<T: Queryable, V: StreamView> FusedIterator for Changes<T, V> {}

/// Shows how many changes there are, and no value.
impl<T: Queryable, V: StreamView> fmt::Debug for Changes<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes").field("left", &self.len()).field("skipped", &self.skipped).finish()
    }
}
