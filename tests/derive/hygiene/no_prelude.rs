//! Nothing of the prelude is in scope.
#![no_implicit_prelude]

#[derive(::dynamap::TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByStatus))]
pub(crate) struct Shop;

#[derive(::dynamap::Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = number("total"), projection = include("note"))]
pub(crate) struct ByStatus;

#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, ::dynamap::Entity)]
#[dynamap(table = Shop, pk = "C#{customer}", sk = "O#{number}#{kind}")]
#[dynamap(index = ByStatus, pk = "S#{status}", sk = total)]
pub(crate) struct Order {
    #[dynamap(key_only)]
    customer: ::std::string::String,
    #[dynamap(plain)]
    number: u32,
    kind: Kind,
    status: ::std::option::Option<Id>,
    total: u32,
    #[dynamap(default)]
    count: u32,
    #[dynamap(skip)]
    skipped: u32,
    #[dynamap(serde)]
    any: ::std::vec::Vec<u32>,
    #[dynamap(flatten)]
    line: Line,
    payment: Payment,
    note: ::std::option::Option<::std::string::String>,
}

#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, ::dynamap::Attribute)]
pub(crate) struct Line {
    price: ::std::option::Option<u32>,
}

#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, ::dynamap::Attribute)]
pub(crate) struct Id(::std::string::String);

#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, ::dynamap::Attribute)]
pub(crate) enum Kind {
    Small,
}

#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, ::dynamap::Attribute)]
pub(crate) enum Payment {
    Cash,
    Id(Id),
    Both(Id, u8),
    Card { number: u32, valid: ::std::option::Option<u32> },
}

#[derive(::std::fmt::Debug, ::dynamap::Attribute)]
#[dynamap(tag = "is", content = "of")]
pub(crate) enum Adjacent {
    One,
    Two(u32),
    Three { a: u32 },
}

#[derive(::std::fmt::Debug, ::dynamap::Attribute)]
#[dynamap(tag = "is")]
pub(crate) enum Internal {
    One,
    Two(Line),
    Three { a: u32 },
}

#[derive(::std::fmt::Debug, ::dynamap::Attribute)]
#[dynamap(untagged)]
pub(crate) enum Untagged {
    One(u32),
    Two(Line),
    Three { a: u32 },
    Four(u32, u32),
    Five,
}

#[derive(::std::fmt::Debug, ::dynamap::Attribute)]
pub(crate) struct Pair(u32, u32);

#[derive(::std::fmt::Debug, ::dynamap::Projection)]
#[dynamap(entity = Order, index = ByStatus)]
pub(crate) struct Note {
    #[dynamap(key)]
    customer: ::std::string::String,
    note: ::std::option::Option<::std::string::String>,
}

#[derive(::std::fmt::Debug, ::dynamap::Entity)]
#[dynamap(table = Shop, pk = "C#{customer}", sk = "NAME")]
pub(crate) struct Customer {
    customer: ::std::string::String,
    line: Line,
    maybe: ::std::option::Option<Line>,
}

#[derive(::std::fmt::Debug, ::dynamap::Projection)]
#[dynamap(of = Line)]
pub(crate) struct Price {
    price: ::std::option::Option<u32>,
}

#[derive(::std::fmt::Debug, ::dynamap::Projection)]
#[dynamap(entity = Customer)]
pub(crate) struct Prices {
    #[dynamap(key)]
    customer: ::std::string::String,
    #[dynamap(nested)]
    line: Price,
    #[dynamap(nested)]
    maybe: ::std::option::Option<Price>,
}

#[allow(dead_code)]
#[derive(::std::fmt::Debug, ::dynamap::ItemCollection)]
pub(crate) struct Projected {
    customer: Prices,
    orders: ::std::vec::Vec<Note>,
}

#[allow(dead_code)]
#[derive(::std::fmt::Debug, ::dynamap::ItemCollection)]
pub(crate) enum Item {
    Order(Order),
    Customer(Customer),
    #[dynamap(unknown)]
    Unknown(::dynamap::entity::Item),
}

#[allow(dead_code)]
#[derive(::std::fmt::Debug, ::dynamap::ItemCollection)]
pub(crate) struct Items {
    customer: Customer,
    orders: ::std::vec::Vec<Order>,
    #[dynamap(unknown)]
    others: ::std::vec::Vec<::dynamap::entity::Item>,
}

#[::core::prelude::v1::test]
fn an_entity_is_stored() {
    let order = Order {
        customer: ::std::convert::From::from("c"),
        number: 1,
        kind: Kind::Small,
        status: ::std::option::Option::None,
        total: 1,
        count: 1,
        skipped: 0,
        any: ::std::vec::Vec::new(),
        line: Line { price: ::std::option::Option::None },
        payment: Payment::Cash,
        note: ::std::option::Option::None,
    };
    super::super::stored::item(&order);
    let _ = ::dynamap::wire::item_from_json::<Note>(b"{}").map(|note| (note.customer, note.note));
    let prices = ::dynamap::wire::item_from_json::<Prices>(b"{}");
    let _ = prices.map(|prices| (prices.customer, prices.line.price, prices.maybe));
    let _ = (Item::Unknown, Items::partition("c"), Projected::partition("c"));
    let _ = Item::partition("c").of::<Order>().number(1_u32).kind(Kind::Small);
    let _ = Order::key("c", 1_u32, Kind::Small);
    let _ = Order::partition("c").number(1_u32).kind(Kind::Small);
    let _ = Order::by_status(Id(::std::convert::From::from("s"))).total(1..);
}
