use dynamap::batch::Fetched;
use dynamap::collection::MemberKey;
use dynamap::error::{ExpressionErrorKind, ItemCollectionError};
use dynamap::{Entity, Error, ItemCollection, Table, TableSchema};

#[derive(TableSchema)]
#[dynamap(partition_key = "PK", sort_key = "SK", ttl = "ttl", entity_type = none, entities(Order, Line))]
struct Existing;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Existing, pk = "user|{user}", sk = "order|{number}")]
struct Order {
    #[dynamap(key_only)]
    user: String,
    number: u32,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Existing, pk = "user|{id}", sk = "order|{number}|line|{line}")]
struct Line {
    #[dynamap(key_only)]
    id: String,
    number: u32,
    line: u8,
}

#[derive(Debug, PartialEq, ItemCollection)]
enum OrderItem {
    Order(Order),
    Line(Line),
}

#[tokio::test]
async fn the_key_tells_the_member() {
    let client = dynamap_local::Local::memory().unwrap().client();
    let table = Table::<Existing>::new(client, "existing").with_mapping(crate::MAPPING);
    table.create_table_if_absent().send().await.unwrap();
    let order = |number| Order { user: "u-1".into(), number };
    let line = |number, line| Line { id: "u-1".into(), number, line };
    for number in [1, 10, 11] {
        table.put(&order(number)).send().await.unwrap();
        table.put(&line(number, 1)).send().await.unwrap();
        table.put(&line(number, 2)).send().await.unwrap();
    }
    let lines = |number| {
        [OrderItem::Order(order(number)), OrderItem::Line(line(number, 1)), OrderItem::Line(line(number, 2))]
    };
    let all = table.query(OrderItem::partition("u-1")).try_collect().await.unwrap();
    assert_eq!(all, [lines(1), lines(10), lines(11)].concat_items());
    // A cursor after each of them, wherever another member begins.
    let mut items = table.query(OrderItem::partition("u-1")).page_size(5).items();
    let mut returned = 0;
    while items.next().await.transpose().unwrap().is_some() {
        returned += 1;
        let rest = table.query(OrderItem::partition("u-1")).start_after(items.cursor().unwrap());
        assert_eq!(rest.try_collect().await.unwrap(), all[returned..]);
    }
    assert_eq!(returned, 9);
    // What is below an order belongs to it, also at the ends of a range.
    let one = table.query(OrderItem::partition("u-1").of::<Order>().number(10)).try_collect().await;
    assert_eq!(one.unwrap(), lines(10));
    let some = table.query(OrderItem::partition("u-1").of::<Order>().number(1..=10)).try_collect().await;
    assert_eq!(some.unwrap(), [lines(1), lines(10)].concat_items());
    let below = OrderItem::partition("u-1").of::<Line>().number(11).line(2..);
    assert_eq!(table.query(below).try_collect().await.unwrap(), [OrderItem::Line(line(11, 2))]);

    let mut other = dynamap::entity::to_item(&order(12)).unwrap();
    other.insert("SK".into(), aws_sdk_dynamodb::types::AttributeValue::S("note".into()));
    table.client().put_item().table_name("existing").set_item(Some(other)).send().await.unwrap();
    let refused = table.query(OrderItem::partition("u-1")).send().await;
    let Err(Error::ItemCollection(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error, ItemCollectionError::UnknownEntity { collection: "OrderItem", found: None });

    let filtered = table.query(OrderItem::partition("u-1")).filter(Order::NUMBER.gt(1)).send().await;
    let Err(Error::Expression(error)) = filtered else { panic!("{filtered:?}") };
    assert_eq!(*error.kind(), ExpressionErrorKind::NoEntityType);
}

trait ConcatItems {
    fn concat_items(self) -> Vec<OrderItem>;
}

impl<const N: usize> ConcatItems for [[OrderItem; 3]; N] {
    fn concat_items(self) -> Vec<OrderItem> {
        self.into_iter().flatten().collect()
    }
}

/// Its sort key is any text, also that of an order or a line.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Existing, pk = "user|{owner}", sk = name)]
struct Note {
    #[dynamap(key_only)]
    owner: String,
    #[dynamap(rename = "SK")]
    name: String,
}

#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(overlap = first)]
enum UserItem {
    Order(Order),
    Note(Note),
    Line(Line),
}

#[tokio::test]
async fn an_item_is_of_the_first_member_that_its_key_fits() {
    let client = dynamap_local::Local::memory().unwrap().client();
    let table = Table::<Existing>::new(client, "existing").with_mapping(crate::MAPPING);
    table.create_table_if_absent().send().await.unwrap();
    let order = Order { user: "u-1".into(), number: 7 };
    table.put(&order).send().await.unwrap();
    table.put(&Line { id: "u-1".into(), number: 7, line: 1 }).send().await.unwrap();
    let all = table.query(UserItem::partition("u-1")).try_collect().await.unwrap();
    let note = Note { owner: "u-1".into(), name: "order|0000000007#|line|001".into() };
    assert_eq!(all, [UserItem::Order(order), UserItem::Note(note)]);
}

/// Two members whose keys have one form: the key that was asked for tells which it is.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Existing, pk = "user|{user}", sk = "order|{number}")]
struct Invoice {
    #[dynamap(key_only)]
    user: String,
    number: u32,
}

#[derive(Debug, PartialEq, ItemCollection)]
#[dynamap(overlap = first)]
enum Twin {
    Order(Order),
    Invoice(Invoice),
}

#[tokio::test]
async fn the_key_that_was_asked_for_tells_the_member() {
    let client = dynamap_local::Local::memory().unwrap().client();
    let table = Table::<Existing>::new(client, "existing").with_mapping(crate::MAPPING);
    table.create_table_if_absent().send().await.unwrap();
    table.put(&Order { user: "u-1".into(), number: 1 }).send().await.unwrap();
    let order = || Twin::Order(Order { user: "u-1".into(), number: 1 });
    let invoice = || Twin::Invoice(Invoice { user: "u-1".into(), number: 1 });
    let keys = || [Order::key("u-1", 1).into(), MemberKey::<Twin>::from(Invoice::key("u-1", 1))];
    let [as_order, as_invoice] = keys();
    assert_eq!(table.get_member(as_order).send().await.unwrap(), Some(order()));
    assert_eq!(table.get_member(as_invoice).send().await.unwrap(), Some(invoice()));
    assert_eq!(table.transact_get(keys()).send().await.unwrap(), [Some(order()), Some(invoice())]);
    let batch = table.batch_get_members(keys()).send().await.unwrap();
    assert_eq!(batch, [Fetched::Found(order()), Fetched::Found(invoice())]);
}
