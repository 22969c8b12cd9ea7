use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::{Keeper, Order, OrderSummary, ShopItem, ShopPage, Status, order},
};
use dynamap::{Entity, Error, Table, TableSchema};

cases!("queries":
    a_partition_is_read_in_the_order_of_its_keys,
    ranges_of_the_sort_key_are_read,
    texts_sort_by_their_bytes,
    numbers_sort_by_their_values,
    the_first_the_only_and_the_number_are_found,
    a_filter_leaves_out_what_it_does_not_match,
    a_projection_reads_some_attributes,
    an_item_collection_is_assembled,
    an_item_collection_is_read_in_its_order,
    an_empty_partition_has_nothing,
);

async fn stocked(
    context: &Context,
    numbers: impl IntoIterator<Item = u32>,
) -> Result<Vec<Order>, CaseFailure> {
    let mut orders = Vec::new();
    for number in numbers {
        orders.push(order(&context.shop, number));
    }
    context.table.repository::<Order>().batch_write().put_all(orders.clone()).send().await?;
    orders.sort_by_key(|order| order.number);
    Ok(orders)
}

async fn a_partition_is_read_in_the_order_of_its_keys(context: Context) -> Result<(), CaseFailure> {
    let mut orders = stocked(&context, [30, 2, 100, 7]).await?;
    let query = || context.table.query(Order::partition(&context.shop)).consistent_read();
    equal("ascending", query().try_collect().await?, orders.clone())?;
    orders.reverse();
    equal("descending", query().descending().try_collect().await?, orders)
}

async fn ranges_of_the_sort_key_are_read(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 1..=9).await?;
    context.table.put(&Keeper { shop: context.shop.clone(), name: "Ada".into() }).await?;
    let partition = || Order::partition(&context.shop);
    for (condition, expected) in [
        (partition().number(4..=4), 4..=4),
        (partition().number(..3), 1..=2),
        (partition().number(..=3), 1..=3),
        (partition().number(7..), 7..=9),
        (partition().number(3..6), 3..=5),
        (partition().number(3..=6), 3..=6),
    ] {
        let step = format!("{condition:?}");
        let found = context.table.query(condition).consistent_read().try_collect().await?;
        let found: Vec<u32> = found.iter().map(|order| order.number).collect();
        equal(&step, found, expected.collect::<Vec<_>>())?;
    }
    Ok(())
}

#[derive(TableSchema)]
#[dynamap(partition_key = "group", sort_key = "text", entity_type = none)]
struct Texts;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Texts, pk = group, sk = text)]
struct Text {
    group: String,
    text: String,
}

async fn texts_sort_by_their_bytes(context: Context) -> Result<(), CaseFailure> {
    let texts: Table<Texts> = context.own_table().await?;
    // UTF-16 would have the last two the other way round.
    let sorted = ["!", "A", "Z", "a", "aa", "z", "é", "\u{ffff}", "\u{1f600}"];
    for text in sorted.iter().rev() {
        texts.create(&Text { group: "g".into(), text: (*text).into() }).await?;
    }
    let found = texts.query(Text::partition("g")).consistent_read().try_collect().await?;
    equal("all", found.iter().map(|text| &*text.text).collect::<Vec<_>>(), sorted)?;
    let found =
        texts.query(Text::partition("g").text_begins_with("a")).consistent_read().try_collect().await?;
    equal("beginning", found.iter().map(|text| &*text.text).collect::<Vec<_>>(), ["a", "aa"])?;
    let found = texts.query(Text::partition("g").text("\u{e9}"..)).consistent_read().try_collect().await?;
    equal("range", found.iter().map(|text| &*text.text).collect::<Vec<_>>(), ["é", "\u{ffff}", "\u{1f600}"])
}

async fn numbers_sort_by_their_values(context: Context) -> Result<(), CaseFailure> {
    let totals = [0, 9, 10, 100, 1 << 40, u64::MAX];
    for (number, total) in (1..).zip(totals.iter().rev()) {
        context.table.put(&Order { total: *total, ..order(&context.shop, number) }).await?;
    }
    let by_total = |range| context.table.query(range).keys().consistent_read();
    let found = by_total(Order::by_total(&context.shop).total(0..)).try_collect().await?;
    let expected: Vec<_> = (1..=6).rev().map(|number| Order::key(&context.shop, number)).collect();
    equal("all", &found[..], &expected[..])?;
    let found = by_total(Order::by_total(&context.shop).total(10..=100)).try_collect().await?;
    equal("range", &found[..], &expected[2..4])
}

async fn the_first_the_only_and_the_number_are_found(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 1..=12).await?;
    let query = || context.table.query(Order::partition(&context.shop)).consistent_read();
    let first = query().descending().first().await?;
    equal("first", first.map(|order| order.number), Some(12))?;
    refused("one", query().one().await, |error| matches!(error, Error::MoreThanOne(_)))?;
    equal("number", query().count().await?, 12)?;
    equal("number", query().filter(Order::TOTAL.gt(100)).count().await?, 2)?;
    let one = context.table.query(Order::partition(&context.shop).number(3)).one().await?;
    equal("one", one.map(|order| order.number), Some(3))
}

async fn a_filter_leaves_out_what_it_does_not_match(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 1..=12).await?;
    let query = context.table.query(Order::partition(&context.shop)).consistent_read();
    let filter = Order::TOTAL.between(20, 90) & Order::STATUS.eq(Status::Open) & !Order::TOTAL.eq(50);
    let found = query.filter(filter).page_size(5).try_collect().await?;
    let numbers: Vec<u32> = found.iter().map(|order| order.number).collect();
    equal("numbers", numbers, [2, 3, 4, 6, 7, 8, 9])
}

async fn a_projection_reads_some_attributes(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 1..=3).await?;
    let query = context.table.query(Order::partition(&context.shop)).project::<OrderSummary>();
    let found = query.consistent_read().try_collect().await?;
    let summary = |total| OrderSummary { total, lines: vec![] };
    equal("query", found, [10, 20, 30].map(summary))?;
    let get = context.table.get(Order::key(&context.shop, 2)).project::<OrderSummary>();
    equal("get", get.consistent_read().await?, Some(summary(20)))
}

async fn an_item_collection_is_assembled(context: Context) -> Result<(), CaseFailure> {
    let orders = stocked(&context, 1..=3).await?;
    let keeper = Keeper { shop: context.shop.clone(), name: "Ada".into() };
    context.table.put(&keeper).await?;
    let page = context.table.query(ShopPage::partition(&context.shop)).consistent_read().assemble().await?;
    equal("page", page, ShopPage { keeper, orders })
}

async fn an_item_collection_is_read_in_its_order(context: Context) -> Result<(), CaseFailure> {
    let orders = stocked(&context, 1..=3).await?;
    let keeper = Keeper { shop: context.shop.clone(), name: "Ada".into() };
    context.table.put(&keeper).await?;
    let items =
        context.table.query(ShopItem::partition(&context.shop)).consistent_read().try_collect().await?;
    let mut expected = vec![ShopItem::Keeper(keeper)];
    expected.extend(orders.into_iter().map(ShopItem::Order));
    equal("items", items, expected)?;
    let one = context.table.get_member::<ShopItem>(Order::key(&context.shop, 2)).consistent_read().await?;
    let one = given("member", one)?;
    equal("member", matches!(one, ShopItem::Order(order) if order.number == 2), true)
}

async fn an_empty_partition_has_nothing(context: Context) -> Result<(), CaseFailure> {
    let query = || context.table.query(Order::partition(&context.shop)).consistent_read();
    let page = query().send().await?;
    equal("page", (page.items, page.cursor.is_none()), (vec![], true))?;
    equal("first", query().first().await?, None)?;
    equal("number", query().count().await?, 0)?;
    Ok(())
}
