//! Upserts of items that have expired: no attribute of the old item may come back to life.

use super::{Returns, Target, UpdateItem};
use crate::{
    call::item_status::{FoundBy, ItemStatus},
    entity::{Entity, Item},
    op::{
        DeleteItem,
        write::{Precondition, precondition::expiry_of, settle::Settlement, version_choice::VersionChoice},
    },
    outcome::{Error, Result},
};

impl<'a, E: Entity, V: Returns<E>, C> UpdateItem<'a, E, V, C> {
    /// The same upsert again, for after an expired item was deleted; `None` if none can be in its way.
    pub(super) fn after_expiry(&self) -> Option<Self> {
        expiry_of::<E>().filter(|_| self.condition.precondition == Precondition::Upsert)?;
        let Target { key, update, .. } = self.target.as_ref().ok()?;
        let mut again =
            UpdateItem::of_key(self.handle.clone(), key.clone(), Precondition::Upsert).apply(update.clone());
        again.condition.added = self.condition.added.clone();
        again.repeats = self.repeats;
        again.refreshed = self.refreshed.clone();
        if let Some(redelivery) = &self.handle.redelivery {
            // The second delivery of a message may find the item as this request leaves it: its first request must be the same.
            let fork = redelivery.fork();
            again.handle.redelivery = Some(fork);
            if let (Ok(first), Ok(target)) = (&self.target, &mut again.target) {
                (target.lineage, target.marks) = (first.lineage, first.marks.clone());
            }
        }
        Some(again.with_types())
    }

    /// Sends it, and where an expired item refuses it, deletes that and sends it again.
    pub(super) async fn send_over_expired(self, mut again: Self) -> Result<V::Output>
    where
        C: VersionChoice<E>,
    {
        // The delete is a write of its own: the token of a message is that of the upsert.
        let handle = self.handle.clone().without_redelivery();
        let now = self.handle.now_of::<E::Table>(
            (E::TRANSACTIONAL || self.changes_unique().is_some()) && V::nothing().is_some(),
        );
        let failed = match self.send_once(&mut again.settlement).await {
            Err(Error::ConditionFailed(failed)) => failed,
            outcome => return outcome,
        };
        let is_expired = |item: Item| ItemStatus::of::<E>(&item, FoundBy::Key, now) == ItemStatus::Expired;
        let (Some(expiry), true) =
            (expiry_of::<E>(), failed.raw_item().and_then(Result::ok).is_some_and(is_expired))
        else {
            return Err(Error::ConditionFailed(failed));
        };
        let key = again.target.as_ref().map(|target| target.key.clone());
        let Ok(key) = key else { return Err(Error::ConditionFailed(failed)) };
        let delete = DeleteItem::<E>::new(handle, &key).condition(expiry.le(now)).at_least_once();
        // In a box: it is rare, and would make every update's future larger.
        match Box::pin(delete.send_blindly()).await {
            // Another writer was faster; or the delete is unknown, which is not the outcome of the upsert: that was refused. A delete
            // that comes late finds no expired item.
            Ok(()) | Err(Error::ConditionFailed(_) | Error::Unknown(_)) => {
                Box::pin(again.send_once(&mut Settlement::default())).await
            }
            Err(error) => Err(error),
        }
    }
}
