//! The members of a transaction with unique fields, by what is known of the stored items.

use super::{
    action::ActionMembers,
    check::{Placed, check_sentinels},
    sentinels::{PlacedUnique, Sentinel, SentinelFault, SentinelId, sentinels},
};
use crate::{
    direct::TRANSACT_WRITE_ITEMS,
    known_fault::KnownFault,
    outcome::{Error, InvalidTransaction, InvalidTransactionKind, NotUnique, Result},
};
use std::{collections::HashSet, sync::Arc};

/// The members of the actions of a transaction, with its sentinel items.
pub(super) struct Planned {
    pub(super) placed: Vec<Placed>,
    pub(super) writes: Vec<(Arc<str>, ActionMembers)>,
    pub(super) sentinels: Vec<Sentinel>,
}

/// The error of a transaction, or of the only action that it stands for.
pub(super) fn of_only(error: InvalidTransaction, is_single: bool) -> Error {
    if is_single { error.into_only() } else { error.into() }
}

/// Adds the conditions on what is known of the stored items, and the sentinel items that follow from it.
pub(super) fn planned(
    mut placed: Vec<Placed>,
    mut writes: Vec<(Arc<str>, ActionMembers)>,
    (unique, foreign): (&[PlacedUnique], &HashSet<SentinelId>),
    is_single: bool,
) -> Result<Planned> {
    for write in unique.iter().filter(|_| !KnownFault::UnguardedUnique.is_back()) {
        let Some(guard) = write.unique.guard() else { continue };
        let (_, members) = &mut writes[write.write];
        *members = members.clone().guarded(&guard);
        let placed = &mut placed[write.place];
        placed.demand = placed.demand.take().map(|demand| demand.guarded(Some(guard)));
    }
    let invalid = |place: usize, kind| {
        let action = placed[place].action;
        of_only(InvalidTransaction::new(TRANSACT_WRITE_ITEMS.name, Some(action), kind), is_single)
    };
    let added = sentinels(unique, foreign).map_err(|fault| match fault {
        SentinelFault::Item(place, error) => {
            invalid(place, InvalidTransactionKind::Action(Box::new(error.into())))
        }
        SentinelFault::Taken(place, constraint) => {
            let Placed { table, action, .. } = &placed[place];
            Error::NotUnique(NotUnique::new(table, *action, constraint, None))
        }
    })?;
    let (sentinels, members): (Vec<Sentinel>, Vec<ActionMembers>) = added.into_iter().unzip();
    check_sentinels(&writes, &sentinels, &members).map_err(|(place, kind)| invalid(place, kind))?;
    writes.extend(sentinels.iter().map(|sentinel| sentinel.id.0.clone()).zip(members));
    Ok(Planned { placed, writes, sentinels })
}
