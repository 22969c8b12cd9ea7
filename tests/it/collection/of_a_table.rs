//! The collection of a whole table, whose members have partition keys of several forms.

use crate::model::{Customer, Order, Session, order};
use dynamap::{Entity, ItemCollection, Table, TableSchema, batch::Fetched, collection::MemberKey};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Museum;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Museum, pk = "ROOM#{floor}#{room}", sk = "ROOM")]
struct Room {
    floor: u8,
    room: u16,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Museum, pk = "PAINTING#{id}", sk = "PAINTING")]
struct Painting {
    id: String,
    room: u16,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Museum, pk = "HOURS", sk = "DAY#{day}")]
struct Hours {
    day: u8,
    open: bool,
}

#[derive(Debug, Clone, PartialEq, ItemCollection)]
#[dynamap(table = Museum)]
enum MuseumItem {
    Room(Room),
    Painting(Painting),
    Hours(Hours),
}

/// A variant may have the name of the function that a collection of one partition has.
#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(table = crate::model::Shop, unknown = skip)]
enum ShopItem {
    Order(Order),
    #[allow(non_camel_case_types)]
    partition(Session),
}

fn items() -> [MuseumItem; 4] {
    [
        MuseumItem::Room(Room { floor: 1, room: 2, name: "East".into() }),
        MuseumItem::Room(Room { floor: 1, room: 20, name: "West".into() }),
        MuseumItem::Painting(Painting { id: "p-1".into(), room: 2 }),
        MuseumItem::Hours(Hours { day: 3, open: true }),
    ]
}

fn key(item: &MuseumItem) -> MemberKey<MuseumItem> {
    match item {
        MuseumItem::Room(room) => room.into(),
        MuseumItem::Painting(painting) => painting.into(),
        MuseumItem::Hours(hours) => hours.into(),
    }
}

async fn museum() -> Table<Museum> {
    let client = dynamap_local::Local::memory().unwrap().client();
    let museum = Table::<Museum>::new(client, "museum").with_mapping(crate::MAPPING);
    museum.create_table_if_absent().send().await.unwrap();
    for item in items() {
        match item {
            MuseumItem::Room(room) => museum.create(&room).send().await.unwrap(),
            MuseumItem::Painting(painting) => museum.create(&painting).send().await.unwrap(),
            MuseumItem::Hours(hours) => museum.create(&hours).send().await.unwrap(),
        }
    }
    museum
}

#[tokio::test]
async fn a_scan_gives_the_items_of_all_partitions() {
    let museum = museum().await;
    let mut found = museum.scan::<MuseumItem>().try_collect().await.unwrap();
    found.sort_by_key(|item| items().iter().position(|expected| expected == item));
    assert_eq!(found, items());
    let east = museum.scan::<MuseumItem>().filter(Room::NAME.eq("East")).try_collect().await.unwrap();
    assert_eq!(east.len(), 3, "a filter of one member leaves the others");
}

#[tokio::test]
async fn each_member_is_read_by_its_key() {
    let museum = museum().await;
    for item in items() {
        let found = museum.get_member::<MuseumItem>(key(&item)).send().await.unwrap();
        assert_eq!(found.as_ref(), Some(&item));
    }
    let found = museum.batch_get_members(items().iter().map(key)).send().await.unwrap();
    let found: Vec<MuseumItem> = found.into_iter().filter_map(Fetched::found).collect();
    assert_eq!(found, items());
    let found = museum.transact_get(items().each_ref().map(key)).send().await.unwrap();
    assert_eq!(found, items().map(Some));
}

#[tokio::test]
async fn items_of_no_member_follow_the_policy() {
    let (shop, _) = crate::model::stocked().await;
    shop.put(&order("c-9", 2024, 1)).send().await.unwrap();
    shop.put(&Customer { customer_id: "c-9".into(), name: "Eve".into() }).send().await.unwrap();
    let page = shop.scan::<ShopItem>().send().await.unwrap();
    assert!(page.skipped > 0 && page.items.iter().all(|item| matches!(item, ShopItem::Order(_))), "{page:?}");
}
