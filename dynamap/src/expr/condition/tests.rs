#![allow(clippy::unwrap_used)]

use super::Condition;
use crate::{
    error::ExpressionErrorKind,
    error::ItemError,
    expr::{Attribute, Placeholders},
    value::{DataType, Value},
};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::BTreeSet;

struct Order;

const A: Attribute<Order, u32> = Attribute::new("a");
const B: Attribute<Order, Option<u32>> = Attribute::new("b");
const NOTE: Attribute<Order, Option<String>> = Attribute::new("note");
const ANY: Attribute<Order, AttributeValue> = Attribute::new("any");

fn text(condition: &Condition<Order>) -> String {
    condition.render(&mut Placeholders::default()).unwrap()
}

#[track_caller]
fn refused(condition: &Condition<Order>) -> ExpressionErrorKind {
    let error = condition.render(&mut Placeholders::default()).unwrap_err();
    let matched = condition.matches(&[].into());
    assert_eq!(matched, Err(error.clone()), "in memory it is refused as well");
    error.kind().clone()
}

fn many(count: u32) -> Vec<Condition<Order>> {
    (0..count).map(|number| A.eq(number)).collect()
}

#[test]
fn chains_are_flat() {
    let (one, two, three) = (|| A.eq(1), || A.eq(2), || A.eq(3));
    let flat = "#n0 = :v0 AND #n0 = :v1 AND #n0 = :v2";
    assert_eq!(text(&(one() & two() & three())), flat);
    assert_eq!(text(&(one() & (two() & three()))), flat);
    assert_eq!(text(&Condition::all([Condition::all([one()]), two().and(three())])), flat);
    assert_eq!(text(&(one() | two() | three())), flat.replace("AND", "OR"));
    assert_eq!(text(&(one() & (two() | three()))), "#n0 = :v0 AND (#n0 = :v1 OR #n0 = :v2)");
    assert_eq!(text(&(one() & two() | three())), "(#n0 = :v0 AND #n0 = :v1) OR #n0 = :v2");
    assert_eq!(text(&!(one() | two())), "NOT (#n0 = :v0 OR #n0 = :v1)");
    assert_eq!(text(&!!one()), "#n0 = :v0");
    assert_eq!(text(&(!one()).not().not()), "NOT (#n0 = :v0)");
    assert_eq!(text(&Condition::any([one()])), "#n0 = :v0");
}

#[test]
fn equal_names_and_values_share_placeholders() {
    let condition = A.eq(7) | B.eq(7) | A.lt(B) | NOTE.eq("7");
    assert_eq!(text(&condition), "#n0 = :v0 OR #n1 = :v0 OR #n0 < #n1 OR #n2 = :v1");
    let nested: Attribute<Order, Vec<Vec<u32>>> = Attribute::new("a");
    assert_eq!(text(&nested.index(0).index(12).eq(7)), "#n0[0][12] = :v0");
}

#[test]
fn a_chain_of_a_hundred_and_more_is_one_level() {
    for chain in [
        many(120).into_iter().reduce(Condition::and).unwrap(),
        many(120).into_iter().reduce(|chain, next| next.and(chain)).unwrap(),
    ] {
        assert!(chain.render(&mut Placeholders::default()).is_ok());
    }
}

#[test]
fn the_length_is_at_most_4_kb() {
    let names: Vec<String> = (0..100).map(|number| format!("key {number}")).collect();
    let map: Attribute<Order, std::collections::BTreeMap<String, u32>> = Attribute::new("map");
    let chain = |count: usize, condition: Condition<Order>| {
        let exists = names.iter().cycle().take(count).map(|name| map.key(name).not_exists());
        condition & Condition::all(exists)
    };
    // `attribute_not_exists(#n0.#n1) AND ` and the like, 32 or 33 bytes each.
    let longest =
        (1..).take_while(|count| chain(*count, A.eq(1)).render(&mut Placeholders::default()).is_ok());
    let longest = longest.last().unwrap();
    let size = text(&chain(longest, A.eq(1))).len();
    assert!((4096 - 34..=4096).contains(&size), "{size}");
    let kind = refused(&chain(longest + 1, A.eq(1)));
    assert!(matches!(kind, ExpressionErrorKind::TooLong { size: 4097.., limit: 4096 }), "{kind:?}");
}

#[test]
fn operators_are_at_most_300() {
    // 150 comparisons of one value with 149 joints, and one more for `NOT`.
    let most = || Condition::any((0..150).map(|_| A.eq(1)));
    assert!(text(&most()).len() < 4096);
    assert!(most().not().render(&mut Placeholders::default()).is_ok());
    let more = most() | B.exists();
    assert_eq!(refused(&more), ExpressionErrorKind::TooManyOperators { count: 301, limit: 300 });
    let size = !(most() & NOTE.size().eq(B));
    assert_eq!(refused(&size), ExpressionErrorKind::TooManyOperators { count: 303, limit: 300 });
}

#[test]
fn a_chain_that_is_too_long_does_not_grow() {
    let chain = many(100_000).into_iter().reduce(Condition::or).unwrap();
    assert_eq!(refused(&chain), ExpressionErrorKind::TooManyOperators { count: 301, limit: 300 });
}

#[test]
fn operands_of_in_are_1_to_100() {
    assert!(A.is_in(0..100).render(&mut Placeholders::default()).is_ok());
    let kind = ExpressionErrorKind::TooManyOperands { count: 101, limit: 100 };
    assert_eq!(refused(&A.is_in(0..101)), kind);
    assert_eq!(refused(&A.is_in([0; 0])), ExpressionErrorKind::NoValues);
}

#[test]
fn nothing_is_no_condition() {
    assert_eq!(refused(&Condition::all([])), ExpressionErrorKind::Empty);
    assert_eq!(refused(&(A.eq(1) | Condition::any([]))), ExpressionErrorKind::Empty);
}

#[test]
fn depth_is_at_most_32() {
    let mut condition = A.eq(0);
    for number in 1..=32 {
        assert!(condition.render(&mut Placeholders::default()).is_ok(), "{number}");
        condition = if number % 2 == 0 { condition & A.eq(number) } else { condition | A.eq(number) };
    }
    assert!(condition.render(&mut Placeholders::default()).is_ok());
    assert_eq!(refused(&(condition | A.eq(0))), ExpressionErrorKind::TooDeep { limit: 32 });

    // Far beyond what a stack holds, were it kept.
    let mut condition = A.eq(0);
    for number in 0..100_000 {
        condition = if number % 2 == 0 { condition & A.eq(1) } else { !condition };
    }
    assert_eq!(refused(&condition), ExpressionErrorKind::TooDeep { limit: 32 });
}

#[test]
fn paths_have_at_most_32_steps() {
    struct Deep;
    impl crate::expr::List for Deep {
        type Element = Self;
    }
    let start: Attribute<Order, Deep> = Attribute::new("deep");
    let path = |steps: u32| (2..steps).fold(start.index(0), |path, _| path.index(0));
    assert!(path(32).exists().render(&mut Placeholders::default()).is_ok());
    assert_eq!(refused(&path(33).exists()), ExpressionErrorKind::TooDeep { limit: 32 });
}

#[test]
fn bounds_of_between_are_not_swapped() {
    assert_eq!(text(&A.between(1, 1)), "#n0 BETWEEN :v0 AND :v0");
    assert_eq!(refused(&A.between(10, 9)), ExpressionErrorKind::BoundsSwapped);
    assert_eq!(refused(&NOTE.between("b", "a")), ExpressionErrorKind::BoundsSwapped);
    let (ten, nine) = (AttributeValue::N("1E1".into()), AttributeValue::N("9.0".into()));
    assert_eq!(refused(&ANY.between(ten.clone(), nine.clone())), ExpressionErrorKind::BoundsSwapped);
    assert!(ANY.between(nine, ten.clone()).matches(&[].into()).is_ok());
    let kind = ExpressionErrorKind::DataType { operator: "BETWEEN", found: "a number (N)" };
    assert_eq!(refused(&ANY.between(AttributeValue::S("a".into()), ten)), kind);
}

#[test]
fn values_without_order_are_refused_where_the_type_varies() {
    let kind = ExpressionErrorKind::DataType { operator: "<", found: "a list (L)" };
    assert_eq!(refused(&ANY.lt(AttributeValue::L(Vec::new()))), kind);
    let dynamic: Attribute<Order, Value> = Attribute::new("dynamic");
    assert_eq!(text(&dynamic.is_type(DataType::Ns)), "attribute_type(#n0, :v0)");
}

#[test]
fn an_attribute_is_not_compared_with_itself() {
    assert_eq!(refused(&A.eq(A)), ExpressionErrorKind::SameOperands);
    assert_eq!(refused(&A.between(1, A)), ExpressionErrorKind::SameOperands);
    assert_eq!(refused(&NOTE.size().eq(NOTE.size())), ExpressionErrorKind::SameOperands);
    assert_eq!(text(&A.lt(NOTE.size())), "#n0 < size(#n1)");
}

#[test]
fn values_that_cannot_be_stored_are_errors() {
    let sets: Attribute<Order, BTreeSet<String>> = Attribute::new("set");
    assert!(matches!(refused(&sets.eq(BTreeSet::new())), ExpressionErrorKind::Encode(_)));
    assert!(matches!(refused(&NOTE.ne(None)), ExpressionErrorKind::Encode(_)));
    let price: Attribute<Order, f64> = Attribute::new("price");
    let error =
        ItemError::from((price.lt(f64::NAN) & A.eq(1)).render(&mut Placeholders::default()).unwrap_err());
    assert_eq!(error.to_string(), "a value of the expression cannot be stored");
    let prices: Attribute<Order, Vec<f64>> = Attribute::new("prices");
    for (condition, path) in [
        (prices.index(3).between(1.0, f64::NAN), "prices[3]"),
        (price.is_in([f64::NAN]), "price"),
        (prices.contains(f64::NAN), "prices"),
    ] {
        let ExpressionErrorKind::Encode(error) = refused(&condition) else { unreachable!() };
        assert_eq!(error.path(), path);
    }
}

#[test]
fn neither_display_nor_debug_shows_a_value() {
    let secret = || NOTE.eq("CANARY") & NOTE.is_in(["CANARY"]) & !NOTE.begins_with("CANARY");
    let expected = "note = ? AND note IN (?) AND NOT (begins_with(note, ?))";
    assert_eq!(secret().to_string(), expected);
    assert_eq!(format!("{:?}", secret()), format!("Condition({expected})"));
    let refused = NOTE.between("CANARY", "BANARY");
    let error = refused.render(&mut Placeholders::default()).unwrap_err();
    let shown = format!("{refused} {refused:?} {error} {error:?}");
    assert!(!shown.contains("ANARY"), "{shown}");
}

#[test]
fn constants_take_part_in_no_expression() {
    let total = || Attribute::<(), u64>::new("total").gt(1_u64);
    let (always, never) = (Condition::<()>::always, Condition::<()>::never);
    for (condition, shown) in [
        (always() & total(), "total > ?"),
        (total() & always() & total(), "total > ? AND total > ?"),
        (always() & always(), "TRUE"),
        (always() | total(), "TRUE"),
        (never() | total(), "total > ?"),
        (never() | never(), "FALSE"),
        (never() & total(), "FALSE"),
        (!always(), "FALSE"),
        (!!always(), "TRUE"),
        (!(never() | (total() & always())), "NOT (total > ?)"),
        (Condition::all([always(), total() | never(), always()]), "total > ?"),
        ((total() | total()) & always(), "total > ? OR total > ?"),
    ] {
        assert_eq!(condition.to_string(), shown);
    }
    let item = [].into();
    assert!(always().matches(&item).unwrap() && !never().matches(&item).unwrap());
    assert!(Condition::both(Some(always()), None).is_none());
    assert!(Condition::both(None, Some(always())).is_none());
    assert_eq!(Condition::both(Some(always()), Some(total())).unwrap().to_string(), "total > ?");
    assert_eq!(always().expression().unwrap_err().kind(), &ExpressionErrorKind::Constant(true));
}
