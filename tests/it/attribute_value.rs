//! The tests of `main.rs`, with items that pass through the SDK's `AttributeValue`s.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use dynamap::Mapping;

const MAPPING: Mapping = Mapping::AttributeValue;

mod awaited;
mod bad_input;
mod bare_keys;
mod batch_get;
mod batch_write;
mod capacity;
mod collection;
mod condition;
mod count;
mod cursor;
mod errors;
mod explain;
mod filter;
mod growth;
mod identity;
mod index;
mod index_only;
mod item_size;
mod key_text;
mod library;
mod limit;
mod lineage;
mod load_dump;
mod load_outcomes;
mod model;
mod museum;
mod not_sent;
mod options;
mod order;
mod outcome;
mod outside_tokio;
mod parallel_scan;
mod projection;
mod query;
mod read_ahead;
mod read_write;
mod refused;
mod returned;
mod save_or_create;
mod scan;
mod send_once;
mod stamps;
mod table;
mod table_stream;
mod time_to_live;
mod timeouts;
mod transact_get;
mod transact_write;
mod undecodable;
mod update;
mod vector_index;
mod version;
