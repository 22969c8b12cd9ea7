//! Searches of the vector indexes of a table.

use super::Table;
use crate::{
    entity::EntityOf,
    op::{SearchVectors, search_vectors::IntoVectorSearch},
    schema::{TableSchema, VectorIndex},
};

impl<S: TableSchema> Table<S> {
    /// Finds the entities whose vectors are nearest to a given one, in a vector index of the table (SearchVectors).
    ///
    /// It takes the search of an entity, such as `Doc::by_embedding("acme", &vector)`. See [`SearchVectors`].
    #[doc(alias("SearchVectors", "nearest", "similarity"))]
    pub fn search<V>(&self, search: V) -> SearchVectors<V::Entity, V::Index>
    where
        V: IntoVectorSearch<Entity: EntityOf<S>, Index: VectorIndex>,
    {
        SearchVectors::new(self.handle.clone(), search.into_vector_search())
    }
}
