//! The database on a port. Needs the feature: `cargo test -p dynamap-local --features serve`.
#![allow(clippy::unwrap_used, clippy::panic)]

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use dynamap_local::{Local, LocalError};

const LOOPBACK: (&str, u16) = ("127.0.0.1", 0);

/// A client over plain HTTP, as another process would have one.
fn http_client(config: Builder, url: String) -> Client {
    let http = aws_smithy_http_client::Builder::new().build_http();
    Client::from_conf(config.endpoint_url(url).http_client(http).build())
}

async fn create_table(client: &Client) {
    let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build().unwrap();
    let pk = AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S);
    let create = client.create_table().table_name("Shop").billing_mode(BillingMode::PayPerRequest);
    create.key_schema(key).attribute_definitions(pk.build().unwrap()).send().await.unwrap();
}

#[tokio::test]
async fn the_port_and_the_process_share_the_database() {
    let local = Local::memory().unwrap();
    let server = local.serve(LOOPBACK).await.unwrap();
    assert_ne!(server.local_addr().port(), 0);
    assert_eq!(server.url(), format!("http://127.0.0.1:{}", server.local_addr().port()));
    let client = http_client(local.config(), server.url());

    create_table(&client).await;
    let key = AttributeValue::S("a".to_owned());
    local.client().put_item().table_name("Shop").item("pk", key.clone()).send().await.unwrap();
    let found = client.get_item().table_name("Shop").key("pk", key).send().await.unwrap();
    assert!(found.item.is_some());

    server.shutdown().await.unwrap();
    assert!(client.list_tables().send().await.is_err());
    assert_eq!(local.client().list_tables().send().await.unwrap().table_names.unwrap(), ["Shop"]);
}

#[tokio::test]
async fn a_dropped_server_frees_its_port() {
    let local = Local::memory().unwrap();
    let server = local.serve(LOOPBACK).await.unwrap();
    let address = server.local_addr();
    assert!(matches!(local.serve(address).await, Err(LocalError::Listen(_))));
    drop(server);
    for _ in 0..100 {
        if let Ok(server) = local.serve(address).await {
            return server.shutdown().await.unwrap();
        }
        tokio::task::yield_now().await;
    }
    panic!("{address} is still taken");
}

#[tokio::test]
async fn the_url_of_every_interface_is_the_loopback() {
    let server = Local::memory().unwrap().serve("0.0.0.0:0").await.unwrap();
    assert!(server.url().starts_with("http://127.0.0.1:"));
    server.shutdown().await.unwrap();
}
