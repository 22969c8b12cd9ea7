//! The comparison of a table with its schema.

use super::{described_index::find_index, mend};
use crate::{
    call::Handle,
    error::{SchemaDifference, SchemaDifferenceKind as Kind, SchemaMismatch},
    schema::{IndexProjection, IndexSchema, KeyAttribute, TableSchema, VectorIndexSchema},
};
use aws_sdk_dynamodb::types::{
    KeySchemaElement, KeyType, Projection, ProjectionType, SearchSchemaElement, SearchSchemaElementType,
    TableDescription, VectorDistanceFunction, VectorIndexDescription,
};

/// Compares the table with its schema: keys and indexes. More indexes than the schema has do no harm, nor do indexes that hold
/// more.
pub(in crate::op) fn check<S: TableSchema>(
    handle: &Handle,
    table: &TableDescription,
) -> Result<(), SchemaMismatch> {
    let first = differences::<S>(&handle.table, table).into_iter().find(SchemaDifference::is_of_keys);
    first.map_or(Ok(()), |difference| Err(difference.into_mismatch()))
}

/// The differences between the keys and indexes of the table and those of its schema.
pub(in crate::op) fn differences<S: TableSchema>(
    name: &str,
    table: &TableDescription,
) -> Vec<SchemaDifference> {
    let mut differences = Differences { table: name, found: Vec::new() };
    let described = |elements: &[KeySchemaElement]| describe_elements(elements, table);
    let expected = describe_key(&[S::PARTITION_KEY], S::SORT_KEY.as_slice());
    differences.compare(Kind::PrimaryKey, "primary key", expected, described(table.key_schema()));
    for index in S::INDEXES {
        let (name, part) = (index.name.to_owned(), format!("index `{}`", index.name));
        let Some((key_schema, projection)) = secondary_index(table, index) else {
            let expected = if index.local { "a local index" } else { "a global index" };
            let kind = Kind::MissingIndex { index: name, local: index.local };
            differences.add(kind, part, expected.into(), "none".into());
            continue;
        };
        let expected = describe_key(index.partition_key, index.sort_key);
        let key = format!("key of {part}");
        differences.compare(Kind::IndexKey { index: name }, &key, expected, described(key_schema));
        differences.compare_projection(index.name, &part, index.projection, projection);
    }
    for index in S::VECTOR_INDEXES {
        match find_index(table, index) {
            Some(found) => differences.compare_vector_index(index, found),
            None => {
                let kind = Kind::MissingVectorIndex { index: index.name.to_owned() };
                let part = format!("vector index `{}`", index.name);
                differences.add(kind, part, "a vector index".into(), "none".into());
            }
        }
    }
    unknown_indexes::<S>(table).for_each(|(index, kind)| {
        let part = format!("index `{index}`");
        differences.add(Kind::UnknownIndex { index }, part, "none".into(), kind.into());
    });
    differences.found.into_iter().map(|(kind, mismatch)| with_mend::<S>(kind, mismatch)).collect()
}

fn with_mend<S: TableSchema>(kind: Kind, mismatch: SchemaMismatch) -> SchemaDifference {
    let mend = match &kind {
        Kind::UnknownIndex { index } => mend::of_unknown(index, mismatch.found()),
        kind => mend::of::<S>(kind),
    };
    SchemaDifference::new(kind, mismatch, mend)
}

/// The key and the projection of a secondary index, if the table has one of its name and kind.
fn secondary_index<'t>(
    table: &'t TableDescription,
    index: &IndexSchema,
) -> Option<(&'t [KeySchemaElement], Option<&'t Projection>)> {
    let is_it = |name: Option<&str>| name == Some(index.name);
    match index.local {
        true => {
            let found = table.local_secondary_indexes().iter().find(|found| is_it(found.index_name()))?;
            Some((found.key_schema(), found.projection()))
        }
        false => {
            let found = table.global_secondary_indexes().iter().find(|found| is_it(found.index_name()))?;
            Some((found.key_schema(), found.projection()))
        }
    }
}

/// The indexes that the schema does not have: name and kind.
fn unknown_indexes<S: TableSchema>(table: &TableDescription) -> impl Iterator<Item = (String, &'static str)> {
    let global = table.global_secondary_indexes().iter();
    let global = global.map(|index| (index.index_name(), "a global index"));
    let local = table.local_secondary_indexes().iter();
    let local = local.map(|index| (index.index_name(), "a local index"));
    let vector = table.vector_indexes().iter();
    let vector = vector.map(|index| (index.index_name(), "a vector index"));
    let is_known = |name: &str| {
        let mut names = S::INDEXES.iter().map(|index| index.name);
        names.any(|known| known == name) || S::VECTOR_INDEXES.iter().any(|index| index.name == name)
    };
    let named = global.chain(local).chain(vector).filter_map(|(name, kind)| Some((name?.to_owned(), kind)));
    named.filter(move |(name, _)| !is_known(name))
}

/// Compares a vector index with its schema.
pub(in crate::op) fn check_vector_index(
    handle: &Handle,
    index: &VectorIndexSchema,
    found: &VectorIndexDescription,
) -> Result<(), SchemaMismatch> {
    let mut differences = Differences { table: &handle.table, found: Vec::new() };
    differences.compare_vector_index(index, found);
    differences.found.into_iter().next().map_or(Ok(()), |(_, mismatch)| Err(mismatch))
}

/// The differences found so far.
struct Differences<'t> {
    table: &'t str,
    found: Vec<(Kind, SchemaMismatch)>,
}

impl Differences<'_> {
    fn add(&mut self, kind: Kind, part: String, expected: String, found: String) {
        self.found.push((kind, SchemaMismatch::new(self.table, part, expected, found)));
    }

    fn compare(&mut self, kind: Kind, part: &str, expected: String, found: String) {
        if expected != found {
            self.add(kind, part.to_owned(), expected, found);
        }
    }

    fn compare_projection(
        &mut self,
        index: &str,
        part: &str,
        expected: IndexProjection,
        found: Option<&Projection>,
    ) {
        let missing = found.map(|found| missing_attributes(expected, found)).unwrap_or_default();
        let kind = Kind::IndexProjection { index: index.to_owned(), missing };
        let found = found.map(describe_found_projection).unwrap_or_default();
        self.compare(kind, &format!("projection of {part}"), describe_projection(expected), found);
    }

    fn compare_vector_index(&mut self, index: &VectorIndexSchema, found: &VectorIndexDescription) {
        let part = format!("vector index `{}`", index.name);
        let kind = Kind::VectorIndex { index: index.name.to_owned() };
        self.compare(kind, &part, describe_vectors(index), describe_found_vectors(found));
        self.compare_projection(index.name, &part, index.projection, found.projection());
    }
}

/// The attributes that an index lacks by its projection: `*` where it should hold all.
fn missing_attributes(expected: IndexProjection, found: &Projection) -> Vec<String> {
    let held = match found.projection_type() {
        Some(ProjectionType::All) | None => return Vec::new(),
        Some(ProjectionType::KeysOnly) => &[],
        Some(_) => found.non_key_attributes(),
    };
    match expected {
        IndexProjection::All => vec!["*".into()],
        IndexProjection::KeysOnly => Vec::new(),
        IndexProjection::Include(names) => {
            let missing = names.iter().filter(|name| !held.iter().any(|held| held == *name));
            missing.map(|name| (*name).to_owned()).collect()
        }
    }
}

/// A vector index in words, the same for a schema and for a description by DynamoDB.
fn describe_vectors(index: &VectorIndexSchema) -> String {
    let partition_key = index.partition_key.iter().map(|key| key.name);
    let filters = index.inline_filters.iter().map(|filter| filter.name);
    searched(
        (index.vector, index.dimensions.to_string(), index.distance.name()),
        partition_key.collect(),
        filters.collect(),
    )
}

fn describe_found_vectors(index: &VectorIndexDescription) -> String {
    let named = |kind: SearchSchemaElementType| {
        let elements = index.search_schema().iter();
        let elements = elements.filter(|element| *element.search_schema_element_type() == kind);
        elements.map(SearchSchemaElement::attribute_name).collect::<Vec<_>>()
    };
    let vector = index.vector_attribute().map_or("?", |vector| vector.attribute_name());
    let dimensions = index.dimensions().map_or_else(|| "?".into(), |dimensions| dimensions.to_string());
    let distance = index.distance_function().map_or("?", VectorDistanceFunction::as_str);
    searched(
        (vector, dimensions, distance),
        named(SearchSchemaElementType::Hash),
        named(SearchSchemaElementType::InlineFilter),
    )
}

fn searched(
    (vector, dimensions, distance): (&str, String, &str),
    partition_key: Vec<&str>,
    mut filters: Vec<&str>,
) -> String {
    let mut text = format!("the vector `{vector}` of {dimensions} dimensions by {distance}");
    if let [partition_key] = partition_key[..] {
        text += &format!(", in the partitions of `{partition_key}`");
    }
    filters.sort_unstable();
    if !filters.is_empty() {
        text += &format!(", with the inline filters `{}`", filters.join("`, `"));
    }
    text
}

/// A key in words, the same for a schema and for a description by DynamoDB.
fn describe_key(partition_key: &[KeyAttribute], sort_key: &[KeyAttribute]) -> String {
    let list = |attributes: &[KeyAttribute]| {
        let attributes =
            attributes.iter().map(|attribute| format!("`{}` ({})", attribute.name, attribute.data_type));
        attributes.collect::<Vec<_>>().join(", ")
    };
    match sort_key {
        [] => format!("partition key {}", list(partition_key)),
        _ => format!("partition key {} and sort key {}", list(partition_key), list(sort_key)),
    }
}

fn describe_elements(elements: &[KeySchemaElement], table: &TableDescription) -> String {
    let list = |key_type: KeyType| {
        let elements = elements.iter().filter(|element| *element.key_type() == key_type);
        let elements = elements.map(|element| {
            let name = element.attribute_name();
            let mut definitions = table.attribute_definitions().iter();
            let definition = definitions.find(|definition| definition.attribute_name() == name);
            let data_type = definition.map_or("?", |definition| definition.attribute_type().as_str());
            format!("`{name}` ({data_type})")
        });
        elements.collect::<Vec<_>>().join(", ")
    };
    match list(KeyType::Range).as_str() {
        "" => format!("partition key {}", list(KeyType::Hash)),
        sort_key => format!("partition key {} and sort key {sort_key}", list(KeyType::Hash)),
    }
}

fn describe_projection(projection: IndexProjection) -> String {
    match projection {
        IndexProjection::All => "all attributes".into(),
        IndexProjection::KeysOnly => "keys only".into(),
        IndexProjection::Include(names) => included(names.iter().copied()),
    }
}

fn describe_found_projection(projection: &Projection) -> String {
    match projection.projection_type() {
        Some(ProjectionType::All) | None => "all attributes".into(),
        Some(ProjectionType::KeysOnly) => "keys only".into(),
        Some(_) => included(projection.non_key_attributes().iter().map(String::as_str)),
    }
}

fn included<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.sort();
    format!("the attributes {}", names.join(", "))
}
