//! Tables and repositories against a database: the embedded engine under the SDK's whole pipeline.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use dynamap::Mapping;

/// `attribute_value.rs` runs the same tests the other way.
const MAPPING: Mapping = Mapping::Direct;

mod access_pattern;
mod awaited;
mod bad_input;
mod bare_keys;
mod batch_get;
mod batch_write;
mod capacity;
mod collection;
mod complete_key;
mod condition;
mod consistent_read;
mod count;
mod cursor;
mod cursor_damage;
mod errors;
mod explain;
mod filter;
mod growth;
mod identity;
mod index;
mod index_only;
mod into_sdk;
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
mod throughput;
mod time_to_live;
mod timeouts;
mod transact_get;
mod transact_project;
mod transact_write;
mod undecodable;
mod update;
mod vector_index;
mod vector_nearest;
mod vector_search;
mod version;
