//! The values that updates give unique attributes.

use super::{Update, UpdateAction};
use crate::{
    entity::{AttributeChange, Entity, Stamping},
    error::{ExpressionError, ExpressionErrorKind, ItemError},
};
use aws_sdk_dynamodb::types::AttributeValue;

/// The values that attributes are set to; `None` of those that are removed.
type WrittenValues = Vec<(String, Option<AttributeValue>)>;

impl<E> Update<E> {
    /// The first of these attributes that it changes.
    pub(crate) fn changes_one_of(&self, names: &[&'static str]) -> Option<&'static str> {
        let actions = self.actions.as_ref().ok()?;
        let is_changed =
            |name: &&'static str| actions.iter().any(|action| action.target().attribute == **name);
        names.iter().copied().find(is_changed)
    }

    /// The values that it writes of these attributes.
    pub(crate) fn values_of(&self, names: &[&'static str]) -> Result<WrittenValues, ExpressionError> {
        values_in(self.actions()?, names)
    }
}

impl<E: Entity> Update<E> {
    /// The same of an update that may create the item: with the parts of the key that an item has from its creation on.
    pub(crate) fn values_of_created(
        &self,
        key: &E::Key,
        stamping: Stamping,
        names: &[&'static str],
    ) -> Result<WrittenValues, ItemError> {
        Ok(values_in(&self.whole(key, true, stamping)?, names)?)
    }
}

/// The values that the actions set these attributes to, and `None` of those that they remove.
fn values_in(actions: &[UpdateAction], names: &[&'static str]) -> Result<WrittenValues, ExpressionError> {
    let of_name = |action: &&UpdateAction| names.contains(&&*action.target().attribute);
    let changes = actions.iter().filter(of_name).map(|action| {
        let name = action.target().attribute.to_string();
        match action.change() {
            AttributeChange::Value(value) => Ok((name, Some(value.clone()))),
            AttributeChange::Removed => Ok((name, None)),
            AttributeChange::Computed => {
                let name = names.iter().find(|unique| **unique == name).copied().unwrap_or_default();
                Err(ExpressionError::new(ExpressionErrorKind::UniqueComputed(name)))
            }
        }
    });
    changes.collect()
}
