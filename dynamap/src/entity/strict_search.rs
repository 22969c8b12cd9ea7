/// A vector index that each item of an entity with the vector must be in: the entity is `strict` about it.
#[derive(Debug, Clone, Copy)]
pub struct StrictSearch {
    /// The attribute of the vector.
    pub vector: &'static str,
    /// The partition key attribute of the index.
    pub partition_key: &'static str,
    /// The attributes that the partition key is made of, without those of the primary key.
    pub components: &'static [&'static str],
}
