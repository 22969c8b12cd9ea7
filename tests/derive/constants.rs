//! The constants of attributes.

use dynamap::expr::{Path, Serde, With, role::Element};
use dynamap::value::{Bytes, Number};
use dynamap::{Attribute, Entity, TableSchema};
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}", rename_all = "camelCase")]
struct Order {
    #[dynamap(key_only)]
    id: u32,
    ship_to: Address,
    bill_to: Option<Box<Address>>,
    stops: Option<Vec<Address>>,
    by_name: BTreeMap<String, Address>,
    by_level: HashMap<Level, Vec<BTreeSet<Number>>>,
    pages: Page<Bytes>,
    #[dynamap(serde)]
    foreign: Vec<u32>,
    #[dynamap(with = cents)]
    price: u64,
    level: Level,
    name: Name,
    any: dynamap::value::Value,
}

#[derive(Debug, Attribute)]
#[dynamap(rename_all = "kebab-case")]
struct Address {
    postal_code: String,
    #[dynamap(rename = "the city")]
    city: Option<String>,
    r#type: Level,
    #[dynamap(skip)]
    #[expect(dead_code, reason = "it is not stored")]
    skipped: u8,
    next: Option<Box<Address>>,
}

#[derive(Debug, Attribute)]
struct Page<T> {
    entries: Vec<T>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
enum Level {
    Low,
}

#[derive(Debug, Attribute)]
struct Name(String);

mod cents {
    use dynamap::error::{DecodeError, EncodeError};
    use dynamap::value::{FromAttribute, Reader, ToAttribute, Writer};

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<u64, DecodeError> {
        u64::read(r).map(|cents| cents / 100)
    }

    pub(super) fn write<W: Writer>(value: &u64, w: &mut W) -> Result<(), EncodeError> {
        (value * 100).write(w)
    }
}

#[test]
fn types_are_carried_through_paths() {
    let city: Path<Order, Option<String>> = Order::SHIP_TO.field(Address::CITY);
    assert_eq!(city.to_string(), "shipTo.`the city`");
    let code: Path<Order, String> = Order::BILL_TO.field(Address::POSTAL_CODE);
    assert_eq!(code.begins_with("0").to_string(), "begins_with(billTo.`postal-code`, ?)");
    let third: Path<Order, Address, Element> = Order::STOPS.index(3);
    assert_eq!(third.field(Address::TYPE).eq(Level::Low).to_string(), "stops[3].type = ?");
    let next = Order::BY_NAME.key("home").field(Address::NEXT).field(Address::NEXT).field(Address::CITY);
    assert_eq!(next.size().lt(7).to_string(), "size(byName.{key}.next.next.`the city`) < ?");
    let numbers: Path<Order, BTreeSet<Number>, Element> = Order::BY_LEVEL.key(Level::Low).index(0);
    assert_eq!(numbers.contains(Number::from(7_u8)).to_string(), "contains(byLevel.{key}[0], ?)");
    let entry: Path<Order, Bytes, Element> = Order::PAGES.field(Page::ENTRIES).index(1);
    assert_eq!(entry.begins_with([1_u8].as_slice()).to_string(), "begins_with(pages.entries[1], ?)");
}

#[test]
fn types_are_compared_as_they_are_stored() {
    let name: Attribute<Order, Name> = Order::NAME;
    assert_eq!(name.begins_with("a").to_string(), "begins_with(name, ?)");
    assert_eq!(name.gt(Name("a".into())).to_string(), "name > ?");
    let _: Attribute<Order, Serde<Vec<u32>>> = Order::FOREIGN;
    assert_eq!(Order::FOREIGN.eq(vec![1, 2]).to_string(), "foreign = ?");
    let _: Attribute<Order, With<u64, _>> = Order::PRICE;
    assert_eq!(Order::PRICE.exists().to_string(), "attribute_exists(price)");
    assert_eq!(Order::PRICE.lt(Order::ANY).to_string(), "price < any");
    assert_eq!(Order::LEVEL.is_in([Level::Low]).to_string(), "level IN (?)");
}
