//! Real bugs of others in their batch writes, one test each.

use super::faults::{Broken, batch, faulty};
use super::{counts, keys_of, orders, stored};
use crate::model::{Order, table};
use dynamap::Error;
use dynamap::batch::BatchWrite;
use dynamap_local::Local;
use dynamap_local::faults::{Fault, FaultKind, Plan, Processed, Rates, Throttling, When};
use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// The response was discarded, and with it what was not processed.
#[tokio::test(start_paused = true)]
async fn vault_5836_unprocessed_items_are_sent_again() {
    let (shop, _) = faulty([(batch(), Fault::Partial(Processed::First(3)))]).await;
    let report = shop.repository::<Order>().batch_write().put_all(orders(1..=10)).send().await.unwrap();
    assert_eq!((report.written(), report.requests()), (10, 2));
    assert_eq!(stored(&shop).await.len(), 10);
}

/// Of a batch's response everything was passed over that was not processed: about 3,000 of 10,000 items were written, without
/// an error (the report is #486, the cure #470).
#[tokio::test(start_paused = true)]
async fn onetable_486_ten_thousand_of_ten_thousand() {
    let plan = Plan::random(486, Rates::none().with(FaultKind::Partial, 0.5));
    let (local, _) = Local::memory().unwrap().with_faults(plan);
    let shop = table(&local).await;
    let report = shop.repository::<Order>().batch_write().put_all(orders(1..=10_000)).send().await.unwrap();
    assert_eq!(counts(&report), (10_000, 0, 0, 0));
    assert_eq!(stored(&shop).await.len(), 10_000);
}

/// What was not processed was dropped while a long batch went on. The first cure kept it until all the rest was done, however
/// much that was; here it goes with the next items, and no more of them are taken meanwhile.
#[tokio::test(start_paused = true)]
async fn boto_1714_what_is_not_processed_goes_with_the_next_items() {
    let (local, requests) = Local::memory().unwrap().recording();
    let plan = Plan::script([(batch().times(30), Fault::Partial(Processed::First(20)))]);
    let shop = table(&local.with_faults(plan).0).await;
    requests.clear();
    let taken = AtomicU64::new(0);
    let (mut most, mut settled) = (0, 0);
    let counted = orders(1..=1000).inspect(|_| {
        taken.fetch_add(1, Relaxed);
    });
    let all = shop.repository::<Order>().batch_write().put_all(counted).concurrency(1);
    let report = all
        .on_progress(|progress| {
            settled = progress.done;
            most = most.max(taken.load(Relaxed) - settled);
        })
        .send()
        .await
        .unwrap();
    assert_eq!((counts(&report), settled), ((1000, 0, 0, 0), 1000));
    // Thirty with 20 processed, and the rest in full ones.
    assert_eq!((requests.take().len(), stored(&shop).await.len()), (46, 1000));
    assert!(most <= 50, "{most} taken and not settled");
}

/// A whole set was saved, puts of what is new and deletes of what is gone, and each response was discarded: a later start
/// read some of the old and not all of the new.
#[tokio::test(start_paused = true)]
async fn ld_relay_593_a_set_is_replaced_as_a_whole() {
    let plan = Plan::random(593, Rates::none().with(FaultKind::Partial, 0.5));
    let (local, faults) = Local::memory().unwrap().with_faults(plan);
    let shop = table(&local).await;
    shop.batch_write().write_all(orders(1..=200).map(BatchWrite::put)).send().await.unwrap();
    let gone = (1..=150).map(|number| BatchWrite::delete(Order::key("c-1", 2024, number)));
    let new = orders(201..=320).map(BatchWrite::put);
    let report = shop.batch_write().write_all(gone).write_all(new).send().await.unwrap();
    assert_eq!(counts(&report), (270, 0, 0, 0));
    assert!(report.requests() > 11, "{report}: all was processed at once");
    assert_eq!(stored(&shop).await, (151..=320).collect::<Vec<_>>());
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

/// The error for unprocessed items said `[object Object]`.
#[tokio::test(start_paused = true)]
async fn onetable_object_object_the_error_has_what_was_not_processed() {
    let (shop, _) = faulty([(batch().always(), Fault::Partial(Processed::None))]).await;
    let error = shop.repository::<Order>().batch_write().put_all(orders(1..=3)).send().await.unwrap_err();
    let text = "BatchWriteItem on table `shop`: of 3 writes 0 were written, 3 were not written; at 0: it was not processed";
    assert_eq!(error.to_string(), text);
    let Error::IncompleteBatch(incomplete) = error else { panic!("{error}") };
    let keys = incomplete.report().not_written().iter().map(|item| item.key::<Order>().unwrap().unwrap());
    assert_eq!(keys.collect::<Vec<_>>(), [1, 2, 3].map(|number| Order::key("c-1", 2024, number)));
}

/// After a full request of which nothing was processed, the item that came next was in the buffer as its 26th, was not sent
/// with the first 25, and went when the buffer was emptied after them. Twice mended by others before it was taken: #2867
/// and #3005.
#[tokio::test(start_paused = true)]
async fn boto3_1424_the_item_after_a_full_request_is_not_dropped() {
    for count in [25, 26, 49, 50, 51] {
        for processed in [Processed::None, Processed::First(24)] {
            let (shop, _) = faulty([(batch().times(3), Fault::Partial(processed))]).await;
            let batch = shop.repository::<Order>().batch_write().put_all(orders(1..=count));
            let report = batch.concurrency(1).send().await.unwrap();
            assert_eq!(report.written(), u64::from(count));
            assert_eq!(stored(&shop).await, (1..=count).collect::<Vec<_>>());
        }
    }
}

/// A request that was throttled as a whole was an error, and its items were gone.
#[tokio::test(start_paused = true)]
async fn boto3_2088_a_request_that_is_throttled_is_not_lost() {
    let throttled = Fault::Throttle(Throttling::ProvisionedThroughput);
    let (shop, _) = faulty([(batch().after(1).times(9), throttled)]).await;
    let report = shop.repository::<Order>().batch_write().put_all(orders(1..=100)).send().await.unwrap();
    assert_eq!(counts(&report), (100, 0, 0, 0));
    assert_eq!(stored(&shop).await.len(), 100);
}

/// 25 valid items, one that is not, and ten more: the ten were not written.
#[tokio::test]
async fn dyno_82_an_item_that_is_not_valid_does_not_stop_those_beside_it() {
    let shop = table(&Local::memory().unwrap()).await;
    let broken = BatchWrite::put(Broken { customer_id: "c-1".into(), total: "much".into() });
    let puts = |numbers| orders(numbers).map(BatchWrite::put);
    let batch = shop.batch_write().write_all(puts(1..=25)).write_all(vec![broken]).write_all(puts(26..=35));
    let report = batch.report().await;
    assert_eq!((counts(&report), report.not_written()[0].position()), ((35, 0, 1, 0), 25));
    assert_eq!(stored(&shop).await, (1..=35).collect::<Vec<_>>());
}

/// Seven of ten items were written, and it was a success.
#[tokio::test(start_paused = true)]
async fn dynamoose_658_seven_of_ten_are_no_success() {
    let seven = (batch(), Fault::Partial(Processed::First(7)));
    let (shop, _) = faulty([seven, (batch().always(), Fault::Partial(Processed::None))]).await;
    let error = shop.repository::<Order>().batch_write().put_all(orders(1..=10)).send().await.unwrap_err();
    let Error::IncompleteBatch(incomplete) = error else { panic!("{error}") };
    assert_eq!(counts(incomplete.report()), (7, 0, 3, 0));
}

/// Keys that were not processed were dropped, and looked absent; and so were writes, as by vault.
#[tokio::test(start_paused = true)]
async fn async_batcher_44_keys_that_are_not_processed_are_not_absent() {
    let first = (When::operation("BatchGetItem").times(2), Fault::Partial(Processed::First(2)));
    let (shop, _) = faulty([first]).await;
    shop.repository::<Order>().batch_write().put_all(orders(1..=10)).send().await.unwrap();
    let keys = (1..=10).map(|number| Order::key("c-1", 2024, number));
    let fetched = shop.batch_get(keys).send().await.unwrap();
    assert_eq!(fetched.into_iter().filter_map(dynamap::batch::Fetched::found).count(), 10);
}

/// Tasks that shared a batch writer lost items while one of them waited for its answer (mended in #270). Here a batch has
/// several requests on their way itself, and none of its keys is in two of them.
#[tokio::test(start_paused = true)]
async fn aioboto3_246_requests_at_once_that_want_the_same_keys() {
    let (local, requests) = Local::memory().unwrap().recording();
    let plan = Plan::random(246, Rates::none().with(FaultKind::Partial, 0.3));
    let (slow, faults) =
        local.with_faults(plan.latency(Duration::from_millis(1)..=Duration::from_millis(50)));
    let shop = table(&slow).await;
    requests.clear();
    // Each key ten times, so that the same ones are wanted in many requests.
    let all = (0..1000).map(|at| at % 100 + 1);
    let report = shop.repository::<Order>().batch_write().put_all(orders(all)).send().await.unwrap();
    assert_eq!(report.written() + report.replaced(), 1000);
    for request in requests.take() {
        let keys = keys_of(&request.body);
        assert_eq!(keys.iter().collect::<HashSet<_>>().len(), keys.len());
    }
    assert_eq!(stored(&shop).await.len(), 100);
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}
