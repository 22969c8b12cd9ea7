//! The reason why a condition failed, as far as the item tells that came with the response.

use super::{Precondition, shape_demand::ShapeDemand, unique::Guard};
use crate::{
    call::item_status::{FoundBy, ItemStatus},
    entity::{Entity, Item},
    expr::{GivenParts, Unmet},
    outcome::{ConditionFailed, ConditionFailure, Error},
};

/// The demand of a write on the stored item, beside the caller's own condition.
#[derive(Debug, Clone)]
pub(crate) struct Demand {
    precondition: Precondition,
    /// True if there is no other condition.
    is_alone: bool,
    now: i64,
    /// The attributes that an update takes to have given values.
    given: Option<GivenParts>,
    /// The attributes that a write of unique fields takes the item to have.
    guard: Option<Guard>,
    standing: fn(&Item, i64) -> ItemStatus,
    shape: ShapeDemand,
    stored_shape: fn(&Item) -> Option<(u32, u32)>,
}

impl Demand {
    /// True if there must be no item.
    pub(crate) fn is_of_absent(&self) -> bool {
        self.precondition == Precondition::Absent
    }

    /// The seconds since 1970 at which an item is taken to have expired.
    pub(crate) fn now(&self) -> i64 {
        self.now
    }

    pub(crate) fn of<E: Entity>(precondition: Precondition, is_alone: bool, now: i64) -> Self {
        let standing = |item: &Item, now| ItemStatus::of::<E>(item, FoundBy::Key, now);
        let shape = ShapeDemand::Any;
        let stored_shape = |item: &Item| E::SHAPE.and_then(|shape| Some((shape.of(item)?, shape.known)));
        Self { precondition, is_alone, now, given: None, guard: None, standing, shape, stored_shape }
    }

    /// The same of a write that demands something of the shape of the item.
    pub(crate) fn with_shape(self, shape: ShapeDemand) -> Self {
        Self { shape, ..self }
    }

    /// The failure if the item is stored in a shape that the write does not take.
    fn other_shape(&self, item: &Item) -> Option<ConditionFailure> {
        let (stored, known) = (self.stored_shape)(item)?;
        (!self.shape.takes(stored, known)).then_some(ConditionFailure::OtherShape { stored, known })
    }

    fn is_newer(&self, item: &Item) -> bool {
        (self.stored_shape)(item).is_some_and(|(stored, known)| stored > known)
    }

    /// The same of an update that takes some attributes to be so.
    pub(crate) fn given(self, given: Option<GivenParts>) -> Self {
        Self { given, ..self }
    }

    /// The same of a write that takes the item to be so.
    pub(crate) fn guarded(self, guard: Option<Guard>) -> Self {
        Self { guard, ..self }
    }

    /// The attribute that the item does not have as the write takes it to, if that is the guard's.
    pub(crate) fn unguarded(&self, item: Option<&Item>) -> Option<&'static str> {
        self.guard.as_ref()?.unmet(item)
    }

    /// The reason why the condition failed of this item, or without one in the response.
    pub(crate) fn failure(&self, item: Option<&Item>) -> ConditionFailure {
        let standing = item.map(|item| (self.standing)(item, self.now));
        let other_shape = item.and_then(|item| self.other_shape(item));
        match (self.precondition, standing) {
            // Nothing else makes it fail.
            (Precondition::Absent, None) if self.is_alone => ConditionFailure::Exists,
            (_, None) => match self.unguarded(None) {
                Some(attribute) if self.is_alone => ConditionFailure::NotAsGiven(attribute),
                _ => ConditionFailure::NotTold,
            },
            (Precondition::None, Some(ItemStatus::OtherEntity)) => ConditionFailure::NotMet,
            (_, Some(ItemStatus::OtherEntity)) => ConditionFailure::OtherEntity,
            (Precondition::Absent, Some(ItemStatus::Present)) => ConditionFailure::Exists,
            (Precondition::Present | Precondition::Upsert, Some(ItemStatus::Expired)) => {
                ConditionFailure::Expired
            }
            (precondition, Some(_)) if other_shape.is_some() || precondition == Precondition::None => {
                other_shape.unwrap_or(ConditionFailure::NotMet)
            }
            (_, Some(_)) => match self.given.as_ref().zip(item).and_then(|(given, item)| given.unmet(item)) {
                Some(Unmet::Given(attribute)) => ConditionFailure::NotAsGiven(attribute),
                Some(Unmet::Searched(vector)) => ConditionFailure::Unsearched(vector),
                None => match self.unguarded(item) {
                    Some(attribute) => ConditionFailure::NotAsGiven(attribute),
                    None => ConditionFailure::NotMet,
                },
            },
        }
    }

    /// The failure of an item whose version is no matter: it is of another entity, or stored in a newer shape than the entity
    /// knows.
    pub(crate) fn mismatch(&self, item: &Item) -> Option<ConditionFailure> {
        match (self.standing)(item, self.now) {
            ItemStatus::OtherEntity => Some(ConditionFailure::OtherEntity),
            _ => self.other_shape(item).filter(|_| self.is_newer(item)),
        }
    }

    fn explain(&self, error: Error) -> Error {
        let item = |failed: &ConditionFailed| failed.raw_item().and_then(Result::ok);
        match error {
            Error::ConditionFailed(failed) => {
                let failure = self.failure(item(&failed).as_ref());
                Error::ConditionFailed(failed.because(failure))
            }
            Error::VersionConflict(conflict) => {
                let item = conflict.raw_item().and_then(Result::ok);
                match item.and_then(|item| self.mismatch(&item)) {
                    Some(failure) => Error::ConditionFailed(conflict.into_failed().because(failure)),
                    None => Error::VersionConflict(conflict),
                }
            }
            error => error,
        }
    }
}

/// The error of a write with this demand, which tells why its condition failed.
pub(crate) fn explained(demand: Option<&Demand>, error: Error) -> Error {
    match demand {
        Some(demand) => demand.explain(error),
        None => error,
    }
}
