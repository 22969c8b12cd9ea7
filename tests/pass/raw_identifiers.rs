//! Keywords as names.

use dynamap::{Attribute, Entity, Index, TableSchema};

/// A table.
#[derive(Debug, TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "type", indexes(ByMatch))]
pub(crate) struct Shop;

/// An index.
#[derive(Debug, Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk")]
pub(crate) struct ByMatch;

/// An entity.
#[derive(Debug, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "FN#{fn}", sk = type)]
#[dynamap(index = ByMatch, pk = "{match}")]
pub(crate) struct Raw {
    r#fn: u32,
    r#type: String,
    r#match: r#Enum,
}

/// Variants.
#[derive(Debug, Clone, PartialEq, Attribute)]
#[allow(non_camel_case_types)]
pub(crate) enum r#Enum {
    r#struct,
}

#[test]
fn they_lose_their_prefix() {
    let raw = Raw { r#fn: 7, r#type: "t".into(), r#match: Enum::r#struct };
    let item = dynamap::entity::to_item(&raw).unwrap_or_default();
    let mut names: Vec<&str> = item.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["entity_type", "fn", "gsi1pk", "match", "pk", "type"]);
    assert_eq!(dynamap::entity::from_item::<Raw>(item), Ok(raw));
    let _ = Raw::partition(7).r#type("a");
    let _ = (Raw::by_match(Enum::r#struct), Raw::TYPE, Raw::FN, Raw::MATCH);
}
