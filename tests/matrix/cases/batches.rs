use crate::matrix::{
    case::{CaseFailure, cases, equal},
    context::Context,
    model::{Digest, Digests, Keeper, Order, OrderSummary, Shop, order},
};
use dynamap::{
    Table,
    batch::{BatchWrite, Fetched},
    value::Bytes,
};

cases!("batches":
    many_items_are_put_and_deleted,
    the_last_write_of_a_key_is_applied,
    many_keys_are_read_in_their_order,
    keys_of_several_entities_are_read_at_once,
    a_projection_is_read_by_keys,
    several_tables_are_written_and_read_at_once,
    an_item_that_is_refused_does_not_stop_the_others,
    a_table_that_is_not_there_does_not_stop_the_others,
    more_than_16_mb_are_written,
    more_than_16_mb_are_read [PartialBatch],
);

async fn many_items_are_put_and_deleted(context: Context) -> Result<(), CaseFailure> {
    let orders = context.table.repository::<Order>();
    let all = (1..=60).map(|number| order(&context.shop, number));
    let report = orders.batch_write().put_all(all).send().await?;
    equal("put", (report.written(), report.requests()), (60, 3))?;
    let query = || orders.query(Order::partition(&context.shop)).consistent_read();
    equal("stored", query().count().await?, 60)?;
    let keys = (1..=58).map(|number| Order::key(&context.shop, number));
    let report = orders.batch_write().delete_all(keys).send().await?;
    equal("deleted", report.written(), 58)?;
    equal("left", query().count().await?, 2)
}

async fn the_last_write_of_a_key_is_applied(context: Context) -> Result<(), CaseFailure> {
    let of = |total| Order { total, ..order(&context.shop, 1) };
    let write = context.table.batch_write().put(&of(1)).put(&of(2)).put(&order(&context.shop, 2));
    let writes = [BatchWrite::put(of(3)), BatchWrite::delete(Order::key(&context.shop, 2))];
    let report = write.write_all(writes).send().await?;
    equal("report", (report.written(), report.replaced()), (2, 3))?;
    let found = context.table.query(Order::partition(&context.shop)).consistent_read().try_collect().await?;
    equal("stored", found, vec![of(3)])
}

async fn many_keys_are_read_in_their_order(context: Context) -> Result<(), CaseFailure> {
    let orders = context.table.repository::<Order>();
    let all = (1..=120).filter(|number| number % 10 != 0).map(|number| order(&context.shop, number));
    orders.batch_write().put_all(all).send().await?;
    let keys = (1..=120).rev().map(|number| Order::key(&context.shop, number));
    let fetched = orders.batch_get(keys).consistent_read().send().await?;
    let found = fetched.into_iter().map(|fetched| fetched.found().map(|order| order.number));
    let expected = (1..=120).rev().map(|number| (number % 10 != 0).then_some(number));
    equal("numbers", found.collect::<Vec<_>>(), expected.collect::<Vec<_>>())
}

async fn keys_of_several_entities_are_read_at_once(context: Context) -> Result<(), CaseFailure> {
    let (table, shop) = (&context.table, &context.shop);
    let keeper = Keeper { shop: shop.clone(), name: "Ada".into() };
    table.batch_write().put(&keeper).put(&order(shop, 1)).send().await?;
    let keys = ([Keeper::key(shop)], [Order::key(shop, 1), Order::key(shop, 2)]);
    let (keepers, orders) = table.batch_get_mixed(keys).consistent_read().send().await?;
    equal("keepers", keepers, vec![Fetched::Found(keeper)])?;
    let orders: Vec<_> = orders.into_iter().map(Fetched::found).collect();
    equal("orders", orders, [Some(order(shop, 1)), None])
}

async fn a_projection_is_read_by_keys(context: Context) -> Result<(), CaseFailure> {
    let orders = context.table.repository::<Order>();
    orders.batch_write().put_all((1..=5).map(|number| order(&context.shop, number))).send().await?;
    let get = orders.batch_get((1..=5).map(|number| Order::key(&context.shop, number)));
    let fetched = get.project::<OrderSummary>().consistent_read().send().await?;
    let totals = fetched.into_iter().filter_map(Fetched::found).map(|summary| summary.total);
    equal("totals", totals.collect::<Vec<_>>(), [10, 20, 30, 40, 50])
}

async fn several_tables_are_written_and_read_at_once(context: Context) -> Result<(), CaseFailure> {
    let digests: Table<Digests> = context.own_table().await?;
    let digest = |group| Digest { group, digest: Bytes(vec![1]), size: 7 };
    let write = context.table.batch_write().put(&order(&context.shop, 1));
    let report = write.and(digests.batch_write().put(&digest(1)).put(&digest(2))).send().await?;
    equal("report", (report.written(), report.requests()), (3, 1))?;
    let get = context.table.batch_get([Order::key(&context.shop, 1)]).consistent_read();
    let others =
        digests.batch_get([1, 2, 3].map(|group| Digest::key(group, Bytes(vec![1])))).consistent_read();
    let (orders, others) = get.and(others).send().await?;
    equal("orders", orders, vec![Fetched::Found(order(&context.shop, 1))])?;
    let others: Vec<_> = others.into_iter().map(Fetched::found).collect();
    equal("digests", others, vec![Some(digest(1)), Some(digest(2)), None])
}

/// The engine refuses the whole request, and dynamap divides it.
async fn an_item_that_is_refused_does_not_stop_the_others(context: Context) -> Result<(), CaseFailure> {
    let long = "x".repeat(3_000);
    let of = |number| order(if number == 4 { &long } else { &context.shop }, number);
    let report = context.table.repository::<Order>().batch_write().put_all((1..=9).map(of)).report().await;
    equal("report", (report.written(), report.not_written_count()), (8, 1))?;
    let count = context.table.query(Order::partition(&context.shop)).consistent_read().count().await?;
    equal("stored", count, 8)
}

async fn a_table_that_is_not_there_does_not_stop_the_others(context: Context) -> Result<(), CaseFailure> {
    let absent: Table<Shop> = context.named();
    let write = context.table.batch_write().put(&order(&context.shop, 1)).put(&order(&context.shop, 2));
    let report = write.and(absent.batch_write().put(&order(&context.shop, 3))).report().await;
    equal("report", (report.written(), report.not_written_count()), (2, 1))?;
    let count = context.table.query(Order::partition(&context.shop)).consistent_read().count().await?;
    equal("stored", count, 2)
}

fn large(shop: &str, number: u32) -> Order {
    Order { note: Some("x".repeat(390_000)), status: None, ..order(shop, number) }
}

async fn more_than_16_mb_are_written(context: Context) -> Result<(), CaseFailure> {
    let orders = context.own_table::<Shop>().await?.repository::<Order>();
    let all = (1..=48).map(|number| large(&context.shop, number));
    let report = orders.batch_write().put_all(all).send().await?;
    equal("report", report.written(), 48)?;
    let last = orders.get(Order::key(&context.shop, 48)).consistent_read().await?;
    equal("last", last.as_ref(), Some(&large(&context.shop, 48)))
}

async fn more_than_16_mb_are_read(context: Context) -> Result<(), CaseFailure> {
    let orders = context.own_table::<Shop>().await?.repository::<Order>();
    let all = (1..=48).map(|number| large(&context.shop, number));
    orders.batch_write().put_all(all).send().await?;
    let keys = || (1..=48).map(|number| Order::key(&context.shop, number));
    let response = orders.batch_get(keys()).into_sdk()?.send().await?;
    let some = response.unprocessed_keys().is_some_and(|keys| !keys.is_empty());
    equal("a response has some of them", some, true)?;
    let fetched = orders.batch_get(keys()).consistent_read().send().await?;
    let found = fetched.iter().filter(|fetched| !fetched.is_absent()).count();
    equal("all", found, 48)
}
