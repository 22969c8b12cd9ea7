//! Attributes by names that are known only when the program runs.

use super::MAPPING;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::error::ExpressionErrorKind;
use dynamap::expr::{Condition, Path, Update, role::Named};
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Index, Projection, Table, TableSchema};
use dynamap_local::Local;
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByMaker, ByShelf))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = keys_only)]
struct ByMaker;

/// No entity of these tests is in it.
#[derive(Index)]
#[dynamap(table = Shop, name = "gsi2", partition_key = "gsi2pk", sort_key = number("shelf"))]
struct ByShelf;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "PRODUCT#{id}", sk = "PRODUCT")]
#[dynamap(index = ByMaker, pk = "MAKER#{maker}", returns_expired)]
struct Product {
    id: u32,
    maker: String,
    #[dynamap(rename = "t", alias = "title")]
    name: String,
    note: Option<String>,
    #[dynamap(version)]
    version: Version,
    #[dynamap(updated_at)]
    changed: EpochSeconds,
}

/// What its index holds.
#[derive(Debug, Projection)]
#[dynamap(entity = Product, index = ByMaker)]
#[expect(dead_code, reason = "only what is asked for matters here")]
struct Id {
    #[dynamap(key)]
    id: u32,
}

fn product() -> Product {
    let (version, changed) = (Version::NEW, EpochSeconds(0));
    Product { id: 1, maker: "m".into(), name: "n".into(), note: None, version, changed }
}

async fn shop() -> Table<Shop> {
    let shop = Table::new(Local::memory().unwrap().client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    shop
}

async fn item(shop: &Table<Shop>) -> HashMap<String, AttributeValue> {
    shop.get(Product::key(1)).into_sdk().unwrap().send().await.unwrap().item.unwrap()
}

fn number(name: &str) -> Path<Product, u32, Named> {
    Path::named(name)
}

#[tokio::test]
async fn updates_write_them_and_save_leaves_them() {
    let shop = shop().await;
    let mut stored = product();
    shop.create(&mut stored).send().await.unwrap();
    let n = |number: &str| AttributeValue::N(number.into());
    let set = |members: [&str; 1]| AttributeValue::Ss(members.map(String::from).into());
    let map = || Path::<Product, BTreeMap<String, u32>>::named("sizes");
    let tags = || Path::<Product, BTreeSet<String>>::named("tags");
    let steps: [(Update<Product>, &str, Option<AttributeValue>); 12] = [
        (number("weight").set(3), "weight", Some(n("3"))),
        (number("weight").add(2), "weight", Some(n("5"))),
        (number("weight").set(number("weight") - 1), "weight", Some(n("4"))),
        (number("count").add_or(10, 1), "count", Some(n("11"))),
        (number("a.b").set_if_not_exists(1), "a.b", Some(n("1"))),
        (tags().add(["x", "y"]), "-", None),
        (tags().delete(["x"]), "tags", Some(set(["y"]))),
        (map().set(BTreeMap::new()), "sizes", Some(AttributeValue::M(HashMap::new()))),
        (map().key("s").set(9), "sizes", Some(AttributeValue::M([("s".into(), n("9"))].into()))),
        (Path::<Product, Vec<u32>>::named("list").append([1]), "list", Some(AttributeValue::L(vec![n("1")]))),
        (number("count").remove(), "count", None),
        (
            Path::<Product, AttributeValue>::named("any").set(AttributeValue::Bool(true)),
            "any",
            Some(AttributeValue::Bool(true)),
        ),
    ];
    for (update, name, expected) in steps {
        let shown = update.to_string();
        let before = item(&shop).await;
        let in_memory = update.apply_to(&before).unwrap();
        shop.update(Product::key(1)).ignore_version().apply(update).send().await.unwrap();
        let after = item(&shop).await;
        assert_eq!(after.get(name), expected.as_ref(), "{shown}");
        assert_eq!(in_memory.get(name), expected.as_ref(), "{shown}");
    }
    let mut stored = shop.get(Product::key(1)).send().await.unwrap().unwrap();
    stored.note = Some("saved".into());
    shop.save(&mut stored).send().await.unwrap();
    assert_eq!(item(&shop).await["weight"], n("4"));
}

#[tokio::test]
async fn conditions_and_filters_ask_for_any_attribute() {
    let shop = shop().await;
    shop.create(&mut product()).send().await.unwrap();
    let set = number("weight").set(3).and(Path::<_, String>::named("color").set("red"));
    shop.update(Product::key(1)).ignore_version().apply(set).send().await.unwrap();
    let color = || Path::<Product, String>::named("color");
    let cases: [(Condition<Product>, bool); 9] = [
        (number("weight").eq(3), true),
        (number("weight").gt(3), false),
        (number("height").exists(), false),
        (color().begins_with("r"), true),
        (color().contains("x"), false),
        (color().is_in(["blue", "red"]), true),
        (color().size().eq(3), true),
        (color().ne(Product::NOTE), true),
        // What the entity knows can be asked for as well.
        (Path::<Product, String>::named("t").eq("n"), true),
    ];
    for (condition, expected) in cases {
        let found =
            shop.repository::<Product>().scan().filter(condition.clone()).try_collect().await.unwrap();
        assert_eq!(!found.is_empty(), expected, "filter {condition}");
        let note = Product::NOTE.set("x");
        let update = shop.update(Product::key(1)).ignore_version().apply(note).condition(condition.clone());
        assert_eq!(update.send().await.is_ok(), expected, "condition {condition}");
    }
}

#[tokio::test]
async fn what_the_entity_or_its_table_has_is_not_written() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    let of_keys = ["pk", "sk", "gsi1pk", "gsi2pk", "shelf"];
    let of_fields = ["id", "maker", "t", "title", "note", "version", "lineage", "changed"];
    let all = of_keys.into_iter().chain(of_fields).chain(["entity_type", "expires_at"]);
    for name in all {
        let nested = Path::<Product, Vec<u32>>::named(name).index(0);
        let updates = [number(name).set(1), number(name).add(1), number(name).remove(), nested.set(1)];
        for update in updates {
            let shown = update.to_string();
            let upsert = shop.upsert(Product::key(1)).ignore_version().apply(update.clone()).send().await;
            let update = shop.update(Product::key(1)).ignore_version().apply(update).send().await;
            for outcome in [update, upsert] {
                let Err(Error::Expression(error)) = outcome else { panic!("{shown} {name}: {outcome:?}") };
                assert_eq!(error.kind(), &ExpressionErrorKind::Reserved(name), "{shown}");
            }
        }
    }
    assert!(requests.take().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn names_that_no_attribute_can_have_are_errors_before_any_request() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    for size in [0, 65_536] {
        let bad = || number(&"x".repeat(size));
        let update = |update| shop.update(Product::key(1)).ignore_version().apply(update);
        let outcomes = [
            update(bad().set(1)).send().await,
            update(bad().remove()).send().await,
            update(number("w").set(bad())).send().await,
            update(number("w").set(bad().if_not_exists(1) + 1)).send().await,
            update(Product::NOTE.set("x")).condition(bad().exists()).send().await,
            update(Product::NOTE.set("x")).condition(number("w").eq(bad())).send().await,
            shop.repository::<Product>()
                .scan()
                .filter(bad().gt(1) & number("w").eq(1))
                .try_collect()
                .await
                .map(drop),
        ];
        for (at, outcome) in outcomes.into_iter().enumerate() {
            let Err(Error::Expression(error)) = outcome else { panic!("{at}: {outcome:?}") };
            assert_eq!(error.kind(), &ExpressionErrorKind::Name { size, limit: 65_535 });
        }
    }
    let of_key = shop.query(Product::partition(1)).filter(number("pk").eq(1)).try_collect().await;
    let Err(Error::Expression(error)) = of_key else { panic!("{of_key:?}") };
    assert_eq!(error.kind(), &ExpressionErrorKind::KeyAttribute("pk"));
    let in_index = shop.query(Product::by_maker("m")).project::<Id>().filter(number("weight").eq(1));
    let Err(Error::Expression(error)) = in_index.try_collect().await else { panic!() };
    assert_eq!(error.to_string(), "a filter asks for `{key}`, which the index `gsi1` does not hold");
    assert!(requests.take().is_empty(), "nothing was sent");
}
