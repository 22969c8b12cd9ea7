use super::{IndexProjection, KeyAttribute, Source, TableSchema, distance::Distance};
use std::fmt;

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

/// The definition of a vector index, as `CreateTable` sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VectorIndexSchema {
    /// The name of the index.
    pub name: &'static str,
    /// The attribute that holds the vector.
    pub vector: &'static str,
    /// The number of dimensions, 1 to 4,096.
    pub dimensions: usize,
    /// The distance function.
    pub distance: DistanceFunction,
    /// The partition key attribute, if there is one. Each search is of one partition then.
    pub partition_key: Option<KeyAttribute>,
    /// The attributes that a search can ask to be equal to a value.
    pub inline_filters: &'static [KeyAttribute],
    /// The attributes that the index holds beside the table's key, its partition key and its inline filters.
    pub projection: IndexProjection,
}

impl VectorIndexSchema {
    /// The attributes of its search schema: the partition key, and the inline filters.
    pub(crate) fn search_schema(&self) -> impl Iterator<Item = KeyAttribute> + use<> {
        self.partition_key.into_iter().chain(self.inline_filters.iter().copied())
    }
}

/// The function by which a vector index compares vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DistanceFunction {
    /// One minus the cosine of the angle between the vectors, 0 to 2: less is nearer.
    Cosine,
    /// The length of the difference of the vectors: less is nearer.
    Euclidean,
    /// The sum of the products of their values: more is nearer.
    DotProduct,
}

impl DistanceFunction {
    /// The function's name in DynamoDB, such as `DOT_PRODUCT`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cosine => "COSINE",
            Self::Euclidean => "EUCLIDEAN",
            Self::DotProduct => "DOT_PRODUCT",
        }
    }

    /// True if the nearer of two vectors has the higher score.
    pub const fn is_more_nearer(self) -> bool {
        matches!(self, Self::DotProduct)
    }
}

impl fmt::Display for DistanceFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A table that can have a provisioned throughput: one without vector indexes. Derived with [`TableSchema`].
#[diagnostic::on_unimplemented(
    message = "the table `{Self}` has vector indexes, so it is on demand",
    label = "no provisioned throughput",
    note = "DynamoDB has vector indexes only on tables that are on demand"
)]
pub trait Provisionable: TableSchema {}
