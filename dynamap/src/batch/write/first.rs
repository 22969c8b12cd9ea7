//! The first request of a batch or load, which is shown and not sent.

use super::{
    encoded::EncodedWrite,
    queue::{Limits, MAX_WRITES, Queue, WriteBatch},
    request,
    run::{NextWrite, WriteLedger},
};
use crate::{
    call::{Explanation, Handle},
    direct::WriteRequests,
    outcome::Result,
};
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemFluentBuilder;
use std::{collections::HashMap, future::poll_fn};
use tokio::{task::yield_now, time::Instant};

/// A queue for the writes of one request.
pub(super) fn queue() -> Queue {
    Queue::new(Limits { writes: MAX_WRITES, bytes: usize::MAX })
}

/// The first request, if there are any writes; those that cannot be sent are passed over.
pub(in crate::batch) async fn first(ledger: &mut impl WriteLedger) -> Option<WriteBatch> {
    let mut queue = queue();
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
    handle: &Handle,
    chunk: Option<&WriteBatch>,
) -> Result<BatchWriteItemFluentBuilder> {
    let items = match chunk {
        Some(chunk) => WriteRequests::values(&request::members(&handle.table, chunk))?,
        None => HashMap::new(),
    };
    let request = handle.client.batch_write_item().set_request_items(Some(items));
    Ok(request.set_return_consumed_capacity(handle.returned_capacity()))
}

pub(in crate::batch) fn explain(handle: &Handle, chunk: Option<&WriteBatch>) -> Explanation {
    let writes = chunk.into_iter().flat_map(WriteBatch::writes);
    let units: Vec<f64> = writes.clone().map(|write| write.units().unwrap_or(1.0)).collect();
    let explanation = Explanation::of_batch_write(&handle.table, writes.map(EncodedWrite::json), &units);
    explanation.returns_capacity(&handle.returned_capacity())
}
