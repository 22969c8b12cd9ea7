//! What the types of attributes can do, on the embedded engine, by both mappings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::duplicate_mod, missing_docs)]

mod attribute_value;
mod direct;

/// An update, and what it does to the entity in memory.
type Case<E> = (dynamap::expr::Update<E>, fn(&mut E));
