//! Key conditions as values: with a name, compared, explained and queried of several tables.

#![allow(clippy::reversed_empty_ranges)]

use crate::MAPPING;
use dynamap::{
    Entity, Index, Table, TableSchema,
    key::{self, KeyCondition},
    schema::Primary,
};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByStatus))]
struct Shop;

#[derive(Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = ["status", "gsi1pk"], sort_key = number("number"))]
struct ByStatus;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
#[dynamap(index = ByStatus, pk = [status, customer_id], sk = number)]
struct Order {
    #[dynamap(rename = "gsi1pk")]
    customer_id: String,
    number: u32,
    status: String,
}

fn orders_of(customer_id: &str) -> OrderPartition {
    Order::partition(customer_id)
}

fn first_orders_of(customer_id: &str) -> KeyCondition<Order, Primary> {
    orders_of(customer_id).number(..=2)
}

fn by_status(status: &str, from: u32) -> KeyCondition<Order, ByStatus> {
    Order::by_status(status, "c-1").number(from..)
}

#[test]
fn conditions_are_compared_by_what_they_select() {
    assert_eq!(first_orders_of("c-1"), Order::partition("c-1".to_owned()).number(key::le(2)));
    let different: [KeyCondition<Order, Primary>; 5] = [
        // The same orders, selected by another value.
        orders_of("c-1").number(..3),
        first_orders_of("c-2"),
        orders_of("c-1").into(),
        orders_of("c-1").number(2).into(),
        orders_of("c-1").number(..=3),
    ];
    for different in different {
        assert_ne!(first_orders_of("c-1"), different);
    }
    let wrong = || orders_of("c-1").number(3..=2);
    assert_eq!(wrong(), wrong());
    assert_ne!(wrong(), orders_of("c-1").into());
    assert!(!format!("{:?}", first_orders_of("secret")).contains("secret"));
}

#[test]
fn conditions_are_explained_without_a_table() {
    let explained = |condition: KeyCondition<Order, Primary>| {
        assert_eq!(condition.index_name(), None);
        condition.expression().unwrap()
    };
    assert_eq!(explained(orders_of("c-1").into()), "pk = :v0 AND begins_with(sk, :v1)");
    assert_eq!(explained(orders_of("c-1").number(2).into()), "pk = :v0 AND sk = :v1");
    assert_eq!(explained(first_orders_of("c-1")), "pk = :v0 AND sk BETWEEN :v1 AND :v2");
    let open = by_status("open", 2);
    assert_eq!(open.index_name(), Some("gsi1"));
    assert_eq!(open.expression().unwrap(), "status = :v0 AND gsi1pk = :v1 AND number >= :v2");
    let error = orders_of("c-1").number(3..=2).expression().unwrap_err();
    assert!(error.to_string().contains("number"), "{error}");
}

#[tokio::test]
async fn one_condition_is_queried_of_several_tables() {
    let client = Local::memory().unwrap().client();
    let order = |number| Order { customer_id: "c-1".into(), number, status: "open".into() };
    let (first, open, all) = (first_orders_of("c-1"), by_status("open", 3), orders_of("c-1"));
    for (name, last) in [("one", 3), ("other", 4)] {
        let shop = Table::<Shop>::new(client.clone(), name).with_mapping(MAPPING);
        shop.create_table_if_absent().send().await.unwrap();
        for number in 1..=last {
            shop.put(&order(number)).send().await.unwrap();
        }
        for _ in 0..2 {
            assert_eq!(shop.query(&first).try_collect().await.unwrap(), [order(1), order(2)]);
        }
        let found = shop.repository::<Order>().query(&open).try_collect().await.unwrap();
        assert_eq!(found, (3..=last).map(order).collect::<Vec<_>>());
        assert_eq!(shop.query(&all).try_collect().await.unwrap().len(), last as usize);
    }
}
