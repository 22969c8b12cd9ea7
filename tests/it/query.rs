use crate::model::{Customer, Order, numbers, order, stocked};
use dynamap::key::{ge, gt, le, lt};

#[tokio::test]
async fn a_partition_holds_the_orders_of_one_customer() {
    let (shop, orders) = stocked().await;
    let all = orders.query(Order::partition("c-1")).try_collect().await.unwrap();
    assert_eq!(all.len(), 20, "neither the profile nor the orders of c-10");
    assert_eq!(shop.query(Customer::partition("c-1")).try_collect().await.unwrap().len(), 1);
    let other = orders.query(Order::partition("c-10")).try_collect().await.unwrap();
    assert_eq!(other, [order("c-10", 2024, 1)]);
    assert!(orders.query(Order::partition("c-")).try_collect().await.unwrap().is_empty());
}

#[tokio::test]
async fn each_comparison_is_one_exact_interval() {
    let (_, orders) = stocked().await;
    macro_rules! selected {
        ($condition:expr) => {
            numbers(&orders.query($condition).try_collect().await.unwrap())
        };
    }
    let year =
        |year: u16, from: u32, to: u32| (from..=to).map(move |number| (year, number)).collect::<Vec<_>>();
    let c1 = || Order::partition("c-1");

    assert_eq!(selected!(c1().year(2024)), year(2024, 1, 10));
    assert_eq!(selected!(c1().year(2024).number(1)), [(2024, 1)], "1 is not 10");
    assert_eq!(selected!(c1().year(2024).number(3..=5)), year(2024, 3, 5));
    assert_eq!(selected!(c1().year(2024).number(3..5)), year(2024, 3, 4));
    assert_eq!(selected!(c1().year(2024).number(..3)), year(2024, 1, 2));
    assert_eq!(selected!(c1().year(2024).number(..=3)), year(2024, 1, 3));
    assert_eq!(selected!(c1().year(2024).number(8..)), year(2024, 8, 10));
    assert_eq!(selected!(c1().year(2025).number(gt(8))), year(2025, 9, 10));
    assert_eq!(selected!(c1().year(2025).number(ge(8))), year(2025, 8, 10));
    assert_eq!(selected!(c1().year(2025).number(lt(2))), year(2025, 1, 1));
    assert_eq!(selected!(c1().year(2025).number(le(2))), year(2025, 1, 2));
    // On the first component: everything below a value belongs to it.
    assert_eq!(selected!(c1().year(le(2024))), year(2024, 1, 10));
    assert_eq!(selected!(c1().year(gt(2024))), year(2025, 1, 10));
    assert_eq!(selected!(c1().year(lt(2024))), []);
    assert_eq!(selected!(c1().year(2024..=2025)), [year(2024, 1, 10), year(2025, 1, 10)].concat());
    assert_eq!(selected!(c1().year(2024..2025)), year(2024, 1, 10));
}

#[tokio::test]
async fn the_order_is_that_of_the_sort_key_or_its_reverse() {
    let (_, orders) = stocked().await;
    let mut up = orders.query(Order::partition("c-1")).try_collect().await.unwrap();
    assert!(up.is_sorted_by_key(|order| (order.year, order.number)));
    let down = orders.query(Order::partition("c-1")).descending().try_collect().await.unwrap();
    up.reverse();
    assert_eq!(up, down);
}

#[tokio::test]
async fn limit_counts_items_and_page_size_does_not_change_them() {
    let (_, orders) = stocked().await;
    for limit in [0, 1, 7, 20, 50] {
        for page_size in [1, 3, 100] {
            let query = || orders.query(Order::partition("c-1")).limit(limit).page_size(page_size);
            let expected = limit.min(20);
            let page = query().send().await.unwrap();
            assert_eq!(page.items.len(), expected, "limit {limit}, page size {page_size}");
            assert_eq!(query().try_collect().await.unwrap(), page.items);
        }
    }
    let page = orders.query(Order::partition("c-1")).page_size(3).send().await.unwrap();
    assert_eq!(page.items.len(), 3, "without a limit, send reads one page");
    assert!(page.cursor.is_some());
}

#[tokio::test]
async fn consistent_reads_of_the_table() {
    let (_, orders) = stocked().await;
    let query = orders.query(Order::partition("c-1")).consistent_read();
    assert_eq!(query.try_collect().await.unwrap().len(), 20);
}

#[tokio::test]
async fn items_of_other_entities_are_passed_over_and_counted() {
    let (shop, orders) = stocked().await;
    // An order in the database of a program that has another idea of this key.
    #[derive(Debug, dynamap::Entity)]
    #[dynamap(table = crate::model::Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{year}#{number}", name = "Draft")]
    struct Draft {
        customer_id: String,
        year: u16,
        number: u32,
    }
    for number in 11..=13 {
        shop.put(&Draft { customer_id: "c-1".into(), year: 2024, number }).send().await.unwrap();
    }
    let page = orders.query(Order::partition("c-1").year(2024)).send().await.unwrap();
    assert_eq!((page.items.len(), page.skipped), (10, 3));
    let mut items = orders.query(Order::partition("c-1").year(2024)).page_size(2).items();
    let mut count = 0;
    while let Some(item) = items.next().await {
        item.unwrap();
        count += 1;
    }
    assert_eq!((count, items.skipped()), (10, 3));
    let error = orders.get(Order::key("c-1", 2024, 11)).send().await.unwrap_err();
    assert!(error.to_string().contains("another entity"), "{error}");
    assert!(!orders.exists(Order::key("c-1", 2024, 11)).send().await.unwrap());
}

#[tokio::test]
async fn a_limit_among_many_other_items_takes_few_requests() {
    let (local, requests) = dynamap_local::Local::memory().unwrap().recording();
    let shop = crate::model::table(&local).await;
    for number in 1..=300 {
        // Orders of an older program, which had another name for them.
        let mut item = dynamap::entity::to_item(&order("c-1", 2024, number)).unwrap();
        let name = if number == 300 { "Order" } else { "OldOrder" };
        item.insert("entity_type".into(), aws_sdk_dynamodb::types::AttributeValue::S(name.into()));
        shop.client().put_item().table_name("shop").set_item(Some(item)).send().await.unwrap();
    }
    requests.clear();
    let page = shop.query(Order::partition("c-1")).limit(1).send().await.unwrap();
    assert_eq!((numbers(&page.items), page.skipped), (vec![(2024, 300)], 299));
    let sent = requests.take().len();
    assert!(sent <= 10, "{sent} requests");
}

#[tokio::test]
async fn without_an_entity_type_the_key_tells_the_entity() {
    use dynamap::{Entity, Table, TableSchema};

    #[derive(TableSchema)]
    #[dynamap(partition_key = "PK", sort_key = "SK", entity_type = none)]
    struct Existing;

    #[derive(Debug, PartialEq, Entity)]
    #[dynamap(table = Existing, pk = "user|{user}", sk = "note|{number}")]
    struct Note {
        #[dynamap(key_only)]
        user: String,
        #[dynamap(key_only, plain)]
        number: u32,
    }

    #[derive(Debug, PartialEq, Entity)]
    #[dynamap(table = Existing, pk = "user|{user}", sk = "{kind}|{text}")]
    struct Anything {
        user: String,
        kind: String,
        text: String,
    }

    let client = dynamap_local::Local::memory().unwrap().client();
    let table = Table::<Existing>::new(client, "existing").with_mapping(crate::MAPPING);
    table.create_table_if_absent().send().await.unwrap();
    let note = Note { user: "u-1".into(), number: 7 };
    table.create(&note).send().await.unwrap();
    assert!(table.exists(Note::key("u-1", 7)).send().await.unwrap());
    assert!(table.get(Note::key("u-1", 7)).send().await.unwrap().is_some());
    // A note whose number is no number.
    let mut other = dynamap::entity::to_item(&note).unwrap();
    other.insert("SK".into(), aws_sdk_dynamodb::types::AttributeValue::S("note|x".into()));
    table.client().put_item().table_name("existing").set_item(Some(other)).send().await.unwrap();

    let page = table.query(Note::partition("u-1")).send().await.unwrap();
    assert_eq!((page.items, page.skipped), (vec![note], 1));
    assert!(table.query(Anything::partition("u-1").kind("note")).try_collect().await.unwrap().is_empty());
}
