//! Documents with fields known when they are compiled, written as the derives write them.

use dynamap::error::{DecodeError, EncodeError};
use dynamap::value::{
    AttributeType, FieldTable, FromAttribute, FromDocument, ToAttribute, ToDocument, Value, Writer, marker,
};
use dynamap::value::{Field, Reader};
use dynamap::wire;
use std::collections::{BTreeSet, HashMap};

/// A map whose members are all skipped.
#[derive(Debug, PartialEq)]
pub(crate) struct Nothing;

impl AttributeType for Nothing {
    type DataType = marker::M;
}

impl ToAttribute for Nothing {
    fn write<W: Writer>(&self, _: &mut W) -> Result<(), EncodeError> {
        Err(EncodeError::new("it is only read"))
    }
}

impl FromAttribute for Nothing {
    fn read<R: Reader>(r: &mut R) -> Result<Self, DecodeError> {
        let mut members = r.begin_map()?;
        match r.next_field(&mut members, &FieldTable::EMPTY)? {
            Field::End => Ok(Self),
            Field::Known(_) => unreachable!("the table is empty"),
        }
    }
}

#[derive(Debug, PartialEq, Default)]
struct Product {
    sku: String,
    price: u32,
    note: Option<String>,
    tags: BTreeSet<String>,
}

const NAMES: [&str; 4] = ["sku", "price", "a \"note\"", "tags"];
const QUOTED: [&str; 2] = ["\"sku\":", "\"price\":"];
static TABLE: FieldTable = FieldTable::new(&NAMES, &QUOTED, &FieldTable::heads(&NAMES));

#[derive(Default)]
struct PartialProduct {
    sku: Option<String>,
    price: Option<u32>,
    note: Option<Option<String>>,
    tags: Option<BTreeSet<String>>,
}

fn or_absent<T: FromAttribute>(value: Option<T>, name: &'static str) -> Result<T, DecodeError> {
    value.or_else(T::absent).ok_or_else(|| DecodeError::new("a value", "no attribute").in_field(name))
}

impl FromDocument for Product {
    type Output = Self;
    type Partial = PartialProduct;
    const FIELDS: &'static FieldTable = &TABLE;

    fn read_field<R: Reader>(
        partial: &mut PartialProduct,
        index: usize,
        r: &mut R,
    ) -> Result<(), DecodeError> {
        match index {
            0 => partial.sku = Some(FromAttribute::read(r)?),
            1 => partial.price = Some(FromAttribute::read(r)?),
            2 => partial.note = Some(FromAttribute::read(r)?),
            _ => partial.tags = Some(FromAttribute::read(r)?),
        }
        Ok(())
    }

    fn finish(partial: PartialProduct) -> Result<Self, DecodeError> {
        Ok(Self {
            sku: or_absent(partial.sku, NAMES[0])?,
            price: or_absent(partial.price, NAMES[1])?,
            note: or_absent(partial.note, NAMES[2])?,
            tags: or_absent(partial.tags, NAMES[3])?,
        })
    }
}

fn write_field<T: ToAttribute, W: Writer>(value: &T, index: usize, w: &mut W) -> Result<(), EncodeError> {
    if value.is_absent() {
        return Ok(());
    }
    w.field(&TABLE, index)?;
    value.write(w).map_err(|error| error.in_field(TABLE.name(index)))
}

impl ToDocument for Product {
    fn write_fields<W: Writer>(&self, w: &mut W) -> Result<(), EncodeError> {
        write_field(&self.sku, 0, w)?;
        write_field(&self.price, 1, w)?;
        write_field(&self.note, 2, w)?;
        write_field(&self.tags, 3, w)
    }
}

fn product() -> Product {
    Product {
        sku: "tea \"green\"".to_owned(),
        price: 3,
        note: Some("sold\nout".to_owned()),
        tags: BTreeSet::from(["hot".to_owned(), "new".to_owned()]),
    }
}

#[test]
fn an_item_survives_both_wire_forms() {
    for product in [product(), Product::default()] {
        let json = wire::item_to_json(&product).unwrap();
        assert_eq!(wire::item_from_json::<Product>(&json).unwrap(), product);
        let values = wire::item_to_attribute_values(&product).unwrap();
        let as_values = wire::item_from_json::<HashMap<String, Value>>(&json).unwrap();
        assert_eq!(wire::item_to_attribute_values(&as_values).unwrap(), values);
        assert_eq!(wire::item_from_attribute_values::<Product>(values).unwrap(), product);
    }
}

#[test]
fn the_json_of_an_item_has_no_attribute_for_nothing() {
    let json = |product: &Product| String::from_utf8(wire::item_to_json(product).unwrap()).unwrap();
    assert_eq!(json(&Product::default()), r#"{"sku":{"S":""},"price":{"N":"0"}}"#);
    assert_eq!(
        json(&product()),
        r#"{"sku":{"S":"tea \"green\""},"price":{"N":"3"},"a \"note\"":{"S":"sold\nout"},"tags":{"SS":["hot","new"]}}"#
    );
}

#[test]
fn members_in_any_order_with_unknown_ones_between_are_read() {
    let json = r#"{"x":{"L":[{"M":{"sku":{"S":"no"}}}]}, "tags":{"SS":["new","hot"]},"price" : {"N":"3.0"},
        "y":{"Q":[1.5e3,-0,null,"\u0041"]},"a \"note\"":{"S":"first"},"\u0073ku":{"S":"tea \"green\""},
        "a \"note\"":{"S":"sold\nout"}}"#;
    let json = json.replace("sold\nout", "sold\\nout");
    assert_eq!(wire::item_from_json::<Product>(json.as_bytes()).unwrap(), product());
}

#[test]
fn an_error_in_an_item_names_the_attribute() {
    let read = |json: &str| wire::item_from_json::<Product>(json.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        read(r#"{"price":{"S":"3"}}"#),
        "attribute `price`: expected a number (N), found a string (S)"
    );
    assert_eq!(
        read(r#"{"price":{"N":"-3"}}"#),
        "attribute `price`: expected an integer from 0 to 4294967295, found an integer out of this range"
    );
    assert_eq!(
        read(r#"{"price":{"N":"3.5"}}"#),
        "attribute `price`: expected an integer, found another number"
    );
    assert_eq!(read(r#"{"price":{"N":"3"}}"#), "attribute `sku`: expected a value, found no attribute");
    assert_eq!(read("{\"sku\":{\"S\":\"\u{1}\"}}"), {
        "attribute `sku`: expected no control characters in a JSON string, found malformed JSON at byte 13"
    });
    assert_eq!(read("{} {}"), "attribute `sku`: expected a value, found no attribute");
}
