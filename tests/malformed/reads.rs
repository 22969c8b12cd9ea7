//! The operations that read.

use crate::model::{Account, ByTaste, Customer, CustomerItem, Order, customer, order, orders};
use crate::operation::{Run, Told};
use aws_sdk_dynamodb::types::TableDescription;
use dynamap::{batch::Fetched, value::Vector};
use std::time::Duration;

/// How long it is asked again.
pub(crate) const TIME: Duration = Duration::from_millis(1_500);

pub(crate) async fn get(run: &Run) -> Told {
    Told::of_read(run.shop.get(Order::key("c-1", 3)).send().await, &Some(order("c-1", 3)))
}

pub(crate) async fn get_absent(run: &Run) -> Told {
    Told::of_read(run.shop.get(Order::key("c-1", 99)).send().await, &None)
}

pub(crate) async fn exists(run: &Run) -> Told {
    Told::of_read(run.shop.exists(Order::key("c-1", 3)).send().await, &true)
}

pub(crate) async fn query(run: &Run) -> Told {
    let page = run.shop.query(Order::partition("c-1")).send().await;
    Told::of_read(page.map(|page| (page.items, page.cursor)), &(orders(), None))
}

pub(crate) async fn query_pages(run: &Run) -> Told {
    let query = run.shop.query(Order::partition("c-1")).page_size(2);
    Told::of_read(query.try_collect().await, &orders())
}

pub(crate) async fn query_items(run: &Run) -> Told {
    let mut stream = run.shop.query(Order::partition("c-1")).page_size(2).items();
    let mut read = Vec::new();
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => read.push(item),
            Err(error) => return Told::of_read(Err(error), &()),
        }
    }
    Told::of_read(Ok(read), &orders())
}

pub(crate) async fn keys(run: &Run) -> Told {
    let keys = run.shop.query(Order::partition("c-1")).keys().try_collect().await;
    let expected: Vec<_> = (1..=5).map(|number| Order::key("c-1", number)).collect();
    Told::of_read(keys, &expected)
}

fn members() -> Vec<CustomerItem> {
    let orders = orders().into_iter().map(CustomerItem::Order);
    orders.chain([CustomerItem::Customer(customer())]).collect()
}

pub(crate) async fn collection(run: &Run) -> Told {
    let items = run.shop.query(CustomerItem::partition("c-1")).try_collect().await;
    Told::of_read(items, &members())
}

pub(crate) async fn assemble(run: &Run) -> Told {
    let account = run.shop.query(Account::partition("c-1")).assemble().await;
    Told::of_read(account, &Account { customer: customer(), orders: orders() })
}

pub(crate) async fn scan(run: &Run) -> Told {
    let page = run.shop.scan::<Order>().send().await;
    Told::of_read(page.map(|page| (page.items, page.cursor, page.skipped)), &(orders(), None, 1))
}

pub(crate) async fn scan_pages(run: &Run) -> Told {
    Told::of_read(run.shop.scan::<Order>().page_size(4).try_collect().await, &orders())
}

pub(crate) async fn parallel_scan(run: &Run) -> Told {
    let scan = run.shop.scan::<Order>().parallel(3).retry_timeout(TIME);
    let read = scan.try_collect().await.map(|mut orders| {
        orders.sort_by_key(|order| order.number);
        orders
    });
    Told::of_read(read, &orders())
}

pub(crate) async fn search(run: &Run) -> Told {
    let from = Vector::new([0.5, 0.0]).unwrap();
    let found = run.shop.search(Order::by_taste("c-1", &from)).top_k(3).send().await;
    let found = found.map(|found| {
        found.into_iter().map(|hit| (hit.item, hit.score.value().to_bits())).collect::<Vec<_>>()
    });
    let expected = (1..=3).map(|number| (order("c-1", number), (f64::from(number) - 0.5).to_bits()));
    Told::of_read(found, &expected.collect())
}

pub(crate) async fn search_keys(run: &Run) -> Told {
    let from = Vector::new([9.0, 0.0]).unwrap();
    let found = run.shop.search(Order::by_taste("c-1", &from)).top_k(2).keys().send().await;
    let expected: Vec<_> = [5, 4].map(|number| Order::key("c-1", number)).into();
    Told::of_read(found.map(dynamap::op::Nearest::into_items), &expected)
}

pub(crate) async fn hydrate(run: &Run) -> Told {
    let read = run.shop.query(Order::partition("c-1")).keys().hydrate().try_collect().await;
    let expected: Vec<_> = orders().into_iter().map(Fetched::Found).collect();
    Told::of_read(read, &expected)
}

pub(crate) async fn batch_get(run: &Run) -> Told {
    let keys = (3..=7).map(|number| Order::key("c-1", number));
    let read = run.shop.batch_get(keys).retry_timeout(TIME).send().await;
    let read = read.map(|read| read.into_iter().map(Fetched::found).collect::<Vec<_>>());
    let found = |number| Some(order("c-1", number));
    Told::of_read(read, &vec![found(3), found(4), found(5), None, None])
}

pub(crate) async fn batch_get_mixed(run: &Run) -> Told {
    let keys = ([Customer::key("c-1")], [Order::key("c-1", 2)]);
    let read = run.shop.batch_get_mixed(keys).retry_timeout(TIME).send().await;
    Told::of_read(read, &(vec![Fetched::Found(customer())], vec![Fetched::Found(order("c-1", 2))]))
}

pub(crate) async fn batch_get_tables(run: &Run) -> Told {
    let keys = |numbers: [u32; 2]| numbers.map(|number| Order::key("c-1", number));
    let archived = run.archive.batch_get(keys([5, 6]));
    let read = run.shop.batch_get(keys([2, 9])).and(archived).retry_timeout(TIME).send().await;
    let read =
        read.map(|(own, archived)| Vec::from_iter(own.into_iter().chain(archived).map(Fetched::found)));
    let found = |number| Some(order("c-1", number));
    Told::of_read(read, &vec![found(2), None, found(5), None])
}

pub(crate) async fn transact_get(run: &Run) -> Told {
    let keys = (Customer::key("c-1"), vec![Order::key("c-1", 2), Order::key("c-1", 99)]);
    let read = run.shop.transact_get(keys).retry_timeout(TIME).send().await;
    Told::of_read(read, &(Some(customer()), vec![Some(order("c-1", 2)), None]))
}

pub(crate) async fn dump(run: &Run) -> Told {
    let mut file = Vec::new();
    let report = run.shop.dump(&mut file).segments(3).retry_timeout(TIME).send().await;
    let lines = file.iter().filter(|byte| **byte == b'\n').count() as u64;
    Told::of_read(report.map(|report| (report.items(), lines)), &(6, 6))
}

pub(crate) async fn wait_until_searchable(run: &Run) -> Told {
    let wait = run.shop.wait_until_searchable::<ByTaste>().retry_timeout(TIME);
    Told::of_read(wait.send().await, &())
}

pub(crate) async fn wait_until_active(run: &Run) -> Told {
    Told::of_read(run.shop.wait_until_active().send().await, &())
}

pub(crate) async fn stream_arn(run: &Run) -> Told {
    let arn = run.plain.stream_arn().send().await.unwrap();
    assert!(arn.is_some(), "the table has a stream");
    Told::of_read(run.shop.stream_arn().send().await, &arn)
}

pub(crate) async fn describe(run: &Run) -> Told {
    let described = run.shop.describe().send().await;
    let keys = |table: TableDescription| (table.table_name, table.key_schema);
    let expected = run.plain.describe().send().await.unwrap().map(keys);
    Told::of_read(described.map(|table| table.map(keys)), &expected)
}
