//! Attributes of flattened structs are attributes of the entity.

use super::MAPPING;
use crate::Case;
use dynamap::error::ExpressionErrorKind;
use dynamap::expr::Condition;
use dynamap::{Attribute, Entity, Error, Table, TableSchema};
use dynamap_local::Local;
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByOwner))]
struct Shop;

#[derive(dynamap::Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
struct ByOwner;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "ORDER#{id}", sk = "ORDER")]
struct Order {
    id: u32,
    #[dynamap(flatten)]
    ship_to: Address,
    #[dynamap(flatten)]
    gift: Option<Gift>,
    #[dynamap(flatten)]
    others: BTreeMap<String, u32>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(rename_all = "camelCase")]
struct Address {
    city_name: String,
    tags: BTreeSet<String>,
    #[dynamap(flatten)]
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Place {
    #[dynamap(rename = "in.floor")]
    floor: u8,
    steps: Vec<Step>,
    #[dynamap(flatten)]
    gate: Option<Gate>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Gate {
    code: u16,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Step {
    up: u8,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Gift {
    wish: String,
    paper: u8,
}

fn order() -> Order {
    let place = Place { floor: 3, steps: vec![Step { up: 1 }], gate: None };
    let ship_to = Address { city_name: "Oslo".into(), tags: ["a".to_owned()].into(), place };
    Order {
        id: 1,
        ship_to,
        gift: Some(Gift { wish: "joy".into(), paper: 2 }),
        others: [("weight".into(), 7)].into(),
    }
}

async fn shop() -> Table<Shop> {
    let shop = Table::new(Local::memory().unwrap().client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    shop
}

#[tokio::test]
async fn updates_change_them_at_every_depth() {
    let steps = || Order::SHIP_TO.field(Address::PLACE.field(Place::STEPS));
    let cases: [Case<Order>; 8] = [
        (Order::SHIP_TO.field(Address::CITY_NAME).set("Bergen"), |it| it.ship_to.city_name = "Bergen".into()),
        (Order::SHIP_TO.field(Address::TAGS).add(["b"]), |it| it.ship_to.tags.extend(["b".to_owned()])),
        (Order::SHIP_TO.field(Address::TAGS).remove(), |it| it.ship_to.tags.clear()),
        (Order::SHIP_TO.field(Address::PLACE.field(Place::FLOOR)).add(2), |it| it.ship_to.place.floor = 5),
        (steps().append([Step { up: 4 }]), |it| it.ship_to.place.steps.push(Step { up: 4 })),
        (steps().index(0).field(Step::UP).set(9), |it| it.ship_to.place.steps[0].up = 9),
        (Order::OTHERS.key("weight").add(1), |it| it.others.insert("weight".into(), 8).map(drop).unwrap()),
        (Order::OTHERS.key("height").set(4), |it| it.others.extend([("height".into(), 4)])),
    ];
    let shop = shop().await;
    for (update, change) in cases {
        shop.put(&order()).send().await.unwrap();
        let shown = update.to_string();
        let after = shop.update(Order::key(1)).apply(update).return_new().send().await.unwrap();
        let mut expected = order();
        change(&mut expected);
        assert_eq!(after, expected, "{shown}");
    }
}

#[tokio::test]
async fn conditions_and_filters_ask_for_them() {
    let shop = shop().await;
    shop.put(&order()).send().await.unwrap();
    let gate = Address::PLACE.field(Place::GATE.field(Gate::CODE));
    let cases: [(Condition<Order>, bool); 12] = [
        (Order::SHIP_TO.field(gate).not_exists(), true),
        (Order::SHIP_TO.field(gate).eq(1), false),
        (Order::SHIP_TO.field(Address::CITY_NAME).begins_with("Os"), true),
        (Order::SHIP_TO.field(Address::CITY_NAME).eq("Bergen"), false),
        (Order::SHIP_TO.field(Address::TAGS).contains("a"), true),
        (Order::SHIP_TO.field(Address::PLACE.field(Place::FLOOR)).gt(3), false),
        (Order::SHIP_TO.field(Address::PLACE.field(Place::STEPS)).index(0).field(Step::UP).eq(1), true),
        (Order::GIFT.field(Gift::WISH).eq("joy"), true),
        (Order::GIFT.field(Gift::PAPER).eq(Order::SHIP_TO.field(Address::PLACE.field(Place::FLOOR))), false),
        (Order::GIFT.field(Gift::PAPER).not_exists(), false),
        (Order::OTHERS.key("weight").between(7, 8), true),
        (Order::OTHERS.key("height").exists(), false),
    ];
    for (condition, expected) in cases {
        let found = shop.repository::<Order>().scan().filter(condition.clone()).try_collect().await.unwrap();
        assert_eq!(!found.is_empty(), expected, "filter {condition}");
        let put = shop.put(&order()).condition(condition.clone()).send().await;
        assert_eq!(put.is_ok(), expected, "condition {condition}");
    }
}

#[tokio::test]
async fn the_key_of_a_flattened_map_is_no_attribute_that_is_declared() {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    for name in ["cityName", "in.floor", "wish", "id", "pk", "sk", "gsi1pk", "entity_type", "expires_at"] {
        let update = shop.update(Order::key(1)).apply(Order::OTHERS.key(name).set(4)).send().await;
        let Err(Error::Expression(error)) = update else { panic!("{update:?}") };
        assert_eq!(error.kind(), &ExpressionErrorKind::Reserved(name));
    }
    assert!(requests.take().is_empty(), "nothing was sent");
}
