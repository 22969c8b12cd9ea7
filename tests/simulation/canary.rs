//! The usual ways to count without dynamap, which the checks must catch: or they would catch nothing.

use super::{
    trace::mix,
    world::{self, network},
};
use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    operation::update_item::UpdateItemError,
    types::{
        AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
        ReturnValuesOnConditionCheckFailure, ScalarAttributeType,
    },
};
use std::{
    collections::HashMap,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

const CLIENTS: u32 = 4;
const INCREMENTS: u32 = 6;

/// A way to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// `ADD count 1`: the SDK repeats it.
    PlainAdd,
    /// Read, and write if the number that is the version is still the same; a failed condition is a conflict.
    NumericCompare,
    /// The same with a random version; a failed condition is a conflict unless the item has the version just written.
    UuidCompare,
}

impl Strategy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PlainAdd, Self::NumericCompare, Self::UuidCompare];

    /// The share of schedules in which what clients were told is not true.
    pub fn violating(self, seed: u64, schedules: u64, faults: f64) -> f64 {
        let (next, wrong) = (AtomicU64::new(0), AtomicU64::new(0));
        let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= schedules {
                            break;
                        }
                        let violated = world::run(schedule(self, mix(seed, number), faults));
                        wrong.fetch_add(u64::from(violated), Ordering::Relaxed);
                    }
                });
            }
        });
        wrong.into_inner() as f64 / schedules.max(1) as f64
    }
}

/// What a client takes an increment for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Applied,
    NotApplied,
    Unknown,
}

async fn schedule(strategy: Strategy, seed: u64, rate: f64) -> bool {
    let (local, client, faults) = network(seed, rate).await;
    let quiet = local.client();
    create(&quiet).await;
    let tasks: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let client = client.clone();
            tokio::task::spawn_local(async move {
                let (mut applied, mut unknown) = (0_u64, 0_u64);
                for _ in 0..INCREMENTS {
                    tokio::time::sleep(Duration::from_millis(fastrand::u64(..60))).await;
                    // A conflict is tried again, as everybody does.
                    for _ in 0..60 {
                        match increment(&client, strategy).await {
                            Told::NotApplied => {}
                            Told::Applied => {
                                applied += 1;
                                break;
                            }
                            Told::Unknown => {
                                unknown += 1;
                                break;
                            }
                        }
                    }
                }
                (applied, unknown)
            })
        })
        .collect();
    let (mut applied, mut unknown) = (0, 0);
    for task in tasks {
        let (more_applied, more_unknown) = task.await.unwrap();
        (applied, unknown) = (applied + more_applied, unknown + more_unknown);
    }
    faults.stop();
    faults.drain().await;
    let item = read(&quiet).await.unwrap();
    let count: u64 = item["count"].as_n().unwrap().parse().unwrap();
    !(applied..=applied + unknown).contains(&count)
}

async fn create(client: &Client) {
    let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap();
    let attribute =
        AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S);
    let table = client.create_table().table_name("desk").billing_mode(BillingMode::PayPerRequest);
    table.key_schema(key).attribute_definitions(attribute.build().unwrap()).send().await.unwrap();
    let put = client.put_item().table_name("desk").item("pk", text("COUNTER")).item("count", number(0));
    put.item("version", number(0)).item("uuid", text("first")).send().await.unwrap();
}

async fn read(client: &Client) -> Option<HashMap<String, AttributeValue>> {
    let get = client.get_item().table_name("desk").key("pk", text("COUNTER")).consistent_read(true);
    get.send().await.ok()?.item
}

async fn increment(client: &Client, strategy: Strategy) -> Told {
    let update = client.update_item().table_name("desk").key("pk", text("COUNTER"));
    if strategy == Strategy::PlainAdd {
        let update = update.update_expression("ADD #c :one").expression_attribute_names("#c", "count");
        return match update.expression_attribute_values(":one", number(1)).send().await {
            Ok(_) => Told::Applied,
            Err(_) => Told::Unknown,
        };
    }
    let Some(item) = read(client).await else { return Told::NotApplied };
    let of = |name: &str| item.get(name).and_then(parsed);
    // The SDK reads a damaged answer as one without attributes.
    let (Some(count), Some(version), Some(uuid)) = (of("count"), of("version"), item.get("uuid")) else {
        return Told::NotApplied;
    };
    let own = format!("{:032x}", fastrand::u128(..));
    let (attribute, old) = match strategy {
        Strategy::NumericCompare => ("version", number(version)),
        _ => ("uuid", uuid.clone()),
    };
    let update = update
        .update_expression("SET #c = :c, version = :v, #u = :u")
        .condition_expression("#a = :old")
        .expression_attribute_names("#c", "count")
        .expression_attribute_names("#u", "uuid")
        .expression_attribute_names("#a", attribute)
        .expression_attribute_values(":c", number(count + 1))
        .expression_attribute_values(":v", number(version + 1))
        .expression_attribute_values(":u", text(&own))
        .expression_attribute_values(":old", old)
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
    match update.send().await {
        Ok(_) => Told::Applied,
        Err(SdkError::ServiceError(error)) => match error.into_err() {
            UpdateItemError::ConditionalCheckFailedException(failed) => {
                let current = failed.item.and_then(|item| item.get("uuid")?.as_s().ok().cloned());
                match strategy == Strategy::UuidCompare && current.as_deref() == Some(&own) {
                    true => Told::Applied,
                    false => Told::NotApplied,
                }
            }
            _ => Told::Unknown,
        },
        Err(_) => Told::Unknown,
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn parsed(value: &AttributeValue) -> Option<u64> {
    value.as_n().ok()?.parse().ok()
}
