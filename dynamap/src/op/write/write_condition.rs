use super::{Precondition, demand::Demand, shape_demand::ShapeDemand};
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
    shape: ShapeDemand,
    pub(crate) added: Option<Condition<E>>,
}

impl<E: Entity> WriteCondition<E> {
    pub(crate) fn new(precondition: Precondition, shape: ShapeDemand, added: Option<Condition<E>>) -> Self {
        Self { precondition, shape, added }
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
        self.joined(self.added.clone(), handle)
    }

    fn joined(&self, added: Option<Condition<E>>, handle: &Handle) -> Option<Condition<E>> {
        let own = self.precondition.condition(handle.now_of_write::<E::Table>());
        let own = Condition::both(own, self.shape.condition(self.precondition));
        Condition::both(own, added)
    }

    /// The condition of the request, joined with the values that an update takes some attributes to have.
    pub(crate) fn whole_with(&self, given: Option<Condition<E>>, handle: &Handle) -> Option<Condition<E>> {
        self.joined(Condition::both(given, self.added.clone()), handle)
    }

    /// The demand of the operation's name on the stored item.
    pub(crate) fn demand(&self, handle: &Handle) -> Demand {
        let now = handle.now_of_write::<E::Table>();
        Demand::of::<E>(self.precondition, self.is_alone(), now).with_shape(self.shape)
    }

    /// The number of operators and functions of the condition.
    pub(crate) fn operators(&self, handle: &Handle) -> usize {
        self.whole(handle).map_or(0, |condition| condition.operators())
    }

    pub(crate) fn expression(&self, handle: &Handle) -> Result<Option<ConditionExpression>, ExpressionError> {
        self.whole(handle).map(|condition| condition.expression()).transpose()
    }
}
