//! Transactions in one another's way.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Get, TransactGetItem, TransactWriteItem, Update};

use super::*;

fn add(id: &str) -> TransactWriteItem {
    let update = Update::builder().table_name(TABLE).set_key(Some(product(id)));
    let update = update.update_expression("ADD stock :one").expression_attribute_values(":one", one());
    TransactWriteItem::builder().update(update.build().unwrap()).build()
}

/// The codes with which the transaction of two actions is cancelled.
async fn codes(shop: &Faulty) -> Vec<String> {
    let transaction =
        shop.client.transact_write_items().transact_items(add("p-1")).transact_items(add("p-2"));
    let error = transaction.send().await.unwrap_err().into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(error) = error else { panic!("{error:?}") };
    error.cancellation_reasons().iter().map(|reason| reason.code().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_conflict_of_a_single_write_is_not_retried() {
    let shop = shop(Plan::script([(When::any().always(), Fault::TransactionConflict)])).await;
    let item = product("p-1");
    let put = shop.client.put_item().table_name(TABLE).set_item(Some(item.clone())).send().await;
    assert!(put.unwrap_err().into_service_error().is_transaction_conflict_exception());
    let delete = shop.client.delete_item().table_name(TABLE).set_key(Some(item.clone())).send().await;
    assert!(delete.unwrap_err().into_service_error().is_transaction_conflict_exception());
    let update = shop.client.update_item().table_name(TABLE).set_key(Some(item.clone())).send().await;
    assert!(update.unwrap_err().into_service_error().is_transaction_conflict_exception());
    // It fits no plain read.
    assert_eq!(get(&shop.client, item).await, None);
    assert_eq!(shop.sent.take().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_transaction_gives_a_reason_for_each_action() {
    for (fault, expected) in [
        (Fault::TransactionConflict, ["TransactionConflict", "None"]),
        (Fault::canceled(["None", "ThrottlingError"]), ["None", "ThrottlingError"]),
        (
            Fault::canceled(["ConditionalCheckFailed", "TransactionConflict", "TransactionConflict"]),
            ["ConditionalCheckFailed", "TransactionConflict"],
        ),
    ] {
        let shop = first(fault).await;
        assert_eq!(codes(&shop).await, expected);
        assert_eq!((shop.effects(), shop.stock("p-1").await), (vec![Effect::Untouched], None));
    }
}

#[tokio::test(start_paused = true)]
async fn a_conflict_cancels_a_transaction_that_reads() {
    let shop = first(Fault::TransactionConflict).await;
    let get = Get::builder().table_name(TABLE).set_key(Some(product("p-1"))).build().unwrap();
    let read = shop.client.transact_get_items().transact_items(TransactGetItem::builder().get(get).build());
    assert!(read.send().await.unwrap_err().into_service_error().is_transaction_canceled_exception());
}

#[tokio::test(start_paused = true)]
async fn a_transaction_in_progress_is_sent_again_with_its_token() {
    let shop = first(Fault::TransactionInProgress).await;
    shop.client.transact_write_items().transact_items(add("p-1")).send().await.unwrap();
    let tokens: Vec<_> =
        shop.sent.take().into_iter().map(|request| request.body["ClientRequestToken"].clone()).collect();
    assert!(tokens.len() == 2 && tokens[0] == tokens[1] && tokens[0].is_string(), "{tokens:?}");
    assert_eq!(shop.stock("p-1").await, Some(1));
}

#[tokio::test(start_paused = true)]
async fn a_transaction_is_applied_once_whatever_is_lost() {
    use dynamap_local::faults::Wakes;
    for fault in
        [Fault::DropAfter, Fault::ErrorAfter, Fault::HangAfter, Fault::Zombie(Wakes::AfterRequests(0))]
    {
        let shop = first(fault).await;
        shop.client.transact_write_items().transact_items(add("p-1")).send().await.unwrap();
        shop.faults.drain().await;
        assert_eq!(shop.stock("p-1").await, Some(1));
    }
}
