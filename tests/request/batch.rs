use crate::model::{Counter, Order, order, sent, session, tables};
use dynamap::batch::BatchWrite;
use expect_test::expect;

#[tokio::test]
async fn batch_write() {
    let (shop, counters, requests) = tables().await;
    let batch = shop.batch_write().put(&session()).delete(Order::key("c-1", 2024, 7));
    batch.write_all(vec![BatchWrite::put(order())]).send().await.unwrap();
    expect![[""]].assert_eq(&sent(&requests));
    shop.batch_write().put(&session()).delete(Order::key("c-1", 2024, 7)).send().await.unwrap();
    expect![[""]].assert_eq(&sent(&requests));
    let all = [(1, 10), (2, 20)].map(|(id, count)| Counter { id, count });
    counters
        .repository::<Counter>()
        .batch_write()
        .put_all(all)
        .delete(Counter::key(3_u64))
        .send()
        .await
        .unwrap();
    expect![[""]].assert_eq(&sent(&requests));
}

#[tokio::test]
async fn batch_get_mixed() {
    let (shop, _, requests) = tables().await;
    let keys = (
        [Order::key("c-1", 2024, 7)],
        [crate::model::Session::key("t-1"), crate::model::Session::key("t-1")],
    );
    shop.batch_get_mixed(keys).consistent_read().send().await.unwrap();
    expect![[""]].assert_eq(&sent(&requests));
}

#[tokio::test]
async fn parallel_scan() {
    let (_, counters, requests) = tables().await;
    let scan = counters.repository::<Counter>().scan().filter(Counter::COUNT.gt(5)).page_size(50).parallel(2);
    let explained = scan.clone().explain().unwrap().to_string();
    assert!(explained.contains("Segment") && explained.contains("TotalSegments"), "{explained}");
    scan.concurrency(1).try_collect().await.unwrap();
    expect![[""]].assert_eq(&sent(&requests));
}
