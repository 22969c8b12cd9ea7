//! Newtypes of sets, lists, maps and numbers have the operators of what they hold.

use super::MAPPING;
use crate::Case;
use dynamap::expr::Condition;
use dynamap::{Attribute, Entity, Table, TableSchema};
use dynamap_local::Local;
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "PRODUCT#{id}")]
struct Product {
    id: u32,
    price: Cents,
    sold: Option<Cents>,
    tags: Tags,
    codes: Option<Codes>,
    lines: Lines,
    prices: Prices,
    pages: Pages<u8>,
    twice: Twice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
struct Cents(i64);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Tags(BTreeSet<String>);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Codes(BTreeSet<u8>);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Prices(BTreeMap<String, Cents>);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Pages<T>(Vec<T>);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Twice(Tags);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Lines(Vec<Line>);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Line {
    sku: String,
}

fn line(sku: &str) -> Line {
    Line { sku: sku.into() }
}

fn tags<const N: usize>(tags: [&str; N]) -> Tags {
    Tags(tags.map(String::from).into())
}

fn product() -> Product {
    Product {
        id: 1,
        price: Cents(100),
        sold: None,
        tags: tags(["a", "b"]),
        codes: Some(Codes([1, 2].into())),
        lines: Lines(vec![line("x")]),
        prices: Prices([("eur".into(), Cents(90))].into()),
        pages: Pages(vec![1]),
        twice: Twice(tags(["z"])),
    }
}

async fn shop() -> Table<Shop> {
    let shop = Table::new(Local::memory().unwrap().client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    shop
}

#[tokio::test]
async fn actions_are_those_of_the_type_inside() {
    let cases: [Case<Product>; 16] = [
        (Product::PRICE.add(Cents(5)), |it| it.price = Cents(105)),
        (Product::PRICE.inner().add(5), |it| it.price = Cents(105)),
        (Product::PRICE.set(Product::PRICE - Cents(5)), |it| it.price = Cents(95)),
        (Product::PRICE.inner().set(Product::PRICE.inner() + 5), |it| it.price = Cents(105)),
        (Product::SOLD.inner().add_or(10, 1), |it| it.sold = Some(Cents(11))),
        (Product::TAGS.add(tags(["c"])), |it| it.tags = tags(["a", "b", "c"])),
        (Product::TAGS.inner().add(["c"]), |it| it.tags = tags(["a", "b", "c"])),
        (Product::TAGS.inner().delete(["a"]), |it| it.tags = tags(["b"])),
        (Product::TAGS.remove(), |it| it.tags = tags([])),
        (Product::CODES.inner().delete([1]), |it| it.codes = Some(Codes([2].into()))),
        (Product::LINES.append(Lines(vec![line("y")])), |it| it.lines.0.push(line("y"))),
        (Product::LINES.inner().prepend([line("w")]), |it| it.lines.0.insert(0, line("w"))),
        (Product::LINES.index(0).field(Line::SKU).set("v"), |it| it.lines.0[0] = line("v")),
        (Product::PRICES.key("eur").inner().set(95), |it| {
            it.prices.0.insert("eur".into(), Cents(95)).map(drop).unwrap()
        }),
        (Product::PAGES.inner().append([2, 3]), |it| it.pages.0.extend([2, 3])),
        (Product::TWICE.inner().inner().add(["y"]), |it| it.twice = Twice(tags(["y", "z"]))),
    ];
    let shop = shop().await;
    for (update, change) in cases {
        shop.put(&product()).send().await.unwrap();
        let shown = update.to_string();
        let after = shop.update(Product::key(1)).apply(update).return_new().send().await.unwrap();
        let mut expected = product();
        change(&mut expected);
        assert_eq!(after, expected, "{shown}");
    }
}

#[tokio::test]
async fn conditions_and_filters_are_those_of_the_type_inside() {
    let shop = shop().await;
    shop.put(&product()).send().await.unwrap();
    let cases: [(Condition<Product>, bool); 20] = [
        (Product::PRICE.ge(Cents(100)), true),
        (Product::PRICE.inner().gt(100), false),
        (Product::PRICE.inner().between(99, 101), true),
        (Product::PRICE.inner().is_in([1, 100]), true),
        (Product::SOLD.inner().lt(5), false),
        (Product::TAGS.contains("a"), true),
        (Product::TAGS.contains("c"), false),
        (Product::TAGS.inner().eq(["b", "a"]), true),
        (Product::TAGS.size().eq(2), true),
        (Product::CODES.contains(2), true),
        (Product::CODES.contains(3), false),
        (Product::CODES.size().gt(2), false),
        (Product::LINES.contains(line("x")), true),
        (Product::LINES.contains(line("y")), false),
        (Product::LINES.index(0).field(Line::SKU).eq("x"), true),
        (Product::PRICES.key("eur").le(Cents(90)), true),
        (Product::PRICES.key("nok").exists(), false),
        (Product::PAGES.contains(1), true),
        (Product::TWICE.contains("z"), true),
        (Product::TWICE.inner().inner().contains("y"), false),
    ];
    for (condition, expected) in cases {
        let found =
            shop.repository::<Product>().scan().filter(condition.clone()).try_collect().await.unwrap();
        assert_eq!(!found.is_empty(), expected, "filter {condition}");
        let put = shop.put(&product()).condition(condition.clone()).send().await;
        assert_eq!(put.is_ok(), expected, "condition {condition}");
    }
}
