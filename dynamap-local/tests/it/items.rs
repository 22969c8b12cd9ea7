//! What a DynamoDB does: items, indexes, batches, transactions.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    ConditionCheck, KeysAndAttributes, Put, PutRequest, TransactWriteItem, WriteRequest,
};
use dynamap_local::Local;

use crate::shop::{self, INDEX, TABLE, get, n, product, product_in, put, s};

async fn shop() -> Client {
    let client = Local::memory().unwrap().client();
    shop::create(&client).await;
    client
}

#[tokio::test]
async fn an_item_comes_back_as_it_was_put() {
    let client = shop().await;
    let mut item = product("p-1");
    item.insert("price".to_owned(), n(995));
    put(&client, item.clone()).await;
    assert_eq!(get(&client, product("p-1")).await, Some(item));
    assert_eq!(get(&client, product("p-2")).await, None);
}

#[tokio::test]
async fn a_failed_condition_is_the_modelled_error() {
    let client = shop().await;
    put(&client, product("p-1")).await;
    let again = client.put_item().table_name(TABLE).set_item(Some(product("p-1")));
    let error = again.condition_expression("attribute_not_exists(pk)").send().await.unwrap_err();
    assert!(error.into_service_error().is_conditional_check_failed_exception());
}

#[tokio::test]
async fn a_query_of_the_index_finds_its_items_in_order() {
    let client = shop().await;
    for item in [product_in("b", "tea"), product_in("a", "tea"), product_in("c", "coffee"), product("d")] {
        put(&client, item).await;
    }
    let query = client.query().table_name(TABLE).index_name(INDEX);
    let query = query
        .key_condition_expression("#g = :g")
        .expression_attribute_names("#g", "group")
        .expression_attribute_values(":g", s("tea"));
    let found = query.send().await.unwrap().items.unwrap();
    assert_eq!(found, [product_in("a", "tea"), product_in("b", "tea")]);
}

#[tokio::test]
async fn a_transaction_is_all_or_nothing() {
    let client = shop().await;
    let put = Put::builder().table_name(TABLE).set_item(Some(product("p-1"))).build().unwrap();
    let check = ConditionCheck::builder()
        .table_name(TABLE)
        .set_key(Some(product("absent")))
        .condition_expression("attribute_exists(pk)")
        .build()
        .unwrap();
    let put = TransactWriteItem::builder().put(put).build();
    let check = TransactWriteItem::builder().condition_check(check).build();

    let both = client.transact_write_items().transact_items(put.clone()).transact_items(check);
    let error = both.send().await.unwrap_err().into_service_error();
    let reasons = match error {
        aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(
            cancelled,
        ) => cancelled.cancellation_reasons.unwrap(),
        other => panic!("{other:?}"),
    };
    let codes: Vec<_> = reasons.iter().filter_map(|reason| reason.code.as_deref()).collect();
    assert_eq!(codes, ["None", "ConditionalCheckFailed"]);
    assert_eq!(get(&client, product("p-1")).await, None);

    client.transact_write_items().transact_items(put).send().await.unwrap();
    assert_eq!(get(&client, product("p-1")).await, Some(product("p-1")));
}

#[tokio::test]
async fn batches_write_and_get() {
    let client = shop().await;
    let keys: Vec<_> = (0..25).map(|id| product(&id.to_string())).collect();
    let writes = keys.iter().map(|item| {
        let put = PutRequest::builder().set_item(Some(item.clone())).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    });
    client.batch_write_item().request_items(TABLE, writes.collect()).send().await.unwrap();

    let keys = KeysAndAttributes::builder().set_keys(Some(keys)).build().unwrap();
    let found = client.batch_get_item().request_items(TABLE, keys).send().await.unwrap();
    assert_eq!(found.responses.unwrap()[TABLE].len(), 25);
}

#[tokio::test]
async fn a_statement_reads_the_item() {
    let client = shop().await;
    put(&client, product("p-1")).await;
    let statement = "SELECT * FROM \"Shop\" WHERE pk = 'PRODUCT#p-1'";
    let found = client.execute_statement().statement(statement).send().await.unwrap();
    assert_eq!(found.items.unwrap(), [product("p-1")]);
}

#[tokio::test]
async fn a_missing_table_is_the_modelled_error() {
    let client = Local::memory().unwrap().client();
    let error = client.describe_table().table_name("Nowhere").send().await.unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
}
