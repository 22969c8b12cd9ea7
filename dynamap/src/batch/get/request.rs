//! The requests of a batch get, and their responses.

use super::{
    parts::{GetPart, GetParts, PartKeys, RequestKeys},
    reader::{BatchReader, Read, not_asked_for},
};
use crate::{
    batch::permit_slot::WaitForPermits,
    budget::Processed,
    call::{Explanation, Handle, failed_on, metering::Permits, send},
    direct::{self, BATCH_GET_ITEM, CallOptions, Exchange, Mapping},
    entity::KeyBytes,
    error::{DecodeError, ServiceError},
    schema::named_table,
};
use aws_sdk_dynamodb::{
    operation::batch_get_item::builders::BatchGetItemFluentBuilder, types::KeysAndAttributes,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use tokio::time::Instant;

/// The result of a request.
pub(super) struct CompletedGet<O> {
    pub(super) keys: RequestKeys,
    pub(super) sent: Instant,
    /// The items that it found, and the keys that were not processed.
    pub(super) answer: Result<(Read<O>, UnprocessedPositions), RequestFailure>,
}

/// The keys that were not processed, by their part and their position there.
pub(super) type UnprocessedPositions = HashSet<(usize, usize)>;

pub(super) enum RequestFailure {
    Service(ServiceError),
    Decode(DecodeError),
}

/// Waits for the units of a request, of each of its tables.
pub(super) fn permits<O>(parts: &GetParts<O>, keys: &[PartKeys]) -> WaitForPermits {
    let part = |of: &PartKeys| &parts.all()[of.part];
    match keys {
        [only] => part(only).handle.permits(|| part(only).forecast(only.keys.len())),
        several => {
            let request = |of: &PartKeys| part(of).handle.permit_request(|| part(of).forecast(of.keys.len()));
            Box::pin(Permits::of(several.iter().map(request).collect()))
        }
    }
}

/// Sends a request, by the client of the first table. Every request of a batch get passes here, and its answer.
pub(super) async fn send<O: Send + 'static>(
    parts: Arc<GetParts<O>>,
    keys: RequestKeys,
    permits: Permits,
) -> CompletedGet<O> {
    let sent = Instant::now();
    let asking = Asking { handle: parts.all()[0].handle.for_call(), parts: &parts, keys: &keys };
    let answer = asking.ask(permits).await;
    CompletedGet { keys, sent, answer }
}

/// The SDK's builder with the first request.
pub(super) fn first<O>(parts: GetParts<O>) -> BatchGetItemFluentBuilder {
    let (keys, handle) = (first_keys(&parts), parts.all()[0].handle.clone());
    Asking { handle, parts: &Arc::new(parts), keys: &keys }.request(true)
}

/// The first request and its cost.
pub(super) fn explain<O>(parts: &GetParts<O>) -> Explanation {
    let keys = first_keys(parts);
    Explanation::of_batch_get(keys.iter().map(|of| {
        let part = &parts.all()[of.part];
        (part.table(), part.values(&of.keys), part.handle.billing)
    }))
}

/// The keys of the first request, which has a table also where it has no keys.
fn first_keys<O>(parts: &GetParts<O>) -> RequestKeys {
    let keys = parts.next(&mut parts.keys(), &vec![false; parts.all().len()]);
    if keys.is_empty() { vec![PartKeys { part: 0, keys: Vec::new() }] } else { keys }
}

struct Asking<'a, O> {
    handle: Handle,
    parts: &'a Arc<GetParts<O>>,
    keys: &'a [PartKeys],
}

impl<O> Asking<'_, O> {
    fn parts(&self) -> impl Iterator<Item = (&GetPart<O>, &[usize])> + Clone {
        self.keys.iter().map(|of| (&self.parts.all()[of.part], &*of.keys))
    }

    /// The position in the request of the part whose table is named so in the response.
    fn named(&self, table: &str) -> Option<usize> {
        named_table(self.parts().map(|(part, _)| part.table()), table)
    }

    /// The options of the request: direct, if that is the mapping of all its tables, with the fault of one of them if there is
    /// any.
    fn options(&self) -> CallOptions {
        let options = self.parts().map(|(part, _)| part.handle.options());
        let join = |one: CallOptions, other: CallOptions| CallOptions {
            direct: one.direct && other.direct,
            fault: one.fault.or(other.fault),
            ..one
        };
        options.reduce(join).unwrap_or_default()
    }

    /// The member of the request with these keys.
    fn members(&self) -> Vec<u8> {
        let mut json = Vec::new();
        for (part, keys) in self.parts() {
            let keys = keys.iter().map(|key| part.asked.json(*key));
            direct::push_request_items(&mut json, part.table(), "{\"Keys\":", keys);
            part.write_end(&mut json);
        }
        json.push(b'}');
        json
    }

    /// The SDK's builder, with these keys or without any, if they are written into it.
    fn request(&self, whole: bool) -> BatchGetItemFluentBuilder {
        let returned = self.parts().find_map(|(part, _)| part.handle.returned_capacity());
        let request = self.handle.client.batch_get_item().set_return_consumed_capacity(returned);
        self.parts().fold(request, |request, (part, keys)| {
            let keys = if whole { part.values(keys) } else { part.empty() };
            request.request_items(part.table(), keys)
        })
    }

    /// The names of the tables of the request.
    fn names(&self) -> String {
        Vec::from_iter(self.parts().map(|(part, _)| part.table())).join(", ")
    }
}

impl<O: Send + 'static> Asking<'_, O> {
    async fn ask(&self, permits: Permits) -> Result<(Read<O>, UnprocessedPositions), RequestFailure> {
        let handle = &self.handle;
        let reader = || BatchReader::new(self.parts.clone(), self.keys);
        let options = self.options();
        let mapping = if options.direct { Mapping::Direct } else { Mapping::AttributeValue };
        let members = match mapping {
            Mapping::Direct => self.members(),
            Mapping::AttributeValue => Vec::new(),
        };
        let exchange = handle.observed(Exchange::with_options(&BATCH_GET_ITEM, options, members, reader()));
        let sent = match mapping {
            Mapping::Direct => {
                direct::read_batch(|whole| self.request(whole), &exchange, &handle.client_mode).await
            }
            Mapping::AttributeValue => send!(handle, self.request(true), exchange),
        };
        let output = match sent {
            Ok(output) => output,
            Err(error) => {
                let (error, _) = failed_on(&self.names(), &exchange, error);
                permits.refused(&exchange, &error);
                return Err(RequestFailure::Service(error));
            }
        };
        let unprocessed = output.unprocessed_keys.as_ref();
        permits.answered(&exchange, output.consumed_capacity(), |at| {
            let left = unprocessed.into_iter().flatten().filter(|(table, _)| self.named(table) == Some(at));
            let left: usize = left.map(|(_, keys)| keys.keys.len()).sum();
            Processed::items(self.keys[at].keys.len().saturating_sub(left))
        });
        let responses = output.responses.unwrap_or_default();
        if responses.keys().any(|table| self.named(table).is_none()) {
            return Err(RequestFailure::Decode(not_asked_for()));
        }
        let items = responses.into_iter().filter_map(|(table, items)| Some((self.named(&table)?, items)));
        let read = exchange.finish(BatchReader::take).map_err(RequestFailure::Decode)?;
        let read = read.or_read(|| reader().read_values(items)).map_err(RequestFailure::Decode)?;
        let unprocessed = self.unprocessed(output.unprocessed_keys.unwrap_or_default());
        Ok((read, unprocessed.ok_or_else(not_asked_for).map_err(RequestFailure::Decode)?))
    }

    /// The positions of the keys that were not processed; `None` if one of them was not asked for.
    fn unprocessed(&self, left: HashMap<String, KeysAndAttributes>) -> Option<UnprocessedPositions> {
        let (mut bytes, mut positions) = (KeyBytes::default(), HashSet::new());
        for (table, keys) in left {
            let of = &self.keys[self.named(&table)?];
            for key in keys.keys {
                let position = self.parts.all()[of.part].position_of(&key, &mut bytes)?;
                positions.insert((of.part, position));
            }
        }
        Some(positions)
    }
}
