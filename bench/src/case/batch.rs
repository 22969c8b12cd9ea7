//! Many batches, several in flight at once: dynamap's batches beside loops over the SDK's client.

use super::{
    Case, CheckResult, Mapped, Scale,
    call::{Calls, conversions, conversions_back, prepared},
    leak, same_all,
};
use crate::{
    contender::{DYNAMAP, IN_FLIGHT, SDK_ALONE, sdk_batch},
    document,
    model::{self, Order, TABLE},
    sdk,
};
use dynamap::{Table, batch::Fetched};
use serde_json::Value;

/// DynamoDB: the most items of a request.
const WRITES: usize = 25;
const KEYS: usize = 100;

/// The number of items that are written or read.
pub(super) fn items(scale: Scale) -> usize {
    match scale {
        Scale::Full => 2000,
        Scale::Smoke => 300,
    }
}

/// Orders with as many lines as make them of 4 KB; fewer of them, for valgrind's sake.
pub(super) fn large_orders(scale: Scale) -> Vec<Order> {
    (0..items(scale) / 4).map(|index| Order::with_lines(index, 46)).collect()
}

/// BatchWriteItem.
pub(super) fn write<T: Mapped + Send + Sync>(name: &'static str, entities: Vec<T>) -> Case {
    let entities: &'static [T] = entities.leak();
    let first_chunk = leak(by_value(document::batch_write_item_request(&entities[..WRITES])));
    let calls = Calls::new(document::WRITTEN);

    let about = format!("each of {} items by BatchWriteItem, {}", entities.len(), size(entities));
    let mut case = Case::each_of(entities.len(), name, about);
    let written = move |first: sdk::FirstRequest| {
        move |written: usize| -> CheckResult {
            if written != entities.len() {
                return Err(format!("{written} items were written"));
            }
            let request = serde_json::from_slice(first.get().map_or(&[], Vec::as_slice)).unwrap();
            match by_value(document::in_order(request)) == *first_chunk {
                true => Ok(()),
                false => Err("another request".into()),
            }
        }
    };
    let (client, first) = calls.client_and_request();
    let table = Table::<model::Bench>::new(prepared(client), TABLE).repository::<T>();
    let write = move || {
        let report = calls.wait(table.batch_write().put_all(entities).concurrency(IN_FLIGHT).send()).unwrap();
        report.written() as usize
    };
    case.add(DYNAMAP, write, written(first));
    for (contender, convert) in conversions_back::<T>() {
        let (client, first) = calls.client_and_request();
        let write = move || calls.wait(sdk_batch::write_all(&client, entities, convert));
        case.add(contender, write, written(first));
    }
    let documents = entities.chunks(WRITES).map(document::batch_write_item_request);
    let documents: &'static [Vec<u8>] =
        documents.map(|document| document.to_string().into()).collect::<Vec<_>>().leak();
    let (client, first) = calls.client_and_request();
    let send = move || calls.wait(sdk_batch::send_all(&client, documents, entities.len()));
    case.add(SDK_ALONE, send, written(first));
    case
}

/// BatchGetItem.
pub(super) fn get<T: Mapped + Send + Sync>(name: &'static str, entities: Vec<T>) -> Case {
    let entities: &'static [T] = entities.leak();
    let bodies: Vec<_> = entities.chunks(KEYS).map(document::batch_get_item_response).collect();
    let chunk_of = entities.iter().enumerate().map(|(at, entity)| (entity.key_values().1, at / KEYS));
    let answers = leak(sdk::ResponsesBySortKey::new(bodies, chunk_of));
    let calls = Calls::new(b"{}");

    let about = format!("each of {} items by BatchGetItem, {}", entities.len(), size(entities));
    let mut case = Case::each_of(entities.len(), name, about);
    let table = Table::<model::Bench>::new(prepared(sdk::client_of(answers)), TABLE).repository::<T>();
    let get = move || {
        let keys = entities.iter().map(T::to_key);
        let fetched = calls.wait(table.batch_get(keys).concurrency(IN_FLIGHT).send()).unwrap();
        fetched.into_iter().filter_map(Fetched::found).collect::<Vec<T>>()
    };
    case.add(DYNAMAP, get, same_all(entities));
    for (contender, convert) in conversions::<T>() {
        let client = sdk::client_of(answers);
        let get = move || calls.wait(sdk_batch::get_all(&client, entities, convert));
        case.add(contender, get, same_by_key(entities));
    }
    case
}

fn size<T: Mapped>(entities: &[T]) -> String {
    let bytes: usize = entities.iter().map(document::item_size).sum();
    format!("{} bytes each, {IN_FLIGHT} requests at once", bytes / entities.len())
}

/// Writes the numbers of a document in one way: some write `21.0` where others write `21`.
fn by_value(mut document: Value) -> Value {
    match &mut document {
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str().filter(|_| name == "N").and_then(|text| text.parse::<f64>().ok()) {
                    Some(number) => *value = number.into(),
                    None => *value = by_value(value.take()),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|element| *element = by_value(element.take())),
        _ => {}
    }
    document
}

/// Expects the entities in any order: a loop has them as they come.
fn same_by_key<T: Mapped>(expected: &'static [T]) -> impl Fn(Vec<T>) -> CheckResult {
    move |mut got| {
        let mut in_order: Vec<T> = expected.to_vec();
        for entities in [&mut got, &mut in_order] {
            entities.sort_by(|one, other| one.key_values().cmp(&other.key_values()));
        }
        if got == in_order { Ok(()) } else { Err("other entities".into()) }
    }
}
