//! Projections of indexes as the SDK's type.

use crate::schema::IndexProjection;
use aws_sdk_dynamodb::types::{Projection, ProjectionType};

/// The projection of a secondary index or of a vector index.
pub(super) fn projection(projection: IndexProjection) -> Projection {
    match projection {
        IndexProjection::All => Projection::builder().projection_type(ProjectionType::All),
        IndexProjection::KeysOnly => Projection::builder().projection_type(ProjectionType::KeysOnly),
        IndexProjection::Include(names) => Projection::builder()
            .projection_type(ProjectionType::Include)
            .set_non_key_attributes(Some(names.iter().map(|name| (*name).to_owned()).collect())),
    }
    .build()
}
