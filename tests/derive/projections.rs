//! Projections: some attributes of an entity.

use dynamap::entity::{Item, ProjectedAttribute, to_item};
use dynamap::error::DecodeError;
use dynamap::{Attribute, Entity, Index, Projection, TableSchema, wire};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByGroup))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", projection = include("the title"))]
struct ByGroup;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SHOP#{shop}", sk = "PRODUCT#{id}", rename_all = "camelCase")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}")]
struct Product {
    #[dynamap(key_only)]
    shop: String,
    id: u32,
    group: u32,
    #[dynamap(rename = "the title")]
    title: String,
    long_description: String,
    note: Option<String>,
}

fn product() -> Product {
    Product { shop: "s".into(), id: 7, group: 2, title: "T".into(), long_description: "D".into(), note: None }
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Product, index = ByGroup)]
struct Summary {
    #[dynamap(key)]
    shop: String,
    #[dynamap(key)]
    id: u32,
    title: String,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Product)]
struct Text {
    long_description: String,
    note: Option<String>,
}

#[test]
fn a_projection_reads_its_attributes_and_the_key() {
    assert_eq!(Summary::ATTRIBUTES, ["the title", "pk", "sk"].map(ProjectedAttribute::whole));
    assert_eq!(Text::ATTRIBUTES, ["longDescription", "note"].map(ProjectedAttribute::whole));
    let item = to_item(&product()).unwrap();
    let summary = wire::item_from_attribute_values::<Summary>(item.clone()).unwrap();
    assert_eq!(summary, Summary { shop: "s".into(), id: 7, title: "T".into() });
    let text = wire::item_from_attribute_values::<Text>(item).unwrap();
    assert_eq!(text, Text { long_description: "D".into(), note: None });
}

#[test]
fn an_absent_attribute_is_named() {
    let mut item = to_item(&product()).unwrap();
    item.remove("the title");
    let error = wire::item_from_attribute_values::<Summary>(item).unwrap_err();
    assert_eq!(error.to_string(), "attribute `the title`: expected an attribute, found none");
}

/// Structs inside structs, in every form that an attribute can have.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SHOP#{shop}", sk = "ORDER#{id}")]
struct Order {
    shop: String,
    id: u32,
    #[dynamap(rename = "ship to")]
    ship_to: Address,
    bill_to: Option<Address>,
    boxed: Box<Address>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Address {
    #[dynamap(rename = "c")]
    city: String,
    note: Option<String>,
    contact: Option<Contact>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Contact {
    name: String,
    phone: Option<String>,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(of = Contact)]
struct Phone {
    phone: Option<String>,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(of = Address)]
struct City {
    city: String,
    #[dynamap(nested)]
    contact: Option<Phone>,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(of = Address)]
struct Note {
    note: Option<String>,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Order)]
struct Places {
    #[dynamap(nested)]
    ship_to: City,
    #[dynamap(nested)]
    bill_to: Option<Note>,
    #[dynamap(nested)]
    boxed: Box<Note>,
}

fn order() -> Order {
    let contact = Some(Contact { name: "Ada".into(), phone: Some("1".into()) });
    let address = Address { city: "Oslo".into(), note: Some("ring".into()), contact };
    let boxed = Box::new(address.clone());
    Order { shop: "s".into(), id: 7, ship_to: address.clone(), bill_to: Some(address), boxed }
}

/// Reads an item in both forms.
fn read<P: Projection>(item: &Item) -> Result<P, DecodeError> {
    let json = wire::item_to_json(item).unwrap();
    let read = wire::item_from_json::<P>(&json);
    match (&read, wire::item_from_attribute_values::<P>(item.clone())) {
        (Ok(_), Ok(_)) => {}
        (Err(one), Err(other)) => assert_eq!(*one, other),
        _ => panic!("the forms differ"),
    }
    read
}

#[test]
fn a_nested_projection_asks_for_parts_and_reads_them() {
    const PHONE: &[ProjectedAttribute] = &[ProjectedAttribute::whole("phone")];
    const CITY: &[ProjectedAttribute] =
        &[ProjectedAttribute::whole("c"), ProjectedAttribute::nested("contact", PHONE)];
    const NOTE: &[ProjectedAttribute] = &[ProjectedAttribute::whole("note")];
    let expected = [("ship to", CITY), ("bill_to", NOTE), ("boxed", NOTE)];
    assert_eq!(Places::ATTRIBUTES, expected.map(|(name, parts)| ProjectedAttribute::nested(name, parts)));

    let places = read::<Places>(&to_item(&order()).unwrap()).unwrap();
    let note = || Note { note: Some("ring".into()) };
    let ship_to = City { city: "Oslo".into(), contact: Some(Phone { phone: Some("1".into()) }) };
    assert_eq!(places, Places { ship_to, bill_to: Some(note()), boxed: Box::new(note()) });
}

#[test]
fn what_dynamodb_leaves_out_is_absent() {
    let mut item = to_item(&order()).unwrap();
    // No attribute of the boxed address was there, so DynamoDB leaves out the map.
    item.remove("boxed");
    item.remove("bill_to");
    let places = read::<Places>(&item).unwrap();
    assert_eq!((places.bill_to, *places.boxed), (None, Note { note: None }));
    item.remove("ship to");
    let error = read::<Places>(&item).unwrap_err();
    assert_eq!(error.to_string(), "attribute `ship to.c`: expected an attribute, found none");
}

#[test]
fn a_part_of_another_form_is_named() {
    let mut item = to_item(&order()).unwrap();
    let number = aws_sdk_dynamodb::types::AttributeValue::N("1".into());
    let inner = item.get_mut("ship to").unwrap().as_m().unwrap().clone();
    let mut inner = inner;
    inner.insert("c".into(), number.clone());
    item.insert("ship to".into(), aws_sdk_dynamodb::types::AttributeValue::M(inner));
    let error = read::<Places>(&item).unwrap_err();
    assert_eq!(error.to_string(), "attribute `ship to.c`: expected a string (S), found a number (N)");
    item.insert("ship to".into(), number);
    let error = read::<Places>(&item).unwrap_err();
    assert_eq!(error.to_string(), "attribute `ship to`: expected a map (M), found a number (N)");
}
