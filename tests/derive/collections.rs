//! The key conditions of item collections, and what their items are, without a database.

#![expect(dead_code, reason = "only keys matter here")]

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::key::{IntoKeyCondition, SortKeyOperator};
use dynamap::{Entity, Index, ItemCollection, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByPlace, ByDay))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = ["country", "city"], sort_key = number("house"))]
struct ByPlace;

#[derive(Index)]
#[dynamap(table = Shop, name = "lsi1", local, sort_key = "day")]
struct ByDay;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "{region}#{year}", sk = "A#{number}")]
#[dynamap(index = ByPlace, pk = [country, city], sk = house)]
#[dynamap(index = ByDay, sk = "{day}")]
struct Visit {
    region: String,
    year: u16,
    #[dynamap(plain)]
    number: u32,
    country: String,
    city: String,
    house: u32,
    #[dynamap(rename = "the_day")]
    day: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "{area}#{since}", sk = "B#{id}#{line}")]
#[dynamap(index = ByPlace, pk = [country, city], sk = house)]
#[dynamap(index = ByDay, sk = "{area}")]
struct Branch {
    area: String,
    since: u16,
    id: u32,
    line: String,
    country: String,
    city: String,
    house: u32,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CONFIG", sk = "{name}")]
struct Setting {
    name: String,
}

#[derive(Entity)]
#[dynamap(table = Shop, pk = "CONFIG", sk = "{name}")]
struct Flag {
    name: String,
    on: bool,
}

#[derive(ItemCollection)]
enum Item {
    Visit(Visit),
    Branch(Branch),
}

#[derive(ItemCollection)]
#[dynamap(index = ByPlace)]
enum PlaceItem {
    Visit(Visit),
    Branch(Branch),
}

#[derive(ItemCollection)]
#[dynamap(index = ByDay)]
struct Day {
    visits: Vec<Visit>,
    branches: Vec<Branch>,
}

#[derive(ItemCollection)]
enum Config {
    Setting(Setting),
    Flag(Flag),
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// The parts of a condition: partition and sort keys.
macro_rules! parts {
    ($condition:expr) => {{
        let parts = $condition.into_key_condition().into_parts().unwrap();
        (parts.partition, parts.sort)
    }};
}

#[test]
fn several_components_stand_in_parentheses_and_none_as_unit() {
    let both = vec![("pk", s("eu#02024"))];
    assert_eq!(parts!(Item::partition(("eu", 2024))), (both.clone(), vec![]));
    assert_eq!(parts!(Item::partition((String::from("eu"), &2024))), (both, vec![]));
    assert_eq!(parts!(Config::partition(())), (vec![("pk", s("CONFIG"))], vec![]));
    let place = vec![("country", s("FI")), ("city", s("Oulu"))];
    assert_eq!(parts!(PlaceItem::by_place(("FI", "Oulu"))), (place, vec![]));
    assert_eq!(parts!(Day::by_day(("eu", 2024))), (vec![("pk", s("eu#02024"))], vec![]));
}

#[test]
fn a_member_narrows_by_its_sort_key_and_all_below_it() {
    let of = || Item::partition(("eu", 2024));
    let begins = |text: &str| vec![("sk", SortKeyOperator::BeginsWith(s(text)))];
    let between = |from: &str, to: &str| vec![("sk", SortKeyOperator::Between(s(from), s(to)))];
    assert_eq!(parts!(of().of::<Branch>()).1, begins("B#"));
    assert_eq!(parts!(of().of::<Branch>().id(7)).1, begins("B#0000000007#"));
    assert_eq!(parts!(of().of::<Branch>().id(7).line("x")).1, between("B#0000000007#x", "B#0000000007#x$"));
    assert_eq!(
        parts!(of().of::<Branch>().id(7).line("a"..="x")).1,
        between("B#0000000007#a", "B#0000000007#x$")
    );
    assert_eq!(parts!(of().of::<Branch>().id(7).line_begins_with("a")).1, begins("B#0000000007#a"));
    assert_eq!(parts!(of().of::<Visit>().number(7_u32)).1, between("A#7", "A#7$"));
    // The entity's own condition is the key itself.
    let own = Branch::partition("eu", 2024).id(7).line("x");
    assert_eq!(parts!(own).1, [("sk", SortKeyOperator::Equal(s("B#0000000007#x")))]);

    let house = PlaceItem::by_place(("FI", "Oulu")).of::<Visit>().house(1..=9);
    let n = |number: &str| AttributeValue::N(number.into());
    assert_eq!(parts!(house).1, [("house", SortKeyOperator::Between(n("1"), n("9")))]);
    let day = Day::by_day(("eu", 2024)).of::<Visit>().day_begins_with("2024-");
    assert_eq!(parts!(day).1, [("day", SortKeyOperator::BeginsWith(s("2024-")))]);
}

#[test]
fn an_error_waits_in_the_condition() {
    let (from, to) = (9, 7);
    let condition = Item::partition(("eu", 2024)).of::<Branch>().id(from..=to).into_key_condition();
    assert!(condition.into_parts().is_err());
    let long = Item::partition(("x".repeat(2048), 2024)).into_key_condition();
    assert!(long.into_parts().is_err());
}

#[test]
fn conditions_show_no_values_and_can_be_cloned() {
    let condition = Item::partition(("secret", 2024));
    assert_eq!(parts!(condition.clone()), parts!(condition.clone()));
    assert!(!format!("{condition:?}").contains("secret"));
    let steps = condition.of::<Branch>().id(7);
    assert_eq!(parts!(steps.clone()), parts!(steps.clone()));
    let shown = format!("{steps:?}");
    assert!(shown.starts_with("BranchPartition") && !shown.contains("0007"), "{shown}");
}
