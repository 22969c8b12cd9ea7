use super::{ChangeRecord, NewAndOldImages, StreamView};
use crate::op::read::Queryable;
use std::{array, fmt, iter::FusedIterator};

/// The changes of one record: one; two of an item that is of another entity than before; none of an item that is not
/// of `T`.
pub struct Changes<T: Queryable, V: StreamView = NewAndOldImages> {
    pub(super) changes: array::IntoIter<Option<ChangeRecord<T, V>>, 2>,
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
        self.changes.by_ref().flatten().next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.changes.as_slice().iter().flatten().count();
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
