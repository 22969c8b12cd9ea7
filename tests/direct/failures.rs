//! The items inside errors: of failed conditions and of cancelled transactions.

use crate::answer::{Order, Shop, order};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use dynamap::{Error, Mapping, Table, direct};
use dynamap_local::Local;

async fn shop() -> Table<Shop> {
    let shop = Table::new(Local::memory().unwrap().client(), "shop");
    shop.create_table_if_absent().send().await.unwrap();
    shop
}

#[tokio::test]
async fn a_failed_condition_gives_the_item_by_both_ways() {
    let shop = shop().await;
    shop.create(&order(1)).send().await.unwrap();
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        let error = shop.clone().with_mapping(mapping).create(&order(1)).send().await.unwrap_err();
        let Error::ConditionFailed(failed) = error else { panic!("{error}") };
        assert_eq!(failed.current::<Order>().unwrap().unwrap(), order(1));
        assert_eq!(failed.raw_item().unwrap().unwrap()["id"], AttributeValue::N("1".into()));
        let error = shop.clone().with_mapping(mapping).replace(&order(2)).send().await.unwrap_err();
        let Error::ConditionFailed(failed) = error else { panic!("{error}") };
        assert!(failed.current::<Order>().is_none());
    }
}

#[tokio::test]
async fn updates_and_deletes_give_it_as_well() {
    let shop = shop().await;
    shop.create(&order(1)).send().await.unwrap();
    let key = || [("pk", "ORDER#0000000001"), ("sk", "ORDER")];
    let mut update = shop.client().update_item().table_name("shop").update_expression("SET note = title");
    let mut delete = shop.client().delete_item().table_name("shop");
    for (name, value) in key() {
        update = update.key(name, AttributeValue::S(value.into()));
        delete = delete.key(name, AttributeValue::S(value.into()));
    }
    let all_old = ReturnValuesOnConditionCheckFailure::AllOld;
    let update = update
        .condition_expression("attribute_exists(nothing)")
        .return_values_on_condition_check_failure(all_old.clone());
    let delete = delete
        .condition_expression("attribute_exists(nothing)")
        .return_values_on_condition_check_failure(all_old);
    let updated = direct::update_item::<Order, Order>(update).await.unwrap_err();
    let deleted = direct::delete_item::<Order>(delete).await.unwrap_err();
    for error in [updated, deleted] {
        let Error::ConditionFailed(failed) = error else { panic!("{error}") };
        assert_eq!(failed.current::<Order>().unwrap().unwrap(), order(1));
    }
}

#[tokio::test]
async fn a_cancelled_transaction_gives_an_item_for_each_write_that_was_refused() {
    let shop = shop().await;
    shop.create(&order(2)).send().await.unwrap();
    let mut writes = direct::TransactWrites::new();
    writes.create("shop", &order(1)).unwrap();
    writes.create("shop", &Order { note: Some("another".into()), ..order(2) }).unwrap();
    writes.delete("shop", &Order::key(3)).unwrap();
    let error = direct::transact_write_items(shop.client().transact_write_items(), writes).await.unwrap_err();
    let Error::TransactionCanceled(canceled) = error else { panic!("{error}") };
    let codes: Vec<_> = canceled.reasons().iter().map(|reason| reason.code()).collect();
    assert_eq!(codes, [None, Some("ConditionalCheckFailed"), None]);
    assert_eq!(canceled.reasons()[1].current::<Order>().unwrap().unwrap(), order(2));
    assert!(canceled.reasons()[1].raw_item().unwrap().is_ok());
    assert!(canceled.reasons()[0].current::<Order>().is_none());
    assert_eq!(
        canceled.to_string(),
        "the transaction on shop was cancelled: write 1: ConditionalCheckFailed"
    );
    assert!(!format!("{canceled:?} {:?}", canceled.reasons()).contains("ORDER#"));
    assert!(shop.get(Order::key(1)).send().await.unwrap().is_none());
}
