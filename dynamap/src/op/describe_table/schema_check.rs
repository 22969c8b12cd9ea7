//! The comparison of a table with its schema.

use super::described_index::find_index;
use crate::{
    call::Handle,
    error::SchemaMismatch,
    schema::{IndexProjection, KeyAttribute, TableSchema, VectorIndexSchema},
};
use aws_sdk_dynamodb::types::{
    KeySchemaElement, KeyType, Projection, ProjectionType, SearchSchemaElement, SearchSchemaElementType,
    TableDescription, VectorDistanceFunction, VectorIndexDescription,
};

/// Compares the table with its schema: keys and indexes. More indexes than the schema has do no harm.
pub(super) fn check<S: TableSchema>(handle: &Handle, table: &TableDescription) -> Result<(), SchemaMismatch> {
    let mismatch = |part: String, expected: String, found: String| compare(handle, part, expected, found);
    let described = |elements: &[KeySchemaElement]| describe_elements(elements, table);
    mismatch(
        "primary key".into(),
        describe_key(&[S::PARTITION_KEY], S::SORT_KEY.as_slice()),
        described(table.key_schema()),
    )?;
    for index in S::INDEXES {
        let part = format!("index `{}`", index.name);
        let global =
            table.global_secondary_indexes().iter().find(|found| found.index_name() == Some(index.name));
        let local =
            table.local_secondary_indexes().iter().find(|found| found.index_name() == Some(index.name));
        let (key_schema, projection) = match (index.local, global, local) {
            (false, Some(found), _) => (found.key_schema(), found.projection()),
            (true, _, Some(found)) => (found.key_schema(), found.projection()),
            (false, None, _) => return mismatch(part, "a global index".into(), "none".into()),
            (true, _, None) => return mismatch(part, "a local index".into(), "none".into()),
        };
        mismatch(
            format!("key of {part}"),
            describe_key(index.partition_key, index.sort_key),
            described(key_schema),
        )?;
        mismatch(
            format!("projection of {part}"),
            describe_projection(index.projection),
            projection.map(describe_found_projection).unwrap_or_default(),
        )?;
    }
    for index in S::VECTOR_INDEXES {
        let part = format!("vector index `{}`", index.name);
        let Some(found) = find_index(table, index) else {
            return mismatch(part, "a vector index".into(), "none".into());
        };
        check_vector_index(handle, index, found)?;
    }
    Ok(())
}

/// Compares a vector index with its schema.
pub(in crate::op) fn check_vector_index(
    handle: &Handle,
    index: &VectorIndexSchema,
    found: &VectorIndexDescription,
) -> Result<(), SchemaMismatch> {
    let part = format!("vector index `{}`", index.name);
    let projection = found.projection().map(describe_found_projection).unwrap_or_default();
    compare(handle, part.clone(), describe_vectors(index), describe_found_vectors(found))?;
    compare(handle, format!("projection of {part}"), describe_projection(index.projection), projection)
}

fn compare(handle: &Handle, part: String, expected: String, found: String) -> Result<(), SchemaMismatch> {
    match expected == found {
        true => Ok(()),
        false => Err(SchemaMismatch::new(&handle.table, part, expected, found)),
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
