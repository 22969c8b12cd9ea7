//! The items inside errors: of failed conditions and of cancelled transactions.

use crate::answer::{Order, Shop, client, order};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use dynamap::batch::Unread;
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
    shop.create(&order(1)).send().await.unwrap();
    shop.create(&order(3)).send().await.unwrap();
    let another = |id| Order { note: Some("another".into()), ..order(id) };
    let mut writes = direct::TransactWrites::new();
    writes.create("shop", &another(1)).unwrap();
    writes.create("shop", &order(2)).unwrap();
    writes.create("shop", &another(3)).unwrap();
    writes.delete("shop", &Order::key(4)).unwrap();
    let error = direct::transact_write_items(shop.client().transact_write_items(), writes).await.unwrap_err();
    let Error::TransactionCanceled(canceled) = error else { panic!("{error}") };
    let refused = Some("ConditionalCheckFailed");
    let codes: Vec<_> = canceled.reasons().iter().map(|reason| reason.code()).collect();
    assert_eq!(codes, [refused, None, refused, None]);
    let current = |at: usize| canceled.reasons()[at].current::<Order>().map(Result::unwrap);
    assert_eq!([0, 1, 2, 3].map(current), [Some(order(1)), None, Some(order(3)), None]);
    assert!(canceled.reasons()[2].raw_item().unwrap().is_ok());
    assert_eq!(
        canceled.to_string(),
        "the transaction on shop was cancelled: action 0 (Put of `Order`): ConditionalCheckFailed (the item does not meet it), action 2 (Put of `Order`): ConditionalCheckFailed (the item does not meet it)"
    );
    assert!(!format!("{canceled:?} {:?}", canceled.reasons()).contains("ORDER#"));
    assert!(shop.get(Order::key(2)).send().await.unwrap().is_none());
}

/// What it answers cannot be told by the keys that were asked for: then nothing is known of any of them.
#[tokio::test]
async fn a_batch_get_takes_nothing_for_absent_that_an_odd_answer_leaves_open() {
    let asked = r#"{"pk":{"S":"ORDER#0000000001"},"sk":{"S":"ORDER"}}"#;
    let other = asked.replace("001", "002");
    let left = |key: &str| {
        format!(r#"{{"Responses":{{"shop":[]}},"UnprocessedKeys":{{"shop":{{"Keys":[{key}]}}}}}}"#)
    };
    let found =
        |table: &str, key: &str| format!(r#"{{"Responses":{{"{table}":[{key}]}},"UnprocessedKeys":{{}}}}"#);
    let without_sort_key = r#"{"pk":{"S":"ORDER#0000000001"}}"#;
    let odd = [
        left(&other),
        left("{}"),
        left(without_sort_key),
        left(asked).replace(r#"{"shop":{"Keys""#, r#"{"other":{"Keys""#),
        found("shop", &other),
        found("shop", "{}"),
        found("shop", without_sort_key),
        found("other", asked),
    ];
    for (answer, mapping) in
        odd.iter().flat_map(|answer| [(answer, Mapping::Direct), (answer, Mapping::AttributeValue)])
    {
        let shop = Table::<Shop>::new(client(answer), "shop").with_mapping(mapping);
        let results = shop.batch_get([Order::key(1)]).report().await.unwrap();
        let [Err(unread)] = &results[..] else { panic!("{answer} by {mapping:?}: {results:?}") };
        assert!(matches!(unread.reason(), Unread::Decode(_)), "{answer} by {mapping:?}: {unread:?}");
        let error = shop.batch_get([Order::key(1)]).send().await.unwrap_err();
        assert!(matches!(error, Error::Decode(_)), "{answer} by {mapping:?}: {error:?}");
    }
}
