use super::{AttributeChange, Changed};
use crate::error::{ExpressionError, ExpressionErrorKind};

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

impl StrictSearch {
    /// True if an update sets the vector and nothing that the partition key is made of: then the stored item must have the key.
    pub(crate) fn needs_stored_key<'u>(
        &self,
        change: impl Fn(&'static str) -> Option<AttributeChange<'u>>,
    ) -> bool {
        matches!(change(self.vector), Some(AttributeChange::Value(_) | AttributeChange::Computed))
            && !self.components.iter().any(|name| change(name).is_some())
    }

    /// Refuses an update that leaves an item its vector without the partition key of the index.
    ///
    /// # Errors
    /// The update removes a component and not the vector, or sets the vector where a component is absent. Or it may create an item
    /// with the vector, and does not set every component.
    pub(super) fn check(&self, changed: &Changed<'_>) -> Result<(), ExpressionError> {
        let is_set = match changed.change(self.vector) {
            Some(AttributeChange::Removed) => return Ok(()),
            vector => vector.is_some(),
        };
        let unsearched = self.components.iter().any(|name| match changed.change(name) {
            Some(change) => matches!(change, AttributeChange::Removed),
            None if is_set && changed.may_be_new => true,
            None => is_set && matches!(changed.state(name), Some(AttributeChange::Removed)),
        });
        match unsearched {
            true => Err(ExpressionError::new(ExpressionErrorKind::Unsearched(self.vector))),
            false => Ok(()),
        }
    }
}
