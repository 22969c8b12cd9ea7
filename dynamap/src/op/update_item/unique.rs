//! Updates of unique fields.

use super::{Returns, Target, UpdateItem};
use crate::{
    entity::{Entity, UniqueConstraint},
    error::{ExpressionError, ExpressionErrorKind},
    op::write::unique::{UniqueChanges, UniqueRules},
    outcome::Result,
};

impl<E: Entity, V, C> UpdateItem<'_, E, V, C> {
    /// The attribute that sentinel items are made of, if the update changes one.
    pub(super) fn changes_unique(&self) -> Option<&'static str> {
        let rules = UniqueRules::of::<E>()?;
        let update = &self.target.as_ref().ok()?.update;
        update.changes_one_of(&rules.attributes()).or_else(|| self.creates_unique(&rules))
    }

    /// The attribute that sentinel items are made of, if the creation of the item alone gives a constraint all its values: those
    /// of the key.
    fn creates_unique(&self, rules: &UniqueRules) -> Option<&'static str> {
        let Target { key, update, .. } = self.target.as_ref().ok().filter(|_| self.may_be_new())?;
        let created = update.values_of_created(key, self.handle.stamping::<E>(), &rules.attributes()).ok()?;
        let is_of_key = |name: &str| {
            rules.is_key(name) || created.iter().any(|(created, value)| created == name && value.is_some())
        };
        let is_created =
            |constraint: &&UniqueConstraint| constraint.fields.iter().all(|field| is_of_key(field.attribute));
        Some(rules.constraints.iter().find(is_created)?.fields.first()?.attribute)
    }

    /// The changes of these attributes; `None` if the update leaves them as they are.
    pub(super) fn unique_changes(&self) -> Option<UniqueChanges> {
        self.changes_unique()?;
        let names = UniqueRules::of::<E>()?.attributes();
        let Target { key, update, .. } = self.target.as_ref().ok()?;
        Some(match self.may_be_new() {
            true => update.values_of_created(key, self.handle.stamping::<E>(), &names),
            false => update.values_of(&names).map_err(Into::into),
        })
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
