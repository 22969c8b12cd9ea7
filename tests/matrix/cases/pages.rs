use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::{Order, Shop, order},
};
use dynamap::{Cursor, Error, Table};

cases!("pages":
    a_limit_counts_the_items_that_are_returned,
    a_cursor_continues_after_its_page,
    a_cursor_goes_through_text_and_backwards,
    a_cursor_of_another_query_is_refused,
    a_cursor_outlives_its_item,
    a_page_ends_at_1_mb,
    a_page_ends_at_1_mb_before_the_filter,
);

async fn stocked(context: &Context, count: u32) -> Result<(), CaseFailure> {
    let orders = (1..=count).map(|number| order(&context.shop, number));
    context.table.repository::<Order>().batch_write().put_all(orders).send().await?;
    Ok(())
}

/// A table with 15 orders of 100 KB.
async fn stocked_with_large(context: &Context) -> Result<Table<Shop>, CaseFailure> {
    let table = context.own_table().await?;
    let of = |number| Order { note: Some("x".repeat(100_000)), ..order(&context.shop, number) };
    table.repository::<Order>().batch_write().put_all((1..=15).map(of)).send().await?;
    Ok(table)
}

fn numbers(orders: &[Order]) -> Vec<u32> {
    orders.iter().map(|order| order.number).collect()
}

macro_rules! query {
    ($context:expr) => {
        query!($context, $context.table)
    };
    ($context:expr, $table:expr) => {
        $table.query(Order::partition(&$context.shop)).consistent_read()
    };
}

async fn a_limit_counts_the_items_that_are_returned(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 30).await?;
    let odd = || query!(context).filter(Order::TOTAL.is_in((1..30).step_by(2).map(|number| number * 10)));
    let page = odd().limit(6).send().await?;
    equal("limit", numbers(&page.items), [1, 3, 5, 7, 9, 11])?;
    equal("more", page.cursor.is_some(), true)?;
    let page = odd().page_size(4).limit(3).send().await?;
    equal("pages of four", numbers(&page.items), [1, 3, 5])?;
    equal("all", numbers(&odd().page_size(4).try_collect().await?).len(), 15)
}

async fn a_cursor_continues_after_its_page(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 10).await?;
    let (mut cursor, mut pages) = (None, Vec::new());
    loop {
        let page = query!(context).limit(4).start_after(cursor).send().await?;
        pages.push(numbers(&page.items));
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    pages.retain(|page| !page.is_empty());
    equal("pages", pages, [vec![1, 2, 3, 4], vec![5, 6, 7, 8], vec![9, 10]])
}

async fn a_cursor_goes_through_text_and_backwards(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 10).await?;
    let page = query!(context).descending().limit(3).send().await?;
    let text = given("cursor", page.cursor)?.to_string();
    let cursor: Cursor = text.parse()?;
    let page = query!(context).descending().limit(3).start_after(cursor).send().await?;
    equal("next", numbers(&page.items), [7, 6, 5])
}

async fn a_cursor_of_another_query_is_refused(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 10).await?;
    let cursor = query!(context).limit(3).send().await?.cursor;
    let other = context.table.query(Order::partition("another shop")).start_after(cursor.clone());
    refused("another partition", other.send().await, |error| matches!(error, Error::Cursor(_)))?;
    let other = context.table.query(Order::by_total(&context.shop)).keys().start_after(cursor);
    refused("another index", other.send().await, |error| matches!(error, Error::Cursor(_)))?;
    Ok(())
}

async fn a_cursor_outlives_its_item(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 10).await?;
    let cursor = query!(context).limit(3).send().await?.cursor;
    context.table.delete(Order::key(&context.shop, 3)).await?;
    let page = query!(context).limit(3).start_after(cursor).send().await?;
    equal("next", numbers(&page.items), [4, 5, 6])
}

async fn a_page_ends_at_1_mb(context: Context) -> Result<(), CaseFailure> {
    let table = stocked_with_large(&context).await?;
    let page = query!(context, table).send().await?;
    // DynamoDB does not document whether the item that passes the limit is in the page.
    equal("items", (9..=11).contains(&page.items.len()), true)?;
    equal("more", page.cursor.is_some(), true)?;
    equal("all", numbers(&query!(context, table).try_collect().await?), (1..=15).collect::<Vec<_>>())?;
    equal("number", query!(context, table).count().await?, 15)
}

async fn a_page_ends_at_1_mb_before_the_filter(context: Context) -> Result<(), CaseFailure> {
    let table = stocked_with_large(&context).await?;
    let last = || query!(context, table).filter(Order::TOTAL.eq(150));
    let all = query!(context, table).into_sdk()?.send().await?;
    let page = last().into_sdk()?.send().await?;
    equal("first page", (page.count(), page.scanned_count()), (0, all.scanned_count()))?;
    equal("more", page.last_evaluated_key().is_some(), true)?;
    equal("found", numbers(&last().try_collect().await?), [15])
}
