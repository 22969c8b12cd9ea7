//! Conditions of writes.

use crate::MAPPING;
use crate::model::{Order, Session, Shop, Status, order, shop};
use dynamap::expr::Condition;
use dynamap::value::EpochSeconds;
use dynamap::{Attribute, Entity, Error, Result, Table};
use dynamap::{error::ExpressionErrorKind, outcome::ConditionFailed};
use dynamap_local::Local;
use std::collections::BTreeMap;

#[track_caller]
fn failed(result: Result<()>) -> ConditionFailed {
    match result {
        Err(Error::ConditionFailed(failed)) => failed,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_put_is_made_only_if_its_condition_is_met() {
    let shop = shop().await;
    let orders = shop.repository::<Order>();
    let (old, new) = (order("c-1", 2024, 1), Order { note: Some("new".into()), ..order("c-1", 2024, 1) });

    let absent = failed(orders.put(&new).condition(Order::TOTAL.eq(10)).send().await);
    assert!(absent.raw_item().is_none());
    orders.put(&old).condition(Order::TOTAL.not_exists()).send().await.unwrap();

    let other = failed(orders.put(&new).condition(Order::TOTAL.gt(10)).send().await);
    assert_eq!((other.operation(), other.entity()), ("PutItem", "Order"));
    assert_eq!(other.current::<Order>().unwrap().unwrap(), old);
    assert_eq!(orders.get(Order::key("c-1", 2024, 1)).send().await.unwrap(), Some(old));

    orders
        .put(&new)
        .condition(Order::STATUS.eq(Status::Open) & Order::NOTE.not_exists())
        .send()
        .await
        .unwrap();
    assert_eq!(orders.get(Order::key("c-1", 2024, 1)).send().await.unwrap(), Some(new));
}

#[tokio::test]
async fn a_condition_stands_beside_what_create_and_replace_ask_for() {
    let shop = shop().await;
    let orders = shop.repository::<Order>();
    let order = order("c-1", 2024, 1);
    // Either alone would be met: there is no item, and no note.
    failed(orders.replace(&order).condition(Order::NOTE.not_exists()).send().await);
    orders.create(&order).condition(Order::NOTE.not_exists()).send().await.unwrap();
    failed(orders.create(&order).condition(Order::NOTE.not_exists() | Order::NOTE.exists()).send().await);
    failed(orders.replace(&order).condition(Order::NOTE.exists()).send().await);
    orders.replace(&order).condition(Order::NOTE.exists() | Order::TOTAL.eq(10)).send().await.unwrap();
    // Two conditions are both asked for.
    failed(orders.put(&order).condition(Order::TOTAL.eq(10)).condition(Order::TOTAL.eq(11)).send().await);

    // Expired: it counts as absent for `create`, but the condition sees what is stored.
    let session = Session { customer_id: "c-1".into(), token: "t".into(), expires_at: EpochSeconds(1) };
    shop.put(&session).send().await.unwrap();
    failed(shop.create(&session).condition(Session::EXPIRES_AT.gt(EpochSeconds(1))).send().await);
    failed(shop.replace(&session).condition(Session::EXPIRES_AT.eq(EpochSeconds(1))).send().await);
    shop.create(&session).condition(Session::EXPIRES_AT.eq(EpochSeconds(1))).send().await.unwrap();
}

#[tokio::test]
async fn a_delete_is_made_only_if_its_condition_is_met() {
    let shop = shop().await;
    let orders = shop.repository::<Order>();
    let order = order("c-1", 2024, 1);
    let key = || Order::key("c-1", 2024, 1);
    let absent = failed(orders.delete(key()).condition(Order::TOTAL.exists()).send().await);
    assert_eq!((absent.operation(), absent.entity()), ("DeleteItem", "Order"));
    assert!(absent.current::<Order>().is_none());

    orders.put(&order).send().await.unwrap();
    let other = failed(orders.delete(key()).condition(Order::STATUS.ne(Status::Open)).send().await);
    assert_eq!(other.current::<Order>().unwrap().unwrap(), order);
    assert!(orders.exists(key()).send().await.unwrap());

    orders
        .delete(key())
        .condition(Order::STATUS.is_in([Status::Open, Status::Shipped]))
        .send()
        .await
        .unwrap();
    assert!(!orders.exists(key()).send().await.unwrap());
}

#[tokio::test]
async fn a_condition_that_dynamodb_would_refuse_is_an_error_before_any_request() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    let refused = || Order::TOTAL.between(2, 1) & Order::NOTE.exists();
    let errors = [
        shop.put(&order("c-1", 2024, 1)).condition(refused()).send().await.unwrap_err(),
        shop.create(&order("c-1", 2024, 1)).condition(refused()).send().await.unwrap_err(),
        shop.delete(Order::key("c-1", 2024, 1)).condition(refused()).send().await.unwrap_err(),
        shop.query(Order::partition("c-1")).filter(refused()).send().await.unwrap_err(),
        shop.query(Order::partition("c-1")).filter(refused()).try_collect().await.unwrap_err(),
    ];
    for error in errors {
        let Error::Expression(expression) = &error else { panic!("{error}") };
        assert_eq!(*expression.kind(), ExpressionErrorKind::BoundsSwapped);
    }
    let empty = shop.delete(Order::key("c-1", 2024, 1)).condition(Condition::all([])).send().await;
    assert!(matches!(empty, Err(Error::Expression(_))), "{empty:?}");
    assert!(requests.take().is_empty(), "nothing was sent");
}

/// Names that an expression could take for something else: a path, a placeholder, a reserved word, an operator.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "NAMES#{id}", sk = "NAMES")]
struct Names {
    #[dynamap(key_only)]
    id: u32,
    #[dynamap(rename = "a-b")]
    dash: u32,
    #[dynamap(rename = "a_b")]
    underscore: u32,
    #[dynamap(rename = "a.b")]
    dot: u32,
    a: Inner,
    #[dynamap(rename = "#n0")]
    name_placeholder: u32,
    #[dynamap(rename = ":v0")]
    value_placeholder: String,
    #[dynamap(rename = "with space")]
    space: u32,
    #[dynamap(rename = "size")]
    reserved: u32,
    #[dynamap(rename = "x = x OR y")]
    operator: u32,
    #[dynamap(rename = "list[0]")]
    bracket: u32,
    list: Vec<u32>,
    map: BTreeMap<String, u32>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Inner {
    b: u32,
    #[dynamap(rename = "b.c[0]")]
    c: u32,
}

#[tokio::test]
async fn no_name_and_no_value_is_taken_for_something_else() {
    let shop = shop().await;
    let names = Names {
        id: 1,
        dash: 1,
        underscore: 2,
        dot: 3,
        a: Inner { b: 4, c: 5 },
        name_placeholder: 6,
        value_placeholder: "#n0 = :v0 OR attribute_exists(pk)".into(),
        space: 7,
        reserved: 8,
        operator: 9,
        bracket: 10,
        list: vec![11],
        map: [("b.c[0]".into(), 12), (" ".into(), 13), (":v0".into(), 14)].into(),
    };
    shop.put(&names).send().await.unwrap();
    let text = names.value_placeholder.clone();
    let conditions = [
        Names::DASH.eq(1),
        Names::UNDERSCORE.eq(2),
        Names::DASH.lt(Names::UNDERSCORE),
        Names::DOT.eq(3),
        Names::A.field(Inner::B).eq(4),
        Names::A.field(Inner::C).eq(5),
        Names::NAME_PLACEHOLDER.eq(6),
        Names::VALUE_PLACEHOLDER.eq(&text),
        Names::VALUE_PLACEHOLDER.contains(":v0 OR"),
        Names::SPACE.eq(7),
        Names::RESERVED.eq(8),
        Names::OPERATOR.eq(9),
        Names::BRACKET.eq(10),
        Names::LIST.index(0).eq(11),
        Names::MAP.key("b.c[0]").eq(12),
        Names::MAP.key(":v0").eq(14),
        Names::MAP.size().eq(3),
    ];
    for condition in conditions.iter().cloned() {
        let shown = condition.to_string();
        shop.put(&names).condition(condition.clone()).send().await.unwrap_or_else(|e| panic!("{shown}: {e}"));
        let failed = failed(shop.delete(Names::key(1)).condition(!condition).send().await);
        assert_eq!(failed.current::<Names>().unwrap().unwrap(), names, "{shown}");
    }
    shop.delete(Names::key(1)).condition(Condition::all(conditions)).send().await.unwrap();
}
