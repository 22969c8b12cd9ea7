//! Fields that are stored in the key of an index only.

use crate::MAPPING;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{Entity, Index, ItemCollection, Table, TableSchema};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "PK", sort_key = "SK", indexes(ByCustomer))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "GSI1", partition_key = "GSI1-PK", sort_key = "GSI1-SK")]
struct ByCustomer;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "o#{order}", sk = "order")]
#[dynamap(index = ByCustomer, pk = "c#{customer}", sk = "{date}#{state}")]
struct Order {
    #[dynamap(key_only)]
    order: u32,
    #[dynamap(key_only)]
    customer: u32,
    #[dynamap(key_only)]
    date: String,
    state: u8,
    total: u32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "c#{customer}", sk = "customer")]
#[dynamap(index = ByCustomer, pk = "c#{customer}", sk = "#")]
struct Customer {
    #[dynamap(key_only)]
    customer: u32,
    name: String,
}

#[derive(Debug, Clone, PartialEq, ItemCollection)]
#[dynamap(index = ByCustomer)]
enum CustomerItem {
    Customer(Customer),
    Order(Order),
}

async fn shop() -> Table<Shop> {
    let shop = Table::new(Local::memory().unwrap().client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    shop
}

fn order(order: u32, date: &str) -> Order {
    Order { order, customer: 7, date: date.into(), state: 1, total: 10 * order }
}

#[tokio::test]
async fn they_are_read_back_wherever_the_item_is_read() {
    let shop = shop().await;
    let (first, second) = (order(1, "2026-01#02"), order(2, "2026-02"));
    let customer = Customer { customer: 7, name: "Ada".into() };
    shop.create(&first).send().await.unwrap();
    shop.batch_write().put(&second).put(&customer).send().await.unwrap();
    let get = shop.get(&first);
    let item = get.into_sdk().unwrap().send().await.unwrap().item.unwrap();
    let mut names: Vec<&str> = item.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["GSI1-PK", "GSI1-SK", "PK", "SK", "entity_type", "state", "total"]);
    assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), Some(first.clone()));
    assert_eq!(shop.scan::<Order>().try_collect().await.unwrap().len(), 2);
    let of_customer =
        shop.query(Order::by_customer(7).date("2026-02".."2026-03")).try_collect().await.unwrap();
    assert_eq!(of_customer, [second]);
    let items = shop.query(CustomerItem::by_customer(7)).try_collect().await.unwrap();
    assert_eq!(items.len(), 3);
    assert!(items.contains(&CustomerItem::Order(first.clone())), "{items:?}");
    // Whole writes keep the keys of the index with them, and updates of other fields leave them.
    let moved = Order { customer: 8, date: "2027".into(), state: 2, ..first.clone() };
    shop.save(&moved).send().await.unwrap();
    shop.update(Order::key(1)).apply(Order::TOTAL.set(11)).send().await.unwrap();
    assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), Some(Order { total: 11, ..moved.clone() }));
    assert_eq!(shop.query(Order::by_customer(8)).try_collect().await.unwrap().len(), 1);
    shop.replace(&first).send().await.unwrap();
    assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), Some(first));
}

#[tokio::test]
async fn an_item_without_the_key_of_the_index_is_an_error_that_names_it() {
    let shop = shop().await;
    let mut item = dynamap::entity::to_item(&order(1, "d")).unwrap();
    item.remove("GSI1-PK");
    item.insert("GSI1-SK".into(), AttributeValue::S("d#00001".into()));
    shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();
    let error = shop.get(Order::key(1)).send().await.unwrap_err().to_string();
    assert!(error.contains("`GSI1-PK`") && error.contains("`Order`"), "{error}");
}
