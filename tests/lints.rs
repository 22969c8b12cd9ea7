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

    /// Fields that nobody else can see.
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

/// Fields that are left out, have other names, or stand beside others.
pub mod options {
    use super::library::{ByStatus, Shop};
    use dynamap::{Attribute, Entity};

    /// An entity.
    #[derive(Debug, Clone, Default, PartialEq, Entity)]
    #[dynamap(table = Shop, pk = "N#{id}", sk = "N", default)]
    #[dynamap(index = ByStatus, pk = "S#{a}#{b}", sk = "{a}")]
    pub struct Options {
        /// The identifier.
        pub id: u32,
        /// Text.
        #[dynamap(skip_if = String::is_empty, alias = "was", alias = "before")]
        pub text: String,
        /// A flattened enum.
        #[dynamap(flatten)]
        pub choice: Choice,
        /// A flattened struct.
        #[dynamap(flatten)]
        pub part: Option<Part>,
        /// In an index together with the next.
        pub a: String,
        /// In an index together with the one before.
        pub b: Option<String>,
    }

    /// A choice.
    #[derive(Debug, Clone, Default, PartialEq, Attribute)]
    #[dynamap(tag = "is")]
    pub enum Choice {
        /// None.
        #[default]
        #[dynamap(alias = "nothing")]
        Nothing,
        /// Fields.
        Fields {
            /// Text.
            #[dynamap(skip_if = String::is_empty, default)]
            of: String,
        },
        /// Content.
        Content(Content),
    }

    /// A content.
    #[derive(Debug, Clone, Default, PartialEq, Attribute)]
    #[dynamap(default)]
    pub struct Content {
        /// Parts.
        pub contents: Vec<Self>,
        /// Text.
        #[dynamap(serde)]
        pub held: String,
    }

    /// A part.
    #[derive(Debug, Clone, Copy, PartialEq, Attribute)]
    pub struct Part {
        /// A number.
        pub number: u32,
    }
}

/// Deprecated fields, variants and types do not warn where code is generated for them.
pub mod old {
    use dynamap::value::EpochSeconds;
    use dynamap::{Attribute, Entity, Index, ItemCollection, Projection, TableSchema};

    /// The table.
    #[derive(Debug, Clone, Copy, TableSchema)]
    #[dynamap(partition_key = "pk", sort_key = "sk", indexes(ByOld))]
    #[deprecated]
    pub struct Old;

    /// An index.
    #[derive(Debug, Clone, Copy, Index)]
    #[dynamap(table = Old, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
    #[deprecated]
    pub struct ByOld;

    /// An entity.
    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Old, pk = "C#{customer}", sk = "O#{number}#{region}")]
    #[dynamap(index = ByOld, pk = "S#{customer}#{status}", sk = "{owner}")]
    pub struct Order {
        /// Of the partition key.
        #[deprecated]
        #[dynamap(key_only)]
        pub customer: String,
        /// Of the sort key.
        #[deprecated = "no longer used"]
        pub number: u32,
        /// Of the sort key, as it displays.
        #[deprecated(since = "1.0.0", note = "no longer used")]
        #[dynamap(plain)]
        pub region: String,
        /// Of an index.
        #[deprecated]
        pub status: Option<Status>,
        /// Of an index.
        #[deprecated]
        pub owner: Option<String>,
        /// Flattened.
        #[deprecated]
        #[dynamap(flatten)]
        pub line: Line,
        /// Skipped.
        #[deprecated]
        #[dynamap(skip)]
        pub skipped: u8,
        /// Mapped by serde.
        #[deprecated]
        #[dynamap(serde, default)]
        pub serde: u8,
        /// When.
        #[deprecated]
        #[dynamap(updated_at)]
        pub updated_at: EpochSeconds,
        /// The version.
        #[deprecated]
        #[dynamap(version)]
        pub version: dynamap::value::Version,
        /// A tuple.
        #[allow(deprecated)]
        pub pair: Pair,
    }

    /// A status.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
    pub enum Status {
        /// It is open.
        #[deprecated]
        Open,
        /// It is closed.
        Closed,
    }

    /// A line.
    #[derive(Debug, Clone, PartialEq, Attribute)]
    pub struct Line {
        /// The price.
        #[deprecated]
        pub price: f64,
        /// The payment.
        pub payment: Payment,
    }

    /// A payment.
    #[derive(Debug, Clone, PartialEq, Attribute)]
    #[dynamap(tag = "type")]
    pub enum Payment {
        /// A card.
        #[deprecated]
        Card {
            /// Its number.
            #[deprecated]
            number: String,
        },
    }

    /// A pair.
    #[derive(Debug, Clone, Copy, PartialEq, Attribute)]
    #[deprecated]
    pub struct Pair(pub u8, #[deprecated] pub u8);

    /// What is left of an order.
    #[derive(Debug, Projection)]
    #[dynamap(entity = Order)]
    pub struct Left {
        /// The customer.
        #[deprecated]
        #[dynamap(key)]
        pub customer: String,
        /// The number.
        pub number: u32,
        /// The line.
        #[deprecated]
        pub status: Option<Status>,
    }

    /// The items of a customer.
    #[derive(Debug, ItemCollection)]
    pub enum Items {
        /// An order.
        #[deprecated]
        Order(Order),
    }
}

#[test]
fn items_are_read() {
    let json = br#"{"pk":{"S":"C#c"},"sk":{"S":"O#0000000001#r"},"number":{"N":"1"},"region":{"S":"r"},"price":{"N":"1"},"payment":{"M":{"type":{"S":"Cash"}}}}"#;
    let order = dynamap::wire::item_from_json::<Order>(json).map(|order| order.to_key());
    assert_eq!(order, Ok(Order::key("c", 1, "r")));
    assert!(dynamap::wire::item_from_json::<Numbers>(json).is_ok());
}
