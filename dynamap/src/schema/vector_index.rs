use super::{Source, TableSchema, VectorIndexSchema, distance::Distance};

/// A vector index of a table: finds the items whose vectors are nearest to a given one. Derived; see [`TableSchema`].
///
/// ```
/// use dynamap::{Entity, TableSchema, VectorIndex, value::Vector};
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", vector_indexes(ByEmbedding))]
/// pub struct Library;
///
/// /// Documents by the meaning of their text, each tenant's by themselves.
/// #[derive(VectorIndex)]
/// #[dynamap(table = Library, name = "vec1", vector = "embedding", dimensions = 4, distance = cosine)]
/// #[dynamap(partition_key = "vec1pk", inline_filters("lang"))]
/// pub struct ByEmbedding;
///
/// #[derive(Entity)]
/// #[dynamap(table = Library, pk = "DOC#{tenant}#{id}")]
/// #[dynamap(vector_index = ByEmbedding, vector = embedding, pk = "TENANT#{tenant}", inline_filters(lang))]
/// pub struct Doc {
///     pub tenant: String,
///     pub id: u32,
///     pub lang: String,
///     pub embedding: Vector<4>,
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let near = Vector::new([0.5, 0.1, -0.3, 0.0])?;
/// let search = Doc::by_embedding("acme", &near).lang("fi");
/// # drop(search);
/// # Ok(())
/// # }
/// ```
///
/// | option | meaning |
/// |---|---|
/// | `table = Library` | the table, which is on demand |
/// | `name = "vec1"` | the index's name in DynamoDB |
/// | `vector = "embedding"` | the attribute that holds the vector, a [`Vector`](crate::value::Vector) |
/// | `dimensions = 1024` | the number of dimensions, 1 to 4,096 |
/// | `distance = cosine` | the distance function: `cosine`, `euclidean` or `dot_product` |
/// | `partition_key = "vec1pk"` | the partition key attribute (HASH), if each search is of one partition; `number("id")` or `binary("id")` for the other types |
/// | `inline_filters("lang", number("year"))` | the attributes that a search can ask to be equal to a value (INLINE_FILTER) |
/// | `projection = include("title")` | the projection: `all` (the default), `keys_only` or `include(..)` |
///
/// An item without the vector or without the partition key is not in the index (a sparse index).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a vector index",
    note = "derive `dynamap::VectorIndex` for `{Self}`"
)]
pub trait VectorIndex: Source {
    /// The table of the index.
    type Table: TableSchema;
    /// The distance function, as a type.
    type Distance: Distance;
    /// The type of its vectors: a [`Vector`](crate::value::Vector) of its number of dimensions.
    type Vector: AsRef<[f32]>;
    /// The definition of the index.
    const SCHEMA: VectorIndexSchema;
}

/// A table that can have a provisioned throughput: one without vector indexes. Derived with [`TableSchema`].
#[diagnostic::on_unimplemented(
    message = "the table `{Self}` has vector indexes, so it is on demand",
    label = "no provisioned throughput",
    note = "DynamoDB has vector indexes only on tables that are on demand"
)]
pub trait Provisionable: TableSchema {}
