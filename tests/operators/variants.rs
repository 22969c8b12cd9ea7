//! Variants of enums: which one a value is, and what it holds, in every style of tag.

use super::MAPPING;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::expr::{Condition, Update};
use dynamap::{Attribute, Entity, Error, Table, TableSchema};
use dynamap::{error::ExpressionErrorKind, outcome::ConditionFailure};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(rename_all = "camelCase")]
struct Account {
    iban_code: String,
    uses: u32,
}

fn account(uses: u32) -> Account {
    Account { iban_code: "NO93".into(), uses }
}

macro_rules! payment {
    ($(#[$option:meta])* $name:ident { $($more:tt)* }) => {
        #[derive(Debug, Clone, PartialEq, Attribute)]
        $(#[$option])*
        enum $name {
            Cash,
            Card { last4: String, #[dynamap(rename = "n")] uses: u32, note: Option<String> },
            #[dynamap(rename = "bank", alias = "giro")]
            Bank(Account),
            $($more)*
        }
    };
}

payment! { External { Pair(u32, String), One(u32), } }
payment! { #[dynamap(tag = "method")] Internal {} }
payment! { #[dynamap(tag = "method", content = "of")] Adjacent { Pair(u32, String), One(u32), } }

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}")]
struct Order {
    id: u32,
    external: External,
    internal: Option<Internal>,
    adjacent: Box<Adjacent>,
    all: Vec<Either<u32, Account>>,
    #[dynamap(flatten)]
    flat: Flat,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(tag = "kind")]
enum Flat {
    Small,
    Large { height: u32 },
}

#[derive(Debug, Clone, PartialEq, Attribute)]
enum Either<L, R> {
    Left(L),
    Right { right: R },
}

fn order(external: External, internal: Option<Internal>, adjacent: Adjacent) -> Order {
    let all = vec![Either::Left(1), Either::Right { right: account(1) }];
    Order { id: 1, external, internal, adjacent: Box::new(adjacent), all, flat: Flat::Large { height: 2 } }
}

fn card<T>(make: fn(String, u32, Option<String>) -> T) -> T {
    make("4711".into(), 1, None)
}

fn cards() -> Order {
    order(
        card(|last4, uses, note| External::Card { last4, uses, note }),
        Some(card(|last4, uses, note| Internal::Card { last4, uses, note })),
        card(|last4, uses, note| Adjacent::Card { last4, uses, note }),
    )
}

fn banks() -> Order {
    order(External::Bank(account(1)), Some(Internal::Bank(account(1))), Adjacent::Bank(account(1)))
}

fn cash() -> Order {
    order(External::Cash, Some(Internal::Cash), Adjacent::Cash)
}

fn others() -> Order {
    order(External::Pair(3, "x".into()), None, Adjacent::One(5))
}

async fn shop() -> Table<Shop> {
    let shop = Table::new(Local::memory().unwrap().client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    shop
}

#[tokio::test]
async fn a_condition_asks_which_variant_it_is() {
    let shop = shop().await;
    // True of cash, cards, banks and others.
    let cases: [(Condition<Order>, [bool; 4]); 15] = [
        (Order::EXTERNAL.is(External::VARIANT.cash), [true, false, false, false]),
        (Order::EXTERNAL.is(External::VARIANT.card), [false, true, false, false]),
        (Order::EXTERNAL.is(External::VARIANT.bank), [false, false, true, false]),
        (Order::EXTERNAL.is(External::VARIANT.pair), [false, false, false, true]),
        (Order::INTERNAL.is(Internal::VARIANT.cash), [true, false, false, false]),
        (Order::INTERNAL.is(Internal::VARIANT.card), [false, true, false, false]),
        (!Order::INTERNAL.is(Internal::VARIANT.bank), [true, true, false, true]),
        (Order::ADJACENT.is(Adjacent::VARIANT.cash), [true, false, false, false]),
        (Order::ADJACENT.is(Adjacent::VARIANT.card), [false, true, false, false]),
        (Order::ADJACENT.is(Adjacent::VARIANT.bank), [false, false, true, false]),
        (Order::ADJACENT.is(Adjacent::VARIANT.one), [false, false, false, true]),
        (Order::FLAT.is(Flat::VARIANT.large), [true; 4]),
        (Order::FLAT.is(Flat::VARIANT.small), [false; 4]),
        (Order::ALL.index(0).is(Either::<u32, Account>::VARIANT.left), [true; 4]),
        (Order::ALL.index(0).is(Either::<u32, Account>::VARIANT.right), [false; 4]),
    ];
    for (at, stored) in [cash(), cards(), banks(), others()].into_iter().enumerate() {
        shop.put(&stored).send().await.unwrap();
        for (condition, expected) in &cases {
            let found =
                shop.repository::<Order>().scan().filter(condition.clone()).try_collect().await.unwrap();
            assert_eq!(!found.is_empty(), expected[at], "filter {condition} of {stored:?}");
            let put = shop.put(&stored).condition(condition.clone()).send().await;
            assert_eq!(put.is_ok(), expected[at], "condition {condition} of {stored:?}");
        }
    }
}

#[tokio::test]
async fn conditions_and_filters_ask_for_what_a_variant_holds() {
    let shop = shop().await;
    let cases: [(Order, Condition<Order>, bool); 14] = [
        (cards(), Order::EXTERNAL.at(External::VARIANT.card.last4).eq("4711"), true),
        (cards(), Order::EXTERNAL.at(External::VARIANT.card.uses).gt(1), false),
        (cards(), Order::INTERNAL.at(Internal::VARIANT.card.uses).eq(1), true),
        (cards(), Order::INTERNAL.at(Internal::VARIANT.card.note).exists(), false),
        (cards(), Order::ADJACENT.at(Adjacent::VARIANT.card.last4).begins_with("47"), true),
        (banks(), Order::EXTERNAL.at(External::VARIANT.bank).field(Account::IBAN_CODE).eq("NO93"), true),
        (banks(), Order::EXTERNAL.at(External::VARIANT.bank).eq(account(1)), true),
        (banks(), Order::INTERNAL.at(Internal::VARIANT.bank).field(Account::USES).lt(1), false),
        (banks(), Order::ADJACENT.at(Adjacent::VARIANT.bank).eq(account(2)), false),
        (others(), Order::EXTERNAL.at(External::VARIANT.pair).size().eq(2), true),
        (others(), Order::ADJACENT.at(Adjacent::VARIANT.one).ge(5), true),
        (others(), Order::FLAT.at(Flat::VARIANT.large.height).between(1, 2), true),
        (
            others(),
            Order::ALL.index(1).at(Either::<u32, Account>::VARIANT.right.right).field(Account::USES).eq(1),
            true,
        ),
        (cash(), Order::EXTERNAL.at(External::VARIANT.card.last4).exists(), false),
    ];
    for (stored, condition, expected) in cases {
        shop.put(&stored).send().await.unwrap();
        let found = shop.repository::<Order>().scan().filter(condition.clone()).try_collect().await.unwrap();
        assert_eq!(!found.is_empty(), expected, "filter {condition}");
        let put = shop.put(&stored).condition(condition.clone()).send().await;
        assert_eq!(put.is_ok(), expected, "condition {condition}");
    }
}

/// An update, the attribute that must be the variant, an item of which it is, and what becomes of that.
type Case = (Update<Order>, &'static str, Order, Order);

fn updates() -> [Case; 13] {
    let cards_with = |external: Option<(&str, u32)>, internal: Option<u32>, adjacent: Option<&str>| {
        let (last4, uses) = external.unwrap_or(("4711", 1));
        order(
            External::Card { last4: last4.into(), uses, note: None },
            Some(Internal::Card { last4: "4711".into(), uses: internal.unwrap_or(1), note: None }),
            Adjacent::Card { last4: "4711".into(), uses: 1, note: adjacent.map(String::from) },
        )
    };
    let banks_with = |external, internal, adjacent| {
        order(
            External::Bank(account(external)),
            Some(Internal::Bank(account(internal))),
            Adjacent::Bank(account(adjacent)),
        )
    };
    let uses = || Order::EXTERNAL.at(External::VARIANT.card.uses);
    let flat = |height| Order { flat: Flat::Large { height }, ..others() };
    let right = || Order::ALL.index(1).at(Either::<u32, Account>::VARIANT.right.right);
    let all = |uses| Order { all: vec![Either::Left(1), Either::Right { right: account(uses) }], ..cash() };
    [
        (
            Order::EXTERNAL.at(External::VARIANT.card.last4).set("1234"),
            "external",
            cards(),
            cards_with(Some(("1234", 1)), None, None),
        ),
        (uses().set(uses() + 4), "external", cards(), cards_with(Some(("4711", 5)), None, None)),
        (uses().add_nested(2), "external", cards(), cards_with(Some(("4711", 3)), None, None)),
        (
            Order::INTERNAL.at(Internal::VARIANT.card.uses).add_or(0, 1),
            "internal",
            cards(),
            cards_with(None, Some(2), None),
        ),
        (Order::INTERNAL.at(Internal::VARIANT.card.note).remove(), "internal", cards(), cards()),
        (
            Order::ADJACENT.at(Adjacent::VARIANT.card.note).set_if_not_exists("n".to_owned()),
            "adjacent",
            cards(),
            cards_with(None, None, Some("n")),
        ),
        (
            Order::EXTERNAL.at(External::VARIANT.bank).set(account(7)),
            "external",
            banks(),
            banks_with(7, 1, 1),
        ),
        (
            Order::INTERNAL.at(Internal::VARIANT.bank).field(Account::USES).set(8),
            "internal",
            banks(),
            banks_with(1, 8, 1),
        ),
        (
            Order::ADJACENT.at(Adjacent::VARIANT.bank).field(Account::USES).add_nested(8),
            "adjacent",
            banks(),
            banks_with(1, 1, 9),
        ),
        (
            Order::EXTERNAL.at(External::VARIANT.pair).set((4, "y".to_owned())),
            "external",
            others(),
            order(External::Pair(4, "y".into()), None, Adjacent::One(5)),
        ),
        (
            Order::ADJACENT.at(Adjacent::VARIANT.one).set(6),
            "adjacent",
            others(),
            order(External::Pair(3, "x".into()), None, Adjacent::One(6)),
        ),
        (Order::FLAT.at(Flat::VARIANT.large.height).add_nested(3), "kind", others(), flat(5)),
        (right().field(Account::USES).set(6), "all", cash(), all(6)),
    ]
}

#[tokio::test]
async fn an_update_changes_what_the_variant_holds_where_it_is_that_variant() {
    let shop = shop().await;
    for (update, attribute, stored, expected) in updates() {
        let shown = update.to_string();
        shop.put(&stored).send().await.unwrap();
        let after = shop.update(Order::key(1)).apply(update.clone()).return_new().send().await.unwrap();
        assert_eq!(after, expected, "{shown}");
        let mut without = if stored == cash() { cards() } else { cash() };
        without.all.swap(0, 1);
        without.flat = Flat::Small;
        shop.put(&without).send().await.unwrap();
        let refused = shop.update(Order::key(1)).apply(update.clone()).send().await;
        let Err(Error::ConditionFailed(failed)) = refused else { panic!("{shown}: {refused:?}") };
        assert_eq!(failed.reason(), ConditionFailure::NotAsGiven(attribute), "{shown}");
        assert_eq!(failed.current::<Order>().unwrap().unwrap(), without, "{shown}");
        let in_memory = shop.get(Order::key(1)).into_sdk().unwrap().send().await.unwrap().item.unwrap();
        update.apply_to(&in_memory).unwrap_err();
        let upsert = shop.upsert(Order::key(1)).apply(update).send().await;
        let Err(Error::Expression(error)) = upsert else { panic!("{shown}: {upsert:?}") };
        assert_eq!(error.kind(), &ExpressionErrorKind::GivenToUpsert(attribute), "{shown}");
    }
}

/// The tag may be one of the names that were written before.
#[tokio::test]
async fn aliases_of_a_tag_are_the_variant() {
    let shop = shop().await;
    shop.put(&banks()).send().await.unwrap();
    let mut item = shop.get(Order::key(1)).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    for name in ["internal", "adjacent"] {
        let Some(AttributeValue::M(members)) = item.get_mut(name) else { panic!("{name}") };
        members.insert("method".into(), AttributeValue::S("giro".into()));
    }
    let is = Order::INTERNAL.is(Internal::VARIANT.bank) & Order::ADJACENT.is(Adjacent::VARIANT.bank);
    assert!(is.matches(&item).unwrap());
    assert!(!Order::INTERNAL.is(Internal::VARIANT.card).matches(&item).unwrap());
    let update = Order::INTERNAL.at(Internal::VARIANT.bank).field(Account::USES).set(8);
    update.apply_to(&item).unwrap();
}
