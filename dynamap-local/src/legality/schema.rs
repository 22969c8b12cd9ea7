//! The keys and indexes of the tables, as the database has them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::engine::Engine;

/// The tables of one request; each is looked up once.
pub(super) struct Schemas<'a> {
    engine: &'a Engine,
    known: BTreeMap<String, Option<Schema>>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(engine: &'a Engine) -> Self {
        Self { engine, known: BTreeMap::new() }
    }

    /// The schema of a table. None if there is no such table: the engine refuses the request then.
    pub(super) fn get(&mut self, table: &str) -> Option<&Schema> {
        if !self.known.contains_key(table) {
            let schema = read(self.engine, table);
            self.known.insert(table.to_owned(), schema);
        }
        self.known.get(table)?.as_ref()
    }
}

fn read(engine: &Engine, table: &str) -> Option<Schema> {
    let table = &engine.definition(table)?;
    let types: BTreeMap<&str, &str> = table["AttributeDefinitions"]
        .as_array()?
        .iter()
        .filter_map(|definition| {
            Some((definition["AttributeName"].as_str()?, definition["AttributeType"].as_str()?))
        })
        .collect();
    let key = key(table, &types)?;
    let mut indexes = Vec::new();
    for (member, global) in [("GlobalSecondaryIndexes", true), ("LocalSecondaryIndexes", false)] {
        for index in table[member].as_array().into_iter().flatten() {
            indexes.push(Index::new(index, global, &key, &types)?);
        }
    }
    Some(Schema { key, indexes })
}

fn key(described: &Value, types: &BTreeMap<&str, &str>) -> Option<Vec<KeyAttribute>> {
    let attributes = described["KeySchema"].as_array()?.iter().map(|element| {
        let name = element["AttributeName"].as_str()?;
        let is_sort = element["KeyType"].as_str()? == "RANGE";
        Some(KeyAttribute { name: name.to_owned(), data_type: (*types.get(name)?).to_owned(), is_sort })
    });
    attributes.collect()
}

#[derive(Debug)]
pub(super) struct Schema {
    pub(super) key: Vec<KeyAttribute>,
    pub(super) indexes: Vec<Index>,
}

#[derive(Clone, Debug)]
pub(super) struct KeyAttribute {
    pub(super) name: String,
    pub(super) data_type: String,
    pub(super) is_sort: bool,
}

#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: String,
    pub(super) key: Vec<KeyAttribute>,
    /// The attributes of a global index; none if it has all, or is local and fetches what it has not.
    pub(super) attributes: Option<BTreeSet<String>>,
}

impl Index {
    fn new(
        described: &Value,
        global: bool,
        table_key: &[KeyAttribute],
        types: &BTreeMap<&str, &str>,
    ) -> Option<Self> {
        let key = key(described, types)?;
        let projection = &described["Projection"];
        let is_partial = global && projection["ProjectionType"].as_str() != Some("ALL");
        let attributes = is_partial.then(|| {
            let keys = key.iter().chain(table_key).map(|attribute| attribute.name.clone());
            let included = projection["NonKeyAttributes"].as_array().into_iter().flatten();
            keys.chain(included.filter_map(|name| name.as_str().map(str::to_owned))).collect()
        });
        Some(Self { name: described["IndexName"].as_str()?.to_owned(), key, attributes })
    }
}

impl Schema {
    pub(super) fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.name == name)
    }
}
