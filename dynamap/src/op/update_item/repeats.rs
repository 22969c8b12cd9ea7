//! Retries of an update after an attempt that may have been applied.

use super::{Returns, UpdateItem, repeats_of};
use crate::{
    direct::RetryAfterUnknown,
    entity::{Entity, StampKind},
};

impl<E: Entity, V: Returns<E>, C> UpdateItem<'_, E, V, C> {
    /// Lets the SDK repeat the request after an attempt that may have been applied, also where that does it twice.
    ///
    /// An update that only sets values, removes attributes, or adds to sets is repeated anyway: doing it twice is doing
    /// it once. One that counts, computes with what it changes, or appends to a list is not; then a lost answer is
    /// [`Error::Unknown`](crate::Error::Unknown). Never repeated is one that expects no version of an entity whose versions are random: the
    /// version that it gives the item would come back.
    pub fn at_least_once(mut self) -> Self {
        self.repeats = Some(RetryAfterUnknown::Always);
        self
    }

    /// Never sends the request again after an attempt that may have been applied: the error is then
    /// [`Error::Unknown`](crate::Error::Unknown).
    ///
    /// An update that only sets values is repeated otherwise. That does harm where another writer comes between: its value is
    /// overwritten by the repeated one. [`transactional`](Self::transactional) forbids that as well, and is not left
    /// unknown by one lost answer. An update that [expects a version](Self::expect_version) is repeated all the same, as
    /// that does no harm.
    pub fn at_most_once(mut self) -> Self {
        self.repeats = Some(RetryAfterUnknown::Never);
        self
    }

    pub(super) fn repeats_as(&self, is_fenced: bool) -> RetryAfterUnknown {
        let is_once = || {
            E::STAMPS.iter().all(|stamp| stamp.kind.can_be_repeated())
                && self.target.as_ref().is_ok_and(|target| target.update.can_be_repeated())
        };
        let repeats = match self.repeats {
            _ if is_fenced => RetryAfterUnknown::Always,
            // A random version would come back.
            Some(RetryAfterUnknown::Always)
                if E::STAMPS.iter().any(|stamp| stamp.kind == StampKind::VersionUnique) =>
            {
                RetryAfterUnknown::Never
            }
            Some(repeats) => repeats,
            None if is_once() => RetryAfterUnknown::Always,
            None => RetryAfterUnknown::Never,
        };
        repeats_of::<E, V>(is_fenced, repeats)
    }
}
