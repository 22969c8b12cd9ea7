//! Conditions and updates that are drawn, against what dynamap makes of them in memory.

use crate::matrix::{
    case::{CaseFailure, cases, equal, given},
    context::Context,
    model::{Everything, Line, Order, Status, order},
};
use dynamap::{
    Error,
    error::ServiceErrorKind,
    expr::{Condition, Update},
    value::{DataType, Number},
};
use fastrand::Rng;
use std::{collections::BTreeSet, env};

cases!("generated":
    filters_mean_what_they_mean_in_memory,
    updates_do_what_they_do_in_memory,
    numbers_are_equal_to_themselves_in_any_form,
);

const ITEMS: u32 = 40;
const FILTERS: usize = 60;
const UPDATES: usize = 120;

/// The same values in each run, unless `DYNAMAP_SEED` says others: what an engine gets wrong must not depend on luck.
fn seed() -> u64 {
    env::var("DYNAMAP_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1)
}

const TEXTS: [&str; 5] = ["a", "ab", "b", "é", "\u{1f600}"];

fn text(random: &mut Rng) -> &'static str {
    random.choice(TEXTS).unwrap_or_default()
}

fn number(random: &mut Rng) -> Number {
    let numbers = [-2_i64, 0, 1, 10, i64::MAX];
    random.choice(numbers).unwrap_or_default().into()
}

fn drawn(random: &mut Rng, shop: &str, number_of: u32) -> Order {
    let line = |random: &mut Rng| Line { article: text(random).into(), pieces: random.u32(0..3) };
    Order {
        total: random.u64(0..4),
        status: random.choice([None, Some(Status::Open), Some(Status::Shipped)]).flatten(),
        day: random.bool().then(|| random.u32(0..4)),
        note: random.bool().then(|| text(random).into()),
        lines: (0..random.usize(0..3)).map(|_| line(random)).collect(),
        labels: (0..random.usize(0..3)).map(|_| text(random).into()).collect(),
        prices: (0..random.usize(0..3)).map(|_| (text(random).into(), number(random))).collect(),
        number_of_checks: random.bool().then(|| random.u32(0..4)),
        ..order(shop, number_of)
    }
}

fn condition(random: &mut Rng, depth: u32) -> Condition<Order> {
    if depth == 0 || random.u8(0..3) == 0 {
        return operator(random);
    }
    let mut inside = || condition(random, depth - 1);
    let (first, second) = (inside(), inside());
    match random.u8(0..4) {
        0 => !first,
        1 => first & second,
        2 => first | second,
        _ => !(first | second),
    }
}

fn operator(random: &mut Rng) -> Condition<Order> {
    let (small, other) = (random.u32(0..4), random.u32(0..4));
    let (lower, upper) = (small.min(other), small.max(other));
    match random.u8(0..20) {
        0 => Order::TOTAL.lt(u64::from(small)),
        1 => Order::TOTAL.between(u64::from(lower), u64::from(upper)),
        2 => Order::DAY.ge(small),
        3 => Order::DAY.le(Order::NUMBER),
        4 => Order::DAY.ne(small),
        5 => Order::DAY.is_in([small, other]),
        6 => Order::NOTE.begins_with(text(random)),
        7 => Order::NOTE.contains(text(random)),
        8 => Order::NOTE.gt(text(random)),
        9 => Order::NOTE.size().eq(lower as usize),
        10 => Order::STATUS.eq(Status::Open),
        11 => Order::STATUS.not_exists(),
        12 => Order::LABELS.contains(text(random)),
        13 => Order::LABELS.size().le(Order::TOTAL),
        14 => Order::LINES.size().between(lower as usize, upper as usize),
        15 => Order::LINES.index(small).field(Line::PIECES).gt(1),
        16 => Order::LINES.index(0).field(Line::ARTICLE).le(text(random)),
        17 => Order::PRICES.key(text(random)).exists(),
        18 => Order::PRICES.key(text(random)).lt(number(random)),
        _ => Order::LABELS.is_type(DataType::Ss),
    }
}

async fn filters_mean_what_they_mean_in_memory(context: Context) -> Result<(), CaseFailure> {
    let seed = seed();
    let (mut random, table) = (Rng::with_seed(seed), &context.table);
    let orders: Vec<Order> = (0..ITEMS).map(|number| drawn(&mut random, &context.shop, number)).collect();
    table.repository::<Order>().batch_write().put_all(orders.clone()).send().await?;
    let items = orders.iter().map(dynamap::entity::to_item).collect::<Result<Vec<_>, _>>()?;
    for _ in 0..FILTERS {
        let condition = condition(&mut random, 3);
        let mut expected = BTreeSet::new();
        for (order, item) in orders.iter().zip(&items) {
            if condition.matches(item)? {
                expected.insert(order.number);
            }
        }
        let query = table.query(Order::partition(&context.shop)).filter(condition.clone()).consistent_read();
        let found = query.try_collect().await.map_err(|error| format!("{condition}: {error}"))?;
        let found: BTreeSet<u32> = found.iter().map(|order| order.number).collect();
        equal(&format!("{condition}, DYNAMAP_SEED={seed}"), found, expected)?;
    }
    Ok(())
}

fn update(random: &mut Rng) -> Update<Order> {
    let (small, text) = (random.u32(0..4), text(random));
    let line = || Line { article: text.into(), pieces: small };
    let change = match random.u8(0..12) {
        0 => Order::NOTE.set(random.bool().then(|| text.to_owned())),
        1 => Order::NOTE.set_if_not_exists(text),
        2 => Order::NOTE.remove(),
        3 => Order::LABELS.add([text]),
        4 => Order::LABELS.delete([text, "a"]),
        5 => Order::LINES.append([line()]),
        6 => Order::LINES.prepend([line(), line()]),
        7 => Order::LINES.index(small).remove(),
        8 => Order::LINES.index(small).field(Line::PIECES).set(7_u32),
        9 => Order::PRICES.key(text).set(number(random)),
        10 => Order::PRICES.key(text).remove(),
        _ => Order::LINES.index(small).set(line()),
    };
    let count = match random.u8(0..4) {
        0 => Order::NUMBER_OF_CHECKS.add(small),
        1 => Order::NUMBER_OF_CHECKS.set(Order::NUMBER_OF_CHECKS + small),
        2 => Order::NUMBER_OF_CHECKS.add_or(1_u32, small),
        _ => Order::TOTAL.set(Order::TOTAL + u64::from(small)),
    };
    if random.bool() { change.and(count) } else { change }
}

/// Each update of one item after another.
async fn updates_do_what_they_do_in_memory(context: Context) -> Result<(), CaseFailure> {
    let seed = seed();
    let mut random = Rng::with_seed(seed);
    let table = &context.table;
    let mut order = drawn(&mut random, &context.shop, 1);
    table.put(&order).await?;
    for _ in 0..UPDATES {
        let update = update(&mut random);
        let step = format!("{update} of {order:?}, DYNAMAP_SEED={seed}");
        let expected = update.apply_to(&dynamap::entity::to_item(&order)?);
        let found = table.update(order.to_key()).apply(update).return_new().await;
        match (expected, found) {
            (Ok(expected), Ok(found)) => {
                equal(&step, &found, &dynamap::entity::from_item::<Order>(expected)?)?;
                order = found;
            }
            (Err(_), Err(Error::Service(error))) if error.kind() == ServiceErrorKind::Validation => {}
            (expected, found) => {
                return Err(format!("{step}: found {found:?}, expected {:?}", expected.map(|_| ())).into());
            }
        }
    }
    let stored = given("order", table.get(&order).consistent_read().await?)?;
    equal("in the end", stored, order)
}

async fn numbers_are_equal_to_themselves_in_any_form(context: Context) -> Result<(), CaseFailure> {
    let everything = |number: Number| Everything {
        shop: context.shop.clone(),
        id: 1,
        text: String::new(),
        number,
        bytes: Default::default(),
        flag: false,
        texts: Default::default(),
        numbers: Default::default(),
        blobs: Default::default(),
        list: vec![],
        map: Default::default(),
        nothing: aws_sdk_dynamodb::types::AttributeValue::Null(true),
    };
    for texts in [["1.50", "1.5"], ["1E2", "100"], ["-0", "0"], ["0.001", "1E-3"]] {
        for [stored, asked] in [texts, [texts[1], texts[0]]] {
            let everything = everything(stored.parse()?);
            context.table.put(&everything).await?;
            let equal_to = Everything::NUMBER.eq(asked.parse::<Number>()?);
            let query = context.table.query(Everything::partition(&context.shop)).filter(equal_to);
            let step = format!("{stored} is {asked}");
            equal(&step, query.consistent_read().try_collect().await?, vec![everything])?;
        }
    }
    Ok(())
}
