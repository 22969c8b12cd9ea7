//! Composite keys of a single-table design that cannot collide, and exact key conditions on them.
//!
//! A key is written from a [`KeyTemplate`] such as `ORDER#{placed_at}#{order_id}`: literal text as it stands,
//! and components as escaped text that holds no `#`. Keys of one template
//!
//! - never collide: different components give different keys, and a key is read back to its components;
//! - sort as their components do, the first component first: strings by their UTF-8 bytes, numbers and times
//!   by value;
//! - begin with the key text of other components only if those are their own first components.
//!
//! # Text of a component
//! Every char up to `$` (0x24) becomes `$` and the char 0x30 further on; all others stay, so ids of letters,
//! digits and `-._:@/` are written as they are.
//!
//! A component that anything follows is closed by `#`. If the template goes on with `#`, that closes it;
//! otherwise one is written: `TENANT:{tenant}:USER:{user}` gives `TENANT:acme#:USER:bob`, `{a}{b}` gives
//! `a#b`. The last component of a template stays open: `ORDER#1`.
//!
//! | type | text |
//! |---|---|
//! | `String` and other owned strings, `char` | escaped |
//! | `bool` | `false`, `true` |
//! | `u8` to `u128`, `usize` | decimal with leading zeros, as wide as the type's maximum |
//! | `i8` to `i128`, `isize` | `0` and such a decimal, or `-` and 10^width - \|n\| |
//! | `uuid::Uuid` (feature `uuid`) | lower case with hyphens |
//! | `jiff::Timestamp`, `chrono::DateTime<Utc>` (features) | `2026-01-31T09:30:00.000000000Z` |
//!
//! # Tables that exist already
//! A component can be marked as plain: it is written as it displays and read by [`FromStr`](std::str::FromStr).
//! It cannot be empty or hold its separator, so keys still do not collide; their order is that of the text.

mod argument;
mod attribute;
mod builder;
mod condition;
#[cfg(any(feature = "jiff", feature = "chrono"))]
mod instant;
mod integer;
mod interval;
mod neighbor;
mod parser;
mod part;
mod partial;
mod selector;
mod template;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use attribute::{checked, is_key, is_key_taken};

pub use argument::{KeyValue, PlainValue};
pub use builder::KeyBuilder;
pub(crate) use condition::RangeForm;
pub use condition::{IntoKeyCondition, KeyCondition, KeyConditionParts, SortKeyOperator};
pub use parser::KeyParser;
pub use part::{KeyPart, KeyText, PartWriter};
pub use partial::PartialKey;
pub use selector::{KeyBeginning, KeySelector, PlainSelector, ge, gt, le, lt};
pub use template::{KeyTemplate, Segment};

use std::fmt;

/// The place of a key attribute in its table or index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyRole {
    /// The partition key: 2048 bytes at most.
    Partition,
    /// The sort key: 1024 bytes at most.
    Sort,
}

impl KeyRole {
    /// The most bytes that DynamoDB takes.
    pub const fn limit(self) -> usize {
        match self {
            Self::Partition => 2048,
            Self::Sort => 1024,
        }
    }
}

impl fmt::Display for KeyRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Partition => "partition key",
            Self::Sort => "sort key",
        })
    }
}
