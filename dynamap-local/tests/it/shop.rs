//! The table that the tests share: `pk`, `sk`, the sparse index `by_group` and a stream.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    Projection, ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
};

pub(crate) type Item = HashMap<String, AttributeValue>;

pub(crate) const TABLE: &str = "Shop";
pub(crate) const INDEX: &str = "by_group";

pub(crate) async fn create(client: &Client) {
    create_as(client, TABLE).await;
}

/// A table of another name.
pub(crate) async fn create_as(client: &Client, name: &str) {
    let index = GlobalSecondaryIndex::builder()
        .index_name(INDEX)
        .key_schema(key("group", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .projection(Projection::builder().projection_type(ProjectionType::All).build())
        .build();
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build();
    client
        .create_table()
        .table_name(name)
        .attribute_definitions(text_attribute("pk"))
        .attribute_definitions(text_attribute("sk"))
        .attribute_definitions(text_attribute("group"))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(index.unwrap())
        .stream_specification(stream.unwrap())
        .billing_mode(BillingMode::PayPerRequest)
        .send()
        .await
        .unwrap();
}

fn text_attribute(name: &str) -> AttributeDefinition {
    let text = AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S);
    text.build().unwrap()
}

fn key(name: &str, key_type: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder().attribute_name(name).key_type(key_type).build().unwrap()
}

pub(crate) fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

pub(crate) fn n(number: i64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// The key of a product.
pub(crate) fn product(id: &str) -> Item {
    HashMap::from([("pk".to_owned(), s(&format!("PRODUCT#{id}"))), ("sk".to_owned(), s(id))])
}

pub(crate) fn product_in(id: &str, group: &str) -> Item {
    let mut item = product(id);
    item.insert("group".to_owned(), s(group));
    item
}

pub(crate) async fn put(client: &Client, item: Item) {
    client.put_item().table_name(TABLE).set_item(Some(item)).send().await.unwrap();
}

pub(crate) async fn get(client: &Client, key: Item) -> Option<Item> {
    client.get_item().table_name(TABLE).set_key(Some(key)).send().await.unwrap().item
}
