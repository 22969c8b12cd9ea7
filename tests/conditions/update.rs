//! Updates as dynamap evaluates them, against the embedded engine: each generated update is applied to an item in
//! both, one after another.

use crate::{
    generate::{any, blob, key, number, some, text},
    model::{Inner, Item, Probe},
};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use dynamap::{
    Table,
    error::{ExpressionErrorKind, ItemError},
    expr::Update,
    value::{Bytes, Number},
};
use fastrand::Rng;
use std::collections::BTreeSet;

/// How many updates an item gets.
const UPDATES: usize = 25;

/// Applies `cases` updates, and says how many of them the engine took.
pub(crate) async fn updates(
    shop: &Table<crate::model::Shop>,
    random: &mut Rng,
    cases: usize,
    seed: u64,
) -> usize {
    let (mut applied, mut refused) = (0, 0);
    for number in 0..cases.div_ceil(UPDATES) {
        let mut item = crate::generate::item(random, u32::MAX, number);
        crate::write(shop, std::slice::from_ref(&item)).await;
        for _ in 0..UPDATES {
            let update = update(random);
            let after = update.apply_to(&item);
            if let Err(ItemError::Expression(error)) = &after
                && matches!(error.kind(), ExpressionErrorKind::Overlap(..) | ExpressionErrorKind::NoActions)
            {
                continue;
            }
            let request = shop.update(Probe::key(u32::MAX, number as u32)).apply(update.clone()).into_sdk();
            let answer = request.unwrap().return_values(ReturnValue::AllNew).send().await;
            let engine = answer.map(|output| output.attributes.unwrap()).map_err(|error| {
                let error = error.into_service_error();
                assert_eq!(error.meta().code(), Some("ValidationException"), "{error:?}");
                error.meta().message().unwrap_or_default().to_owned()
            });
            let shown = |item: &Item| canonical(item);
            assert_eq!(
                after.as_ref().ok().map(shown),
                engine.as_ref().ok().map(shown),
                "{update}\nof {}\nours: {:?}, engine: {:?}\nDYNAMAP_SEED={seed}",
                canonical(&item),
                after.as_ref().err(),
                engine.as_ref().err(),
            );
            match engine {
                Ok(after) => {
                    item = after;
                    applied += 1;
                }
                Err(_) => refused += 1,
            }
        }
    }
    // Where nothing or everything is refused, nothing is tested.
    assert!(applied > cases / 4 && refused > cases / 20, "{applied} applied, {refused} refused");
    applied + refused
}

fn update(random: &mut Rng) -> Update<Probe> {
    Update::all((0..random.usize(1..4)).map(|_| action(random)))
}

fn action(random: &mut Rng) -> Update<Probe> {
    match random.u8(0..22) {
        0 => Probe::TEXT.set(text(random)),
        1 => Probe::OTHER_TEXT.set(random.bool().then(|| text(random))),
        2 => Probe::OTHER_TEXT.set(Probe::TEXT),
        3 => arithmetic(random),
        4 => Probe::NUMBER.add(number(random)),
        5 => Probe::OTHER_NUMBER.add(number(random)),
        6 => Probe::OTHER_NUMBER.remove(),
        7 => Probe::ANY.set(any(random, 2)),
        8 => Probe::ANY.set_if_not_exists(any(random, 1)),
        9 => Probe::WORDS.add(set(random, text)),
        10 => Probe::WORDS.delete(set(random, text)),
        11 => Probe::NUMBERS.add(set(random, member)),
        12 => Probe::NUMBERS.delete(set(random, member)),
        13 => match random.bool() {
            true => Probe::BLOBS.add(set::<Bytes>(random, blob)),
            false => Probe::BLOBS.delete(set::<Bytes>(random, blob)),
        },
        14 => Probe::LIST.append([any(random, 1)]),
        15 => Probe::LIST.prepend([any(random, 1), any(random, 0)]),
        16 => Probe::LIST.index(random.u32(0..4)).set(any(random, 1)),
        17 => Probe::LIST.index(random.u32(0..4)).remove(),
        18 => match random.bool() {
            true => Probe::MAP.key(key(random)).set(any(random, 1)),
            false => Probe::MAP.key(key(random)).remove(),
        },
        19 => match random.bool() {
            true => Probe::INNER.field(Inner::TEXT).remove(),
            false => Probe::INNER.field(Inner::NUMBER).set(number(random)),
        },
        20 => {
            let inner = Probe::INNERS.index(random.u32(0..2));
            inner.clone().field(Inner::NUMBER).set(inner.field(Inner::NUMBER) - number(random))
        }
        _ => Probe::INNER.field(Inner::NUMBER).set(Probe::NUMBER),
    }
}

fn arithmetic(random: &mut Rng) -> Update<Probe> {
    let operand = number(random);
    match random.u8(0..6) {
        0 => Probe::NUMBER.set(Probe::NUMBER + operand),
        1 => Probe::NUMBER.set(Probe::NUMBER - operand),
        2 => Probe::NUMBER.set(Probe::NUMBER + Probe::OTHER_NUMBER),
        3 => Probe::NUMBER.set(Probe::NUMBER.if_not_exists(Number::ZERO) + operand),
        4 => Probe::NUMBER.set(Probe::NUMBER.if_not_exists(Probe::OTHER_NUMBER)),
        _ => Probe::OTHER_NUMBER.set(Probe::NUMBER - Probe::OTHER_NUMBER.if_not_exists(operand)),
    }
}

/// The engine compares the members of number sets as texts, and has them in another text than ours where they are far
/// from 1.
fn member(random: &mut Rng) -> Number {
    loop {
        let number = number(random);
        if !number.to_string().contains('E') {
            return number;
        }
    }
}

fn set<T: Ord + PartialEq>(random: &mut Rng, make: fn(&mut Rng) -> T) -> BTreeSet<T> {
    some(random, make).into_iter().collect()
}

/// One text for all items that are equal: numbers by value, sets and maps in order.
fn canonical(item: &Item) -> String {
    let mut members: Vec<String> =
        item.iter().map(|(name, value)| format!("{name:?}: {}", text_of(value))).collect();
    members.sort_unstable();
    members.join(", ")
}

fn text_of(value: &AttributeValue) -> String {
    let number = |text: &String| text.parse::<Number>().unwrap().to_string();
    let sorted = |mut members: Vec<String>| {
        members.sort_unstable();
        members.join(", ")
    };
    match value {
        AttributeValue::N(text) => number(text),
        AttributeValue::Ns(members) => format!("NS {}", sorted(members.iter().map(number).collect())),
        AttributeValue::Ss(members) => {
            format!("SS {}", sorted(members.iter().map(|text| format!("{text:?}")).collect()))
        }
        AttributeValue::Bs(members) => {
            format!("BS {}", sorted(members.iter().map(|blob| format!("{blob:?}")).collect()))
        }
        AttributeValue::L(elements) => {
            format!("[{}]", elements.iter().map(text_of).collect::<Vec<_>>().join(", "))
        }
        AttributeValue::M(members) => format!("{{{}}}", canonical(members)),
        other => format!("{other:?}"),
    }
}
