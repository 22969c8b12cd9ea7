//! Tables that dynamap did not design: items that other programs have written are read, and written again without loss,
//! with both mappings.
//!
//! The items of other libraries were written by these libraries themselves, in the version that each file names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod dynamodb_toolbox;
mod electrodb;
mod enhanced_client;
mod forms;
mod keys;
mod modyne;
mod nullable;
mod onetable;
mod pynamodb;
mod serde_dynamo;

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    Entity, Mapping, Table, TableSchema,
    batch::Fetched,
    entity::{Item, Unchanging, WithoutUniqueFields, from_item},
    wire,
};
use dynamap_local::Local;
use std::{collections::BTreeMap, fmt::Debug};

const MAPPINGS: [Mapping; 2] = [Mapping::Direct, Mapping::AttributeValue];

/// An empty table.
async fn empty<S: TableSchema>(mapping: Mapping) -> Table<S> {
    let table = Table::<S>::new(Local::memory().unwrap().client(), "existing").with_mapping(mapping);
    table.create_table_if_absent().await.unwrap();
    table
}

/// A table with an item that another program has written.
async fn table<S: TableSchema>(mapping: Mapping, item: &Item) -> Table<S> {
    let table = empty(mapping).await;
    table.client().put_item().table_name("existing").set_item(Some(item.clone())).send().await.unwrap();
    table
}

/// An item from DynamoDB-JSON.
fn item(json: &str) -> Item {
    let members: BTreeMap<String, serde_json::Value> = serde_json::from_str(json).unwrap();
    let value =
        |value: serde_json::Value| wire::from_json::<AttributeValue>(value.to_string().as_bytes()).unwrap();
    members.into_iter().map(|(name, member)| (name, value(member))).collect()
}

/// The only item of a table, in a form to compare.
async fn stored<S: TableSchema>(table: &Table<S>) -> String {
    let scan = table.client().scan().table_name("existing").consistent_read(true).send().await.unwrap();
    let [item] = scan.items() else { panic!("{:?}", scan.items()) };
    shown(item)
}

/// Sets have no order.
fn shown(item: &Item) -> String {
    fn sorted(value: &AttributeValue) -> AttributeValue {
        match value {
            AttributeValue::Ss(members) | AttributeValue::Ns(members) => {
                let mut members = members.clone();
                members.sort_unstable();
                AttributeValue::Ss(members)
            }
            AttributeValue::L(members) => AttributeValue::L(members.iter().map(sorted).collect()),
            AttributeValue::M(members) => {
                let members: BTreeMap<_, _> =
                    members.iter().map(|(name, value)| (name, sorted(value))).collect();
                AttributeValue::S(format!("{members:?}"))
            }
            other => other.clone(),
        }
    }
    let attributes: BTreeMap<_, _> =
        item.iter().map(|(name, value)| (name, (value_type(value), sorted(value)))).collect();
    format!("{attributes:#?}")
}

/// What the sorted form does not tell.
fn value_type(value: &AttributeValue) -> &'static str {
    match value {
        AttributeValue::Ss(_) => "SS",
        AttributeValue::Ns(_) => "NS",
        AttributeValue::M(_) => "M",
        _ => "",
    }
}

/// Reads the item in each way, writes the entity over it in each way, and it is the same item each time.
async fn unchanged<E: Entity + Unchanging + WithoutUniqueFields + Clone + PartialEq + Debug>(
    original: &Item,
) -> E
where
    E::Key: Clone,
{
    let entity: E = from_item(original.clone()).unwrap();
    let expected = shown(original);
    for mapping in MAPPINGS {
        let table: Table<E::Table> = table(mapping, original).await;
        let entities = table.repository::<E>();
        let key = || entity.to_key();
        assert_eq!(entities.get(key()).await.unwrap().as_ref(), Some(&entity));
        let only = std::slice::from_ref(&entity);
        assert_eq!(entities.scan().try_collect().await.unwrap(), only);
        let fetched = entities.batch_get([key()]).await.unwrap().into_iter().filter_map(Fetched::found);
        assert_eq!(fetched.collect::<Vec<_>>(), only);
        assert_eq!(entities.transact_get([key()]).await.unwrap(), [Some(entity.clone())]);

        entities.put(&entity).await.unwrap();
        assert_eq!(stored(&table).await, expected, "put, {mapping:?}");
        entities.save(&entity).await.unwrap();
        assert_eq!(stored(&table).await, expected, "save, {mapping:?}");
        entities.replace(&entity).await.unwrap();
        assert_eq!(stored(&table).await, expected, "replace, {mapping:?}");
        entities.batch_write().put(&entity).await.unwrap();
        assert_eq!(stored(&table).await, expected, "batch, {mapping:?}");
        table.transact_write().save(&entity).send().await.unwrap();
        assert_eq!(stored(&table).await, expected, "transaction, {mapping:?}");
        entities.delete(key()).await.unwrap();
        entities.create(&entity).await.unwrap();
        assert_eq!(stored(&table).await, expected, "create, {mapping:?}");
        entities.delete(key()).await.unwrap();
        entities.save_or_create(&entity).await.unwrap();
        assert_eq!(stored(&table).await, expected, "save_or_create, {mapping:?}");
    }
    entity
}
