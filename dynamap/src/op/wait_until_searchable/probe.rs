//! The search that tells if an index can be searched.

use crate::{
    call::Handle,
    schema::{TableSchema, VectorIndex},
    value::DataType,
};
use aws_sdk_dynamodb::{
    operation::search_vectors::builders::SearchVectorsFluentBuilder, primitives::Blob, types::AttributeValue,
};

/// A search for one item. Where the index has a partition key, it is of a partition that is likely to be empty.
pub(super) fn request<I: VectorIndex>(handle: &Handle) -> SearchVectorsFluentBuilder {
    // Not of length zero, which has no direction.
    let number = |at: usize| AttributeValue::N(if at == 0 { "1" } else { "0" }.into());
    let vector = (0..I::SCHEMA.dimensions).map(number).collect();
    let request = handle.client.search_vectors().table_name(&*handle.table).index_name(I::SCHEMA.name);
    let request = request
        .set_search_vector(Some(vector))
        .top_k(1)
        .projection_expression("#k")
        .expression_attribute_names("#k", <I::Table as TableSchema>::PARTITION_KEY.name);
    let Some(partition_key) = I::SCHEMA.partition_key else { return request };
    let any = match partition_key.data_type {
        DataType::N => AttributeValue::N("0".into()),
        DataType::B => AttributeValue::B(Blob::new([0])),
        _ => AttributeValue::S("-".into()),
    };
    request
        .search_condition_expression("#p = :p")
        .expression_attribute_names("#p", partition_key.name)
        .expression_attribute_values(":p", any)
}
