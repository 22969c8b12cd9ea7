//! Vector indexes as the SDK's types.

use super::index_projection::projection;
use crate::op::built::built;
use crate::schema::{DistanceFunction, VectorIndexSchema};
use aws_sdk_dynamodb::types::{
    SearchSchemaElement, SearchSchemaElementType, VectorAttributeDefinition, VectorDistanceFunction,
    VectorIndex,
};

/// The definition of a vector index.
pub(crate) fn vector_index(index: &VectorIndexSchema) -> VectorIndex {
    let vector = built(VectorAttributeDefinition::builder().attribute_name(index.vector).build());
    let search_schema = search_schema(index);
    built(
        VectorIndex::builder()
            .index_name(index.name)
            .vector_attribute(vector)
            .dimensions(i64::try_from(index.dimensions).unwrap_or(i64::MAX))
            .distance_function(distance_function(index.distance))
            .set_search_schema((!search_schema.is_empty()).then_some(search_schema))
            .projection(projection(index.projection))
            .build(),
    )
}

fn search_schema(index: &VectorIndexSchema) -> Vec<SearchSchemaElement> {
    let element = |name: &str, kind: SearchSchemaElementType| {
        built(SearchSchemaElement::builder().attribute_name(name).search_schema_element_type(kind).build())
    };
    let partition_key =
        index.partition_key.iter().map(|key| element(key.name, SearchSchemaElementType::Hash));
    let filters = index.inline_filters.iter();
    let filters = filters.map(|filter| element(filter.name, SearchSchemaElementType::InlineFilter));
    partition_key.chain(filters).collect()
}

fn distance_function(distance: DistanceFunction) -> VectorDistanceFunction {
    match distance {
        DistanceFunction::Cosine => VectorDistanceFunction::Cosine,
        DistanceFunction::Euclidean => VectorDistanceFunction::Euclidean,
        DistanceFunction::DotProduct => VectorDistanceFunction::DotProduct,
    }
}
