//! Checks for transactions that DynamoDB would refuse.

use super::{
    action::{Action, ActionKind, ActionMembers},
    sentinels::{PlacedUnique, Sentinel},
};
use crate::{
    call::{Handle, MAX_ITEM, transaction_retry::MAX_ACTIONS},
    direct::TRANSACT_WRITE_ITEMS,
    entity::{Entity, Item},
    expr::{Attribute, Condition},
    op::write::{Precondition, demand::Demand, settle::Settlement, version_check::VersionCheck},
    outcome::{InvalidTransaction, InvalidTransactionKind, TransactionAction},
    schema::TableSchema,
};
use std::{collections::HashMap, sync::Arc};

/// DynamoDB: the most bytes of all items of a transaction.
const MAX_SIZE: usize = 4 << 20;

/// An action whose members are in the request, if it has any.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) action: TransactionAction,
    pub(super) kind: ActionKind,
    pub(super) table: Arc<str>,
    pub(super) versions: Option<Arc<VersionCheck>>,
    pub(super) demand: Option<Demand>,
    /// False if there was nothing to do.
    pub(super) is_sent: bool,
}

/// The actions of a transaction, in their order, if DynamoDB would take them.
pub(super) struct Checked<'a> {
    pub(super) placed: Vec<Placed>,
    pub(super) settlements: Vec<Settlement<'a>>,
    /// The members of those that have something to do.
    pub(super) writes: Vec<(Arc<str>, ActionMembers)>,
    /// Those that change unique fields, or may.
    pub(super) unique: Vec<PlacedUnique>,
}

pub(super) fn checked<'a>(
    handle: &Handle,
    actions: Vec<Action<'a>>,
) -> Result<Checked<'a>, InvalidTransaction> {
    let invalid = |action, kind| InvalidTransaction::new(TRANSACT_WRITE_ITEMS.name, action, kind);
    if actions.is_empty() {
        return Err(invalid(None, InvalidTransactionKind::Empty));
    }
    let (mut placed, mut writes) = (Vec::with_capacity(actions.len()), Vec::with_capacity(actions.len()));
    let mut settlements = Vec::with_capacity(actions.len());
    let mut identities = HashMap::with_capacity(actions.len());
    let mut unique = Vec::new();
    let (mut size, mut too_large, mut too_many) = (0, None, None);
    for (position, action) in actions.into_iter().enumerate() {
        let Action { kind, entity, table, is_elsewhere, regions, settlement, write, unique: changed } =
            action;
        let action = TransactionAction { position, kind: kind.name(), entity };
        let invalid = |kind| invalid(Some(action), kind);
        let write = write.map_err(|error| invalid(InvalidTransactionKind::Action(Box::new(error))))?;
        if table != handle.table && !is_elsewhere {
            return Err(invalid(InvalidTransactionKind::OtherTable));
        }
        if let Some((first, region)) = regions {
            return Err(invalid(InvalidTransactionKind::OtherRegion { region, first }));
        }
        let (versions, demand, is_sent) =
            (settlement.versions.clone(), settlement.demand.clone(), write.is_some());
        placed.push(Placed { action, kind, table: table.clone(), versions, demand, is_sent });
        settlements.push(settlement);
        let Some(write) = write else { continue };
        let of_item = write.size();
        if of_item > MAX_ITEM {
            let kind = InvalidTransactionKind::ItemTooLarge { size: of_item, limit: MAX_ITEM };
            return Err(invalid(kind));
        }
        if let Some(identity) = write.identity.clone()
            && let Some(first) = identities.insert((table.clone(), identity), position)
        {
            return Err(invalid(InvalidTransactionKind::SameItem { first }));
        }
        size += of_item;
        if size > MAX_SIZE {
            too_large.get_or_insert(action);
        }
        if let Some(changed) = changed {
            let (write, table) = (writes.len(), table.clone());
            unique.push(PlacedUnique { place: position, write, table, unique: changed });
        }
        writes.push((table, write));
        if writes.len() > MAX_ACTIONS {
            too_many.get_or_insert(action);
        }
    }
    if too_many.is_some() {
        let kind = InvalidTransactionKind::TooManyActions { count: writes.len(), limit: MAX_ACTIONS };
        return Err(invalid(too_many, kind));
    }
    if too_large.is_some() {
        return Err(invalid(too_large, InvalidTransactionKind::TooLarge { size, limit: MAX_SIZE }));
    }
    Ok(Checked { placed, settlements, writes, unique })
}

/// Checks the members of sentinel items beside those of the transaction's own actions; the error is of the action at this place.
pub(super) fn check_sentinels(
    writes: &[(Arc<str>, ActionMembers)],
    sentinels: &[Sentinel],
    members: &[ActionMembers],
) -> Result<(), (usize, InvalidTransactionKind)> {
    let identities = writes.iter().filter_map(|(table, write)| Some((table, write.identity.as_ref()?)));
    let identities: HashMap<_, _> = identities.zip(0..).collect();
    let mut size: usize = writes.iter().map(|(_, write)| write.size()).sum();
    for (at, (sentinel, write)) in sentinels.iter().zip(members).enumerate() {
        let fault = |kind| Err((sentinel.place, kind));
        size += write.size();
        let first = write.identity.as_ref().and_then(|identity| identities.get(&(&sentinel.id.0, identity)));
        if let Some(first) = first.copied() {
            return fault(InvalidTransactionKind::SameItem { first });
        }
        if writes.len() + at >= MAX_ACTIONS {
            let count = writes.len() + sentinels.len();
            return fault(InvalidTransactionKind::TooManyActions { count, limit: MAX_ACTIONS });
        }
        if size > MAX_SIZE {
            return fault(InvalidTransactionKind::TooLarge { size, limit: MAX_SIZE });
        }
    }
    Ok(())
}

/// The condition of a check. It holds of an item that counts as absent as it would without an item.
pub(super) fn condition<E: Entity>(condition: Condition<E>, now: i64) -> Option<Condition<E>> {
    // An expression that DynamoDB would refuse is refused when it is rendered.
    let without_item = condition.matches(&Item::new()).unwrap_or_default();
    let ttl = E::Table::TTL.filter(|ttl| E::OPEN || E::FIELDS.find(ttl.as_bytes()).is_some());
    let condition = match ttl.map(Attribute::<E, i64>::new) {
        None => condition,
        Some(ttl) if without_item => condition | ttl.le(now),
        Some(ttl) => condition & (ttl.not_exists() | ttl.gt(now)),
    };
    Condition::both(Precondition::NoOther.condition::<E>(now), Some(condition))
}
