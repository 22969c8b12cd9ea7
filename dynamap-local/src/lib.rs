//! A DynamoDB inside the process, for development and tests.
//!
//! ```
//! use aws_sdk_dynamodb::types::*;
//! use dynamap_local::Local;
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let client = Local::memory()?.client();
//!
//!     client
//!         .create_table()
//!         .table_name("Shop")
//!         .attribute_definitions(
//!             AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S).build()?,
//!         )
//!         .key_schema(KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash).build()?)
//!         .billing_mode(BillingMode::PayPerRequest)
//!         .send()
//!         .await?;
//!
//!     let key = AttributeValue::S("CUSTOMER#c-1".into());
//!     client.put_item().table_name("Shop").item("pk", key.clone()).send().await?;
//!     let found = client.get_item().table_name("Shop").key("pk", key).send().await?;
//!     assert!(found.item.is_some());
//!     Ok(())
//! }
//! ```
//!
//! # What it is
//!
//! The engine of the crate `dynoxide-rs` (SQLite inside) behind the real client of
//! `aws-sdk-dynamodb`. The SDK serialises, signs, retries, times out and parses as it does against AWS; only the
//! socket is missing. [`Local::memory`] starts in about a millisecond, and a get or put takes tens of
//! microseconds in an optimised build.
//!
//! - [`Local::client`], [`Local::streams_client`]: clients; [`Local::config`] to change their settings.
//! - [`Local::memory_with_clock`]: the same, by a clock of the tests.
//! - [`Local::file`]: the same, kept in a file.
//! - [`Local::sweep_ttl`]: deletes expired items, when told to.
//! - [`Local::recording`]: the requests that DynamoDB receives, to print or to compare.
//! - [`Local::with_faults`] and [`faults`]: lost answers, throttling, half batches, damaged bodies, late writes; scripted
//!   or drawn from a seed, under your own repository.
//! - [`Local::with_shards`] and [`shards`]: streams whose shards split, merge, roll over, are trimmed, and whose iterators
//!   expire, on command or drawn from a seed, under your own consumer.
//! - [`Local::checked`]: refuses the requests that AWS refuses and the engine takes.
//! - [`Local::wrap`] and [`Transport`]: what happens to a request or a response on the way.
//! - `Local::serve`, with the feature `serve`: the database on a port, for a table browser such as dynamodb-admin.
//!
//! Building needs a **C compiler**, for SQLite. Because of SQLite this crate belongs under `dev-dependencies`:
//! cargo refuses two versions of it, such as this one and that of `sqlx` or a newer `rusqlite`.
//!
//! # What it is not
//!
//! A stand-in for a test against AWS. By itself it never shows:
//!
//! - throttling, unprocessed items, transaction conflicts or lost responses: put [`faults`] in between;
//! - eventual consistency: each read sees every write, indexes included, and tables are active at once;
//! - expiry: items past their time to live stay until [`Local::sweep_ttl`];
//! - backups, global tables, exports, resource policies: `UnknownOperationException`.
//!
//! Where the engine (version 3.2.0) answers otherwise than AWS:
//!
//! | operation | AWS | here |
//! |---|---|---|
//! | UpdateItem, `ALL_OLD`, new item | no attributes | the key |
//! | UpdateItem, `ADD` of `{1.0}` to the number set `{1}` | nothing changes | refused as duplicates |
//! | TransactGetItems with a projection | what was asked for | the key as well |
//! | Query of a local index, projection of an attribute outside it | fetched from the table | absent |
//! | Query or Scan of a global index, projection or filter of an attribute outside it | refused | absent, no match |
//! | a write that changes nothing, views other than `NEW_AND_OLD_IMAGES` | no stream record | `MODIFY` |
//! | expressions: more than 300 operators, `IN` with more than 100 operands, filter `BETWEEN 9 AND 1`, `v < :bool`, `attribute_type(v, "DOG")`, `LIST_APPEND`, a name that starts with `_` | refused | accepted |
//! | an undefined `:value`, no item evaluated | refused | accepted |
//! | a sort key over 1024 bytes in a global index, a key attribute's name over 255 bytes | refused | accepted |
//! | an `ExclusiveStartKey` of another scan segment | refused | accepted |
//! | CreateTable with neither billing mode nor throughput | refused | accepted |
//! | CreateTable, a name that differs from another table's only in case | another table | `InternalServerError` |
//! | time to live or a stream, enabled twice | refused | accepted |
//! | a table's ARN as `TableName` | accepted | refused |
//! | items expired for more than five years | kept | deleted by the sweep |
//! | a stream: its shards, retention, the age of iterators | many shards, a day, 15 minutes | one shard, without end; [`Local::with_shards`] for the rest |
//! | a vector index that UpdateTable adds | searchable after a quarter of an hour or more | after half a minute of its clock |
//! | SearchVectors | approximate, `VectorSearchRequestBytes` differs from call to call | exact, always the same |
//! | a stream that was disabled and enabled again, the earlier one | readable for a day | not found |
//! | a table that is deleted, its stream | readable for a day | not found |
//! | a stream record: `SizeBytes` | the item's size | the length of its JSON |
//! | a stream record: `awsRegion`, and the region in ARNs | the region | `dynoxide` |
//!
//! [`Local::checked`] refuses, as AWS does, what the table lists as accepted of expressions, `:value`s, sort keys, and
//! projections and filters of global indexes.
//!
//! The wording of messages differs in places, on AWS from region to region: compare codes, not messages.
//!
//! # Time and threads
//!
//! A request runs on the thread that polls it and blocks it meanwhile: tens of microseconds for one item, some
//! milliseconds for a page of 1 MB. Handing it to tokio's blocking pool would add 100 µs to every call. One lock
//! serialises all requests of a database.
//!
//! Nothing here waits for real time. Retries, back-off and timeouts are the SDK's and follow tokio's paused clock
//! (`#[tokio::test(start_paused = true)]`).
//!
//! A write to a table with a stream, and each GetRecords, looks at all records that the database has ever made of
//! streams: after 10,000 of them a write takes half a millisecond more, in an optimised build. Give a long run a database
//! of its own.
//!
//! Unoptimised, a call takes about a millisecond. In your workspace, this makes it eight times faster:
//!
//! ```toml
//! [profile.dev.package."*"]
//! opt-level = 1
//! ```

mod config;
mod connector;
mod engine;
mod error;
pub mod faults;
mod legality;
mod local;
mod recording;
mod seed;
#[cfg(feature = "serve")]
mod serve;
pub mod shards;
mod streams;
mod transport;

pub use aws_sdk_dynamodb::error::ConnectorError;
pub use aws_smithy_runtime_api::http::Headers;

pub use connector::InProcessHttpClient;
pub use error::LocalError;
pub use legality::{IllegalRequest, IllegalRequests, Rule};
pub use local::Local;
pub use recording::{RecordedRequest, Requests};
#[cfg(feature = "serve")]
pub use serve::Server;
pub use transport::{Request, Response, SharedTransport, Transport, TransportFuture};
