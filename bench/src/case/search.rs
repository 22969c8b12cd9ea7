//! A search of a vector index: the whole call, whose items have vectors.

use super::{
    Case, CheckResult,
    call::{Calls, prepared},
};
use crate::{
    contender::{DYNAMAP, HAND, Item, SERDE_DYNAMO},
    model::{Passage, Passages, TABLE},
};
use aws_sdk_dynamodb::{Client, types::AttributeValue};
use dynamap::{Table, value::Vector};
use serde_json::json;

type Found = Vec<(Passage, f64)>;

/// SearchVectors, whose response has these passages.
pub(super) fn search(name: &'static str, passages: Vec<Passage>) -> Case {
    let found: Found =
        passages.into_iter().enumerate().map(|(at, passage)| (passage, at as f64 / 128.0)).collect();
    let expected: &'static [(Passage, f64)] = found.leak();
    let results = expected.iter().map(|(passage, score)| json!({ "Item": passage.item(), "Score": score }));
    let body = json!({ "SearchResults": results.collect::<Vec<_>>() });
    let body: &'static [u8] = body.to_string().into_bytes().leak();
    let calls = Calls::new(body);
    let vector: &'static Vector<1024> = super::leak(Passage::sample(1_000_000).meaning);

    let about = format!(
        "SearchVectors, a response of {} items of 1,024 dimensions, {} bytes",
        expected.len(),
        body.len()
    );
    let mut case = Case::new(name, about);
    let table = Table::<Passages>::new(prepared(calls.client()), TABLE);
    let search = move || {
        let search = table.search(Passage::by_meaning(vector)).top_k(100).send();
        let found = calls.wait(search).unwrap();
        found.into_iter().map(|hit| (hit.item, hit.score.value())).collect()
    };
    case.add(DYNAMAP, search, same_found(expected));
    let conversions: [(&str, Conversion); 2] =
        [(HAND, by_hand), (SERDE_DYNAMO, |item| serde_dynamo::from_item(item).unwrap())];
    for (contender, convert) in conversions {
        let client = calls.client();
        let search = move || calls.wait(by_sdk(&client, vector, convert));
        case.add(contender, search, same_found(expected));
    }
    case
}

type Conversion = fn(Item) -> Passage;

async fn by_sdk(client: &Client, vector: &[f32; 1024], convert: Conversion) -> Found {
    let numbers = vector.iter().map(|number| AttributeValue::N(number.to_string())).collect();
    let search = client.search_vectors().table_name(TABLE).index_name("vec1").top_k(100);
    let output = search.set_search_vector(Some(numbers)).send().await.unwrap();
    let found = output.search_results.unwrap().into_iter();
    found.map(|result| (convert(result.item.unwrap()), result.score)).collect()
}

fn by_hand(mut item: Item) -> Passage {
    let mut text = |name| match item.remove(name).unwrap() {
        AttributeValue::S(text) => Some(text),
        _ => None,
    };
    let [pk, sk, title] = ["pk", "sk", "title"].map(|name| text(name).unwrap());
    let numbers = item.remove("meaning").unwrap();
    let numbers = numbers.as_l().unwrap().iter().map(|number| number.as_n().unwrap().parse::<f32>().unwrap());
    Passage { pk, sk, title, meaning: Vector::new(numbers.collect::<Vec<_>>()).unwrap() }
}

fn same_found(expected: &'static [(Passage, f64)]) -> impl Fn(Found) -> CheckResult {
    move |found| if found == expected { Ok(()) } else { Err("other results".into()) }
}
