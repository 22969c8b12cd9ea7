//! The first request of a batch or load, which is shown and not sent.

use super::{
    encoded::EncodedWrite,
    queue::{Limits, MAX_WRITES, Queue, WriteBatch},
    request,
    run::{NextWrite, WriteLedger},
    tables::WriteTables,
};
use crate::{call::Explanation, direct::WriteRequests, outcome::Result};
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemFluentBuilder;
use std::{collections::HashMap, future::poll_fn};
use tokio::{task::yield_now, time::Instant};

/// A queue for the writes of one request, to so many tables.
pub(super) fn queue(tables: usize) -> Queue {
    Queue::new(Limits { writes: MAX_WRITES, bytes: usize::MAX }, tables)
}

/// The first request to one table, if there are any writes; those that cannot be sent are passed over.
pub(in crate::batch) async fn first(ledger: &mut impl WriteLedger) -> Option<WriteBatch> {
    let mut queue = queue(1);
    while queue.has_room()
        && let Some(next) = poll_fn(|cx| ledger.poll_next(cx)).await
    {
        match next {
            NextWrite::Write(write) => queue.push(write),
            NextWrite::Refused => {}
            NextWrite::Yield => yield_now().await,
        }
    }
    queue.next(true, Instant::now())
}

pub(in crate::batch) fn into_sdk(
    tables: &WriteTables,
    chunk: Option<&WriteBatch>,
) -> Result<BatchWriteItemFluentBuilder> {
    let items = match chunk {
        Some(chunk) => WriteRequests::values(&request::members(tables.as_slice(), chunk))?,
        None => HashMap::new(),
    };
    let request = tables.first().client.batch_write_item().set_request_items(Some(items));
    Ok(request.set_return_consumed_capacity(tables.returned_capacity()))
}

pub(in crate::batch) fn explain(tables: &WriteTables, chunk: Option<&WriteBatch>) -> Explanation {
    let writes = || chunk.into_iter().flat_map(WriteBatch::writes);
    let least: f64 = writes().map(|write| write.units().unwrap_or(1.0)).sum();
    let most: f64 = writes().map(EncodedWrite::most_units).sum();
    let of = chunk.map_or_else(|| vec![0], WriteBatch::tables);
    let lists = of.into_iter().map(|table| {
        let writes = chunk.into_iter().flat_map(move |chunk| chunk.writes_to(table));
        (&*tables.as_slice()[table].handle.table, writes.map(EncodedWrite::json))
    });
    Explanation::of_batch_write(lists, least..=most).returns_capacity(&tables.returned_capacity())
}
