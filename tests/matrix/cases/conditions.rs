use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::{Line, Order, Status, order},
};
use dynamap::{
    Error,
    expr::Condition,
    outcome::ConditionFailure,
    value::{DataType, Number},
};
use std::collections::BTreeSet;

cases!("conditions":
    comparisons_select_what_they_say,
    functions_select_what_they_say,
    nested_attributes_are_reached,
    attributes_are_compared_with_attributes,
    absent_attributes_are_equal_to_nothing,
    operators_bind_as_they_should,
    a_hundred_values_are_compared_at_once,
    three_hundred_operators_are_taken,
    a_failed_condition_tells_the_item [FailedConditionItem],
    a_failed_condition_tells_no_item_where_there_is_none,
    a_failed_condition_changes_nothing,
);

/// Orders 1 to 6, which differ in each attribute.
async fn six(context: &Context) -> Result<Vec<Order>, CaseFailure> {
    let mut orders = Vec::new();
    for number in 1..=6_u32 {
        let mut order = order(&context.shop, number);
        order.status = match number % 3 {
            0 => None,
            1 => Some(Status::Open),
            _ => Some(Status::Shipped),
        };
        order.day = (number > 2).then(|| number * 10 - 20);
        order.note = (number % 2 == 0).then(|| format!("note {number}"));
        let line = |pieces| Line { article: format!("article {number}"), pieces };
        order.lines = (1..number).map(line).collect();
        order.labels = (1..=number).map(|label| format!("l{label}")).collect();
        order.prices = [("eur".to_owned(), number.into())].into();
        context.table.put(&order).await?;
        orders.push(order);
    }
    Ok(orders)
}

/// Compares the orders that a filter selects, and those whose delete a condition lets pass, with what they should be.
async fn selects(
    context: &Context,
    condition: Condition<Order>,
    expected: impl IntoIterator<Item = u32>,
) -> Result<(), CaseFailure> {
    let step: String = condition.to_string().chars().take(200).collect();
    let expected: BTreeSet<u32> = expected.into_iter().collect();
    let table = &context.table;
    let found = table.query(Order::partition(&context.shop)).filter(condition.clone()).consistent_read();
    let found: BTreeSet<u32> = found.try_collect().await?.iter().map(|order| order.number).collect();
    equal(&format!("filter {step}"), found, expected.clone())?;
    let mut met = BTreeSet::new();
    for number in 1..=6 {
        let update =
            table.update(Order::key(&context.shop, number)).apply(Order::NUMBER_OF_CHECKS.add(1_u32));
        match update.condition(condition.clone()).await {
            Ok(()) => {
                met.insert(number);
            }
            Err(Error::ConditionFailed(_)) => {}
            Err(error) => return Err(format!("{step}: {error}").into()),
        }
    }
    equal(&format!("condition {step}"), met, expected)
}

async fn comparisons_select_what_they_say(context: Context) -> Result<(), CaseFailure> {
    six(&context).await?;
    selects(&context, Order::TOTAL.eq(30), [3]).await?;
    selects(&context, Order::TOTAL.ne(30), [1, 2, 4, 5, 6]).await?;
    selects(&context, Order::TOTAL.lt(30), [1, 2]).await?;
    selects(&context, Order::TOTAL.le(30), [1, 2, 3]).await?;
    selects(&context, Order::TOTAL.gt(30), [4, 5, 6]).await?;
    selects(&context, Order::TOTAL.ge(30), [3, 4, 5, 6]).await?;
    selects(&context, Order::TOTAL.between(20, 40), [2, 3, 4]).await?;
    selects(&context, Order::TOTAL.is_in([10, 60, 7]), [1, 6]).await?;
    selects(&context, Order::NOTE.gt("note 2"), [4, 6]).await?;
    selects(&context, Order::STATUS.eq(Status::Open), [1, 4]).await?;
    // An attribute that is absent is not equal to anything.
    selects(&context, Order::STATUS.ne(Status::Open), [2, 3, 5, 6]).await?;
    let labels: BTreeSet<String> = ["l1", "l2"].map(String::from).into();
    selects(&context, Order::LABELS.eq(labels), [2]).await
}

async fn functions_select_what_they_say(context: Context) -> Result<(), CaseFailure> {
    six(&context).await?;
    selects(&context, Order::NOTE.exists(), [2, 4, 6]).await?;
    selects(&context, Order::NOTE.not_exists(), [1, 3, 5]).await?;
    selects(&context, Order::NOTE.begins_with("note"), [2, 4, 6]).await?;
    selects(&context, Order::NOTE.contains("e 4"), [4]).await?;
    selects(&context, Order::LABELS.contains("l5"), [5, 6]).await?;
    selects(&context, Order::LABELS.size().ge(5), [5, 6]).await?;
    selects(&context, Order::LINES.size().lt(2), [1, 2]).await?;
    selects(&context, Order::NOTE.size().eq(6), [2, 4, 6]).await?;
    selects(&context, Order::DAY.is_type(DataType::N), [3, 4, 5, 6]).await?;
    selects(&context, Order::LINES.is_type(DataType::M), []).await
}

async fn nested_attributes_are_reached(context: Context) -> Result<(), CaseFailure> {
    six(&context).await?;
    selects(&context, Order::LINES.index(1).exists(), 3..=6).await?;
    selects(&context, Order::LINES.index(0).field(Line::ARTICLE).eq("article 4"), [4]).await?;
    selects(&context, Order::LINES.index(2).field(Line::PIECES).ge(3), 4..=6).await?;
    selects(&context, Order::PRICES.key("eur").gt(Number::from(4_u8)), [5, 6]).await?;
    selects(&context, Order::PRICES.key("nok").exists(), []).await
}

async fn attributes_are_compared_with_attributes(context: Context) -> Result<(), CaseFailure> {
    six(&context).await?;
    selects(&context, Order::TOTAL.gt(Order::NUMBER), 1..=6).await?;
    selects(&context, Order::NUMBER.ge(Order::TOTAL), []).await?;
    selects(&context, Order::LINES.size().lt(Order::NUMBER), 1..=6).await
}

async fn absent_attributes_are_equal_to_nothing(context: Context) -> Result<(), CaseFailure> {
    six(&context).await?;
    // The orders 1 and 2 have no day, and none has a price in another currency.
    selects(&context, Order::DAY.eq(Order::LINES.index(0).field(Line::PIECES)), []).await?;
    selects(&context, Order::PRICES.key("nok").eq(Order::PRICES.key("sek")), []).await?;
    selects(&context, Order::PRICES.key("nok").ne(Order::PRICES.key("sek")), 1..=6).await?;
    selects(&context, Order::PRICES.key("nok").lt(Order::PRICES.key("eur")), []).await
}

async fn operators_bind_as_they_should(context: Context) -> Result<(), CaseFailure> {
    six(&context).await?;
    let (low, high, noted) = (|| Order::TOTAL.le(20), || Order::TOTAL.ge(50), || Order::NOTE.exists());
    selects(&context, low() | (high() & noted()), [1, 2, 6]).await?;
    selects(&context, (low() | high()) & noted(), [2, 6]).await?;
    selects(&context, !(low() | high()), [3, 4]).await?;
    selects(&context, !low() & !noted(), [3, 5]).await?;
    selects(&context, !(low() & noted()) & !high(), [1, 3, 4]).await
}

async fn a_hundred_values_are_compared_at_once(context: Context) -> Result<(), CaseFailure> {
    six(&context).await?;
    selects(&context, Order::TOTAL.is_in(51..=150), [6]).await
}

async fn three_hundred_operators_are_taken(context: Context) -> Result<(), CaseFailure> {
    six(&context).await?;
    // As many comparisons, and an `OR` between each two; a write adds conditions of its own.
    let wanted = Condition::any((40..180).map(|total| Order::TOTAL.eq(total)));
    selects(&context, wanted, 4..=6).await
}

async fn a_failed_condition_tells_the_item(context: Context) -> Result<(), CaseFailure> {
    let (table, stored) = (&context.table, order(&context.shop, 1));
    table.put(&stored).await?;
    let key = || stored.to_key();
    let failures = [
        ("create", table.create(&stored).await, ConditionFailure::Exists),
        ("put", table.put(&stored).condition(Order::TOTAL.gt(10)).await, ConditionFailure::NotMet),
        ("save", table.save(&stored).condition(Order::TOTAL.gt(10)).await, ConditionFailure::NotMet),
        (
            "update",
            table.update(key()).apply(Order::NOTE.set("x")).condition(Order::TOTAL.gt(10)).await,
            ConditionFailure::NotMet,
        ),
        ("delete", table.delete(key()).condition(Order::TOTAL.gt(10)).await, ConditionFailure::NotMet),
    ];
    for (verb, outcome, reason) in failures {
        let error = refused(verb, outcome, |error| matches!(error, Error::ConditionFailed(_)))?;
        let Error::ConditionFailed(failed) = error else { return Err(error.into()) };
        let current = given(verb, failed.current::<Order>())??;
        equal(verb, (failed.reason(), current), (reason, stored.clone()))?;
    }
    Ok(())
}

async fn a_failed_condition_tells_no_item_where_there_is_none(context: Context) -> Result<(), CaseFailure> {
    let (table, absent) = (&context.table, order(&context.shop, 1));
    for (verb, outcome) in [
        ("replace", table.replace(&absent).await),
        ("update", table.update(absent.to_key()).apply(Order::NOTE.set("x")).await),
        ("delete", table.delete(&absent).condition(Order::TOTAL.gt(10)).await),
    ] {
        let error = refused(verb, outcome, |error| matches!(error, Error::ConditionFailed(_)))?;
        let Error::ConditionFailed(failed) = error else { return Err(error.into()) };
        equal(
            verb,
            (failed.reason(), failed.current::<Order>().is_none()),
            (ConditionFailure::NotTold, true),
        )?;
    }
    Ok(())
}

async fn a_failed_condition_changes_nothing(context: Context) -> Result<(), CaseFailure> {
    let before = six(&context).await?;
    let table = &context.table;
    for number in 1..=7 {
        let update = table.upsert(Order::key(&context.shop, number)).apply(Order::TOTAL.set(7_u64));
        let failed = update.condition(Order::TOTAL.gt(1_000)).await;
        refused("upsert", failed, |error| matches!(error, Error::ConditionFailed(_)))?;
    }
    let after = table.query(Order::partition(&context.shop)).consistent_read().try_collect().await?;
    equal("items", after, before)
}
