//! Updates of unique fields.

use super::{Returns, UpdateItem};
use crate::{
    entity::Entity,
    error::{ExpressionError, ExpressionErrorKind},
    op::write::unique::{UniqueChanges, UniqueRules},
    outcome::Result,
};

impl<E: Entity, V, C> UpdateItem<'_, E, V, C> {
    /// The attribute that sentinel items are made of, if the update changes one.
    pub(super) fn changes_unique(&self) -> Option<&'static str> {
        let rules = UniqueRules::of::<E>()?;
        self.target.as_ref().ok()?.update.changes_one_of(&rules.attributes())
    }

    /// The changes of these attributes; `None` if the update leaves them as they are.
    pub(super) fn unique_changes(&self) -> Option<UniqueChanges> {
        self.changes_unique()?;
        let names = UniqueRules::of::<E>()?.attributes();
        Some(self.target.as_ref().ok()?.update.values_of(&names))
    }
}

impl<E: Entity, V: Returns<E>, C> UpdateItem<'_, E, V, C> {
    /// Refuses to send an update by itself that has to change sentinel items as well.
    pub(super) fn check_alone(&self) -> Result<()> {
        match self.changes_unique() {
            Some(name) => Err(ExpressionError::new(ExpressionErrorKind::UniqueAlone(name)).into()),
            None => Ok(()),
        }
    }
}
