use crate::model::{Branch, Order, OrderNote, Status, order, shop, stocked};

#[tokio::test]
async fn an_index_is_read_by_its_own_keys() {
    let (_, orders) = stocked().await;
    let open = orders.query(Order::by_status(Status::Open).year(2025)).project::<OrderNote>();
    let open = open.descending().try_collect().await.unwrap();
    assert_eq!(open.iter().map(|note| note.number).collect::<Vec<_>>(), (1..=10).rev().collect::<Vec<_>>());
    let shipped = orders.query(Order::by_status(Status::Shipped)).project::<OrderNote>();
    assert!(shipped.try_collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_entity_without_the_optional_part_is_not_in_the_index() {
    let (_, orders) = stocked().await;
    let mut done = order("c-1", 2024, 7);
    done.status = None;
    orders.replace(&done).send().await.unwrap();
    let open = orders.query(Order::by_status(Status::Open).year(2024)).project::<OrderNote>();
    assert!(open.try_collect().await.unwrap().iter().filter(|note| note.number == 7).count() == 0);
    let item = orders.get(done.to_key()).into_sdk().unwrap().send().await.unwrap().item.unwrap();
    assert!(!item.contains_key("gsi1pk") && !item.contains_key("gsi1sk"), "no half key stays");
    assert_eq!(dynamap::entity::from_item::<Order>(item).unwrap(), done);
}

#[tokio::test]
async fn a_local_index_holds_whole_items_and_is_read_consistently() {
    let (_, orders) = stocked().await;
    let dear =
        orders.query(Order::by_total("c-1").total(95..)).consistent_read().try_collect().await.unwrap();
    assert_eq!(dear.iter().map(|order| (order.year, order.number)).collect::<Vec<_>>().len(), 2);
    let between = orders.query(Order::by_total("c-1").total(20..40)).try_collect().await.unwrap();
    assert!(between.iter().all(|order| (20..40).contains(&order.total)));
    assert_eq!(between.len(), 4);
    assert_eq!(orders.query(Order::by_total("c-1").total(50)).try_collect().await.unwrap().len(), 2);
}

#[tokio::test]
async fn an_index_with_a_key_of_several_attributes() {
    let branches = shop().await.repository::<Branch>();
    let mut id = 0;
    for street in ["Aleksanterinkatu", "Esplanadi"] {
        for house in [2, 10, 100] {
            id += 1;
            let (country, city) = ("Finland".into(), "Helsinki".into());
            let branch = Branch { id, country, city, street: street.into(), house };
            branches.create(&branch).send().await.unwrap();
        }
    }
    let helsinki = || Branch::by_place("Finland", "Helsinki");
    let ids = |found: Vec<Branch>| found.into_iter().map(|branch| branch.id).collect::<Vec<_>>();
    assert_eq!(ids(branches.query(helsinki()).try_collect().await.unwrap()), [1, 2, 3, 4, 5, 6]);
    let street = helsinki().street("Esplanadi");
    assert_eq!(ids(branches.query(street.clone()).try_collect().await.unwrap()), [4, 5, 6]);
    assert_eq!(ids(branches.query(street.clone().house(3..)).try_collect().await.unwrap()), [5, 6]);
    assert_eq!(ids(branches.query(street.house(10)).try_collect().await.unwrap()), [5]);
    let none = Branch::by_place("Finland", "Turku");
    assert!(branches.query(none).try_collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_projection_of_the_table() {
    let (_, orders) = stocked().await;
    let notes =
        orders.query(Order::partition("c-1").year(2024)).project::<OrderNote>().try_collect().await.unwrap();
    assert_eq!(notes.len(), 10);
    assert_eq!(notes[6], OrderNote { number: 7, note: None });
}

/// Each of two optional fields that are the key attributes of one index is set and removed by itself; an item with
/// both is in the index.
#[tokio::test]
async fn optional_fields_that_are_a_key_are_set_singly() {
    #[derive(dynamap::TableSchema)]
    #[dynamap(partition_key = "pk", indexes(ByPlace))]
    struct Store;

    #[derive(dynamap::Index)]
    #[dynamap(table = Store, name = "gsi1", partition_key = "aisle", sort_key = number("shelf"))]
    struct ByPlace;

    #[derive(Debug, Clone, PartialEq, dynamap::Entity)]
    #[dynamap(table = Store, pk = "PRODUCT#{id}")]
    #[dynamap(index = ByPlace, pk = aisle, sk = shelf)]
    struct Product {
        id: u32,
        aisle: Option<String>,
        shelf: Option<u32>,
    }

    let store = dynamap::Table::<Store>::new(dynamap_local::Local::memory().unwrap().client(), "store");
    let store = store.with_mapping(crate::MAPPING);
    store.create_table_if_absent().send().await.unwrap();
    store.create(&Product { id: 1, aisle: None, shelf: None }).send().await.unwrap();
    let apply = async |update| store.update(Product::key(1)).apply(update).send().await.unwrap();
    let found = async || store.query(Product::by_place("a").shelf(1..)).try_collect().await.unwrap().len();
    apply(Product::AISLE.set("a")).await;
    assert_eq!(found().await, 0);
    apply(Product::SHELF.set(2)).await;
    assert_eq!(found().await, 1);
    apply(Product::AISLE.remove()).await;
    assert_eq!(found().await, 0);
    let product = store.get(Product::key(1)).send().await.unwrap();
    assert_eq!(product, Some(Product { id: 1, aisle: None, shelf: Some(2) }));
}
