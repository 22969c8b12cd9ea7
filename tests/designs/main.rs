//! Published designs of single tables. The sample items go into the table as they are, dynamap maps them and answers
//! each access pattern, and what it writes back is the same item.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod complaints;
mod device_state_log;
mod social_network;

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::entity::{Entity, Item, Unversioned, WithoutUniqueFields, from_item, to_item};
use dynamap::{Table, TableSchema};
use dynamap_local::Local;
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::Debug;

/// A table with the items of `samples`, one a line, as DynamoDB-JSON has them.
async fn table<S: TableSchema>(name: &str, samples: &str) -> Table<S> {
    let table = Table::<S>::new(Local::memory().unwrap().client(), name);
    table.create_table_if_absent().await.unwrap();
    for item in items(samples) {
        table.client().put_item().table_name(name).set_item(Some(item)).send().await.unwrap();
    }
    table
}

fn items(samples: &str) -> Vec<Item> {
    samples.lines().map(|line| item(serde_json::from_str(line).unwrap())).collect()
}

fn item(attributes: HashMap<String, HashMap<String, Value>>) -> Item {
    attributes.into_iter().map(|(name, typed)| (name, value(typed))).collect()
}

fn value(typed: HashMap<String, Value>) -> AttributeValue {
    let text = |value: Value| value.as_str().unwrap().to_owned();
    match typed.into_iter().next().unwrap() {
        (data_type, value) if data_type == "S" => AttributeValue::S(text(value)),
        (data_type, value) if data_type == "N" => AttributeValue::N(text(value)),
        (data_type, Value::Array(values)) if data_type == "SS" => {
            AttributeValue::Ss(values.into_iter().map(text).collect())
        }
        other => panic!("{other:?}"),
    }
}

/// All items of the table, in an order of their own.
async fn stored<S: TableSchema>(table: &Table<S>) -> Vec<String> {
    let scan = table.client().scan().table_name(table.name()).consistent_read(true);
    let mut items: Vec<String> = scan.send().await.unwrap().items().iter().map(shown).collect();
    items.sort_unstable();
    items
}

fn shown(item: &Item) -> String {
    let mut attributes: Vec<String> = item.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    attributes.sort_unstable();
    attributes.join(", ")
}

/// Writes each item of the entity `E` as a new one in an empty table, where it is the same item, and over itself.
async fn written_again<E: Entity + Unversioned + WithoutUniqueFields + Debug>(
    table: &Table<E::Table>,
    samples: &str,
    of_entity: &[usize],
) {
    let all = items(samples);
    let before = stored(table).await;
    for (number, item) in all.iter().enumerate() {
        let entity = from_item::<E>(item.clone());
        assert_eq!(entity.is_ok(), of_entity.contains(&number), "item {number}: {entity:?}");
        let Ok(entity) = entity else { continue };
        assert_eq!(shown(&to_item(&entity).unwrap()), shown(item));
        table.batch_write().put(&entity).send().await.unwrap();
    }
    assert_eq!(stored(table).await, before);
}
