use super::{Precondition, demand::Demand};
use crate::{
    call::Handle,
    entity::Entity,
    error::ExpressionError,
    expr::{Condition, ConditionExpression},
};

/// The condition of a write: the demand of its name on the stored item, and the conditions of the caller and of a
/// version.
pub(crate) struct WriteCondition<E> {
    pub(crate) precondition: Precondition,
    pub(crate) added: Option<Condition<E>>,
}

impl<E: Entity> WriteCondition<E> {
    pub(crate) fn new(precondition: Precondition, added: Option<Condition<E>>) -> Self {
        Self { precondition, added }
    }

    /// Adds a condition, joined by `AND`.
    pub(crate) fn add(&mut self, condition: Condition<E>) {
        self.added = Condition::both(self.added.take(), Some(condition));
    }

    /// True if nothing was added.
    pub(crate) fn is_alone(&self) -> bool {
        self.added.is_none()
    }

    /// The condition of the request: that of the caller and those of the operation.
    pub(crate) fn whole(&self, handle: &Handle) -> Option<Condition<E>> {
        self.precondition.and(self.added.as_ref(), handle.now_of_write::<E::Table>())
    }

    /// The condition of the request, joined with the values that an update takes some attributes to have.
    pub(crate) fn whole_with(&self, given: Option<Condition<E>>, handle: &Handle) -> Option<Condition<E>> {
        let added = Condition::both(given, self.added.clone());
        self.precondition.and(added.as_ref(), handle.now_of_write::<E::Table>())
    }

    /// The demand of the operation's name on the stored item.
    pub(crate) fn demand(&self, handle: &Handle) -> Demand {
        Demand::of::<E>(self.precondition, self.is_alone(), handle.now_of_write::<E::Table>())
    }

    /// The number of operators and functions of the condition.
    pub(crate) fn operators(&self, handle: &Handle) -> usize {
        self.whole(handle).map_or(0, |condition| condition.operators())
    }

    pub(crate) fn expression(&self, handle: &Handle) -> Result<Option<ConditionExpression>, ExpressionError> {
        self.whole(handle).map(|condition| condition.expression()).transpose()
    }
}
