use crate::matrix::{
    case::{CaseFailure, cases, equal},
    context::Context,
    model::{Keeper, Order, Shop, ShopItem, order},
};
use dynamap::{Table, cursor::ParallelCursor};
use serde_json::Value;
use std::collections::BTreeSet;

cases!("scans":
    a_scan_reads_each_item_once,
    a_scan_takes_filters_pages_and_cursors,
    segments_read_each_item_once,
    segments_continue_after_a_cursor,
    a_collection_of_the_table_is_scanned,
    a_dump_is_loaded_into_another_table,
);

/// A table with orders of several shops, and a keeper.
async fn stocked(context: &Context) -> Result<Table<Shop>, CaseFailure> {
    let table = context.own_table::<Shop>().await?;
    let orders = (1..=60).map(|number| order(&format!("shop {}", number % 7), number));
    table.repository::<Order>().batch_write().put_all(orders).send().await?;
    table.put(&Keeper { shop: "shop 1".into(), name: "Ada".into() }).await?;
    Ok(table)
}

fn numbers(orders: &[Order]) -> BTreeSet<u32> {
    orders.iter().map(|order| order.number).collect()
}

/// Each number once.
fn once(step: &str, orders: &[Order], expected: impl IntoIterator<Item = u32>) -> Result<(), CaseFailure> {
    equal(step, (orders.len(), numbers(orders)), (numbers(orders).len(), expected.into_iter().collect()))
}

async fn a_scan_reads_each_item_once(context: Context) -> Result<(), CaseFailure> {
    let table = stocked(&context).await?;
    once("orders", &table.scan::<Order>().consistent_read().try_collect().await?, 1..=60)?;
    equal("keepers", table.scan::<Keeper>().consistent_read().try_collect().await?.len(), 1)?;
    equal("number", table.scan::<Order>().consistent_read().count().await?, 60)
}

async fn a_scan_takes_filters_pages_and_cursors(context: Context) -> Result<(), CaseFailure> {
    let table = stocked(&context).await?;
    let scan = || table.scan::<Order>().filter(Order::TOTAL.gt(200)).consistent_read();
    once("small pages", &scan().page_size(7).try_collect().await?, 21..=60)?;
    let first = scan().limit(15).send().await?;
    equal("first", first.items.len(), 15)?;
    let mut all = first.items;
    all.extend(scan().start_after(first.cursor).try_collect().await?);
    once("continued", &all, 21..=60)
}

async fn segments_read_each_item_once(context: Context) -> Result<(), CaseFailure> {
    let table = stocked(&context).await?;
    for segments in [1, 3, 8] {
        let scan = || table.scan::<Order>().consistent_read().page_size(5).parallel(segments);
        once("orders", &scan().try_collect().await?, 1..=60)?;
        equal("number", scan().count().await?, 60)?;
    }
    Ok(())
}

async fn segments_continue_after_a_cursor(context: Context) -> Result<(), CaseFailure> {
    let table = stocked(&context).await?;
    let scan = || table.scan::<Order>().consistent_read().page_size(3).parallel(4);
    let mut items = scan().items()?;
    let mut all = Vec::new();
    while all.len() < 25 {
        let Some(order) = items.next().await else { break };
        all.push(order?);
    }
    let cursor: ParallelCursor = items.cursor().to_string().parse()?;
    all.extend(scan().start_after(cursor).try_collect().await?);
    once("all", &all, 1..=60)
}

async fn a_collection_of_the_table_is_scanned(context: Context) -> Result<(), CaseFailure> {
    let table = stocked(&context).await?;
    let items = table.scan::<ShopItem>().consistent_read().try_collect().await?;
    let keepers = items.iter().filter(|item| matches!(item, ShopItem::Keeper(_))).count();
    equal("items", (items.len(), keepers), (61, 1))
}

async fn a_dump_is_loaded_into_another_table(context: Context) -> Result<(), CaseFailure> {
    let table = stocked(&context).await?;
    let mut file = Vec::new();
    let dump = table.dump(&mut file).segments(4).consistent_read().send().await?;
    equal("dumped", dump.items(), 61)?;
    let copy = context.own_table::<Shop>().await?;
    let load = copy.load(&file[..]).send().await?;
    equal("loaded", (load.lines(), load.written()), (61, 61))?;
    let mut again = Vec::new();
    copy.dump(&mut again).segments(3).consistent_read().send().await?;
    let lines = |file: &[u8]| -> Result<Vec<Value>, CaseFailure> {
        let lines = std::str::from_utf8(file)?.lines();
        let mut items = lines.map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
        items.sort_by_key(|line| [&line["Item"]["pk"], &line["Item"]["sk"]].map(Value::to_string));
        Ok(items)
    };
    equal("the same items", lines(&again)?, lines(&file)?)
}
