//! A typed data mapper for single-table design on Amazon DynamoDB, on the official `aws-sdk-dynamodb` client.
//!
//! A table holds many kinds of items. Each is an [`Entity`]: a struct whose fields become attributes and whose partition
//! and sort keys are made of its fields by templates. [`Table`] and [`Repository`] read and write entities, one call for
//! one request.
//!
//! ```
//! use dynamap::{Entity, Table, TableSchema};
//! use dynamap_local::Local;
//!
//! #[derive(TableSchema)]
//! #[dynamap(partition_key = "pk", sort_key = "sk")]
//! pub struct Shop;
//!
//! #[derive(Debug, PartialEq, Entity)]
//! #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
//! pub struct Order {
//!     pub customer_id: String,
//!     pub number: u32,
//!     pub note: Option<String>,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
//! shop.create_table_if_absent().send().await?;
//!
//! let orders = shop.repository::<Order>();
//! orders.create(&Order { customer_id: "c-1".into(), number: 7, note: None }).send().await?;
//! let all = orders.query(Order::partition("c-1").number(1..)).try_collect().await?;
//! assert_eq!(all.len(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! It is not an ORM: no relations, no lazy loading, no hidden reads.
//!
//! The [guide] has a chapter for each topic. Tasks such as "put only if absent" are in its [cookbook](guide::cookbook), and
//! DynamoDB's operations and expressions, each with dynamap's call, on [one page](guide::operations).
//!
//! # Tables and indexes
//!
//! [`TableSchema`] and [`Index`] are derived for unit structs that stand for a table and its global and local secondary
//! indexes. From them the compiler knows the keys that an entity needs, the projection of an index, and if it allows
//! strongly consistent reads. An entity whose optional component is `None` is not in the index (a sparse index).
//! [`Table::create_table_if_absent`] creates the table from them.
//!
//! # Keys
//!
//! `pk = "CUSTOMER#{customer_id}"` is a template: text, and fields as components. The key codec escapes and pads
//! components so that keys never collide, sort as their components do, and read back; see [`key`].
//! `Order::key(..)` makes a key, `Order::partition(..)` a key condition that is narrowed component by component. With
//! all components it is a key as well.
//!
//! # Values
//!
//! A field is any type with [`ToAttribute`](value::ToAttribute) and [`FromAttribute`](value::FromAttribute):
//! numbers, text, sets, lists, maps, nested structs and enums that derive [`Attribute`](macro@Attribute), and with
//! `#[dynamap(serde)]` any serde type. See [`value`].
//!
//! # Conditions and filters
//!
//! Each attribute is a constant such as `Order::STATUS`, with the operators of its data type; `field`, `index` and
//! `key` lead to the values inside it. They make a [`Condition`](expr::Condition), for a conditional write
//! ([`condition`](op::PutItem::condition)) and the [`filter`](op::Query::filter) of a query.
//!
//! ```
//! # use dynamap::{Attribute, Entity, Table, TableSchema};
//! # use dynamap_local::Local;
//! # #[derive(TableSchema)]
//! # #[dynamap(partition_key = "pk", sort_key = "sk")]
//! # pub struct Shop;
//! #[derive(Debug, PartialEq, Entity)]
//! #[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{number}")]
//! pub struct Order {
//!     pub customer_id: String,
//!     pub number: u32,
//!     pub total: u64,
//!     pub ship_to: Option<Address>,
//! }
//!
//! #[derive(Debug, PartialEq, Attribute)]
//! pub struct Address {
//!     pub city: String,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let shop = Table::<Shop>::new(Local::memory()?.client(), "shop");
//! # shop.create_table_if_absent().send().await?;
//! # let orders = shop.repository::<Order>();
//! let order = Order { customer_id: "c-1".into(), number: 7, total: 120, ship_to: None };
//! orders.put(&order).condition(Order::TOTAL.not_exists() | Order::TOTAL.le(120)).send().await?;
//!
//! let in_oslo = Order::SHIP_TO.field(Address::CITY).eq("Oslo");
//! let found = orders.query(Order::partition("c-1")).filter(in_oslo | Order::TOTAL.gt(100)).send().await?;
//! assert_eq!(found.items, [order]);
//!
//! orders.delete(Order::key("c-1", 7)).condition(Order::SHIP_TO.not_exists()).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Updates
//!
//! The same constants have the actions of their data type, which make an [`Update`](expr::Update):
//! `Order::TOTAL.set(Order::TOTAL + 5)`, `remove`, `add`, `append`. An index key that is made of a changed attribute is
//! written with it; an update that would leave an index key stale does not compile. See the
//! [guide to writing](guide::writing), also for optimistic locking with versions and for stamps, the
//! [guide to indexes](guide::indexes), and that to [writes whose response is lost](guide::lost_answers).
//!
//! # Projections
//!
//! [`Projection`] is derived for a struct of some of an entity's attributes, such as those that an index holds, and parts
//! of nested structs. It can be read and not saved.
//!
//! # Consistency
//!
//! Reads are eventually consistent by default. `consistent_read()` of a call makes it a strongly consistent read, at twice
//! the read capacity units, and `#[dynamap(consistent_read)]` makes that the default of an entity.
//!
//! # Pagination
//!
//! A [`Cursor`] is a pagination token: text with which a query or scan continues. `limit` counts the items that are
//! returned, and `items()` is a stream over all pages. See the [guide to reading](guide::reading). Clients of web APIs get
//! sealed cursors, which they can neither read nor make up, for pages forward and backward: see the [guide](guide::web_cursors).
//!
//! # Keys and batches
//!
//! [`keys`](op::Query::keys) reads the keys that a table or index holds, [`hydrate`](op::Query::hydrate) the entities
//! behind them, and [`Repository::batch_get`] entities by their keys: 100 with a request, with an outcome for each key.
//! [`Repository::batch_write`] puts and deletes the items of an iterator or a stream, 25 with a request, with an outcome
//! for each write. [`parallel`](op::Scan::parallel) scans a table in segments. [`Table::load`] and [`Table::dump`] do so
//! with files. Unprocessed items are sent again with exponential backoff and full jitter. See [`batch`] and the
//! [guide](guide::batches).
//!
//! # Transactions
//!
//! [`Table::transact_write`] writes entities of the table, all of them or none, and [`Table::transact_get`] reads them as
//! they are at one time. Lost responses, conflicts and throttling are retried with one idempotency token, and each refusal
//! names its action. See the [guide to writing](guide::writing).
//!
//! # Vector search
//!
//! [`VectorIndex`] is derived for a unit struct that stands for a vector index. [`Table::search`] finds the entities whose vectors
//! are nearest to a given [`Vector`](value::Vector), in one partition of the index and by inline filters, with scores that know
//! if more or less is nearer. See the [guide](guide::vector_search).
//!
//! # Item collections
//!
//! [`ItemCollection`] is derived for an enum of entities that are in one partition: one request gives typed items in
//! the order of the sort key. Derived for a struct it puts a parent and its children together, where a relational database
//! would join.
//!
//! # The request of a call
//!
//! `explain` of every builder gives its request as JSON, the sizes of its expressions and its capacity, without sending
//! it; `into_sdk` gives the SDK's builder.
//!
//! # Capacity
//!
//! A [`Meter`](capacity::Meter) adds up the read and write capacity units (RCU, WCU) that calls consume, of the table and of
//! each index. A [`Budget`] is a client-side rate limiter, a token bucket that calls share. See the
//! [guide to capacity](guide::capacity).
//!
//! # Observability
//!
//! Each operation has a `tracing` span with OpenTelemetry's names, and events for retries, throttling, conflicts and unknown
//! outcomes. [`Table::with_observer`] sets a hook for metrics. See [`observe`] and the [guide](guide::observability).
//!
//! # Errors
//!
//! [`Error`] is matched on for control flow. No error shows an attribute's value; see [`error`].
//!
//! # Change streams
//!
//! The records of a table's stream are read to typed changes: [`Change`](stream::Change) for one entity or an item
//! collection, whose view type says at compile time which images there are. See [`stream`] and the
//! [guide](guide::streams).
//!
//! # Time to live
//!
//! Where the table schema has a `ttl` attribute, an item whose time is over is absent: reads do not return it and
//! [`Table::create`] takes its place, though DynamoDB deletes it only days later. `include_expired` opts out.
//!
//! # Tables
//!
//! [`Table::create_table_if_absent`] creates a table with its indexes, its time to live and its
//! [settings](op::TableSettings); [`Table::verify`] compares one that is there, [`Table::update_table`] changes it while it is in
//! use, and [`Table::delete_table`] deletes it. [`export`] writes the same table for CloudFormation, Terraform, NoSQL Workbench
//! and IAM, and as Markdown and Mermaid. See the [guide](guide::schema).
//!
//! # Direct mapping
//!
//! Responses are read from their bytes straight into entities, and entities written into requests, while the SDK
//! keeps credentials, signing, retries and tracing. [`client`] makes the SDK's client for it; a [`Table`] on any other
//! client uses it as well, and its first calls take some microseconds more. See [`direct`], also for [`Mapping`], which switches to
//! the SDK's own types.
//!
//! # Features
//!
//! | feature | purpose |
//! |---|---|
//! | `derive` (on by default) | the derive macros |
//! | `cursor` | sealed pagination tokens for web APIs, forward and backward: [`Query::sealed`](op::Query) and the [guide](guide::web_cursors) |
//! | `gzip` | [`Table::load`] reads compressed files, and a [`Dump`](batch::Dump) can write them |
//! | `lambda` | records of `aws_lambda_events` in [`stream`] |
//! | `metrics` | an [`Observer`](observe::Observer) that records operations by the crate `metrics` |
//! | `streams` | records of `aws-sdk-dynamodbstreams` in [`stream`] |
//! | `uuid`, `jiff`, `chrono`, `rust_decimal` | the types of these crates as attributes, and as key components where their order is that of their text |
//! | `known-faults` | for the tests of dynamap itself: puts faults of the past back |

#[doc(hidden)]
pub mod __private;
pub mod batch;
pub mod budget;
mod call;
pub mod capacity;
pub mod collection;
pub mod cursor;
pub mod direct;
pub mod entity;
pub mod error;
pub mod export;
#[doc(alias("ExpressionAttributeNames", "ExpressionAttributeValues", "reserved_words"))]
pub mod expr;
pub mod guide;
pub mod key;
#[doc(hidden)]
pub mod known_fault;
pub mod observe;
pub mod op;
pub mod outcome;
mod repository;
pub mod schema;
pub mod stream;
mod table;
mod timer;
pub mod value;
pub mod wire;

pub use budget::Budget;
pub use collection::ItemCollection;
pub use cursor::Cursor;
pub use direct::{Mapping, client};
pub use entity::{Entity, Projection};
pub use expr::Attribute;
pub use op::read::Page;
pub use outcome::{Error, Result};
pub use repository::Repository;
pub use schema::{Index, TableSchema, VectorIndex};
pub use table::Table;

#[cfg(feature = "derive")]
pub use dynamap_derive::{Attribute, Entity, Index, ItemCollection, Projection, TableSchema, VectorIndex};

// Lets generated code name this crate inside its own documentation and tests.
extern crate self as dynamap;

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
