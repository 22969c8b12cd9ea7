use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::{Line, Order, order},
};
use dynamap::{Error, error::ServiceErrorKind, expr::Update, value::Number};
use std::collections::BTreeSet;

cases!("updates":
    attributes_are_set_and_removed,
    numbers_are_counted,
    numbers_are_computed_with_38_digits,
    sets_gain_and_lose_members,
    the_last_member_takes_the_set_with_it,
    lists_grow_at_both_ends,
    members_of_lists_are_set_and_removed,
    members_of_maps_are_set_and_removed,
    a_value_is_taken_unless_there_is_one,
    values_are_those_before_the_update,
    an_update_needs_the_item,
    an_upsert_creates_the_item,
    an_update_returns_the_new_item,
    an_update_returns_the_old_item,
    an_update_returns_what_it_changed,
    an_upsert_returns_nothing_old,
    a_computation_without_a_number_is_refused,
    a_path_without_its_document_is_refused,
    counts_of_many_writers_are_all_counted,
);

/// Puts an order, applies an update to it, and returns it.
async fn updated(context: &Context, before: &Order, update: Update<Order>) -> Result<Order, CaseFailure> {
    context.table.put(before).await?;
    context.table.update(before.to_key()).apply(update).await?;
    given("order", context.table.get(before).consistent_read().await?)
}

/// The order with something in every attribute.
fn full(shop: &str) -> Order {
    let line = |pieces| Line { article: format!("article {pieces}"), pieces };
    Order {
        note: Some("fragile".into()),
        day: Some(9),
        lines: (0..3).map(line).collect(),
        labels: ["a", "b"].map(String::from).into(),
        prices: [("eur".to_owned(), 5_u8.into()), ("x.y".to_owned(), 6_u8.into())].into(),
        ..order(shop, 7)
    }
}

async fn attributes_are_set_and_removed(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    let lines = || vec![Line { article: "new".into(), pieces: 9 }];
    let update = Order::TOTAL.set(8_u64).and(Order::LINES.set(lines())).and(Order::NOTE.remove());
    let after = updated(&context, &before, update).await?;
    equal("order", after, Order { total: 8, lines: lines(), note: None, ..before })
}

async fn numbers_are_counted(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    let update = Order::TOTAL.add(5_u64).and(Order::NUMBER_OF_CHECKS.add(1_u32));
    let after = updated(&context, &before, update).await?;
    equal("order", after, Order { total: before.total + 5, number_of_checks: Some(1), ..before })
}

async fn numbers_are_computed_with_38_digits(context: Context) -> Result<(), CaseFailure> {
    let mut price: Number = "12345678901234567890123456789012345678".parse()?;
    let before = Order { prices: [("eur".to_owned(), price)].into(), ..full(&context.shop) };
    let eur = || Order::PRICES.key("eur");
    let after = updated(&context, &before, eur().set(eur() + Number::from(1_u8))).await?;
    price = "12345678901234567890123456789012345679".parse()?;
    equal("integer", after.prices.get("eur"), Some(&price))?;
    let before = Order { prices: [("eur".to_owned(), "0.1".parse()?)].into(), ..before };
    let after = updated(&context, &before, eur().set(eur() + "0.2".parse::<Number>()?)).await?;
    equal("fraction", after.prices.get("eur"), Some(&"0.3".parse()?))?;
    let after = updated(&context, &before, eur().set(eur() - "1E-37".parse::<Number>()?)).await?;
    let expected = "0.0999999999999999999999999999999999999".parse()?;
    equal("difference", after.prices.get("eur"), Some(&expected))
}

fn labels(labels: &[&str]) -> BTreeSet<String> {
    labels.iter().copied().map(String::from).collect()
}

async fn sets_gain_and_lose_members(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    let after = updated(&context, &before, Order::LABELS.add(["c", "a"])).await?;
    equal("gained", after.labels, labels(&["a", "b", "c"]))?;
    let after = updated(&context, &before, Order::LABELS.delete(["b", "z"])).await?;
    equal("lost", after.labels, labels(&["a"]))?;
    let empty = Order { labels: BTreeSet::new(), ..before };
    let after = updated(&context, &empty, Order::LABELS.add(["c"])).await?;
    equal("begun", after.labels, labels(&["c"]))
}

async fn the_last_member_takes_the_set_with_it(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    let after = updated(&context, &before, Order::LABELS.delete(["a", "b"])).await?;
    equal("labels", after.labels, labels(&[]))?;
    let gone = context.table.update(before.to_key()).apply(Order::TOTAL.set(1_u64));
    gone.condition(Order::LABELS.not_exists()).await?;
    Ok(())
}

async fn lists_grow_at_both_ends(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    let line = |pieces| Line { article: "new".into(), pieces };
    let pieces = |order: Order| order.lines.iter().map(|line| line.pieces).collect::<Vec<_>>();
    let after = updated(&context, &before, Order::LINES.append([line(8), line(9)])).await?;
    equal("appended", pieces(after), [0, 1, 2, 8, 9])?;
    let after = updated(&context, &before, Order::LINES.prepend([line(8), line(9)])).await?;
    equal("prepended", pieces(after), [8, 9, 0, 1, 2])
}

async fn members_of_lists_are_set_and_removed(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    let pieces = |order: Order| order.lines.iter().map(|line| line.pieces).collect::<Vec<_>>();
    let second = || Order::LINES.index(1);
    let after = updated(&context, &before, second().field(Line::PIECES).set(40_u32)).await?;
    equal("set inside", pieces(after), [0, 40, 2])?;
    let after = updated(&context, &before, second().remove().and(Order::LINES.index(0).remove())).await?;
    equal("removed", pieces(after), [2])?;
    // Behind the end is the end.
    let new = Line { article: "new".into(), pieces: 9 };
    let after = updated(&context, &before, Order::LINES.index(50).set(new)).await?;
    equal("appended", pieces(after), [0, 1, 2, 9])
}

async fn members_of_maps_are_set_and_removed(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    let update = Order::PRICES.key("nok").set(Number::from(7_u8)).and(Order::PRICES.key("x.y").remove());
    let after = updated(&context, &before, update).await?;
    let prices = [("eur".to_owned(), 5_u8.into()), ("nok".to_owned(), 7_u8.into())].into();
    equal("order", after, Order { prices, ..before })
}

async fn a_value_is_taken_unless_there_is_one(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    let update = || Order::NOTE.set_if_not_exists("new").and(Order::NUMBER_OF_CHECKS.add_or(10_u32, 5_u32));
    let after = updated(&context, &before, update()).await?;
    equal("kept", (after.note.as_deref(), after.number_of_checks), (Some("fragile"), Some(15)))?;
    let before = Order { note: None, number_of_checks: Some(1), ..before };
    let after = updated(&context, &before, update()).await?;
    equal("taken", (after.note.as_deref(), after.number_of_checks), (Some("new"), Some(6)))
}

async fn values_are_those_before_the_update(context: Context) -> Result<(), CaseFailure> {
    let before = Order { number_of_checks: Some(3), ..full(&context.shop) };
    let update = Order::NUMBER_OF_CHECKS.set(Order::NUMBER).and(Order::TOTAL.set(Order::TOTAL + 1_u64));
    let after = updated(&context, &before, update).await?;
    equal("order", after, Order { number_of_checks: Some(7), total: 71, ..before })
}

async fn an_update_needs_the_item(context: Context) -> Result<(), CaseFailure> {
    let (table, order) = (&context.table, order(&context.shop, 1));
    let update = table.update(order.to_key()).apply(Order::TOTAL.set(1_u64)).await;
    refused("update", update, |error| matches!(error, Error::ConditionFailed(_)))?;
    equal("no item was made", table.exists(&order).consistent_read().await?, false)
}

async fn an_upsert_creates_the_item(context: Context) -> Result<(), CaseFailure> {
    let (table, new) = (&context.table, order(&context.shop, 1));
    let upsert = || {
        let lines = Order::LINES.set(vec![]).and(Order::PRICES.set(new.prices.clone()));
        table.upsert(new.to_key()).apply(lines.and(Order::TOTAL.add(10_u64)))
    };
    upsert().await?;
    let created = given("created", table.get(&new).consistent_read().await?)?;
    equal("created", created, Order { status: None, ..new.clone() })?;
    upsert().await?;
    let updated = given("updated", table.get(&new).consistent_read().await?)?;
    equal("updated", updated.total, 20)
}

async fn an_update_returns_the_new_item(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    context.table.put(&before).await?;
    let after = context.table.update(before.to_key()).apply(Order::TOTAL.add(1_u64)).return_new().await?;
    equal("new", after, Order { total: 71, ..before })
}

async fn an_update_returns_the_old_item(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    context.table.put(&before).await?;
    let old = context.table.update(before.to_key()).apply(Order::TOTAL.add(1_u64)).return_old().await?;
    equal("old", old, Some(before))
}

async fn an_update_returns_what_it_changed(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    context.table.put(&before).await?;
    let update =
        || context.table.update(before.to_key()).apply(Order::TOTAL.add(1_u64).and(Order::NOTE.set("x")));
    let new = update().return_updated_new().await?;
    equal("new", (new.get(Order::TOTAL)?, new.get(Order::NOTE)?), (Some(71), Some(Some("x".to_owned()))))?;
    equal("not changed", new.get(Order::DAY)?, None)?;
    let old = update().return_updated_old().await?;
    equal("old", old.get(Order::TOTAL)?, Some(71))
}

async fn an_upsert_returns_nothing_old(context: Context) -> Result<(), CaseFailure> {
    let key = Order::key(&context.shop, 1);
    let old = context.table.upsert(key).apply(Order::TOTAL.add(1_u64)).return_old().await?;
    equal("old", old, None)
}

fn is_invalid(error: &Error) -> bool {
    matches!(error, Error::Service(error) if error.kind() == ServiceErrorKind::Validation)
}

async fn a_computation_without_a_number_is_refused(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    context.table.put(&before).await?;
    let update = context.table.update(before.to_key());
    let absent = update.apply(Order::NUMBER_OF_CHECKS.set(Order::NUMBER_OF_CHECKS + 1_u32)).await;
    refused("absent", absent, is_invalid)?;
    let stored = context.table.get(&before).consistent_read().await?;
    equal("it stays", stored, Some(before))
}

async fn a_path_without_its_document_is_refused(context: Context) -> Result<(), CaseFailure> {
    let before = Order { lines: vec![], ..full(&context.shop) };
    context.table.put(&before).await?;
    let inside = Order::LINES.index(0).field(Line::PIECES).set(1_u32);
    let update = context.table.update(before.to_key()).apply(inside).await;
    refused("no such line", update, is_invalid)?;
    Ok(())
}

async fn counts_of_many_writers_are_all_counted(context: Context) -> Result<(), CaseFailure> {
    let before = full(&context.shop);
    context.table.put(&before).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (table, key) = (context.table.clone(), before.to_key());
        tasks.spawn(async move {
            for _ in 0..8 {
                table.update(key.clone()).apply(Order::TOTAL.add(1_u64)).await?;
            }
            Ok::<(), Error>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let after = context.table.get(&before).consistent_read().await?;
    equal("total", after.map(|order| order.total), Some(70 + 64))
}
