use super::{IndexProjection, KeyAttribute};
use std::fmt;

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
