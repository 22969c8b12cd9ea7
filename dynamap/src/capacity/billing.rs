use crate::{
    entity::Item,
    schema::{TableSchema, VectorIndexSchema},
    wire::attribute_size,
};
use aws_sdk_dynamodb::types::AttributeValue;

/// The bytes that each dimension of a vector counts, whatever its number is.
const BYTES_PER_DIMENSION: usize = 4;

/// The size in bytes by which DynamoDB charges for an item of the table `S`.
///
/// It is that of [`item_size`](crate::capacity::item_size), but for the vectors of the table's vector indexes: each counts its
/// name and four bytes for each dimension. The limit of 400 KB for an item, and its entries in secondary indexes, count the
/// numbers of the vector instead.
///
/// ```
/// use aws_sdk_dynamodb::types::AttributeValue;
/// use dynamap::{TableSchema, VectorIndex, capacity};
///
/// #[derive(TableSchema)]
/// #[dynamap(partition_key = "pk", vector_indexes(ByVector))]
/// pub struct Library;
///
/// #[derive(VectorIndex)]
/// #[dynamap(table = Library, name = "vec1", vector = "v", dimensions = 2, distance = cosine)]
/// pub struct ByVector;
///
/// let number = || AttributeValue::N("0.123456789".into());
/// let item = [("v".to_owned(), AttributeValue::L(vec![number(), number()]))].into();
/// assert_eq!(capacity::billed_item_size::<Library>(&item), 1 + 4 * 2);
/// assert_eq!(capacity::item_size(&item), 1 + 3 + 2 * 7);
/// ```
pub fn billed_item_size<S: TableSchema>(item: &Item) -> usize {
    Billing::of::<S>().item_size(item)
}

/// The rules by which DynamoDB counts the size of a table's items for capacity: the vectors of its vector indexes count by
/// their dimensions.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Billing(&'static [VectorIndexSchema]);

impl Billing {
    pub(crate) const fn of<S: TableSchema>() -> Self {
        Self(S::VECTOR_INDEXES)
    }

    /// The size that capacity units are charged for.
    pub(crate) fn item_size(self, item: &Item) -> usize {
        let size = |(name, value): (&String, &AttributeValue)| match self.vector_size(name, value) {
            Some(size) => name.len() + size,
            None => attribute_size(name, value),
        };
        item.iter().map(size).sum()
    }

    /// The largest number of bytes by which the size that is charged exceeds that of the same item for the limit of 400 KB.
    pub(crate) fn max_excess(self) -> usize {
        // DynamoDB: an attribute counts once, however many indexes it is in, which have the same dimensions then.
        let is_first = |(at, index): &(usize, &VectorIndexSchema)| {
            !self.0[..*at].iter().any(|before| before.vector == index.vector)
        };
        self.0.iter().enumerate().filter(is_first).map(|(_, index)| max_vector_excess(index.dimensions)).sum()
    }

    /// The largest number of bytes that a page of items is charged for that has so many by their numbers.
    pub(crate) fn page_size(self, bytes: usize) -> usize {
        // No vector is charged more than twice the bytes of its numbers.
        if self.0.is_empty() { bytes } else { 2 * bytes }
    }

    /// The bytes of a vector; `None` of an attribute that is in no vector index, or is no vector of its dimensions.
    fn vector_size(self, name: &str, value: &AttributeValue) -> Option<usize> {
        let mut indexes = self.0.iter().filter(|index| index.vector == name);
        indexes.find(|index| is_vector(value, index.dimensions)).map(|index| vector_size(index.dimensions))
    }
}

/// The bytes that a vector counts in capacity units, and in the entry of a vector index.
pub(crate) fn vector_size(dimensions: usize) -> usize {
    BYTES_PER_DIMENSION * dimensions
}

/// The largest number of bytes by which [`vector_size`] exceeds the size of the vector's numbers.
pub(crate) fn max_vector_excess(dimensions: usize) -> usize {
    // A zero has two bytes in a list, and no number has fewer.
    vector_size(dimensions).saturating_sub(3 + 2 * dimensions)
}

/// True of a list of as many numbers as the index has dimensions, each of which an `f32` can hold.
pub(crate) fn is_vector(value: &AttributeValue, dimensions: usize) -> bool {
    let is_dimension = |element: &AttributeValue| match element {
        AttributeValue::N(number) => number.parse().is_ok_and(f32::is_finite),
        _ => false,
    };
    match value {
        AttributeValue::L(elements) => elements.len() == dimensions && elements.iter().all(is_dimension),
        _ => false,
    }
}
