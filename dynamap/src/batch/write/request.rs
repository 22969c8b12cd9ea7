use super::{
    encoded::EncodedWrite,
    queue::{BatchOutcome, WriteBatch},
    tables::WriteTable,
    unprocessed::Unprocessed,
};
use crate::{
    batch::permit_slot::WaitForPermits,
    budget::{Cost, Forecast, Processed},
    call::{failed_on, metering::Permits},
    direct::{
        self, BATCH_WRITE_ITEM, CallOptions, EachMarked, Exchange, Mapping, NullReceiver, RetryAfterUnknown,
        WriteRequests,
    },
    error::{ServiceError, ServiceErrorKind},
    schema::named_table,
};
use aws_sdk_dynamodb::types::WriteRequest;
use std::{collections::HashMap, sync::Arc};

/// The result of a request.
#[derive(Debug)]
pub(super) struct CompletedWrite {
    pub(super) chunk: WriteBatch,
    pub(super) answer: BatchOutcome,
    /// True if an attempt may have been applied without a response.
    pub(super) ambiguous: bool,
    pub(super) error: Option<Arc<ServiceError>>,
}

/// Waits for the units of a request, of each of its tables.
pub(super) fn permits(tables: &[WriteTable], chunk: &WriteBatch) -> WaitForPermits {
    if let Some(only) = chunk.only_table() {
        return tables[only].handle.permits(|| forecast(chunk.writes()));
    }
    let of = |table: usize| tables[table].handle.permit_request(|| forecast(chunk.writes_to(table)));
    Box::pin(Permits::of(chunk.tables().into_iter().map(of).collect()))
}

/// The likely cost of a request: puts by their sizes, and deletes by the average of such deletes.
fn forecast<'a>(writes: impl Iterator<Item = &'a EncodedWrite>) -> Forecast {
    let Processed { items, known, others } = processed(writes);
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
pub(super) fn members(tables: &[WriteTable], chunk: &WriteBatch) -> Vec<u8> {
    let mut members = match chunk.only_table() {
        Some(only) => {
            direct::request_items(&tables[only].handle.table, "", chunk.writes().map(EncodedWrite::json))
        }
        None => {
            let mut members = Vec::new();
            for table in chunk.tables() {
                let writes = chunk.writes_to(table).map(EncodedWrite::json);
                direct::push_request_items(&mut members, &tables[table].handle.table, "", writes);
            }
            members
        }
    };
    members.push(b'}');
    members
}

/// Sends a request, by the client of the first table. Every request of a batch write passes here, and its answer.
pub(super) async fn send(tables: Arc<[WriteTable]>, chunk: WriteBatch, permits: Permits) -> CompletedWrite {
    let handle = tables[0].handle.for_call();
    let members = members(&tables, &chunk);
    let values = match mapping(&tables, &chunk) {
        Mapping::AttributeValue => WriteRequests::values(&members).ok(),
        Mapping::Direct => None,
    };
    let members = if values.is_some() { Vec::new() } else { members };
    let marks: Vec<_> = chunk.writes().filter_map(EncodedWrite::marks).cloned().collect();
    let on_attempt = if marks.is_empty() { None } else { Some(Arc::new(EachMarked(marks)) as _) };
    let options = options(&tables, &chunk);
    let exchange = Exchange::on_attempts(&BATCH_WRITE_ITEM, options, on_attempt, members, NullReceiver);
    let exchange = handle.observed(exchange);
    let request = || {
        let request = handle.client.batch_write_item();
        let request = request.set_return_consumed_capacity(handle.returned_capacity());
        request.set_request_items(values.clone().or_else(|| Some(empty_lists(&tables, &chunk))))
    };
    let sent = direct::write_batch(request, &exchange, Some(&handle.client_mode)).await;
    match sent {
        Ok(output) => {
            let capacities = output.consumed_capacity.unwrap_or_default();
            let left = output.unprocessed_items.unwrap_or_default();
            let Some(left) = unprocessed(&tables, left, &chunk) else {
                // Its permits are dropped: the capacity that it has consumed is unknown.
                return CompletedWrite { chunk, answer: BatchOutcome::Failed, ambiguous: true, error: None };
            };
            if handle.is_metered() {
                let of = chunk.tables();
                permits.answered(&exchange, &capacities, |at| {
                    let done = chunk.writes_to(of[at]);
                    processed(done.filter(|write| !left.has_key(of[at], write.key())))
                });
            }
            let answer = BatchOutcome::Processed(left);
            CompletedWrite { chunk, answer, ambiguous: exchange.is_ambiguous() == Some(true), error: None }
        }
        Err(error) => {
            let (error, ambiguous) = failed_on(&names(&tables, &chunk), &exchange, error);
            permits.refused(&exchange, &error);
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

/// The mapping of a request: direct, if it is that of all its tables.
fn mapping(tables: &[WriteTable], chunk: &WriteBatch) -> Mapping {
    let is_by_values = |table: usize| tables[table].handle.mapping == Mapping::AttributeValue;
    let is_by_values = match chunk.only_table() {
        Some(only) => is_by_values(only),
        None => chunk.tables().into_iter().any(is_by_values),
    };
    if is_by_values { Mapping::AttributeValue } else { Mapping::Direct }
}

/// The options of a request, with the fault of one of its tables if there is any.
///
/// Whichever way the items travel: no item is in the answer but those that were not processed, which must not be lost in a
/// damaged one.
fn options(tables: &[WriteTable], chunk: &WriteBatch) -> CallOptions {
    let of = |table: usize| tables[table].handle.options();
    let options = match chunk.only_table() {
        Some(only) => of(only),
        None => {
            let options = chunk.tables().into_iter().map(of);
            options.reduce(|one, other| if one.fault.is_some() { one } else { other }).unwrap_or_default()
        }
    };
    CallOptions { direct: true, repeats: RetryAfterUnknown::Always, ..options }
}

/// The names of the tables of a request.
fn names(tables: &[WriteTable], chunk: &WriteBatch) -> String {
    let names = chunk.tables().into_iter().map(|table| &*tables[table].handle.table);
    Vec::from_iter(names).join(", ")
}

fn empty_lists(tables: &[WriteTable], chunk: &WriteBatch) -> HashMap<String, Vec<WriteRequest>> {
    let name = |table: usize| tables[table].handle.table.to_string();
    match chunk.only_table() {
        Some(only) => direct::empty_lists(&[name(only)]),
        None => direct::empty_lists(&Vec::from_iter(chunk.tables().into_iter().map(name))),
    }
}

/// The writes that were not processed; `None` if one of them was not in the request.
fn unprocessed(
    tables: &[WriteTable],
    left: HashMap<String, Vec<WriteRequest>>,
    chunk: &WriteBatch,
) -> Option<Unprocessed> {
    let mut unprocessed = Unprocessed::default();
    if left.is_empty() {
        return Some(unprocessed);
    }
    let of = chunk.tables();
    for (named, requests) in left {
        let table = of[named_table(of.iter().map(|table| &*tables[*table].handle.table), &named)?];
        for request in requests {
            let put = request.put_request.map(|put| put.item);
            let item = put.or_else(|| request.delete_request.map(|delete| delete.key))?;
            let key = (tables[table].read_key)(&item)?;
            if !chunk.writes_to(table).any(|write| *write.key() == key) {
                return None;
            }
            unprocessed.add(table, key);
        }
    }
    Some(unprocessed)
}
