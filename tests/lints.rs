//! Generated code causes no warnings where a library forbids them, and its public items are documented.
#![deny(
    warnings,
    missing_docs,
    unreachable_pub,
    missing_debug_implementations,
    missing_copy_implementations,
    unused_qualifications,
    non_ascii_idents,
    unused_lifetimes,
    unused_results,
    single_use_lifetimes,
    trivial_casts,
    elided_lifetimes_in_paths,
    clippy::all,
    clippy::pedantic
)]

use dynamap::Entity;
use library::{Numbers, Order};

/// As in a library: everything is public.
pub mod library {
    use dynamap::{Attribute, Entity, Index, Projection, TableSchema};

    /// The table.
    #[derive(Debug, Clone, Copy, TableSchema)]
    #[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByStatus))]
    pub struct Shop;

    /// Orders by status.
    #[derive(Debug, Clone, Copy, Index)]
    #[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
    pub struct ByStatus;

    /// An order.
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "C#{customer}", sk = "O#{number}#{region}")]
    #[dynamap(index = ByStatus, pk = "S#{status}", sk = "{number}")]
    pub struct Order {
        /// Whose it is.
        #[dynamap(key_only)]
        pub customer: String,
        /// Its number.
        pub number: u32,
        /// Where.
        #[dynamap(plain)]
        pub region: String,
        status: Option<Status>,
        #[dynamap(flatten)]
        line: Line,
        /// The payment.
        pub payment: Payment,
    }

    /// A status.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
    pub enum Status {
        /// It is open.
        Open,
        /// It is closed.
        Closed,
    }

    /// A line.
    #[derive(Debug, Clone, Copy, PartialEq, Attribute)]
    pub struct Line {
        price: f64,
    }

    /// A payment.
    #[derive(Debug, Clone, PartialEq, Attribute)]
    #[dynamap(tag = "type")]
    pub enum Payment {
        /// Cash.
        Cash,
        /// A card.
        Card {
            /// Its number.
            number: String,
        },
    }

    /// An identifier.
    #[derive(Debug, Clone, PartialEq, Eq, Hash, Attribute)]
    pub struct Id(pub String);

    /// A page.
    #[derive(Debug, Clone, PartialEq, Attribute)]
    pub struct Page<T> {
        /// The items.
        pub items: Vec<T>,
    }

    /// The numbers of orders.
    #[derive(Debug, Projection)]
    #[dynamap(entity = Order, index = ByStatus)]
    pub struct Numbers {
        /// Whose it is.
        #[dynamap(key)]
        pub customer: String,
        /// Its number.
        pub number: u32,
    }

    /// Deprecated fields do not warn where code is generated for them.
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "X#{id}", sk = "X")]
    pub struct Private {
        id: String,
        unused: Option<u32>,
    }

    impl Private {
        /// Makes one.
        #[must_use]
        pub fn new(id: String) -> Self {
            Self { id, unused: None }
        }
    }
}

#[test]
fn items_are_read() {
    let json = br#"{"pk":{"S":"C#c"},"sk":{"S":"O#0000000001#r"},"number":{"N":"1"},"region":{"S":"r"},"price":{"N":"1"},"payment":{"M":{"type":{"S":"Cash"}}}}"#;
    let order = dynamap::wire::item_from_json::<Order>(json).map(|order| order.to_key());
    assert_eq!(order, Ok(Order::key("c", 1, "r")));
    assert!(dynamap::wire::item_from_json::<Numbers>(json).is_ok());
}
