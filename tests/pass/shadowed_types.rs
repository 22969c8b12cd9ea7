//! User types with the names of the standard library's.
#![allow(dead_code, unused_qualifications)]

use dynamap::{Attribute, Entity, TableSchema};

/// Not the standard library's.
#[derive(Debug, Clone, PartialEq, Attribute)]
pub(crate) struct String(std::string::String);

/// Not the standard library's.
#[derive(Debug, Clone, PartialEq, Attribute)]
pub(crate) struct Result {
    ok: std::primitive::bool,
}

/// Not the standard library's.
#[derive(Debug, Clone, PartialEq, Attribute)]
pub(crate) enum Vec {
    Ok,
    Err,
    Some(std::primitive::u8),
    None,
}

/// A table.
#[derive(Debug, TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
pub(crate) struct Default;

/// An entity.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Default, pk = "A#{id}", sk = "B")]
pub(crate) struct Clone {
    id: String,
    result: Result,
    vec: Vec,
}

#[test]
fn they_are_taken_for_what_they_are() {
    let value = Clone { id: String("a".into()), result: Result { ok: true }, vec: Vec::Some(1) };
    let item = dynamap::entity::to_item(&value).unwrap_or_default();
    assert_eq!(dynamap::entity::from_item::<Clone>(item).ok(), Some(value));
}
