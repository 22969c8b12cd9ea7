use super::{Precondition, demand::Demand};
use crate::{
    call::Handle,
    entity::Entity,
    error::ExpressionError,
    expr::{Condition, ConditionExpression},
};

/// The condition of a write: what it asks of the stored item by its name, and what the caller or a version adds.
pub(crate) struct WriteCondition<E> {
    pub(crate) precondition: Precondition,
    pub(crate) added: Option<Condition<E>>,
}

impl<E: Entity> WriteCondition<E> {
    pub(crate) fn new(precondition: Precondition, added: Option<Condition<E>>) -> Self {
        Self { precondition, added }
    }

    /// Asks for this as well.
    pub(crate) fn add(&mut self, condition: Condition<E>) {
        self.added = Condition::both(self.added.take(), Some(condition));
    }

    /// True if nothing was added.
    pub(crate) fn is_alone(&self) -> bool {
        self.added.is_none()
    }

    /// What must be true, all together.
    pub(crate) fn whole(&self, handle: &Handle) -> Option<Condition<E>> {
        self.precondition.and(self.added.as_ref(), handle.now_of_write::<E::Table>())
    }

    /// The same together with what an update takes some attributes to be.
    pub(crate) fn whole_with(&self, given: Option<Condition<E>>, handle: &Handle) -> Option<Condition<E>> {
        let added = Condition::both(given, self.added.clone());
        self.precondition.and(added.as_ref(), handle.now_of_write::<E::Table>())
    }

    /// What it asks of the stored item by its name.
    pub(crate) fn demand(&self, handle: &Handle) -> Demand {
        Demand::of::<E>(self.precondition, self.is_alone(), handle.now_of_write::<E::Table>())
    }

    /// How many operators and functions it has.
    pub(crate) fn operators(&self, handle: &Handle) -> usize {
        self.whole(handle).map_or(0, |condition| condition.operators())
    }

    pub(crate) fn expression(&self, handle: &Handle) -> Result<Option<ConditionExpression>, ExpressionError> {
        self.whole(handle).map(|condition| condition.expression()).transpose()
    }
}
