//! UpdateTable with a new vector index.

use super::{
    built::built,
    create_table::{
        attribute_definition,
        explain::{attribute_definitions, of_vector_index},
        vector_index,
    },
    describe_table::{self, check_vector_index, find_index, is_being_deleted},
    update_table::update_table,
};
use crate::{
    call::{
        Capacity, Explanation, Handle,
        explain::{json_list, json_object},
    },
    direct::UPDATE_TABLE,
    error::ServiceError,
    observe::Observing,
    outcome::{Error, Result},
    schema::{VectorIndex, VectorIndexSchema},
};
use aws_sdk_dynamodb::{
    operation::update_table::builders::UpdateTableFluentBuilder,
    types::{CreateVectorIndexAction, VectorIndexUpdate},
};
use std::{fmt, marker::PhantomData, pin::pin};

/// Adds a vector index to a table that is there, unless it has the index.
///
/// One [DescribeTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html) request; if the
/// table has no such index, one
/// [UpdateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html) request. None of them
/// costs capacity units, but filling the index costs a write of each of its entries.
///
/// DynamoDB then fills the index, which takes minutes or more. Searches of it are refused until
/// [`wait_until_searchable`](crate::Table::wait_until_searchable) returns. A table has one such change at a time.
#[must_use = "a request does nothing until it is sent"]
pub struct AddVectorIndex<I> {
    handle: Handle,
    of: PhantomData<fn() -> I>,
}

impl<I: VectorIndex> AddVectorIndex<I> {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, of: PhantomData }
    }

    /// The SDK's builder with the UpdateTable request.
    pub fn into_sdk(self) -> UpdateTableFluentBuilder {
        let definitions: Vec<_> = I::SCHEMA.search_schema().map(attribute_definition).collect();
        let request = self.handle.client.update_table().table_name(&*self.handle.table);
        request
            .set_attribute_definitions((!definitions.is_empty()).then_some(definitions))
            .vector_index_updates(VectorIndexUpdate::builder().create(creation(&I::SCHEMA)).build())
    }

    /// The UpdateTable request that would be sent if the table has no such index. Nothing is sent.
    pub fn explain(self) -> Explanation {
        let request = self.into_sdk();
        let definitions = request.get_attribute_definitions().as_deref().map(attribute_definitions);
        let create = json_object([("Create", Some(of_vector_index(&vector_index(&I::SCHEMA))))]);
        Explanation::new(UPDATE_TABLE.name, request.get_table_name(), Capacity::None)
            .json("AttributeDefinitions", definitions)
            .json("VectorIndexUpdates", Some(json_list([create].into_iter())))
    }

    /// Adds the index; true if DynamoDB took it from this call, false if the table has it. It does not wait until the index
    /// can be searched.
    ///
    /// After an attempt that got no response, an index that is there then counts as one that the table had.
    ///
    /// # Errors
    /// [`Error::SchemaMismatch`](crate::Error::SchemaMismatch): the table has an index of this name with another schema.
    /// [`ServiceErrorKind::TableInUse`](crate::error::ServiceErrorKind): the table is being created or changed, such as by the
    /// addition or removal of another index. Otherwise a request fails.
    pub async fn send(self) -> Result<bool> {
        let observing = Observing::call("AddVectorIndex", &self.handle.table);
        observing.watch(pin!(self.run()), |_| 0).await
    }

    async fn run(self) -> Result<bool> {
        if is_there::<I>(&self.handle).await? {
            return Ok(false);
        }
        let handle = self.handle.clone();
        let Err((refused, _)) = update_table(&handle, self.into_sdk()).await else { return Ok(true) };
        // It may have been added by an attempt without an answer, or by another caller.
        match is_there::<I>(&handle).await {
            Ok(true) => Ok(false),
            Ok(false) => Err(refused.into()),
            Err(error) => Err(undescribed(refused, error)),
        }
    }
}

impl<I: VectorIndex> fmt::Debug for AddVectorIndex<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddVectorIndex")
            .field("table", &self.handle.table)
            .field("index", &I::SCHEMA.name)
            .finish_non_exhaustive()
    }
}

/// True if the table has the index.
async fn is_there<I: VectorIndex>(handle: &Handle) -> Result<bool> {
    let Some(table) = describe_table::describe(handle).await? else { return Ok(false) };
    match find_index(&table, &I::SCHEMA) {
        // DynamoDB refuses to add it as long as it is there.
        Some(index) if is_being_deleted(index) => Ok(false),
        Some(index) => Ok(check_vector_index(handle, &I::SCHEMA, index).map(|()| true)?),
        None => Ok(false),
    }
}

/// The error of a change that was refused, where the description that was to tell more fails.
pub(super) fn undescribed(refused: ServiceError, described: Error) -> Error {
    match described {
        // Nothing tells whether the change was applied, and its own error says so.
        Error::Service(_) if refused.kind().is_ambiguous() => refused.into(),
        // The refusal may be of a second attempt, after one that was applied.
        described => described,
    }
}

fn creation(index: &VectorIndexSchema) -> CreateVectorIndexAction {
    let index = vector_index(index);
    built(
        CreateVectorIndexAction::builder()
            .index_name(index.index_name)
            .set_vector_attribute(index.vector_attribute)
            .set_search_schema(index.search_schema)
            .set_projection(index.projection)
            .dimensions(index.dimensions)
            .distance_function(index.distance_function)
            .build(),
    )
}
