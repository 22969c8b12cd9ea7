//! The reason why a condition failed, as far as the item tells that came with the response.

use super::{Precondition, unique::Guard};
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
        Self { precondition, is_alone, now, given: None, guard: None, standing }
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
        match (self.precondition, standing) {
            // Nothing else makes it fail.
            (Precondition::Absent, None) if self.is_alone => ConditionFailure::Exists,
            (_, None) => match self.unguarded(None) {
                Some(attribute) if self.is_alone => ConditionFailure::NotAsGiven(attribute),
                _ => ConditionFailure::NotTold,
            },
            (Precondition::None, Some(_)) => ConditionFailure::NotMet,
            (_, Some(ItemStatus::OtherEntity)) => ConditionFailure::OtherEntity,
            (Precondition::Absent, Some(ItemStatus::Present)) => ConditionFailure::Exists,
            (Precondition::Present | Precondition::Upsert, Some(ItemStatus::Expired)) => {
                ConditionFailure::Expired
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

    /// True if the item is of another entity: then its version is no matter.
    pub(crate) fn is_other(&self, item: &Item) -> bool {
        (self.standing)(item, self.now) == ItemStatus::OtherEntity
    }

    fn explain(&self, error: Error) -> Error {
        let item = |failed: &ConditionFailed| failed.raw_item().and_then(Result::ok);
        match error {
            Error::ConditionFailed(failed) => {
                let failure = self.failure(item(&failed).as_ref());
                Error::ConditionFailed(failed.because(failure))
            }
            Error::VersionConflict(conflict) => {
                let is_other =
                    conflict.raw_item().and_then(Result::ok).is_some_and(|item| self.is_other(&item));
                match is_other {
                    true => {
                        Error::ConditionFailed(conflict.into_failed().because(ConditionFailure::OtherEntity))
                    }
                    false => Error::VersionConflict(conflict),
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
