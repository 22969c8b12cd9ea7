//! The count of a parallel scan.

use super::ParallelScan;
use crate::{
    call::{Explanation, metering::metered},
    expr::Condition,
    op::read::{Count, Countable, Counts, Queryable, Sending},
    outcome::Result,
    schema::Source,
};
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;

impl<E: Queryable, I: Source, T: Countable<E>> ParallelScan<E, I, T> {
    /// Counts the items that the scan would return, over the pages of all segments. See [`Count`].
    ///
    /// Pages that are throttled or get no response are requested again, as those of the items are.
    pub fn count(self) -> Count<Self> {
        Count { of: self, by_keys: false }
    }
}

impl<E: Queryable, I: Source, T: Countable<E>> Count<ParallelScan<E, I, T>> {
    /// Reads the keys and counts those that are of the entity, also of items without an entity type, which are not
    /// counted otherwise: such as those that another program wrote.
    ///
    /// It costs the same read capacity units, and the keys are returned.
    pub fn by_keys(mut self) -> Self {
        self.by_keys = true;
        self
    }

    fn counts(&self) -> Option<Counts<E>> {
        if self.by_keys { None } else { self.of.scan.counts() }
    }

    /// The SDK's builder with the request for the first page of the first segment.
    ///
    /// # Errors
    /// As [`ParallelScan::items`].
    pub fn into_sdk(self) -> Result<ScanFluentBuilder> {
        let (counts, first) = (self.counts(), self.of.first());
        self.of.check()?;
        match counts {
            Some(Counts(counts)) => {
                Ok(self.of.scan.numbers().prepare_part_with(first, counts)?.first_request())
            }
            None => Ok(self.of.scan.read_as::<T::Keys>().prepare_part(first)?.first_request()),
        }
    }

    /// The request for the first page of the first segment and its cost in capacity units; nothing is sent.
    ///
    /// # Errors
    /// As [`ParallelScan::items`].
    pub fn explain(self) -> Result<Explanation> {
        let (counts, first) = (self.counts(), self.of.first());
        self.of.check()?;
        let more = counts.as_ref().and_then(|Counts(counts)| counts.clone());
        let filter = Condition::both(self.of.scan.filter.clone(), more);
        let operators = filter.as_ref().map_or(0, Condition::operators);
        match counts {
            Some(Counts(counts)) => {
                Ok(self.of.scan.numbers().prepare_part_with(first, counts)?.explain(operators))
            }
            None => Ok(self.of.scan.read_as::<T::Keys>().prepare_part(first)?.explain(operators)),
        }
    }

    /// Counts over the pages of all segments; with a limit, up to that.
    ///
    /// # Errors
    /// As [`ParallelScan::items`]; otherwise the first segment that fails.
    pub fn send(self) -> Sending<u64> {
        let limit = self.of.scan.settings.limit.map_or(u64::MAX, |limit| limit as u64);
        match self.counts() {
            Some(Counts(counts)) => {
                let numbers = self.of.reading(|scan| scan.numbers()).items_with(counts);
                Box::pin(async move {
                    let (mut numbers, mut sum) = (numbers?, 0_u64);
                    while sum < limit
                        && let Some(number) = numbers.next().await
                    {
                        sum = sum.saturating_add(number?);
                    }
                    Ok(sum.min(limit))
                })
            }
            None => {
                let keys = self.of.reading(|scan| scan.read_as::<T::Keys>()).items_with(None);
                Box::pin(async move {
                    let (mut keys, mut sum) = (keys?, 0);
                    while let Some(key) = keys.next().await {
                        key?;
                        sum += 1;
                    }
                    Ok(sum)
                })
            }
        }
    }
}

metered!([E, I, T] Count<ParallelScan<E, I, T>>, of.scan.handle);
