use crate::{expr::Condition, key::KeyCondition};
use std::fmt;

/// A search of the vector index `I` for entities `E`: a vector, the partition, and inline filters.
///
/// It is made by the functions that are derived with the entity, such as `Doc::by_embedding("acme", &vector)`, and belongs to no
/// table value. A key that cannot be made leaves its error here, and the request fails with it before it is sent.
pub struct VectorSearch<E, I> {
    pub(super) key: KeyCondition<E, I>,
    pub(super) vector: Box<[f32]>,
    /// The inline filters, each with the name of its attribute.
    pub(super) filters: Vec<(&'static str, Condition<E>)>,
}

impl<E, I> VectorSearch<E, I> {
    #[doc(hidden)]
    pub fn new(key: KeyCondition<E, I>, vector: &[f32]) -> Self {
        Self { key, vector: vector.into(), filters: Vec::new() }
    }

    #[doc(hidden)]
    #[must_use]
    pub fn inline_filter(mut self, attribute: &'static str, filter: Condition<E>) -> Self {
        self.filters.push((attribute, filter));
        self
    }
}

impl<E, I> Clone for VectorSearch<E, I> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), vector: self.vector.clone(), filters: self.filters.clone() }
    }
}

/// Shows attributes, not the values.
impl<E, I> fmt::Debug for VectorSearch<E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filters: Vec<&str> = self.filters.iter().map(|(name, _)| *name).collect();
        f.debug_struct("VectorSearch")
            .field("key", &self.key)
            .field("dimensions", &self.vector.len())
            .field("inline_filters", &filters)
            .finish()
    }
}

/// A selection of a search: a [`VectorSearch`], or the struct that `#[derive(Entity)]` generates for a vector index.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a search of a vector index",
    note = "start one with the entity's function of a vector index: `Doc::by_embedding(.., &vector)`"
)]
pub trait IntoVectorSearch {
    /// The entity.
    type Entity;
    /// The vector index.
    type Index;

    /// The search.
    fn into_vector_search(self) -> VectorSearch<Self::Entity, Self::Index>;
}

impl<E, I> IntoVectorSearch for VectorSearch<E, I> {
    type Entity = E;
    type Index = I;

    fn into_vector_search(self) -> Self {
        self
    }
}

/// So that a search with a name is sent again and again.
impl<E, I> IntoVectorSearch for &VectorSearch<E, I> {
    type Entity = E;
    type Index = I;

    fn into_vector_search(self) -> VectorSearch<E, I> {
        self.clone()
    }
}
