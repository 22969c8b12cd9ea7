//! Stores of callers who may not do everything.

use dynamap_local::{
    Local,
    faults::{Fault, Plan, When},
};
use key_value::{Creation, Store, StoreError, assoc, connect, get};

use crate::place::TABLE;

fn denied() -> Fault {
    Fault::Error(400, "AccessDeniedException".to_owned())
}

#[tokio::test]
async fn a_table_that_is_there_needs_no_right_to_create_one() {
    let engine = Local::memory().unwrap();
    connect(&Store::new(engine.client(), TABLE), Creation::OnDemand).await.unwrap();
    let (local, faults) = engine.with_faults(Plan::none());
    let store = Store::new(local.client(), TABLE);
    // The fewest rights come last: those to read and write items.
    for operation in ["CreateTable", "UpdateTimeToLive", "DescribeTimeToLive", "DescribeTable"] {
        faults.add(When::operation(operation).always(), denied());
        for creation in [Creation::OnDemand, Creation::Provisioned { read: 5, write: 5 }, Creation::Never] {
            connect(&store, creation).await.unwrap();
            assoc(&store, "k", operation).await.unwrap();
            assert_eq!(get(&store, "k").await.unwrap(), Some(operation.to_owned()));
        }
    }
}

#[tokio::test]
async fn a_table_that_is_absent_needs_it() {
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::none());
    faults.add(When::operation("CreateTable").always(), denied());
    let outcome = connect(&Store::new(local.client(), TABLE), Creation::OnDemand).await;
    assert!(matches!(outcome, Err(StoreError::Table(dynamap::Error::Service(_)))), "{outcome:?}");
}

#[tokio::test]
async fn a_table_is_created_without_a_time_to_live_where_that_is_denied() {
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::none());
    faults.add(When::operation("UpdateTimeToLive").always(), denied());
    let store = Store::new(local.client(), TABLE);
    connect(&store, Creation::OnDemand).await.unwrap();
    assoc(&store, "k", &1).await.unwrap();
}

#[tokio::test]
async fn a_table_with_other_keys_is_no_store() {
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
    };
    let client = Local::memory().unwrap().client();
    let key = KeySchemaElement::builder().attribute_name("Key").key_type(KeyType::Hash).build().unwrap();
    let attribute =
        AttributeDefinition::builder().attribute_name("Key").attribute_type(ScalarAttributeType::S);
    let table = client.create_table().table_name(TABLE).key_schema(key);
    let table =
        table.attribute_definitions(attribute.build().unwrap()).billing_mode(BillingMode::PayPerRequest);
    table.send().await.unwrap();
    let outcome = connect(&Store::new(client, TABLE), Creation::OnDemand).await;
    assert!(matches!(outcome, Err(StoreError::Table(dynamap::Error::SchemaMismatch(_)))), "{outcome:?}");
}

#[tokio::test]
async fn the_table_has_the_chosen_throughput() {
    let client = Local::memory().unwrap().client();
    let store = Store::new(client.clone(), TABLE);
    connect(&store, Creation::Provisioned { read: 5, write: 6 }).await.unwrap();
    let table = client.describe_table().table_name(TABLE).send().await.unwrap().table.unwrap();
    let throughput = table.provisioned_throughput.unwrap();
    assert_eq!((throughput.read_capacity_units, throughput.write_capacity_units), (Some(5), Some(6)));
}
