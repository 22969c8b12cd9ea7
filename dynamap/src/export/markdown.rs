//! Markdown tables.

use super::data_model::{DataModel, projected};
use crate::schema::{EntityKey, IndexProjection, IndexSchema, KeyAttribute, TableSchema, VectorIndexSchema};

impl<S: TableSchema> DataModel<S> {
    /// Two tables in Markdown: the entities with their key templates, and the indexes.
    pub fn markdown(&self) -> String {
        tables(self)
    }
}

/// The entities with their key templates, then the indexes.
fn tables<S: TableSchema>(model: &DataModel<S>) -> String {
    let mut text = entities(model);
    if !S::INDEXES.is_empty() || !S::VECTOR_INDEXES.is_empty() {
        let heads = ["index", "partition key", "sort key", "projection"].map(str::to_owned);
        let secondary = S::INDEXES.iter().map(secondary_index);
        let vector = S::VECTOR_INDEXES.iter().map(vector_index);
        text += "\n";
        text += &table(heads.into(), secondary.chain(vector));
    }
    text
}

fn entities<S: TableSchema>(model: &DataModel<S>) -> String {
    let mut heads = vec!["entity".to_owned(), code(S::PARTITION_KEY.name)];
    heads.extend(S::SORT_KEY.map(|key| code(key.name)));
    for index in S::INDEXES {
        heads.extend(index_columns(index).map(|(_, key)| format!("{}: {}", index.name, code(key.name))));
    }
    heads.extend(searched::<S>().map(|(index, key)| format!("{}: {}", index.name, code(key.name))));
    let rows = model.entities.iter().map(|entity| {
        let primary = entity.primary_key();
        let mut row = vec![code(entity.name), template(primary, false, 0)];
        row.extend(S::SORT_KEY.map(|_| template(primary, true, 0)));
        for index in S::INDEXES {
            let key = entity.key_in(index.name);
            let sorts = index_columns(index).map(|(is_sort, _)| is_sort);
            let (mut partition_at, mut sort_at) = (0, 0);
            row.extend(sorts.map(|is_sort| {
                let at = if is_sort { &mut sort_at } else { &mut partition_at };
                *at += 1;
                template(key, is_sort, *at - 1)
            }));
        }
        row.extend(searched::<S>().map(|(index, _)| template(entity.key_in(index.name), false, 0)));
        row
    });
    table(heads, rows)
}

/// The key attributes of an index that entities have templates for; true for a sort key. A local index has the partition key
/// of the table.
fn index_columns(index: &IndexSchema) -> impl Iterator<Item = (bool, KeyAttribute)> {
    let partition_key = if index.local { &[][..] } else { index.partition_key };
    let partition_key = partition_key.iter().map(|key| (false, *key));
    partition_key.chain(index.sort_key.iter().map(|key| (true, *key)))
}

/// The vector indexes with a partition key.
fn searched<S: TableSchema>() -> impl Iterator<Item = (&'static VectorIndexSchema, KeyAttribute)> {
    S::VECTOR_INDEXES.iter().filter_map(|index| Some((index, index.partition_key?)))
}

fn template(key: Option<&EntityKey>, is_sort: bool, at: usize) -> String {
    let templates = key.map(|key| if is_sort { key.sort_key } else { key.partition_key });
    templates.and_then(|templates| templates.get(at)).map(|template| code(template)).unwrap_or_default()
}

fn secondary_index(index: &IndexSchema) -> Vec<String> {
    let kind = if index.local { "local" } else { "global" };
    vec![
        format!("{} ({kind})", index.name),
        keys(index.partition_key),
        keys(index.sort_key),
        projection(index.projection),
    ]
}

fn vector_index(index: &VectorIndexSchema) -> Vec<String> {
    let VectorIndexSchema { name, vector, dimensions, distance, .. } = index;
    let mut projection = projection(index.projection);
    if !index.inline_filters.is_empty() {
        projection += &format!("; inline filters {}", keys(index.inline_filters));
    }
    vec![
        format!("{name} (vector {}, {dimensions} dimensions, {distance})", code(vector)),
        keys(index.partition_key.as_slice()),
        String::new(),
        projection,
    ]
}

fn keys(keys: &[KeyAttribute]) -> String {
    let keys = keys.iter().map(|key| format!("{} ({})", code(key.name), key.data_type));
    keys.collect::<Vec<_>>().join(", ")
}

fn projection(projection: IndexProjection) -> String {
    match projected(projection) {
        ("ALL", _) => "all attributes".into(),
        ("KEYS_ONLY", _) => "keys only".into(),
        (_, names) => names.iter().map(|name| code(name)).collect::<Vec<_>>().join(", "),
    }
}

fn table(heads: Vec<String>, rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| {
        let cells =
            cells.iter().map(|cell| if cell.is_empty() { " ".to_owned() } else { format!(" {cell} ") });
        format!("|{}|\n", cells.collect::<Vec<_>>().join("|"))
    };
    let mut text = line(&heads);
    text += &format!("|{}\n", "---|".repeat(heads.len()));
    rows.for_each(|row| text += &line(&row));
    text
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}
