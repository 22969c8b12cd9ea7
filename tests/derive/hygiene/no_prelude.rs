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

/// Each option of a field that is left out, has other names, or stands beside others.
#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, ::dynamap::Entity)]
#[dynamap(table = Shop, pk = "N#{id}", sk = "N", default)]
#[dynamap(index = ByStatus, pk = "{a}#{b}", sk = total)]
pub(crate) struct New {
    id: u32,
    #[dynamap(skip_if = is_zero, alias = "was")]
    number: u32,
    #[dynamap(skip_if = is_zero, default = zero, with = negated)]
    with: u32,
    #[dynamap(serde, alias = "former", alias = "older")]
    any: ::std::vec::Vec<u32>,
    #[dynamap(with = negated_option)]
    optional: ::std::option::Option<u32>,
    #[dynamap(flatten)]
    payment: Flat,
    #[dynamap(flatten)]
    line: ::std::option::Option<Line>,
    #[dynamap(flatten)]
    untagged: ::std::option::Option<FlatUntagged>,
    #[deprecated]
    old: ::std::option::Option<u32>,
    a: ::std::string::String,
    b: ::std::option::Option<::std::string::String>,
    total: ::std::option::Option<u32>,
}

impl ::std::default::Default for New {
    #[allow(deprecated)]
    fn default() -> Self {
        Self {
            id: 0,
            number: 1,
            with: 2,
            any: ::std::vec::Vec::new(),
            optional: ::std::option::Option::None,
            payment: Flat::Cash,
            line: ::std::option::Option::None,
            untagged: ::std::option::Option::None,
            old: ::std::option::Option::None,
            a: ::std::string::String::new(),
            b: ::std::option::Option::None,
            total: ::std::option::Option::None,
        }
    }
}

#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, ::dynamap::Attribute)]
#[dynamap(tag = "is")]
pub(crate) enum Flat {
    #[dynamap(alias = "Money")]
    Cash,
    Fields {
        #[dynamap(skip_if = is_zero, default, alias = "one")]
        w: u32,
        #[dynamap(flatten)]
        r: ::std::collections::BTreeMap<::std::string::String, u32>,
    },
    Held(FlatHeld),
}

#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, ::dynamap::Attribute)]
#[dynamap(default = FlatHeld::new)]
pub(crate) struct FlatHeld {
    held: u32,
    next: ::std::option::Option<::std::boxed::Box<Self>>,
}

impl FlatHeld {
    fn new() -> Self {
        Self { held: 1, next: ::std::option::Option::None }
    }
}

#[derive(::std::fmt::Debug, ::std::clone::Clone, ::std::cmp::PartialEq, ::dynamap::Attribute)]
#[dynamap(untagged)]
pub(crate) enum FlatUntagged {
    One { first: u32 },
    Two(FlatHeld),
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

fn zero() -> u32 {
    0
}

mod negated {
    use ::dynamap::error::{DecodeError, EncodeError};
    use ::dynamap::value::{FromAttribute, Reader, ToAttribute, Writer};
    use ::std::result::Result;

    pub(super) fn write<W: Writer>(value: &u32, w: &mut W) -> Result<(), EncodeError> {
        value.write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<u32, DecodeError> {
        u32::read(r)
    }
}

mod negated_option {
    use ::dynamap::error::{DecodeError, EncodeError};
    use ::dynamap::value::{FromAttribute, Reader, ToAttribute, Writer};
    use ::std::{option::Option, result::Result};

    pub(super) fn write<W: Writer>(value: &Option<u32>, w: &mut W) -> Result<(), EncodeError> {
        value.write(w)
    }

    pub(super) fn read<R: Reader>(r: &mut R) -> Result<Option<u32>, DecodeError> {
        Option::<u32>::read(r)
    }
}

#[test]
fn new_options_without_the_prelude() {
    let entity = <New as ::std::default::Default>::default();
    ::std::assert_eq!(super::super::stored::item(&entity)["is"], "Cash");
    let _ = New::set_a_and_b_and_total("a", "b", 1);
    let _ = New::NUMBER.set(1);
}
