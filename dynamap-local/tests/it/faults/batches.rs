//! Batches that come back in part.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{KeysAndAttributes, PutRequest, WriteRequest};
use dynamap_local::faults::Processed;

use super::*;

pub(super) type Writes = HashMap<String, Vec<WriteRequest>>;

pub(super) fn writes(ids: std::ops::Range<i64>) -> Writes {
    let write = |id: i64| {
        let put = PutRequest::builder().set_item(Some(stocked(&format!("p-{id}"), id))).build().unwrap();
        WriteRequest::builder().put_request(put).build()
    };
    HashMap::from([(TABLE.to_owned(), ids.map(write).collect())])
}

fn ids(writes: &Writes) -> Vec<String> {
    let id = |write: &WriteRequest| write.put_request().unwrap().item()["sk"].as_s().unwrap().clone();
    writes.get(TABLE).into_iter().flatten().map(id).collect()
}

async fn stored(shop: &Faulty) -> usize {
    shop.local.client().scan().table_name(TABLE).send().await.unwrap().items().len()
}

#[tokio::test(start_paused = true)]
async fn what_was_not_processed_comes_back() {
    for (processed, back, effect) in [
        (Processed::None, vec!["p-0", "p-1", "p-2", "p-3"], Effect::Untouched),
        (Processed::First(3), vec!["p-3"], Effect::PartlyApplied),
        (Processed::Mask(0b0110), vec!["p-0", "p-3"], Effect::PartlyApplied),
        (Processed::First(4), vec![], Effect::Applied),
    ] {
        let shop = first(Fault::Partial(processed)).await;
        let batch = shop.client.batch_write_item().set_request_items(Some(writes(0..4)));
        let unprocessed = batch.send().await.unwrap().unprocessed_items.unwrap();
        assert_eq!(ids(&unprocessed), back, "{processed:?}");
        assert_eq!(stored(&shop).await, 4 - back.len());
        assert_eq!((shop.effects(), shop.sent.take().len()), (vec![effect], 1));
    }
}

#[tokio::test(start_paused = true)]
async fn sent_again_until_nothing_comes_back_all_is_there() {
    let script = [Processed::None, Processed::Mask(0b1010_1010), Processed::First(1), Processed::First(0)];
    let script = script.map(|processed| (When::any(), Fault::Partial(processed)));
    let shop = shop(Plan::script(script)).await;
    let mut rest = writes(0..25);
    let mut calls = 0;
    while !rest.is_empty() {
        calls += 1;
        let batch = shop.client.batch_write_item().set_request_items(Some(rest));
        rest = batch.send().await.unwrap().unprocessed_items.unwrap_or_default();
    }
    assert_eq!((calls, stored(&shop).await), (5, 25));
}

#[tokio::test(start_paused = true)]
async fn unprocessed_keys_keep_their_projection() {
    for processed in [Processed::None, Processed::First(1)] {
        let shop = first(Fault::Partial(processed)).await;
        for id in ["p-1", "p-2"] {
            crate::shop::put(&shop.local.client(), stocked(id, 7)).await;
        }
        let keys = KeysAndAttributes::builder().keys(product("p-1")).keys(product("p-2"));
        let keys = keys.projection_expression("stock").consistent_read(true).build().unwrap();
        let mut rest = Some(HashMap::from([(TABLE.to_owned(), keys)]));
        let mut found = Vec::new();
        for _ in 0..2 {
            let answer = shop.client.batch_get_item().set_request_items(rest.take()).send().await.unwrap();
            found.extend(answer.responses.unwrap().remove(TABLE).unwrap_or_default());
            rest = answer.unprocessed_keys;
            if let Some(keys) = rest.as_ref().and_then(|rest| rest.get(TABLE)) {
                assert_eq!(
                    (keys.projection_expression(), keys.consistent_read()),
                    (Some("stock"), Some(true))
                );
            }
        }
        assert_eq!(found, vec![HashMap::from([("stock".to_owned(), n(7))]); 2]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_partial_fault_waits_for_a_batch() {
    let shop = shop(Plan::script([(When::any(), Fault::Partial(Processed::None))])).await;
    assert!(put(&shop.client, "p-9", 1).await);
    let batch = shop.client.batch_write_item().set_request_items(Some(writes(0..2)));
    assert_eq!(ids(&batch.send().await.unwrap().unprocessed_items.unwrap()).len(), 2);
}

/// What the engine itself leaves comes back with the rest.
#[tokio::test(start_paused = true)]
async fn the_engines_own_leftovers_are_not_lost() {
    let shop = shop(Plan::none()).await;
    let big = aws_sdk_dynamodb::types::AttributeValue::S("x".repeat(390_000));
    let mut keys = KeysAndAttributes::builder();
    for id in 0..50 {
        let mut item = product(&format!("p-{id}"));
        keys = keys.keys(item.clone());
        item.insert("text".to_owned(), big.clone());
        crate::shop::put(&shop.local.client(), item).await;
    }
    shop.faults.add(When::any(), Fault::Partial(Processed::First(48)));
    let keys = HashMap::from([(TABLE.to_owned(), keys.build().unwrap())]);
    let answer = shop.client.batch_get_item().set_request_items(Some(keys)).send().await.unwrap();
    let read = answer.responses().unwrap()[TABLE].len();
    let back = answer.unprocessed_keys().unwrap()[TABLE].keys().len();
    assert!(back > 2, "the engine left nothing");
    assert_eq!(read + back, 50);
}
