//! The changes that would mend a difference between a table and its schema, in words.

use crate::{error::SchemaDifferenceKind as Kind, schema::TableSchema};

const OTHER_VECTOR_INDEX: &str = "`remove_vector_index`, then `add_vector_index`";

/// The change that would mend a difference, to follow "to mend it,".
pub(in crate::op) fn of<S: TableSchema>(kind: &Kind) -> String {
    match kind {
        Kind::MissingTable => "create it: `create_table_if_absent`".into(),
        Kind::PrimaryKey => {
            "create another table and copy the items (`dump`, `load`): DynamoDB changes no primary key".into()
        }
        Kind::MissingIndex { local: false, .. } => "add it: `update_table`".into(),
        Kind::MissingIndex { local: true, .. } => with_another_table(),
        Kind::IndexKey { index } => anew::<S>(index),
        Kind::IndexProjection { missing, .. } if missing.is_empty() => {
            "name its attributes in the schema, or leave it: it holds more than is read".into()
        }
        Kind::IndexProjection { index, missing } => match readers::<S>(index, missing) {
            readers if readers.is_empty() => anew::<S>(index),
            readers => format!("{}; until then reads of {readers} fail", anew::<S>(index)),
        },
        Kind::UnknownIndex { index } => of_unknown(index, "a global index"),
        Kind::MissingVectorIndex { .. } => "add it: `add_vector_index`".into(),
        Kind::VectorIndex { .. } => OTHER_VECTOR_INDEX.into(),
        Kind::TimeToLive if S::TTL.is_none() => {
            "name the attribute in the schema (`ttl`), or disable it: DynamoDB deletes items by it".into()
        }
        Kind::TimeToLive => {
            "`update_table`, which enables it; one in another attribute must be disabled before, which takes up to an hour".into()
        }
        Kind::Setting(_) => "`update_table` with these settings".into(),
    }
}

/// The same of an index that the schema does not have, by its kind.
pub(super) fn of_unknown(index: &str, kind: &str) -> String {
    match kind {
        "a local index" => "add it to the schema: a local index stays as long as its table".into(),
        "a global index" => format!(
            "add it to the schema, or remove it if nothing else reads it: `update_table` with `remove_index(\"{index}\")`"
        ),
        _ => "add it to the schema; `remove_vector_index` removes it then, if nothing else reads it".into(),
    }
}

fn with_another_table() -> String {
    "create another table and copy the items (`dump`, `load`): a local index is created with its table".into()
}

/// A new index in the place of one that the schema has.
fn anew<S: TableSchema>(index: &str) -> String {
    if S::INDEXES.iter().any(|known| known.local && known.name == index) {
        return with_another_table();
    }
    if S::VECTOR_INDEXES.iter().any(|known| known.name == index) {
        return OTHER_VECTOR_INDEX.into();
    }
    format!(
        "add an index with another name, or let `update_table` with `remove_index(\"{index}\")` remove it and add it anew"
    )
}

/// The entities in the index that have one of the attributes, in words.
fn readers<S: TableSchema>(index: &str, missing: &[String]) -> String {
    let readers = S::ENTITIES.iter().filter(|entity| entity.key_in(index).is_some());
    let readers = readers.filter_map(|entity| {
        let attributes = entity.attributes();
        let lacks =
            |name: &&String| *name == "*" || attributes.iter().any(|attribute| attribute.name == **name);
        let lacking: Vec<String> = missing.iter().filter(lacks).map(|name| format!("`{name}`")).collect();
        (!lacking.is_empty()).then(|| format!("{} of `{}`", lacking.join(", "), entity.name))
    });
    readers.collect::<Vec<_>>().join(" and ").replace("`*` of", "all of")
}
