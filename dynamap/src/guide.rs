//! The guide: one chapter for each topic, with examples that run.
//!
//! - To begin: [modelling a table](modelling), [tables that exist already](existing_tables),
//!   [from the SDK and serde_dynamo](from_the_sdk), [from modyne](from_modyne), [five systems and their tables](systems),
//!   [beside other mappers](comparison).
//! - To look up: the [cookbook] of tasks, [every operation and expression of DynamoDB](operations),
//!   [all options of the derives](attributes).
//! - To read and write: [fields and their values](values), [reading], [cursors for web APIs](web_cursors),
//!   [writing], [unique fields](unique), [changing the shape of stored items](evolution), [indexes], [tables: create, verify, change, export](schema),
//!   [item collections](crate::ItemCollection), [vector search](vector_search), [batches, loads and dumps](batches),
//!   [change streams](streams).
//! - To run: [testing], [errors], [errors, logs and secrets](errors_and_logs),
//!   [lost responses](lost_answers), [capacity], [observability], [in AWS Lambda](lambda), [global tables](global_tables).

#[doc = include_str!("../guide/modelling.md")]
pub mod modelling {}

#[doc = include_str!("../guide/cookbook.md")]
#[doc = "\n```rust\n"]
#[doc = include_str!("../guide/cookbook/shop.rs")]
#[doc = "\n```\n"]
pub mod cookbook;

#[doc = include_str!("../guide/reading.md")]
pub mod reading {}

#[cfg_attr(feature = "cursor", doc = include_str!("../guide/web_cursors.md"))]
#[cfg_attr(not(feature = "cursor"), doc = "Cursors for web APIs need the feature `cursor`.")]
pub mod web_cursors {}

#[doc = include_str!("../guide/writing.md")]
pub mod writing {}

#[doc = include_str!("../guide/lost_answers.md")]
pub mod lost_answers {}

#[doc = include_str!("../guide/unique.md")]
pub mod unique {}

#[doc = include_str!("../guide/evolution.md")]
pub mod evolution {}

#[doc = include_str!("../guide/values.md")]
pub mod values {}

#[doc = include_str!("../guide/indexes.md")]
pub mod indexes {}

#[doc = include_str!("../guide/schema.md")]
pub mod schema {}

#[doc = include_str!("../guide/vector_search.md")]
pub mod vector_search {}

#[doc = include_str!("../guide/existing_tables.md")]
#[cfg_attr(feature = "jiff", doc = include_str!("../guide/existing_tables/dates.md"))]
pub mod existing_tables {}

#[doc = include_str!("../guide/batches.md")]
pub mod batches {}

#[doc = include_str!("../guide/streams.md")]
#[cfg_attr(feature = "streams", doc = include_str!("../guide/streams_reader.md"))]
pub mod streams {}

#[doc = include_str!("../guide/capacity.md")]
pub mod capacity {}

#[doc = include_str!("../guide/errors.md")]
pub mod errors {}

#[doc = include_str!("../guide/errors_and_logs.md")]
pub mod errors_and_logs {}

#[doc = include_str!("../guide/observability.md")]
pub mod observability {}

#[doc = include_str!("../guide/testing.md")]
pub mod testing {}

#[doc = include_str!("../guide/lambda.md")]
pub mod lambda {}

#[doc = include_str!("../guide/global_tables.md")]
pub mod global_tables {}

#[doc = include_str!("../guide/from_the_sdk.md")]
pub mod from_the_sdk {}

#[doc = include_str!("../guide/from_modyne.md")]
pub mod from_modyne {}

#[doc = include_str!("../guide/comparison.md")]
pub mod comparison {}

#[doc = include_str!("../guide/systems.md")]
pub mod systems {}

#[doc = include_str!("../guide/operations.md")]
pub mod operations {}

#[doc = include_str!("../guide/attributes.md")]
pub mod attributes {}
