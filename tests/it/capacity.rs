//! What calls consume: as the meter says, as the engine says, and as our own functions predict.

use crate::model::{ByTotal, Customer, Order, OrderNote, Shop, Status, order, shop, stocked};
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;
use dynamap::capacity::{
    Consumed, Meter, ReadConsistency, Units, entity_size, read_units, transactional_write_units, write_units,
};
use dynamap::{Budget, Error, Table};

fn read(read: f64) -> Units {
    Units { read, write: 0.0 }
}

fn write(write: f64) -> Units {
    Units { read: 0.0, write }
}

fn large(number: u32, bytes: usize) -> Order {
    Order { note: Some("x".repeat(bytes)), ..order("c-1", 2024, number) }
}

/// A shop with a meter that has counted nothing yet.
async fn metered() -> (Table<Shop>, Meter) {
    let meter = Meter::new();
    (shop().await.with_meter(&meter), meter)
}

#[tokio::test]
async fn a_write_consumes_what_its_size_predicts() {
    let (shop, meter) = metered().await;
    for (number, bytes) in [(1, 10), (2, 900), (3, 5000), (4, 100_000)] {
        let order = large(number, bytes);
        let units = write_units(entity_size(&order).unwrap());
        shop.put(&order).send().await.unwrap();
        let consumed = meter.reset();
        assert_eq!((consumed.table, consumed.requests), (write(units), 1), "{bytes} bytes");
        assert_eq!(consumed.estimated, Units::default());

        // The smaller item takes the place of the larger one.
        shop.put(&large(number, 1)).send().await.unwrap();
        assert_eq!(meter.reset().table, write(units));
        shop.put(&order).send().await.unwrap();
        meter.reset();
        shop.update(order_key(number)).apply(Order::TOTAL.set(5_u64)).send().await.unwrap();
        assert_eq!(meter.reset().table, write(units));
        shop.delete(order_key(number)).send().await.unwrap();
        assert_eq!(meter.reset().table, write(units));
    }
    shop.delete(order_key(99)).send().await.unwrap();
    assert_eq!(meter.consumed().table, write(write_units(0)));
}

fn order_key(number: u32) -> <Order as dynamap::Entity>::Key {
    Order::key("c-1", 2024, number)
}

#[tokio::test]
async fn a_read_consumes_what_its_size_predicts() {
    let (shop, meter) = metered().await;
    let order = large(1, 9000);
    let size = entity_size(&order).unwrap();
    shop.put(&order).send().await.unwrap();
    meter.reset();
    shop.get(order_key(1)).send().await.unwrap().unwrap();
    assert_eq!(meter.reset().table, read(read_units(size, ReadConsistency::Eventual)));
    shop.get(order_key(1)).consistent_read().send().await.unwrap().unwrap();
    assert_eq!(meter.reset().table, read(read_units(size, ReadConsistency::Strong)));
    assert!(!shop.exists(order_key(2)).consistent_read().send().await.unwrap());
    assert_eq!(meter.reset().table, read(read_units(0, ReadConsistency::Strong)));
    shop.batch_get([order_key(1), order_key(2)]).send().await.unwrap();
    let eventual = |size| read_units(size, ReadConsistency::Eventual);
    assert_eq!(meter.reset().table, read(eventual(size) + eventual(0)));
    // Metered for one call, by one meter more; the same one twice counts once.
    let other = Meter::new();
    shop.get(order_key(1)).meter(&other).meter(&meter).send().await.unwrap().unwrap();
    assert_eq!((meter.consumed(), other.consumed().table), (other.consumed(), read(eventual(size))));
}

/// What the engine says, for requests that dynamap makes.
#[tokio::test]
async fn table_and_indexes_are_told_apart() {
    let (shop, meter) = metered().await;
    let order = large(1, 3000);
    shop.put(&order).send().await.unwrap();
    let written = meter.reset();
    let size = entity_size(&order).unwrap();
    assert_eq!(written.table, write(write_units(size)));
    // The global index holds the note, and the local one everything.
    assert_eq!(written.global_indexes.keys().collect::<Vec<_>>(), ["gsi1"]);
    assert_eq!(written.local_indexes["lsi1"], write(write_units(size)));
    let told = shop.client().delete_item().table_name("shop").return_consumed_capacity("INDEXES".into());
    let told = told.set_key(Some(key_item())).send().await.unwrap().consumed_capacity.unwrap();
    assert_eq!(written.total().write, told.capacity_units.unwrap());
    assert_eq!(
        written.index("gsi1").write,
        told.global_secondary_indexes.unwrap()["gsi1"].capacity_units.unwrap()
    );

    shop.put(&order).send().await.unwrap();
    meter.reset();
    let query = shop.repository::<Order>().query(Order::by_status(Status::Open));
    let page = query.project::<OrderNote>().send().await.unwrap();
    let of_index = meter.reset();
    assert_eq!(page.consumed, Some(of_index.clone()));
    assert_eq!((of_index.table, of_index.index("gsi1")), (Units::default(), read(0.5)));
    let local = shop.repository::<Order>().scan().index::<ByTotal>().send().await.unwrap();
    let local = local.consumed.unwrap();
    // The engine counts the reads of a local index as those of its table.
    assert_eq!(local.total(), read(read_units(size, ReadConsistency::Eventual)));
}

fn key_item() -> std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue> {
    let item = dynamap::entity::to_item(&order("c-1", 2024, 1)).unwrap();
    item.into_iter().filter(|(name, _)| name == "pk" || name == "sk").collect()
}

#[tokio::test]
async fn pages_are_summed() {
    let (shop, orders) = stocked().await;
    let meter = Meter::new();
    let all = || orders.query(Order::partition("c-1")).page_size(3);
    let page = all().meter(&meter).limit(20).send().await.unwrap();
    let consumed = page.consumed.unwrap();
    assert_eq!(page.items.len(), 20);
    assert!(consumed.requests >= 7, "{consumed}");
    assert_eq!(consumed.table, read(0.5 * consumed.requests as f64));
    assert_eq!(meter.reset(), consumed);
    all().meter(&meter).try_collect().await.unwrap();
    let whole = meter.reset();
    let mut items = orders.query(Order::partition("c-1")).page_size(3).meter(&meter).items();
    while let Some(item) = items.next().await {
        item.unwrap();
    }
    assert_eq!(meter.reset(), whole);
    let hydrated =
        orders.query(Order::partition("c-1")).meter(&meter).limit(20).hydrate().send().await.unwrap();
    assert_eq!(hydrated.consumed, Some(meter.reset()));
    // Without a meter nothing is asked for.
    assert_eq!(shop.scan::<Order>().send().await.unwrap().consumed, None);
    assert!(!shop.scan::<Order>().explain().unwrap().request_json().contains("Capacity"));
    let metered = shop.with_meter(&meter).scan::<Order>().into_sdk().unwrap();
    assert_eq!(metered.get_return_consumed_capacity(), &Some(ReturnConsumedCapacity::Indexes));
}

#[tokio::test]
async fn a_failed_condition_is_estimated() {
    let (shop, meter) = metered().await;
    let order = large(1, 3000);
    shop.put(&order).send().await.unwrap();
    let units = meter.reset().table;
    let created = shop.create(&order).send().await;
    assert!(matches!(created, Err(Error::ConditionFailed(_))));
    let failed = meter.reset();
    assert_eq!((failed.table, failed.estimated, failed.requests), (units, units, 1));
    let updated = shop.update(order_key(2)).apply(Order::TOTAL.set(1_u64)).send().await;
    assert!(matches!(updated, Err(Error::ConditionFailed(_))));
    assert_eq!(meter.reset().estimated, write(1.0));
    let deleted = shop.delete(order_key(1)).condition(Order::TOTAL.gt(1_000_000_u64)).send().await;
    assert!(matches!(deleted, Err(Error::ConditionFailed(_))));
    assert_eq!(meter.reset().estimated, units);
}

#[tokio::test]
async fn tasks_share_a_meter() {
    let (shop, meter) = metered().await;
    let before = meter.consumed();
    let tasks = (0..20).map(|number| {
        let shop = shop.clone();
        tokio::spawn(async move { shop.put(&order("c-1", 2024, number)).send().await.unwrap() })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let since: Consumed = meter.consumed().since(&before);
    assert_eq!((since.table, since.requests), (write(20.0), 20));
    assert_eq!(since.since(&since), Consumed::default());
}

#[tokio::test]
async fn a_batch_consumes_what_its_items_do() {
    let (shop, meter) = metered().await;
    let all = [large(1, 10), large(2, 3000), large(3, 900), large(4, 20_000)];
    let units = |order: &Order| write_units(entity_size(order).unwrap());
    let sum: f64 = all.iter().map(units).sum();
    let orders = shop.repository::<Order>();
    let report = orders.batch_write().put_all(&all).send().await.unwrap();
    let consumed = report.consumed().unwrap();
    assert_eq!((consumed.table, consumed.requests), (write(sum), 1));
    assert_eq!(consumed, &meter.reset());
    let own = Meter::new();
    let deletes = orders.batch_write().delete(order_key(2)).delete(order_key(9));
    let report = deletes.put(&all[0]).meter(&own).send().await.unwrap();
    let expected = units(&all[1]) + 1.0 + units(&all[0]);
    assert_eq!((report.consumed().unwrap().table, own.consumed()), (write(expected), meter.reset()));
    let keys = ([order_key(1), order_key(4)], [Customer::key("c-1")]);
    shop.batch_get_mixed(keys).consistent_read().meter(&own).send().await.unwrap();
    let strong = |size| read_units(size, ReadConsistency::Strong);
    let size = |order: &Order| entity_size(order).unwrap();
    assert_eq!(meter.reset().table, read(strong(size(&all[0])) + strong(size(&all[3])) + strong(0)));
    assert_eq!(own.consumed().requests, 2);
    // Without a meter nothing is asked for.
    let shop = self::shop().await;
    assert_eq!(shop.batch_write().put(&all[0]).send().await.unwrap().consumed(), None);
}

#[tokio::test(start_paused = true)]
async fn a_parallel_scan_asks_for_each_page() {
    let (shop, _) = stocked().await;
    let (meter, budget) = (Meter::new(), Budget::builder().reads(1000.0).build().unwrap());
    let scan = || shop.scan::<Order>().page_size(10);
    scan().meter(&meter).try_collect().await.unwrap();
    let whole = meter.reset();
    let orders = scan().budget(&budget).parallel(4).meter(&meter).try_collect().await.unwrap();
    let consumed = meter.reset();
    assert!(!orders.is_empty() && consumed.requests >= whole.requests, "{consumed}");
    assert_eq!(read(1000.0 - budget.available(None).read), consumed.table);

    // With a quarter of a unit each second it takes four seconds for each, but for the burst.
    let (start, slow) = (tokio::time::Instant::now(), Budget::builder().reads(0.25).build().unwrap());
    scan().meter(&meter).parallel(4).budget(&slow).try_collect().await.unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let expected = 4.0 * (meter.reset().table.read + slow.available(None).read) - 1.0;
    assert!((seconds - expected).abs() < 0.01 && seconds > 1.0, "{seconds} s instead of {expected}");
}

#[tokio::test]
async fn transactions_are_metered() {
    let (shop, meter) = metered().await;
    let (small, large) = (large(1, 10), large(2, 3000));
    let size = |order: &Order| entity_size(order).unwrap();
    let twice = |order: &Order| transactional_write_units(size(order));
    shop.transact_write().put(&small).create(&large).check_absent(order_key(3)).send().await.unwrap();
    let written = meter.reset();
    assert_eq!((written.table, written.requests), (write(twice(&small) + twice(&large) + 2.0), 1));
    assert_eq!(written.estimated, Units::default());

    let own = Meter::new();
    let keys = vec![order_key(1), order_key(2), order_key(3)];
    shop.transact_get(keys).meter(&own).send().await.unwrap();
    let of = |bytes| read_units(bytes, ReadConsistency::Transactional);
    assert_eq!(meter.reset().table, read(of(size(&small)) + of(size(&large)) + of(0)));
    assert_eq!(own.consumed().requests, 1);

    // Cancelled: as much as if it had succeeded.
    let update =
        shop.update(order_key(2)).apply(Order::TOTAL.set(5_u64)).condition(Order::TOTAL.gt(1_000_000_u64));
    let canceled = shop.transact_write().put(&small).update(update).check_exists(order_key(3)).send().await;
    assert!(matches!(canceled, Err(Error::TransactionCanceled(_))));
    let canceled = meter.reset();
    assert_eq!(canceled.table, write(twice(&small) + twice(&large) + 2.0));
    assert_eq!((canceled.estimated, canceled.requests), (canceled.table, 1));

    // A write that is a transaction of its own.
    shop.put(&large).transactional().meter(&own).send().await.unwrap();
    assert_eq!(meter.reset().table, write(twice(&large)));
    assert_eq!(own.consumed().requests, 2);
}

#[tokio::test]
async fn a_transaction_costs_twice() {
    let shop = shop().await;
    let item = large(1, 3000);
    let put = aws_sdk_dynamodb::types::Put::builder().table_name("shop");
    let put = put.set_item(Some(dynamap::entity::to_item(&item).unwrap())).build().unwrap();
    let item_of = aws_sdk_dynamodb::types::TransactWriteItem::builder().put(put).build();
    let write = shop.client().transact_write_items().transact_items(item_of);
    let sent = write.return_consumed_capacity(ReturnConsumedCapacity::Indexes).send().await.unwrap();
    let told = sent.consumed_capacity.unwrap()[0].table.clone().unwrap().capacity_units.unwrap();
    assert_eq!(told, transactional_write_units(entity_size(&item).unwrap()));
}

/// The charges of a budget end as what was consumed.
#[tokio::test(start_paused = true)]
async fn a_budget_is_settled() {
    let budget = Budget::builder()
        .reads(1000.0)
        .writes(1000.0)
        .index_writes("gsi1", 1000.0)
        .index_reads("gsi1", 1000.0)
        .build()
        .unwrap();
    let meter = Meter::new();
    let shop = shop().await.with_meter(&meter).with_budget(&budget);
    let orders = shop.repository::<Order>();
    let used = |what: &str| {
        let consumed = meter.reset();
        let local = consumed.local_indexes.values().fold(consumed.table, |sum, units| sum + *units);
        let full = Units { read: 1000.0, write: 1000.0 };
        assert_eq!(full - budget.available(None), local, "{what}");
        assert_eq!(full - budget.available(Some("gsi1")), consumed.index("gsi1"), "{what}");
        consumed
    };
    let refill = || tokio::time::advance(std::time::Duration::from_secs(2));
    for _ in 0..2 {
        orders.put(&large(1, 3000)).send().await.unwrap();
        assert!(used("put").table.write > 1.0);
        refill().await;
        orders.update(order_key(1)).apply(Order::NOTE.set("short")).send().await.unwrap();
        used("update");
        refill().await;
        assert!(orders.create(&large(1, 3000)).send().await.is_err());
        used("failed condition");
        refill().await;
        orders.get(order_key(1)).send().await.unwrap();
        used("get");
        refill().await;
        orders.query(Order::by_status(Status::Open)).project::<OrderNote>().send().await.unwrap();
        used("query of the index");
        refill().await;
        orders.scan().index::<ByTotal>().send().await.unwrap();
        used("scan of the local index");
        refill().await;
        orders.batch_get([order_key(1), order_key(2)]).send().await.unwrap();
        used("batch");
        refill().await;
        orders
            .batch_write()
            .put(&large(2, 2000))
            .put(&large(3, 10))
            .delete(order_key(7))
            .send()
            .await
            .unwrap();
        assert!(used("batch write").table.write > 3.0);
        refill().await;
        let writes = || shop.transact_write().put(&large(2, 2000)).delete(order_key(3));
        writes().send().await.unwrap();
        assert!(used("transaction").table.write > 3.0);
        refill().await;
        assert!(writes().check_exists(order_key(9)).send().await.is_err());
        used("cancelled transaction");
        refill().await;
        shop.transact_get(vec![order_key(1), order_key(2)]).send().await.unwrap();
        assert!(used("transaction that reads").table.read >= 4.0);
        refill().await;
        orders.delete(order_key(1)).send().await.unwrap();
        used("delete");
        refill().await;
    }
}
