//! CreateTable as JSON.

use crate::{
    call::{
        Explanation,
        explain::{Capacity, json_list, json_object, json_string},
    },
    direct::CREATE_TABLE,
    op::{
        stream_specification,
        table_settings::{maximum_json, warm_json},
        throughput,
    },
};
use aws_sdk_dynamodb::{
    operation::create_table::builders::CreateTableFluentBuilder,
    types::{AttributeDefinition, KeySchemaElement, Projection, SseSpecification, Tag, VectorIndex},
};

pub(super) fn explanation(request: &CreateTableFluentBuilder) -> Explanation {
    let local = request.get_local_secondary_indexes().as_ref().map(|indexes| {
        json_list(indexes.iter().map(|index| {
            let name = index.index_name();
            json_object(index_members(name, index.key_schema(), index.projection()))
        }))
    });
    let global = request.get_global_secondary_indexes().as_ref().map(|indexes| {
        json_list(indexes.iter().map(|index| {
            let members = index_members(index.index_name(), index.key_schema(), index.projection());
            json_object(members.into_iter().chain([
                ("ProvisionedThroughput", index.provisioned_throughput().map(throughput::json_of)),
                ("OnDemandThroughput", index.on_demand_throughput().map(maximum_json)),
                ("WarmThroughput", index.warm_throughput().map(warm_json)),
            ]))
        }))
    });
    let vector = request.get_vector_indexes().as_ref();
    let vector = vector.map(|indexes| json_list(indexes.iter().map(of_vector_index)));
    Explanation::new(CREATE_TABLE.name, request.get_table_name(), Capacity::None)
        .json(
            "AttributeDefinitions",
            request.get_attribute_definitions().as_deref().map(attribute_definitions),
        )
        .json("KeySchema", request.get_key_schema().as_deref().map(key_schema))
        .json("LocalSecondaryIndexes", local)
        .json("GlobalSecondaryIndexes", global)
        .json("VectorIndexes", vector)
        .text("BillingMode", request.get_billing_mode().as_ref().map(|mode| mode.as_str()))
        .json("ProvisionedThroughput", request.get_provisioned_throughput().as_ref().map(throughput::json_of))
        .json(
            "StreamSpecification",
            request.get_stream_specification().as_ref().map(stream_specification::json_of),
        )
        .json("OnDemandThroughput", request.get_on_demand_throughput().as_ref().map(maximum_json))
        .json("WarmThroughput", request.get_warm_throughput().as_ref().map(warm_json))
        .json("SSESpecification", request.get_sse_specification().as_ref().map(encryption_json))
        .text("TableClass", request.get_table_class().as_ref().map(|class| class.as_str()))
        .flag("DeletionProtectionEnabled", request.get_deletion_protection_enabled())
        .json("Tags", request.get_tags().as_deref().map(tags))
}

fn tags(tags: &[Tag]) -> String {
    json_list(tags.iter().map(|tag| {
        json_object([("Key", Some(json_string(tag.key()))), ("Value", Some(json_string(tag.value())))])
    }))
}

/// An encryption at rest as JSON.
fn encryption_json(encryption: &SseSpecification) -> String {
    json_object([
        ("Enabled", encryption.enabled().map(|enabled| enabled.to_string())),
        ("SSEType", encryption.sse_type().map(|kind| json_string(kind.as_str()))),
        ("KMSMasterKeyId", encryption.kms_master_key_id().map(json_string)),
    ])
}

/// Definitions of attributes as JSON.
pub(in crate::op) fn attribute_definitions(definitions: &[AttributeDefinition]) -> String {
    json_list(definitions.iter().map(|attribute| {
        json_object([
            ("AttributeName", Some(json_string(attribute.attribute_name()))),
            ("AttributeType", Some(json_string(attribute.attribute_type().as_str()))),
        ])
    }))
}

/// A vector index as JSON.
pub(crate) fn of_vector_index(index: &VectorIndex) -> String {
    let vector = index
        .vector_attribute()
        .map(|vector| json_object([("AttributeName", Some(json_string(vector.attribute_name())))]));
    let elements = index.search_schema();
    let search_schema = (!elements.is_empty()).then(|| {
        json_list(elements.iter().map(|element| {
            json_object([
                ("AttributeName", Some(json_string(element.attribute_name()))),
                ("SearchSchemaElementType", Some(json_string(element.search_schema_element_type().as_str()))),
            ])
        }))
    });
    json_object([
        ("IndexName", Some(json_string(index.index_name()))),
        ("VectorAttribute", vector),
        ("SearchSchema", search_schema),
        ("Projection", index.projection().map(of_projection)),
        ("Dimensions", Some(index.dimensions().to_string())),
        ("DistanceFunction", Some(json_string(index.distance_function().as_str()))),
    ])
}

fn index_members(
    name: &str,
    keys: &[KeySchemaElement],
    projection: Option<&Projection>,
) -> [(&'static str, Option<String>); 3] {
    [
        ("IndexName", Some(json_string(name))),
        ("KeySchema", Some(key_schema(keys))),
        ("Projection", projection.map(of_projection)),
    ]
}

fn of_projection(projection: &Projection) -> String {
    let names = projection.non_key_attributes();
    json_object([
        ("ProjectionType", projection.projection_type().map(|kind| json_string(kind.as_str()))),
        (
            "NonKeyAttributes",
            (!names.is_empty()).then(|| json_list(names.iter().map(|name| json_string(name)))),
        ),
    ])
}

fn key_schema(keys: &[KeySchemaElement]) -> String {
    json_list(keys.iter().map(|key| {
        json_object([
            ("AttributeName", Some(json_string(key.attribute_name()))),
            ("KeyType", Some(json_string(key.key_type().as_str()))),
        ])
    }))
}
