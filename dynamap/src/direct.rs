//! Direct mapping: items go from the bytes of a response into structs, and from structs into the bytes of a
//! request.
//!
//! The SDK parses a response into `HashMap<String, AttributeValue>`, from which a mapper copies. Here the items
//! are taken out of the response before the SDK sees it, and read by the entity's own code; the SDK reads the
//! rest. On the way out, items are written into the request that the SDK made, before it is signed. Credentials,
//! endpoints, retries and tracing are the SDK's. The operations of [`Table`](crate::Table) and
//! [`Repository`](crate::Repository) go this way unless the table has [`Mapping::AttributeValue`].
//!
//! The functions here do the same for requests of your own: they take the SDK's builders.
//!
//! ```
//! use dynamap::{Attribute, direct};
//! # use dynamap_local::Local;
//! # use aws_sdk_dynamodb::types::{AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
//!
//! #[derive(Debug, PartialEq, Attribute)]
//! pub struct Reading {
//!     pub device: String,
//!     pub celsius: f64,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let client = Local::memory()?.client();
//! # let key = KeySchemaElement::builder().attribute_name("device").key_type(KeyType::Hash).build()?;
//! # let device = AttributeDefinition::builder().attribute_name("device").attribute_type(ScalarAttributeType::S).build()?;
//! # client.create_table().table_name("readings").billing_mode(BillingMode::PayPerRequest)
//! #     .key_schema(key).attribute_definitions(device).send().await?;
//! # client.put_item().table_name("readings").item("device", AttributeValue::S("d-1".into()))
//! #     .item("celsius", AttributeValue::N("20.5".into())).send().await?;
//! let (readings, output) = direct::scan::<Reading>(client.scan().table_name("readings")).await?;
//! assert_eq!(readings, [Reading { device: "d-1".into(), celsius: 20.5 }]);
//! assert_eq!(output.scanned_count(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Cost
//! A small call of a [`client`] of a prepared configuration takes less processor time than the same request on the SDK
//! with a conversion by serde, and a large call takes a fraction of it. A [`Table`](crate::Table) of any other client
//! customizes its first six calls, which takes some microseconds each. After that it uses a prepared client that
//! shares connections and cached credentials with the given one. The functions here customize each call.
//!
//! # Limits
//! An output that a mock makes without a response goes through the SDK's own types; the result is the same. So do requests
//! that an interceptor gives another protocol than AWS JSON 1.0, which is told by `content-type`, `x-amz-target` and the
//! document, and responses where it gives another deserializer than the SDK's: each call is one request then as well. A repeated
//! attempt of a versioned write has no place for a mark of its own there: it is not repeated after a lost response.
//! Interceptors and mocks that look at the SDK's *inputs* find no item in a PutItem, and those that look at *outputs*
//! find no items: for them there is [`Mapping::AttributeValue`].
//!
//! # Damaged responses
//! A response is compared with the checksum that DynamoDB sends with it, whatever it looks like and by both
//! [mappings](Mapping), and read to its end. It tells nothing about its request if
//! - its body is cut off, empty or no document, or its checksum is another or none;
//! - it is an error without DynamoDB's code, such as a page of a proxy: also with a status of 400 to 499;
//! - it is a success without the members that DynamoDB always sends, such as the `Items` of a page, or with another status than 200.
//!
//! Then the call ends with a [`ServiceError`](crate::error::ServiceError) of the kind
//! [`UnreadableResponse`](crate::error::ServiceErrorKind::UnreadableResponse), or `Internal` from 500 on. The SDK
//! repeats operations that only read, and writes of a table that leave the same when applied twice. Another write is
//! not repeated, as it may have been applied. A checksum that does not come at all, as behind some proxies, is not
//! asked for.

mod attempt_marks;
mod attempts;
mod call_options;
#[cfg(test)]
mod canary;
mod cancellation;
mod client;
mod client_mode;
mod config;
mod current;
mod damaged;
mod deserializer;
mod exchange;
mod in_front;
mod interceptor;
mod level;
mod members;
mod operation;
mod random;
mod read;
mod receivers;
mod refusals;
mod request;
mod response;
mod shared_components;
mod timeouts;
mod transact_writes;
mod write;
mod write_requests;

pub(crate) use attempt_marks::{AttemptMark, AttemptMarks, EachMarked};
pub(crate) use attempts::AttemptSummary;
pub(crate) use call_options::{CallOptions, RetryAfterUnknown};
pub(crate) use cancellation::{Refusal, refusals};
pub use client::{client, prepare};
pub(crate) use client_mode::{ClientMode, config, customized, exchanged};
pub use config::IntoConfig;
pub(crate) use current::with_exchange;
pub(crate) use exchange::{Exchange, OnAttempt, Received, Receiver};
pub(crate) use operation::{
    BATCH_GET_ITEM, BATCH_WRITE_ITEM, CREATE_TABLE, DELETE_ITEM, DELETE_TABLE, DESCRIBE_CONTINUOUS_BACKUPS,
    DESCRIBE_TABLE, DESCRIBE_TIME_TO_LIVE, GET_ITEM, LIST_TAGS_OF_RESOURCE, Operation, PUT_ITEM, QUERY,
    QUERY_COUNT, SCAN, SCAN_COUNT, SEARCH_VECTORS, TAG_RESOURCE, TRANSACT_GET_ITEMS, TRANSACT_WRITE_ITEMS,
    UNTAG_RESOURCE, UPDATE_CONTINUOUS_BACKUPS, UPDATE_ITEM, UPDATE_TABLE, UPDATE_TIME_TO_LIVE,
};
pub(crate) use random::{Random, random_bytes};
pub(crate) use read::read_batch;
pub use read::{ReadDocument, batch_get_item, get_item, query, scan, search_vectors, transact_get_items};
pub(crate) use receivers::{ItemReceiver, NullReceiver, read_scored, scored};
pub(crate) use refusals::passes;
pub use transact_writes::{TransactWrites, transact_write_items};
pub(crate) use write::{
    Conditional, empty_lists, item_member, item_of_member, put, write_batch, write_error,
};
pub use write::{batch_write_item, delete_item, put_item, update_item};
pub use write_requests::WriteRequests;
pub(crate) use write_requests::{
    delete_request, item_of_put_request, json_of_put_item, push_request_items, put_request_ignoring_version,
    put_request_of, request_items,
};

/// The way of items between entities and the SDK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Mapping {
    /// The items of requests and responses are written and read as bytes. The SDK does everything else: it
    /// signs, sends and repeats, and reads the rest of each response.
    #[default]
    Direct,
    /// Items pass through the SDK's `AttributeValue`s: some times slower, and visible to interceptors and mocks
    /// that look at the SDK's inputs and outputs.
    AttributeValue,
}
