//! A search that was checked, and its request.

use super::{FoundAs, VectorSearch};
use crate::{
    budget::{CallForm, Cost, Forecast},
    call::{
        Capacity, Explanation, Handle,
        explain::{json_list, value_json},
    },
    direct::SEARCH_VECTORS,
    entity::Entity,
    error::{ExpressionError, ExpressionErrorKind},
    expr::{Attribute, Placeholders, key_condition_expression},
    outcome::Result,
    schema::{TableSchema, VectorIndex},
    value::DataType,
    wire,
};
use aws_sdk_dynamodb::{
    operation::search_vectors::builders::SearchVectorsFluentBuilder, types::AttributeValue,
};
use std::{collections::HashMap, ops::RangeInclusive};

/// DynamoDB: the numbers of results that a search can ask for.
const TOP_K: RangeInclusive<usize> = 1..=100;

/// The members of the request.
pub(super) struct PreparedSearch {
    handle: Handle,
    index: &'static str,
    vector: Vec<AttributeValue>,
    top_k: i32,
    condition: Option<String>,
    /// The number of comparisons of the condition.
    comparisons: usize,
    projection: String,
    names: Option<HashMap<String, String>>,
    values: Option<HashMap<String, AttributeValue>>,
}

impl PreparedSearch {
    /// Checks everything that can be wrong before the request.
    pub(super) fn new<E: Entity, I: VectorIndex, T: FoundAs<E, I>>(
        handle: Handle,
        search: VectorSearch<E, I>,
        top_k: usize,
    ) -> Result<Self> {
        if !TOP_K.contains(&top_k) {
            return Err(ExpressionError::new(ExpressionErrorKind::TopK(top_k)).into());
        }
        let mut placeholders = Placeholders::default();
        let (condition, comparisons) = condition(search.clone(), &mut placeholders)?;
        let projection = T::attributes().render(&mut placeholders)?;
        let vector = match wire::to_attribute_value(&*search.vector)? {
            AttributeValue::L(numbers) => numbers,
            _ => Vec::new(),
        };
        let (names, values) = (placeholders.take_names(), placeholders.take_values());
        let (index, top_k) = (I::SCHEMA.name, i32::try_from(top_k).unwrap_or(i32::MAX));
        Ok(Self { handle, index, vector, top_k, condition, comparisons, projection, names, values })
    }

    pub(super) fn handle(&self) -> &Handle {
        &self.handle
    }

    pub(super) fn index(&self) -> &'static str {
        self.index
    }

    pub(super) fn request(self) -> SearchVectorsFluentBuilder {
        let returned_capacity = self.handle.returned_capacity();
        self.handle
            .client
            .search_vectors()
            .table_name(&*self.handle.table)
            .index_name(self.index)
            .set_search_vector(Some(self.vector))
            .top_k(self.top_k)
            .set_search_condition_expression(self.condition)
            .projection_expression(self.projection)
            .set_expression_attribute_names(self.names)
            .set_expression_attribute_values(self.values)
            .set_return_consumed_capacity(returned_capacity)
    }

    pub(super) fn explain(&self) -> Explanation {
        let table = Some(self.handle.table.to_string());
        // There is an `AND` between two.
        let operators = (2 * self.comparisons).saturating_sub(1);
        Explanation::new(SEARCH_VECTORS.name, &table, Capacity::VectorSearch)
            .text("IndexName", Some(self.index))
            .json("SearchVector", Some(json_list(self.vector.iter().map(value_json))))
            .number("TopK", &Some(self.top_k))
            .expression("SearchConditionExpression", &self.condition, operators)
            .expression("ProjectionExpression", &Some(self.projection.clone()), 0)
            .names(&self.names)
            .item("ExpressionAttributeValues", &self.values)
            .returns_capacity(&self.handle.returned_capacity())
    }

    /// A search takes no capacity units.
    pub(super) fn forecast<E: Entity>(index: &'static str) -> Forecast {
        let form = CallForm {
            operation: SEARCH_VECTORS.name,
            entity: E::NAME,
            index: Some(index),
            consistent: false,
        };
        Forecast { form, writes: false, index: None, cost: Cost::Known(0.0), items: 1 }
    }
}

/// `SearchConditionExpression`, if there is one, and the number of its comparisons: the partition, the inline filters, and the
/// entity, if the index can tell.
fn condition<E: Entity, I: VectorIndex>(
    search: VectorSearch<E, I>,
    placeholders: &mut Placeholders,
) -> Result<(Option<String>, usize)> {
    let VectorSearch { key, mut filters, .. } = search;
    // DynamoDB: an attribute has one condition.
    for (at, (name, _)) in filters.iter().enumerate() {
        if filters[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(ExpressionError::new(ExpressionErrorKind::InlineFilterTwice(name)).into());
        }
    }
    let entity_type = E::Table::ENTITY_TYPE.filter(|name| {
        let mut inline = I::SCHEMA.inline_filters.iter();
        inline.any(|filter| filter.name == *name && filter.data_type == DataType::S)
    });
    if let Some(name) = entity_type {
        filters.push((name, Attribute::<E, String>::new(name).eq(E::NAME)));
    }
    let key = key.into_parts()?;
    let count = key.partition.len() + filters.len();
    let mut comparisons = Vec::with_capacity(count);
    if !key.partition.is_empty() {
        comparisons.push(key_condition_expression(key, placeholders));
    }
    for (_, filter) in filters {
        comparisons.push(filter.render(placeholders)?);
    }
    Ok(((count > 0).then(|| comparisons.join(" AND ")), count))
}
