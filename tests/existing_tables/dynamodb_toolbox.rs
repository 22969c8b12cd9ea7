//! dynamodb-toolbox 2.10.6: `_et` is the entity, `_ct` and `_md` are the times of its first and last write.

use crate::{forms::iso_millis, item, unchanged};
use dynamap::{Attribute, Entity, TableSchema};
use jiff::Timestamp;
use std::collections::BTreeSet;

#[derive(TableSchema)]
#[dynamap(partition_key = "PK", sort_key = "SK", entity_type = "_et")]
struct Pokedex;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Pokedex, pk = "POKEMON#{id}", sk = "INFO")]
struct Pokemon {
    #[dynamap(plain)]
    id: String,
    level: u32,
    types: BTreeSet<String>,
    caught: Option<bool>,
    stats: Option<Stats>,
    #[dynamap(rename = "_ct", with = iso_millis)]
    created: Timestamp,
    #[dynamap(rename = "_md", with = iso_millis)]
    modified: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Stats {
    hp: u32,
}

const POKEMON: &str = r##"{"id":{"S":"pikachu-1"},"level":{"N":"42"},"types":{"SS":["electric"]},"caught":{"BOOL":true},
    "stats":{"M":{"hp":{"N":"35"}}},"_et":{"S":"Pokemon"},"_ct":{"S":"2026-11-30T19:15:12.934Z"},
    "_md":{"S":"2026-11-30T19:15:12.934Z"},"PK":{"S":"POKEMON#pikachu-1"},"SK":{"S":"INFO"}}"##;

#[tokio::test]
async fn an_item_is_read_and_written_again() {
    let pokemon: Pokemon = unchanged(&item(POKEMON)).await;
    assert_eq!((&*pokemon.id, pokemon.level, pokemon.stats), ("pikachu-1", 42, Some(Stats { hp: 35 })));
    assert_eq!(pokemon.created, pokemon.modified);
}
