//! Values that go with attributes whose fields are mapped by functions.

use dynamap::{
    Entity, TableSchema,
    entity::to_item,
    error::{DecodeError, EncodeError},
    value::{FromAttribute, Reader, ToAttribute, Writer},
};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "{id}")]
struct Order {
    id: u8,
    #[dynamap(with = upper)]
    code: String,
    note: Option<String>,
}

/// Text that is stored in upper case.
mod upper {
    use super::{DecodeError, EncodeError, FromAttribute, Reader, ToAttribute, Writer};

    pub(super) fn write<W: Writer>(value: &str, w: &mut W) -> Result<(), EncodeError> {
        value.to_uppercase().write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<String, DecodeError> {
        String::read(r)
    }
}

#[test]
fn text_is_mapped_as_the_field_is() {
    let order = Order { id: 1, code: "a".into(), note: None };
    let item = to_item(&order).unwrap();
    assert_eq!(item["code"].as_s().map(String::as_str), Ok("A"));
    let stored = |update: dynamap::expr::Update<Order>| update.apply_to(&item).unwrap()["code"].clone();
    assert_eq!(stored(Order::CODE.set("b")).as_s().map(String::as_str), Ok("B"));
    assert_eq!(stored(Order::CODE.set(&String::from("c"))).as_s().map(String::as_str), Ok("C"));
    assert_eq!(Order::CODE.eq("a").matches(&item), Ok(true));
    // `None` needs no type beside it.
    let without = Order::NOTE.set(None).apply_to(&item).unwrap();
    assert!(!without.contains_key("note"));
    assert_eq!(order.to_key(), Order::key(1));
}
