//! Elements of tuples, which are stored as lists.

use super::MAPPING;
use crate::Case;
use dynamap::expr::Condition;
use dynamap::{Attribute, Entity, Table, TableSchema};
use dynamap_local::Local;
use std::collections::BTreeMap;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Maps;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Maps, pk = "PLACE#{id}")]
struct Place {
    id: u32,
    at: (i32, i32),
    route: Vec<(String, Option<u8>)>,
    named: BTreeMap<String, (Sign, u8)>,
    maybe: Option<(u8, Vec<String>)>,
    span: Span,
    only: (u8,),
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Sign {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Span(u8, Sign);

fn sign(text: &str) -> Sign {
    Sign { text: text.into() }
}

fn place() -> Place {
    Place {
        id: 1,
        at: (3, -4),
        route: vec![("a".into(), Some(1)), ("b".into(), None)],
        named: [("x".into(), (sign("s"), 7))].into(),
        maybe: Some((1, vec!["l".into()])),
        span: Span(2, sign("t")),
        only: (9,),
    }
}

async fn maps() -> Table<Maps> {
    let maps = Table::new(Local::memory().unwrap().client(), "maps").with_mapping(MAPPING);
    maps.create_table_if_absent().send().await.unwrap();
    maps
}

#[tokio::test]
async fn updates_change_one_element() {
    let cases: [Case<Place>; 11] = [
        (Place::AT.element::<0>().set(5), |it| it.at.0 = 5),
        (Place::AT.element::<1>().set(Place::AT.element::<1>() - Place::AT.element::<0>()), |it| {
            it.at.1 = -7
        }),
        (Place::AT.element::<1>().add_nested(10), |it| it.at.1 = 6),
        (Place::ROUTE.index(1).element::<1>().set(4), |it| it.route[1].1 = Some(4)),
        // Nothing is NULL in its place, so that no element moves up.
        (Place::ROUTE.index(0).element::<1>().set(None), |it| it.route[0].1 = None),
        (Place::ROUTE.index(0).element::<0>().set("z"), |it| it.route[0].0 = "z".into()),
        (Place::NAMED.key("x").element::<0>().field(Sign::TEXT).set("u"), |it| {
            it.named.insert("x".into(), (sign("u"), 7)).map(drop).unwrap();
        }),
        (Place::MAYBE.element::<1>().append(["m"]), |it| it.maybe.as_mut().unwrap().1.push("m".into())),
        (Place::SPAN.inner().element::<0>().add_nested(1), |it| it.span.0 = 3),
        (Place::SPAN.inner().element::<1>().field(Sign::TEXT).set("v"), |it| it.span.1 = sign("v")),
        (Place::ONLY.element::<0>().set(8), |it| it.only.0 = 8),
    ];
    let maps = maps().await;
    for (update, change) in cases {
        maps.put(&place()).send().await.unwrap();
        let shown = update.to_string();
        let after = maps.update(Place::key(1)).apply(update).return_new().send().await.unwrap();
        let mut expected = place();
        change(&mut expected);
        assert_eq!(after, expected, "{shown}");
    }
}

#[tokio::test]
async fn conditions_and_filters_ask_for_one_element() {
    let maps = maps().await;
    maps.put(&place()).send().await.unwrap();
    let cases: [(Condition<Place>, bool); 8] = [
        (Place::AT.element::<0>().eq(3), true),
        (Place::AT.element::<1>().gt(0), false),
        (Place::AT.element::<0>().gt(Place::AT.element::<1>()), true),
        (Place::ROUTE.index(0).element::<0>().begins_with("a"), true),
        (Place::NAMED.key("x").element::<1>().is_in([1, 2]), false),
        (Place::MAYBE.element::<1>().contains("l"), true),
        (Place::SPAN.inner().element::<1>().field(Sign::TEXT).ne("t"), false),
        (Place::ONLY.element::<0>().between(9, 10), true),
    ];
    for (condition, expected) in cases {
        let found = maps.repository::<Place>().scan().filter(condition.clone()).try_collect().await.unwrap();
        assert_eq!(!found.is_empty(), expected, "filter {condition}");
        let put = maps.put(&place()).condition(condition.clone()).send().await;
        assert_eq!(put.is_ok(), expected, "condition {condition}");
    }
}
