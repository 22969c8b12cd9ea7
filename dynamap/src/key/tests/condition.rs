use super::{part, text};
use crate::{
    error::{EncodeError, KeyError, KeyErrorKind},
    key::{
        KeyCondition, KeySelector, KeyTemplate, PartialKey, PlainSelector, SortKeyOperator, ge, gt, le, lt,
    },
};
use SortKeyOperator::{BeginsWith, Between, Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use std::ops::Bound::{self, Excluded, Included, Unbounded};

static LINE: KeyTemplate =
    KeyTemplate::new("ORDER#{a}#{b}", &[text("ORDER#"), part("a"), text("#"), part("b")]);
static PAIR: KeyTemplate = KeyTemplate::new("{a}:{b}", &[part("a"), text(":"), part("b")]);
static PROFILE: KeyTemplate = KeyTemplate::new("PROFILE", &[text("PROFILE")]);

type UntypedKey = PartialKey<(), ()>;
type UntypedCondition = KeyCondition<(), ()>;
type Sort = Result<Option<SortKeyOperator>, KeyErrorKind>;

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn n(text: &str) -> AttributeValue {
    AttributeValue::N(text.to_owned())
}

fn b(bytes: &[u8]) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

fn key(template: &'static KeyTemplate) -> UntypedKey {
    UntypedKey::new().partition("pk", Ok(s("P"))).sort_template("sk", template)
}

fn sort(condition: UntypedCondition) -> Sort {
    let mut parts = condition.into_parts().map_err(|error| error.kind().clone())?;
    Ok(parts.sort.pop().map(|(_, operator)| operator))
}

/// A step over the first component, and one over the second.
fn first<A: KeySelector<String>>(template: &'static KeyTemplate, a: A) -> A::Next<(), (), UntypedKey> {
    a.select(key(template))
}

fn second<A: KeySelector<u8>>(key: UntypedKey, b: A) -> A::Next<(), (), UntypedCondition> {
    b.select(key)
}

#[test]
fn what_is_known_is_one_condition() {
    assert_eq!(sort(key(&LINE).into_condition()), Ok(Some(BeginsWith(s("ORDER#")))));
    assert_eq!(sort(key(&PAIR).into_condition()), Ok(None));
    assert_eq!(sort(key(&PROFILE).into_condition()), Ok(Some(Equal(s("PROFILE")))));
    assert_eq!(
        sort(key(&PROFILE).and_below().into_condition()),
        Ok(Some(Between(s("PROFILE"), s("PROFILE$"))))
    );
    assert_eq!(sort(first(&LINE, "1").into()), Ok(Some(BeginsWith(s("ORDER#1#")))));
    assert_eq!(sort(first(&PAIR, "1").into()), Ok(Some(BeginsWith(s("1#:")))));
    assert_eq!(sort(second(first(&PAIR, "1"), 7)), Ok(Some(Equal(s("1#:007")))));
    assert_eq!(sort(UntypedKey::new().partition("pk", Ok(s("P"))).into_condition()), Ok(None));
    assert_eq!(sort(key(&LINE).begins_with("a#")), Ok(Some(BeginsWith(s("ORDER#a$S")))));
    assert_eq!(sort(key(&PAIR).begins_with("")), Ok(None));
}

#[test]
fn every_argument_selects() {
    let id = "1".to_owned();
    let seven = || second(first(&LINE, &id), 7);
    assert_eq!(sort(seven()), sort(second(first(&LINE, id.clone()), &7)));
    assert_eq!(sort(first(&LINE, ..)), Ok(Some(BeginsWith(s("ORDER#")))));
    assert_eq!(sort(first(&PAIR, ..)), Ok(None));
    assert_eq!(sort(second(first(&LINE, "1"), ..)), Ok(Some(BeginsWith(s("ORDER#1#")))));

    let between = |from: &str, to: &str| Ok(Some(Between(s(from), s(to))));
    let numbers = || first(&LINE, "1");
    assert_eq!(sort(second(numbers(), 1..=9)), between("ORDER#1#001", "ORDER#1#009"));
    assert_eq!(sort(second(numbers(), 1..9)), between("ORDER#1#001", "ORDER#1#008$"));
    assert_eq!(sort(second(numbers(), 1..)), between("ORDER#1#001", "ORDER#1$"));
    assert_eq!(sort(second(numbers(), ..9)), between("ORDER#1#", "ORDER#1#008$"));
    assert_eq!(sort(second(numbers(), ..=&9)), between("ORDER#1#", "ORDER#1#009"));
    assert_eq!(sort(second(numbers().and_below(), 1..=9)), between("ORDER#1#001", "ORDER#1#009$"));
    assert_eq!(sort(second(numbers(), (Excluded(1), Included(9)))), between("ORDER#1#001$", "ORDER#1#009"));
    assert_eq!(sort(second(numbers(), gt(1))), between("ORDER#1#001$", "ORDER#1$"));
    assert_eq!(sort(second(numbers(), ge(1))), sort(second(numbers(), 1..)));
    assert_eq!(sort(second(numbers(), lt(9))), sort(second(numbers(), ..9)));
    assert_eq!(sort(second(numbers(), le(9))), sort(second(numbers(), ..=9)));

    assert_eq!(sort(first(&PAIR, "a"..)), Ok(Some(GreaterOrEqual(s("a")))));
    assert_eq!(sort(first(&PAIR, gt("a"))), Ok(Some(GreaterOrEqual(s("a$")))));
    assert_eq!(sort(first(&PAIR, .."a")), Ok(Some(Less(s("a")))));
    assert_eq!(sort(first(&PAIR, ..="a")), Ok(Some(LessOrEqual(s("a$")))));
    assert_eq!(sort(first(&PAIR, "a"..="b")), between("a", "b$"));
    assert_eq!(sort(first(&PAIR, ""..)), Ok(None));
}

#[test]
fn empty_ranges_are_errors() {
    let empty = Err(KeyErrorKind::EmptyRange);
    #[allow(clippy::reversed_empty_ranges)]
    let reversed = 9..=1;
    assert_eq!(sort(second(first(&LINE, "1"), reversed)), empty);
    assert_eq!(sort(second(first(&LINE, "1"), 5..5)), empty);
    assert_eq!(sort(first(&LINE, (Excluded("a"), Included("a")))), empty);
    assert_eq!(sort(first(&LINE, ..String::new())), empty);
    assert_eq!(sort(first(&PAIR, "b".."a")), empty);
    assert_eq!(sort(second(first(&LINE, "1"), 5..=5)), Ok(Some(Between(s("ORDER#1#005"), s("ORDER#1#005")))));
}

/// Near the greatest length there is no room for a closing char, and none is needed.
#[test]
fn bounds_fit_into_a_sort_key() {
    let longest = "x".repeat(1024 - "ORDER#".len());
    let stem = "ORDER#".to_owned() + &longest[1..];
    let (full, next) = (stem.clone() + "x", stem.clone() + "y");
    assert_eq!(sort(first(&LINE, ..=longest.clone())), Ok(Some(Between(s("ORDER#"), s(&full)))));
    assert_eq!(sort(first(&LINE, gt(longest.clone()))), Ok(Some(Between(s(&next), s("ORDER$")))));
    assert_eq!(sort(first(&LINE, ..longest.clone())), Ok(Some(Between(s("ORDER#"), s(&(stem + "w"))))));
    let too_long = Err(KeyErrorKind::TooLong { size: 1025, limit: 1024 });
    assert_eq!(sort(first(&LINE, ..longest.clone() + "x")), too_long);
    assert_eq!(sort(key(&LINE).begins_with(&(longest.clone() + "x"))), too_long);
    assert_eq!(sort(first(&LINE, longest).into()), too_long);
}

#[test]
fn the_first_error_waits_for_the_request() {
    let encode = KeyError::in_attribute("pk", KeyErrorKind::Encode(EncodeError::new("not finite")));
    let condition = UntypedKey::new().partition("pk", Err(encode.clone())).partition("pk2", Ok(s("")));
    let condition = condition.sort_template("sk", &LINE);
    let condition = second(condition.part(&"x".repeat(2000)), gt(9));
    let error = condition.into_parts().unwrap_err();
    assert_eq!(error, encode);
    assert_eq!(error.to_string(), "key attribute `pk`: the value cannot be stored");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "not finite");

    let error = first(&LINE, "b".."a").into_parts().unwrap_err();
    assert_eq!(error.to_string(), "component `a` of key `ORDER#{a}#{b}`: the range is reversed or empty");
    assert_eq!((error.template(), error.component()), (Some("ORDER#{a}#{b}"), Some("a")));

    for (size, refused) in [(0, true), (2048, false), (2049, true)] {
        let condition = UntypedKey::new().partition("pk", Ok(s(&"x".repeat(size)))).into_condition();
        assert_eq!(condition.into_parts().is_err(), refused, "{size}");
    }
}

#[test]
fn nothing_shows_a_value() {
    let step = first(&LINE, "secret");
    let condition = second(step.clone(), 42..);
    let shown = format!("{step:?} {condition:?} {:?}", condition.clone().into_parts().unwrap());
    assert!(shown.contains("BETWEEN") && shown.contains("ORDER#{a}#{b}"), "{shown}");
    assert!(!shown.contains("secret") && !shown.contains("042"), "{shown}");
}

fn attribute<A: PlainSelector<T>, T>(argument: A, value: fn(T) -> AttributeValue) -> Sort
where
    A::Next<(), (), UntypedKey>: Into<UntypedCondition>,
{
    let next = argument.select_with(
        UntypedKey::new(),
        |key, selected| key.attribute_equal("n", Ok(value(selected))),
        |key, from, to| {
            key.attribute_range("n", from.map(|from| Ok(value(from))), to.map(|to| Ok(value(to))))
        },
    );
    sort(next.into())
}

#[test]
fn attributes_of_their_own_have_native_operators() {
    let number = |number: f64| n(&number.to_string());
    assert_eq!(attribute(1.5, number), Ok(Some(Equal(n("1.5")))));
    assert_eq!(attribute(1.5.., number), Ok(Some(GreaterOrEqual(n("1.5")))));
    assert_eq!(attribute(gt(1.5), number), Ok(Some(Greater(n("1.5")))));
    assert_eq!(attribute(..1.5, number), Ok(Some(Less(n("1.5")))));
    assert_eq!(attribute(..=1.5, number), Ok(Some(LessOrEqual(n("1.5")))));
    assert_eq!(attribute(-1.5..=1.5, number), Ok(Some(Between(n("-1.5"), n("1.5")))));
    let below_ten = format!("9.{}", "9".repeat(37));
    assert_eq!(attribute(1.0..10.0, number), Ok(Some(Between(n("1"), n(&below_ten)))));
    assert_eq!(attribute(10.0..=9.0, number), Err(KeyErrorKind::EmptyRange));
    assert_eq!(attribute(9.0..9.0, number), Err(KeyErrorKind::EmptyRange));
    assert_eq!(attribute(f64::NAN, number), Err(KeyErrorKind::NotAKeyType));

    let bytes = |bytes: Vec<u8>| b(&bytes);
    let after = (Excluded(vec![1]), Included(vec![2]));
    assert_eq!(attribute(after, bytes), Ok(Some(Between(b(&[1, 0]), b(&[2])))));
    let before = (Included(vec![1]), Excluded(vec![2, 0]));
    assert_eq!(attribute(before, bytes), Ok(Some(Between(b(&[1]), b(&[2])))));
    let text = |text: String| s(&text);
    assert_eq!(attribute("a", text), Ok(Some(Equal(s("a")))));
    assert_eq!(attribute("a".to_owned().."a\0".to_owned(), text), Ok(Some(Between(s("a"), s("a")))));
}

#[test]
fn attributes_of_their_own_are_checked() {
    let range = |from: Bound<AttributeValue>, to: Bound<AttributeValue>| {
        sort(UntypedKey::new().attribute_range("sk", from.map(Ok), to.map(Ok)))
    };
    assert_eq!(range(Unbounded, Unbounded), Ok(None));
    assert_eq!(range(Included(s("1")), Included(n("2"))), Err(KeyErrorKind::NotAKeyType));
    assert_eq!(range(Included(AttributeValue::Bool(true)), Unbounded), Err(KeyErrorKind::NotAKeyType));
    assert_eq!(range(Included(s("")), Unbounded), Err(KeyErrorKind::Empty));
    assert_eq!(
        range(Unbounded, Excluded(b(&[7; 1025]))),
        Err(KeyErrorKind::TooLong { size: 1025, limit: 1024 })
    );
    let begins = |value| sort(UntypedKey::new().attribute_begins_with("sk", Ok(value)));
    assert_eq!(begins(b(&[1])), Ok(Some(BeginsWith(b(&[1])))));
    assert_eq!(begins(n("1")), Err(KeyErrorKind::NotAKeyType));

    // A multi-attribute index key: values first, then a range.
    let parts = UntypedKey::new()
        .partition("tenant", Ok(s("t")))
        .partition("year", Ok(n("2026")))
        .attribute_equal("status", Ok(s("open")))
        .attribute_range("price", Included(Ok(n("9"))), Unbounded)
        .into_parts()
        .unwrap();
    assert_eq!(parts.partition, [("tenant", s("t")), ("year", n("2026"))]);
    assert_eq!(parts.sort, [("status", Equal(s("open"))), ("price", GreaterOrEqual(n("9")))]);
}
