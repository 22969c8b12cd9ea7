use super::{
    encoded::EncodedWrite,
    queue::{BatchOutcome, WriteBatch},
};
use crate::{
    budget::{Cost, Forecast, Processed},
    call::{Handle, metering::Permit},
    direct::{
        self, BATCH_WRITE_ITEM, CallOptions, EachMarked, Exchange, Mapping, NullReceiver, RetryAfterUnknown,
        WriteRequests,
    },
    entity::KeyValues,
    error::{ServiceError, ServiceErrorKind},
    schema::{TableSchema, is_same_table},
};
use aws_sdk_dynamodb::types::WriteRequest;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// The result of a request.
#[derive(Debug)]
pub(super) struct CompletedWrite {
    pub(super) chunk: WriteBatch,
    pub(super) answer: BatchOutcome,
    /// True if an attempt may have been applied without a response.
    pub(super) ambiguous: bool,
    pub(super) error: Option<Arc<ServiceError>>,
}

/// The likely cost of a request: puts by their sizes, and deletes by the average of such deletes.
pub(super) fn forecast(chunk: &WriteBatch) -> Forecast {
    let Processed { items, known, others } = processed(chunk.writes());
    let cost = Cost::Partly { known, others, first: 1.0 };
    Forecast { items, ..Forecast::of_write(BATCH_WRITE_ITEM.name, "", cost) }
}

fn processed<'a>(writes: impl Iterator<Item = &'a EncodedWrite>) -> Processed {
    writes.fold(Processed::default(), |sum, write| match write.units() {
        Some(units) => Processed { items: sum.items + 1, known: sum.known + units, ..sum },
        None => Processed { items: sum.items + 1, others: sum.others + 1, ..sum },
    })
}

/// The member `{"RequestItems":{..}` of a request.
pub(super) fn members(table: &str, chunk: &WriteBatch) -> Vec<u8> {
    let mut members = direct::request_items(table, "", chunk.writes().map(EncodedWrite::json));
    members.push(b'}');
    members
}

/// Sends a request. Every request of a batch write passes here, and its answer.
pub(super) async fn send<S: TableSchema>(
    handle: Handle,
    chunk: WriteBatch,
    permit: Permit,
) -> CompletedWrite {
    let members = members(&handle.table, &chunk);
    let values = match handle.mapping {
        Mapping::AttributeValue => WriteRequests::values(&members).ok(),
        Mapping::Direct => None,
    };
    let members = if values.is_some() { Vec::new() } else { members };
    // Whichever way the items travel: no item is in the answer but those that were not processed, which must not be lost
    // in a damaged one.
    let options = CallOptions { direct: true, repeats: RetryAfterUnknown::Always, ..handle.options() };
    let marks: Vec<_> = chunk.writes().filter_map(EncodedWrite::marks).cloned().collect();
    let on_attempt = if marks.is_empty() { None } else { Some(Arc::new(EachMarked(marks)) as _) };
    let exchange = Exchange::on_attempts(&BATCH_WRITE_ITEM, options, on_attempt, members, NullReceiver);
    let empty = || direct::empty_lists(&[handle.table.to_string()]);
    let request = || {
        let request = handle.client.batch_write_item();
        let request = request.set_return_consumed_capacity(handle.returned_capacity());
        request.set_request_items(values.clone().or_else(|| Some(empty())))
    };
    let sent = direct::write_batch(request, &exchange, Some(&handle.client_mode)).await;
    match sent {
        Ok(output) => {
            let capacities = output.consumed_capacity.unwrap_or_default();
            let left = output.unprocessed_items.unwrap_or_default();
            let Some(left) = unprocessed::<S>(&handle.table, left, &chunk) else {
                // Its permit is dropped: the capacity that it has consumed is unknown.
                return CompletedWrite { chunk, answer: BatchOutcome::Failed, ambiguous: true, error: None };
            };
            if handle.is_metered() {
                let done = chunk.writes().filter(|write| !left.contains(write.key()));
                permit.answered(&exchange, &capacities, processed(done));
            }
            let answer = BatchOutcome::Processed(left);
            CompletedWrite { chunk, answer, ambiguous: exchange.is_ambiguous() == Some(true), error: None }
        }
        Err(error) => {
            let (error, ambiguous) = handle.failed(&exchange, error);
            permit.refused(&exchange, &error);
            let answer = match error.kind() {
                // DynamoDB: it throttles a whole batch if it can process nothing of it.
                kind if direct::passes(kind) || kind.is_ambiguous() => BatchOutcome::Failed,
                // An item, or an item collection that is too large, makes the request not valid.
                ServiceErrorKind::Validation | ServiceErrorKind::LimitExceeded => BatchOutcome::Invalid,
                _ => BatchOutcome::Refused,
            };
            CompletedWrite { chunk, answer, ambiguous, error: Some(Arc::new(error)) }
        }
    }
}

/// The keys of the writes that were not processed; `None` if one of them was not in the request.
fn unprocessed<S: TableSchema>(
    table: &str,
    left: HashMap<String, Vec<WriteRequest>>,
    chunk: &WriteBatch,
) -> Option<HashSet<KeyValues>> {
    if !left.keys().all(|named| is_same_table(table, named)) {
        return None;
    }
    let left = left.into_values().flatten().map(|request| {
        let put = request.put_request.map(|put| put.item);
        let item = put.or_else(|| request.delete_request.map(|delete| delete.key))?;
        KeyValues::of_item::<S>(&item)
    });
    let left: HashSet<KeyValues> = left.collect::<Option<_>>()?;
    left.iter().all(|key| chunk.writes().any(|write| write.key() == key)).then_some(left)
}
