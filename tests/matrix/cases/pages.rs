use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::{Order, order},
};
use dynamap::{Cursor, Error, capacity::entity_size};

cases!("pages":
    a_limit_counts_the_items_that_are_returned,
    a_cursor_continues_after_its_page,
    a_cursor_goes_through_text_and_backwards,
    a_cursor_of_another_query_is_refused,
    a_cursor_outlives_its_item,
    a_page_ends_at_1_mb,
    a_page_ends_at_1_mb_before_the_filter,
);

async fn stocked(context: &Context, count: u32, bytes: usize) -> Result<(), CaseFailure> {
    let note = (bytes > 0).then(|| "x".repeat(bytes));
    let of = |number| Order { note: note.clone(), ..order(&context.shop, number) };
    context.table.repository::<Order>().batch_write().put_all((1..=count).map(of)).send().await?;
    Ok(())
}

fn numbers(orders: &[Order]) -> Vec<u32> {
    orders.iter().map(|order| order.number).collect()
}

macro_rules! query {
    ($context:expr) => {
        $context.table.query(Order::partition(&$context.shop)).consistent_read()
    };
}

async fn a_limit_counts_the_items_that_are_returned(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 30, 0).await?;
    let odd = || query!(context).filter(Order::TOTAL.is_in((1..30).step_by(2).map(|number| number * 10)));
    let page = odd().limit(6).send().await?;
    equal("limit", numbers(&page.items), [1, 3, 5, 7, 9, 11])?;
    equal("more", page.cursor.is_some(), true)?;
    let page = odd().page_size(4).limit(3).send().await?;
    equal("pages of four", numbers(&page.items), [1, 3, 5])?;
    equal("all", numbers(&odd().page_size(4).try_collect().await?).len(), 15)
}

async fn a_cursor_continues_after_its_page(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 10, 0).await?;
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
    stocked(&context, 10, 0).await?;
    let page = query!(context).descending().limit(3).send().await?;
    let text = given("cursor", page.cursor)?.to_string();
    let cursor: Cursor = text.parse()?;
    let page = query!(context).descending().limit(3).start_after(cursor).send().await?;
    equal("next", numbers(&page.items), [7, 6, 5])
}

async fn a_cursor_of_another_query_is_refused(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 10, 0).await?;
    let cursor = query!(context).limit(3).send().await?.cursor;
    let other = context.table.query(Order::partition("another shop")).start_after(cursor.clone());
    refused("another partition", other.send().await, |error| matches!(error, Error::Cursor(_)))?;
    let other = context.table.query(Order::by_total(&context.shop)).keys().start_after(cursor);
    refused("another index", other.send().await, |error| matches!(error, Error::Cursor(_)))?;
    Ok(())
}

async fn a_cursor_outlives_its_item(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 10, 0).await?;
    let cursor = query!(context).limit(3).send().await?.cursor;
    context.table.delete(Order::key(&context.shop, 3)).await?;
    let page = query!(context).limit(3).start_after(cursor).send().await?;
    equal("next", numbers(&page.items), [4, 5, 6])
}

async fn a_page_ends_at_1_mb(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 15, 100_000).await?;
    let page = query!(context).send().await?;
    let bytes = page.items.iter().map(entity_size).sum::<Result<usize, _>>()?;
    equal("items", numbers(&page.items), (1..=10).collect::<Vec<_>>())?;
    equal("bytes", (800_000..=1 << 20).contains(&bytes), true)?;
    equal("all", numbers(&query!(context).try_collect().await?), (1..=15).collect::<Vec<_>>())?;
    equal("number", query!(context).count().await?, 15)
}

async fn a_page_ends_at_1_mb_before_the_filter(context: Context) -> Result<(), CaseFailure> {
    stocked(&context, 15, 100_000).await?;
    let last = || query!(context).filter(Order::TOTAL.eq(150));
    let all = query!(context).into_sdk()?.send().await?;
    let page = last().into_sdk()?.send().await?;
    equal("first page", (page.count(), page.scanned_count()), (0, all.scanned_count()))?;
    equal("more", page.last_evaluated_key().is_some(), true)?;
    equal("found", numbers(&last().try_collect().await?), [15])
}
