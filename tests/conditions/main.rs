//! Conditions and updates as dynamap evaluates them, against the embedded engine: thousands of generated filters over
//! generated items.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_CONDITION_CASES` and `DYNAMAP_UPDATE_CASES` set how many cases there are: one
//! is one condition or one update on one item.
#![allow(clippy::unwrap_used, clippy::panic)]

mod generate;
mod model;
mod size;
mod update;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use dynamap::Table;
use dynamap_local::Local;
use fastrand::Rng;
use model::{Item, Probe, Shop};
use std::{collections::BTreeSet, io::Write};

const DEFAULT_CASES: usize = 180_000;

/// An update is a request of its own.
const DEFAULT_UPDATES: usize = 20_000;

/// The items of a partition, and how many filters each partition gets.
const ITEMS: usize = 50;
const FILTERS: usize = 50;

/// The seed, and the number of cases.
fn run(name: &str, cases: &str, default_cases: usize) -> (u64, usize) {
    let number = |name| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let seed = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..));
    let cases = number(cases).map_or(default_cases, |cases| cases as usize);
    std::io::stderr().write_all(format!("{name}: {cases} cases, DYNAMAP_SEED={seed}\n").as_bytes()).unwrap();
    (seed, cases)
}

async fn shop() -> Table<Shop> {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "shop");
    shop.create_table_if_absent().send().await.unwrap();
    shop
}

#[tokio::test]
async fn updates_do_what_the_engine_does() {
    let (seed, cases) = run("updates", "DYNAMAP_UPDATE_CASES", DEFAULT_UPDATES);
    update::updates(&shop().await, &mut Rng::with_seed(seed), cases, seed).await;
}

#[tokio::test]
async fn items_are_as_large_as_the_engine_says() {
    let (seed, cases) = run("sizes", "DYNAMAP_SIZE_CASES", 1_000);
    size::sizes(&shop().await, &mut Rng::with_seed(seed), cases, seed).await;
}

#[tokio::test]
async fn conditions_mean_what_the_engine_says() {
    let (seed, cases) = run("conditions", "DYNAMAP_CONDITION_CASES", DEFAULT_CASES);
    let (mut random, shop) = (Rng::with_seed(seed), shop().await);
    let (mut done, mut matched) = (0, 0);
    for partition in 0.. {
        let items: Vec<Item> =
            (0..ITEMS).map(|number| generate::item(&mut random, partition, number)).collect();
        write(&shop, &items).await;
        for _ in 0..FILTERS {
            if done >= cases {
                // Where nothing or everything matches, nothing is tested.
                assert!((done / 20..done - done / 20).contains(&matched), "{matched} of {done} matched");
                return;
            }
            let condition = generate::condition(&mut random, 3);
            let expected: BTreeSet<String> = items
                .iter()
                .filter(|item| condition.matches(item).unwrap())
                .map(|item| item["sk"].as_s().unwrap().clone())
                .collect();
            let query = shop.query(Probe::partition(partition)).filter(condition.clone()).into_sdk().unwrap();
            let found = query.send().await.unwrap_or_else(|error| {
                panic!("{condition}: {:?}, DYNAMAP_SEED={seed}", error.into_service_error())
            });
            let found: BTreeSet<String> =
                found.items().iter().map(|item| item["sk"].as_s().unwrap().clone()).collect();
            if let Some(differs) = expected.symmetric_difference(&found).next() {
                let item = items.iter().find(|item| item["sk"].as_s().unwrap() == differs).unwrap();
                let engine = found.contains(differs);
                panic!(
                    "engine: {engine}, dynamap: {}; {condition}\nof {item:#?}\nDYNAMAP_SEED={seed}",
                    !engine
                );
            }
            done += ITEMS;
            matched += found.len();
        }
    }
}

async fn write(shop: &Table<Shop>, items: &[Item]) {
    for items in items.chunks(25) {
        let put = |item: &Item| {
            let put = PutRequest::builder().set_item(Some(item.clone())).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        };
        let writes = items.iter().map(put).collect();
        shop.client().batch_write_item().request_items("shop", writes).send().await.unwrap();
    }
}

/// What a test would catch if dynamap and the engine were wrong together: the answers that DynamoDB documents.
#[test]
fn absent_attributes_and_other_types() {
    let item = Item::from([
        ("text".to_owned(), AttributeValue::S("ab".to_owned())),
        ("number".to_owned(), AttributeValue::N("1.0".to_owned())),
    ]);
    let one = || dynamap::value::Number::from(1_u8);
    for (condition, expected) in [
        (Probe::FLAG.eq(true), false),
        (Probe::FLAG.ne(true), true),
        (!Probe::FLAG.eq(true), true),
        (Probe::BYTES.lt([1_u8].as_slice()), false),
        (Probe::BYTES.not_exists(), true),
        (Probe::NUMBER.eq(one()), true),
        (Probe::ANY.ne(AttributeValue::S("x".to_owned())), true),
        (Probe::TEXT.size().eq(2), true),
        (Probe::WORDS.size().lt(9), false),
        (Probe::TEXT.begins_with("a"), true),
        (Probe::TEXT.contains("b"), true),
    ] {
        assert_eq!(condition.matches(&item).unwrap(), expected, "{condition}");
    }
}
