//! Key conditions with all components, where a key is asked for.

use crate::MAPPING;
use dynamap::{
    Entity, Table, TableSchema,
    batch::BatchWrite,
    entity::IntoKey,
    key::{IntoKeyCondition, SortKeyOperator},
};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Single;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{year}#{number}")]
struct Order {
    customer_id: String,
    year: u32,
    number: u32,
    total: u64,
}

/// A sort key without components.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "CUSTOMER")]
struct Customer {
    customer_id: String,
}

/// Plain components, and a component that is called as the locals of the derive.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "{key}:{value}", sk = "{kept}:{rest}")]
struct Old {
    #[dynamap(plain)]
    key: u8,
    #[dynamap(plain)]
    value: String,
    #[dynamap(plain)]
    kept: u8,
    #[dynamap(plain)]
    rest: String,
}

/// Fields that are the key attributes themselves.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = pk, sk = sk)]
struct Bare {
    pk: String,
    sk: String,
}

/// No sort key.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Single, pk = "CONFIG#{name}")]
struct Config {
    name: String,
}

/// No components at all.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Single, pk = "SETTINGS")]
struct Settings {
    dark: bool,
}

fn order(number: u32) -> Order {
    Order { customer_id: "c-1".into(), year: 2026, number, total: 10 }
}

#[test]
fn a_complete_condition_is_the_key_of_its_components() {
    let texts = ["", "a", "a#b", "$", "ORDER#1", "é", "\u{0}"];
    for text in texts {
        for (year, number) in [(0, 1), (1, 0), (2026, u32::MAX)] {
            assert_eq!(
                Order::partition(text).year(year).number(number).into_key(),
                Order::key(text, year, number)
            );
        }
        assert_eq!(Customer::partition(text).into_key(), Customer::key(text));
        assert_eq!(Config::partition(text.to_owned()).into_key(), Config::key(text));
        assert_eq!(
            Old::partition(1, text.to_owned()).kept(2).rest(text).into_key(),
            Old::key(1, text, 2, text)
        );
        assert_eq!(Old::partition(1, text).kept(2).rest_range(text).into_key(), Old::key(1, text, 2, text));
        assert_eq!(Bare::partition(text).sk(text).into_key(), Bare::key(text, text));
    }
    assert_eq!(Settings::partition().into_key(), Settings::key());
    let step = Order::partition("c-1").year(1);
    assert_eq!(step.clone().number(2).into_key(), step.number(2).into_key());
}

#[test]
fn a_complete_condition_selects_its_key() {
    use dynamap::entity::Key;
    let condition = Order::partition("c#1").year(2026).number(7);
    let key = condition.clone().into_key();
    let parts = condition.into_key_condition().into_parts().unwrap();
    assert_eq!(parts.partition, [("pk", key.partition_key().unwrap())]);
    assert_eq!(parts.sort, [("sk", SortKeyOperator::Equal(key.sort_key().unwrap().unwrap()))]);
}

#[tokio::test]
async fn every_call_by_a_key_takes_a_complete_condition() {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    let orders = shop.repository::<Order>();
    let at = |number: u32| Order::partition("c-1").year(2026).number(number);
    let customer = Customer { customer_id: "c-1".into() };
    shop.put(&customer).send().await.unwrap();
    for number in 1..=9 {
        orders.put(&order(number)).send().await.unwrap();
    }

    assert_eq!(orders.get(at(7)).send().await.unwrap(), Some(order(7)));
    assert_eq!(shop.get(at(7)).send().await.unwrap(), Some(order(7)));
    assert!(orders.exists(at(7)).send().await.unwrap());
    assert!(!shop.exists(at(70)).send().await.unwrap());
    orders.update(at(1)).apply(Order::TOTAL.set(11)).send().await.unwrap();
    shop.update(at(1)).apply(Order::TOTAL.add(1)).send().await.unwrap();
    shop.upsert(at(2)).apply(Order::TOTAL.set(20)).send().await.unwrap();
    let totals = orders.batch_get([at(1), at(70), at(2)]).send().await.unwrap();
    let totals: Vec<_> = totals.into_iter().map(|one| one.found().map(|order| order.total)).collect();
    assert_eq!(totals, [Some(12), None, Some(20)]);
    let found = shop.batch_get([at(4)]).send().await.unwrap();
    assert_eq!(found.into_iter().map(|one| one.found()).collect::<Vec<_>>(), [Some(order(4))]);
    let found = shop.batch_get(&[order(4)]).send().await.unwrap();
    assert_eq!(found.into_iter().map(|one| one.found()).collect::<Vec<_>>(), [Some(order(4))]);
    let mixed = (vec![at(4)], [Customer::partition("c-1")]);
    let (found, customers) = shop.batch_get_mixed(mixed).send().await.unwrap();
    assert_eq!(found.into_iter().map(|one| one.found()).collect::<Vec<_>>(), [Some(order(4))]);
    let customers: Vec<_> = customers.into_iter().map(|one| one.found()).collect();
    assert_eq!(customers, [Some(customer.clone())]);

    let found = shop.transact_get((at(4), Customer::partition("c-1"), [at(5), at(70)], vec![at(6)]));
    assert_eq!(
        found.send().await.unwrap(),
        (Some(order(4)), Some(customer), [Some(order(5)), None], vec![Some(order(6))])
    );
    assert_eq!(orders.transact_get([at(70), at(6)]).send().await.unwrap(), [None, Some(order(6))]);

    let transaction = shop
        .transact_write()
        .update(orders.update(at(4)).apply(Order::TOTAL.set(1)))
        .delete(at(5))
        .check(at(6), Order::TOTAL.eq(10))
        .check_exists(at(7))
        .check_absent(at(70));
    transaction.send().await.unwrap();
    orders.delete(at(1)).send().await.unwrap();
    shop.delete(at(2)).send().await.unwrap();
    orders.batch_write().delete(at(3)).delete_all([at(4)]).send().await.unwrap();
    shop.batch_write()
        .delete(at(6))
        .delete_all(vec![at(7)])
        .write_all([BatchWrite::delete(at(8))])
        .send()
        .await
        .unwrap();
    let left = orders.query(Order::partition("c-1").year(2026)).try_collect().await.unwrap();
    assert_eq!(left, [order(9)]);
}

#[tokio::test]
async fn what_cannot_be_a_key_is_an_error_before_any_request() {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "no-such-table").with_mapping(MAPPING);
    let shown = |error: dynamap::Error| error.to_string();
    let by_key = shop.get(Old::key(1, "x", 2, "")).send().await.map_err(shown);
    let by_condition = shop.get(Old::partition(1, "x").kept(2).rest("")).send().await.map_err(shown);
    assert_eq!(by_condition, by_key);
    assert!(by_key.unwrap_err().contains("rest"));
}
