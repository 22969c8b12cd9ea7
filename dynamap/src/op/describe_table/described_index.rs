//! Vector indexes in the description of their table.

use crate::schema::VectorIndexSchema;
use aws_sdk_dynamodb::types::{IndexStatus, TableDescription, VectorIndexDescription};

/// The vector index of this name.
pub(in crate::op) fn find_index<'t>(
    table: &'t TableDescription,
    index: &VectorIndexSchema,
) -> Option<&'t VectorIndexDescription> {
    table.vector_indexes().iter().find(|found| found.index_name() == Some(index.name))
}

/// True of a vector index that is being deleted.
pub(in crate::op) fn is_being_deleted(index: &VectorIndexDescription) -> bool {
    index.index_status() == Some(&IndexStatus::Deleting)
}
