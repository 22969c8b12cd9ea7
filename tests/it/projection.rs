//! Projections of the table and of indexes, and of structs inside attributes.

use crate::MAPPING;
use dynamap::value::EpochSeconds;
use dynamap::{Attribute, Entity, Error, Index, ItemCollection, Projection, Table, TableSchema};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(
    partition_key = "pk",
    sort_key = "sk",
    ttl = "expires_at",
    indexes(ByPlace, ByWeight, ByDay, ByHeight)
)]
struct Depot;

#[derive(Index)]
#[dynamap(table = Depot, name = "gsi1", partition_key = "gsi1pk", projection = include("ship_to", "expires_at"))]
struct ByPlace;

/// A local index reads from the table what it does not hold.
#[derive(Index)]
#[dynamap(table = Depot, name = "lsi1", local, sort_key = number("weight"), projection = include("ship_to"))]
struct ByWeight;

/// Holds whole items, and no projection names it.
#[derive(Index)]
#[dynamap(table = Depot, name = "gsi2", partition_key = "gsi2pk")]
struct ByDay;

#[derive(Index)]
#[dynamap(table = Depot, name = "lsi2", local, sort_key = number("height"), projection = all)]
struct ByHeight;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Depot, pk = "SHELF#{number}", sk = "SHELF")]
#[dynamap(index = ByDay, pk = "DAY#{day}")]
struct Shelf {
    #[dynamap(key_only)]
    number: u32,
    day: u32,
    height: u32,
    label: String,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Shelf)]
struct Label {
    #[dynamap(key)]
    number: u32,
    label: String,
}

/// Names an index that holds whole items, which it need not.
#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Shelf, index = ByDay)]
struct Day {
    day: u32,
}

#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(index = ByDay)]
enum OfDay {
    Shelf(Label),
}

#[tokio::test]
async fn an_index_that_holds_whole_items_is_read_as_any_projection() {
    let (local, requests) = Local::memory().unwrap().recording();
    let depot = Table::<Depot>::new(local.client(), "depot").with_mapping(MAPPING);
    depot.create_table_if_absent().send().await.unwrap();
    let shelves = depot.repository::<Shelf>();
    for number in 1..=3 {
        shelves.put(&Shelf { number, day: 7, height: 2, label: format!("s{number}") }).send().await.unwrap();
    }
    requests.clear();
    let label = |number: u32| Label { number, label: format!("s{number}") };
    let of_day = shelves.query(Shelf::by_day(7)).project::<Label>();
    let mut found = of_day.clone().try_collect().await.unwrap();
    found.sort_by_key(|label| label.number);
    assert_eq!(found, [label(1), label(2), label(3)]);
    let body = &requests.take()[0].body;
    let mut names: Vec<_> = body["ExpressionAttributeNames"].as_object().unwrap().values().cloned().collect();
    names.sort_by_key(ToString::to_string);
    assert_eq!(names, ["entity_type", "expires_at", "gsi2pk", "label", "pk", "sk"]);
    assert!(body["ProjectionExpression"].is_string());
    let scanned = shelves.scan().index::<ByDay>().project::<Label>();
    assert_eq!(scanned.clone().try_collect().await.unwrap().len(), 3);
    assert_eq!(scanned.parallel(2).try_collect().await.unwrap().len(), 3);
    assert_eq!(shelves.query(Shelf::by_day(7)).project::<Day>().try_collect().await.unwrap().len(), 3);
    // The attribute is the key of a local index, which no key condition of the entity asks for.
    let local = shelves.scan().index::<ByHeight>().project::<Label>().try_collect().await.unwrap();
    assert_eq!(local.len(), 3);
    let members = depot.query(OfDay::by_day(7)).try_collect().await.unwrap();
    assert!(members.contains(&OfDay::Shelf(label(2))) && members.len() == 3);
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Depot, pk = "CUSTOMER#{customer}", sk = "PARCEL#{number}")]
#[dynamap(index = ByPlace, pk = "PLACE#{place}")]
#[dynamap(index = ByWeight, sk = weight, returns_expired)]
struct Parcel {
    #[dynamap(key_only)]
    customer: String,
    number: u32,
    weight: u32,
    place: String,
    ship_to: Address,
    bill_to: Option<Address>,
    #[dynamap(ttl)]
    expires_at: Option<EpochSeconds>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Address {
    street: String,
    city: String,
    door: Option<u32>,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(of = Address)]
struct City {
    city: String,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(of = Address)]
struct Door {
    door: Option<u32>,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Parcel, index = [ByPlace, ByWeight])]
struct Destination {
    #[dynamap(key)]
    number: u32,
    #[dynamap(nested)]
    ship_to: City,
}

#[derive(Debug, PartialEq, Projection)]
#[dynamap(entity = Parcel)]
struct Doors {
    #[dynamap(nested)]
    ship_to: Door,
    #[dynamap(nested)]
    bill_to: Option<Door>,
}

fn parcel(number: u32) -> Parcel {
    let address = Address { street: "Karl Johans gate".into(), city: "Oslo".into(), door: None };
    Parcel {
        customer: "c-1".into(),
        number,
        weight: number * 10,
        place: "NO".into(),
        ship_to: address.clone(),
        bill_to: Some(Address { door: Some(3), ..address }),
        expires_at: None,
    }
}

async fn depot() -> Table<Depot> {
    let depot = Table::<Depot>::new(Local::memory().unwrap().client(), "depot").with_mapping(MAPPING);
    depot.create_table_if_absent().send().await.unwrap();
    for number in 1..=3 {
        depot.put(&parcel(number)).send().await.unwrap();
    }
    depot
}

fn destination(number: u32) -> Destination {
    Destination { number, ship_to: City { city: "Oslo".into() } }
}

#[tokio::test]
async fn get_item_reads_a_projection() {
    let depot = depot().await;
    let get = |number| depot.get(Parcel::key("c-1", number)).project::<Destination>();
    assert_eq!(get(2).send().await.unwrap(), Some(destination(2)));
    assert_eq!(get(2).consistent_read().send().await.unwrap(), Some(destination(2)));
    assert_eq!(get(9).send().await.unwrap(), None);
    let expired = Parcel { expires_at: Some(EpochSeconds(1)), ..parcel(2) };
    depot.put(&expired).send().await.unwrap();
    assert_eq!(get(2).send().await.unwrap(), None);
    assert_eq!(get(2).include_expired().send().await.unwrap(), Some(destination(2)));
}

/// An index that holds the time to live hides what has expired; one that does not says so where it is declared.
#[tokio::test]
async fn what_has_expired_is_hidden_by_the_index_that_can_tell() {
    let depot = depot().await;
    let expired = Parcel { expires_at: Some(EpochSeconds(1)), ..parcel(2) };
    depot.put(&expired).send().await.unwrap();
    let by_place = || depot.query(Parcel::by_place(&parcel(2).place)).project::<Destination>();
    let numbers = |found: Vec<Destination>| found.iter().map(|found| found.number).collect::<Vec<u32>>();
    assert!(!numbers(by_place().try_collect().await.unwrap()).contains(&2));
    assert!(numbers(by_place().include_expired().try_collect().await.unwrap()).contains(&2));
    let by_weight = depot.query(Parcel::by_weight("c-1")).project::<Destination>();
    assert!(numbers(by_weight.try_collect().await.unwrap()).contains(&2));
}

#[tokio::test]
async fn an_item_of_another_entity_is_no_projection() {
    let depot = depot().await;
    let mut other = dynamap::entity::to_item(&parcel(2)).unwrap();
    other.insert("entity_type".into(), aws_sdk_dynamodb::types::AttributeValue::S("Letter".into()));
    depot.client().put_item().table_name("depot").set_item(Some(other)).send().await.unwrap();
    let error = depot.get(Parcel::key("c-1", 2)).project::<Doors>().send().await.unwrap_err();
    assert!(matches!(error, Error::Decode(_)), "{error}");
}

#[tokio::test]
async fn parts_of_structs_are_read_from_the_table_and_its_indexes() {
    let depot = depot().await;
    let expected = [1, 2, 3].map(destination);
    let of_table = depot.query(Parcel::partition("c-1")).project::<Destination>();
    assert_eq!(of_table.try_collect().await.unwrap(), expected);
    let of_index = depot.query(Parcel::by_place("NO")).project::<Destination>();
    let mut found = of_index.try_collect().await.unwrap();
    found.sort_by_key(|found| found.number);
    assert_eq!(found, expected);
    let of_scan = depot.scan::<Parcel>().project::<Destination>().limit(2).send().await.unwrap();
    assert_eq!(of_scan.items, expected[..2]);
    assert!(of_scan.cursor.is_some());
    let of_local = depot.query(Parcel::by_weight("c-1").weight(15..)).project::<Destination>();
    assert_eq!(of_local.consistent_read().try_collect().await.unwrap(), expected[1..]);
}

#[tokio::test]
async fn parts_that_the_item_does_not_have_are_absent() {
    let depot = depot().await;
    let doors = || depot.get(Parcel::key("c-1", 1)).project::<Doors>();
    let expected = Doors { ship_to: Door { door: None }, bill_to: Some(Door { door: Some(3) }) };
    assert_eq!(doors().send().await.unwrap(), Some(expected));
    depot.put(&Parcel { bill_to: None, ..parcel(1) }).send().await.unwrap();
    let expected = Doors { ship_to: Door { door: None }, bill_to: None };
    assert_eq!(doors().send().await.unwrap(), Some(expected));
}

#[tokio::test]
async fn a_filter_may_ask_for_what_a_local_index_does_not_hold() {
    let depot = depot().await;
    let filter = || Parcel::BILL_TO.field(Address::DOOR).eq(3);
    let of_local = depot.query(Parcel::by_weight("c-1")).project::<Destination>().filter(filter());
    assert!(of_local.into_sdk().is_ok());
    let of_global = depot.query(Parcel::by_place("NO")).project::<Destination>();
    let held = of_global.clone().filter(Parcel::SHIP_TO.field(Address::CITY).eq("Oslo"));
    assert_eq!(held.try_collect().await.unwrap().len(), 3);
    let error = of_global.filter(filter()).send().await.unwrap_err();
    assert_eq!(error.to_string(), "a filter asks for `bill_to`, which the index `gsi1` does not hold");
}
