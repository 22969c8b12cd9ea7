//! A query or scan that was checked, and its requests.

use super::{
    attributes::table_key,
    item_reader::ItemReader,
    paged::{Expressions, PageMembers, Paged, ReadSettings},
    reader::KeysNeeded,
    reads::ReadShape,
};
use crate::{
    budget::{CallForm, Cost, Forecast},
    call::{Capacity, Explanation, Handle},
    capacity::Billing,
    cursor::Fingerprint,
    entity::Item,
    expr::{Condition, Placeholders},
    outcome::Result,
    schema::Source,
};
use aws_sdk_dynamodb::types::Select;
use std::marker::PhantomData;
use tokio::time::Instant;

impl Expressions {
    /// `placeholders` stand already for what the key condition has.
    fn new<E, I: Source, T: ReadShape<E>>(
        key_condition: Option<String>,
        filter: Option<&Condition<E>>,
        mut placeholders: Placeholders,
    ) -> Result<Self> {
        let filter = filter.map(|filter| filter.render(&mut placeholders)).transpose()?;
        let projection = T::projection::<I>().map(|asked| asked.render(&mut placeholders)).transpose()?;
        let (names, values) = (placeholders.take_names(), placeholders.take_values());
        Ok(Self { key_condition, filter, projection, names, values })
    }
}

/// A query or scan that can be run, and how far it has come: the operation `O` on the source `I`, whose items
/// are read by `R`.
pub(in crate::op) struct Prepared<O, I, R> {
    pub(super) handle: Handle,
    pub(super) operation: O,
    pub(super) expressions: Expressions,
    pub(super) settings: ReadSettings,
    pub(super) fingerprint: Fingerprint,
    /// The key at which the next page starts (`ExclusiveStartKey`).
    pub(super) start: Option<Item>,
    /// The number of items that earlier pages returned.
    pub(super) returned: usize,
    /// The number of pages that were read.
    pub(super) pages: u32,
    /// The time at which the last request was sent.
    pub(super) sent: Option<Instant>,
    pub(super) of: PhantomData<fn() -> (I, R)>,
}

impl<O: Paged, I: Source, R: ItemReader> Prepared<O, I, R> {
    /// Checks everything that can be wrong before the first request.
    ///
    /// `fingerprint` is that of all but the filter, and `key_condition` was rendered with `placeholders`. `more` is asked for
    /// beside the filter, and is nothing that a cursor knows of.
    pub(in crate::op) fn new<E, T: ReadShape<E, Read = R>>(
        handle: Handle,
        operation: O,
        (key_condition, placeholders): (Option<String>, Placeholders),
        (filter, more): (Option<&Condition<E>>, Option<Condition<E>>),
        settings: ReadSettings,
        mut fingerprint: Fingerprint,
    ) -> Result<Self> {
        if let Some(filter) = filter {
            if let Some(index) = I::INDEX {
                filter.check_is_held_by(index, &table_key::<T::Table>())?;
            }
            fingerprint.add_filter(filter.expression()?);
        }
        let filter = Condition::both(filter.cloned(), more);
        let expressions = Expressions::new::<E, I, T>(key_condition, filter.as_ref(), placeholders)?;
        let start =
            settings.start_after.clone()?.map(|cursor| cursor.into_start_key(fingerprint)).transpose()?;
        let (returned, pages, sent, of) = (0, 0, None, PhantomData);
        Ok(Self { handle, operation, expressions, settings, fingerprint, start, returned, pages, sent, of })
    }

    /// The same for a part of what the operation reads, from `start` on and without limit.
    pub(in crate::op) fn part(&self, operation: O, start: Option<Item>) -> Self {
        let (handle, expressions) = (self.handle.clone(), self.expressions.clone());
        // Where few items are wanted, no part reads a whole page of 1 MB for them.
        let few = self.settings.limit.map(|limit| u32::try_from(limit.max(100)).unwrap_or(u32::MAX));
        let page_size = self.settings.page_size.or(few);
        let settings = ReadSettings { limit: None, page_size, ..self.settings.clone() };
        let (fingerprint, returned, pages, sent, of) = (self.fingerprint, 0, 0, None, PhantomData);
        Self { handle, operation, expressions, settings, fingerprint, start, returned, pages, sent, of }
    }

    pub(in crate::op) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// The number of items that the limit still allows.
    pub(in crate::op) fn remaining(&self) -> Option<usize> {
        self.settings.limit.map(|limit| limit.saturating_sub(self.returned))
    }

    /// The number of items that may still be returned, and twice as many after each page that was not enough. So the
    /// number of requests stays small where most items are passed over.
    fn page_size_for(&self, limit: Option<usize>) -> Option<u32> {
        let limit = u32::try_from(limit?).ok()?;
        Some(limit.saturating_mul(1 << self.pages.min(16)))
    }

    /// The request for the first page.
    pub(in crate::op) fn first_request(self) -> O::Request {
        self.request(self.start.clone(), self.remaining())
    }

    /// A request that reads from `start` on, no more than `limit` items if that is given.
    pub(super) fn request(&self, start: Option<Item>, limit: Option<usize>) -> O::Request {
        self.operation.request(&self.handle.client, self.members(start, limit))
    }

    fn members(&self, start: Option<Item>, limit: Option<usize>) -> PageMembers {
        let page_size = self.settings.page_size.or_else(|| self.page_size_for(limit));
        PageMembers {
            table: self.handle.table.to_string(),
            index: I::INDEX.map(|index| index.name.to_owned()),
            expressions: self.expressions.clone(),
            consistent_read: self.settings.consistent_read.then_some(true),
            // DynamoDB: `Limit` counts items read, and is at most what the wire's 32 bits hold.
            limit: page_size.map(|items| i32::try_from(items.max(1)).unwrap_or(i32::MAX)),
            select: self.settings.count.then_some(Select::Count),
            start,
            returned_capacity: self.handle.returned_capacity(),
        }
    }

    /// DynamoDB: the entries of secondary indexes count by their numbers.
    fn billing(&self) -> Billing {
        if I::INDEX.is_some() { Billing::default() } else { self.handle.billing }
    }

    /// The likely cost of a page: the average of such pages, at first the most that one can cost.
    pub(super) fn forecast(&self, limit: Option<usize>) -> Forecast {
        let items = self.settings.page_size.or_else(|| self.page_size_for(limit));
        let items = items.map(|items| i32::try_from(items).unwrap_or(i32::MAX));
        let consistent = self.settings.consistent_read;
        let most = match Capacity::of_page(items, Some(consistent), self.billing()) {
            Capacity::Read(units) => *units.end(),
            _ => 0.0,
        };
        let index = I::INDEX.map(|index| index.name);
        // DynamoDB: a local index uses the throughput of its table.
        let global = I::INDEX.filter(|index| !index.local).map(|index| index.name);
        let form = CallForm { operation: O::name(), entity: R::NAME, index, consistent };
        Forecast { form, writes: false, index: global, cost: Cost::Average(most), items: 1 }
    }

    /// The request for the first page, whose filter has this many operators.
    pub(in crate::op) fn explain(&self, filter_operators: usize) -> Explanation {
        let members = self.members(self.start.clone(), self.remaining());
        let Expressions { key_condition, filter, projection, names, values } = &members.expressions;
        // Each comparison has one name, and there is an AND between two.
        let comparisons = key_condition.as_ref().map_or(0, |text| text.matches('#').count());
        let capacity = Capacity::of_page(members.limit, members.consistent_read, self.billing());
        let explanation = Explanation::new(O::name(), &Some(members.table), capacity)
            .text("IndexName", members.index.as_deref())
            .expression("KeyConditionExpression", key_condition, (2 * comparisons).saturating_sub(1))
            .expression("FilterExpression", filter, filter_operators)
            .expression("ProjectionExpression", projection, 0)
            .names(names)
            .item("ExpressionAttributeValues", values)
            .flag("ConsistentRead", &members.consistent_read)
            .number("Limit", &members.limit)
            .text("Select", members.select.as_ref().map(Select::as_str))
            .item("ExclusiveStartKey", &members.start)
            .returns_capacity(&members.returned_capacity);
        self.operation.explain(explanation)
    }

    /// Reads all items, up to the limit if there is one.
    pub(super) async fn read_all(mut self) -> Result<Vec<R::Output>> {
        let mut items = Vec::new();
        while self.remaining() != Some(0) {
            items.extend(self.next_page(KeysNeeded::OfLast).await?.items);
            if self.start.is_none() {
                break;
            }
        }
        Ok(items)
    }
}
