//! Repairs of single sentinel items.

use super::{
    action::{ActionKind, ActionMembers},
    check::Placed,
    cost::Costs,
    outcome::is_condition_failed,
    sending::{Transaction, TransactionFailure},
    sentinels::{PlacedUnique, SentinelMend},
    settings::{TransactWriteSettings, request},
};
use crate::{
    call::Handle,
    direct::TRANSACT_WRITE_ITEMS,
    expr::Placeholders,
    op::write::unique::{StoredValues, UniqueChange, UniqueWrite},
    outcome::{Result, TransactionAction},
};
use std::{pin::pin, sync::Arc};

/// Changes the sentinel item with this partition key, if the stored item of the write is still as it is known: it is put, with the
/// time to live of that item, if the write replaces the item by what it is, and deleted if the write deletes it. False if something
/// has changed meanwhile, and nothing was written.
pub(in crate::op) async fn mend(handle: &Handle, unique: &UniqueWrite, text: &str) -> Result<bool> {
    let (rules, table) = (unique.rules, handle.table.clone());
    let check = ActionMembers::of_no_entity(
        ActionKind::ConditionCheck,
        ((rules.read_key)(&unique.key), rules.billing),
        unique.key.clone(),
        (String::new(), 0),
        Placeholders::default(),
    );
    // Where no field is unique any more, no value of the item matters.
    let guard = unique.guard().filter(|guard| !guard.is_empty());
    let check = guard.map(|guard| (table.clone(), check.unconditional().guarded(&guard)));
    let placed = PlacedUnique { place: 0, write: 0, table: table.clone(), unique: unique.clone() };
    let mend = match (&unique.change, &unique.stored) {
        (UniqueChange::Put(_), StoredValues::Item(item)) => SentinelMend::Put(rules.expiry(item).cloned()),
        _ => SentinelMend::Delete,
    };
    let sentinel = mend.members(&placed, text);
    let action =
        TransactionAction { position: 0, kind: ActionKind::ConditionCheck.name(), entity: rules.entity };
    let (versions, demand, is_sent) = (None, None, true);
    let placed = vec![Placed {
        action,
        kind: ActionKind::ConditionCheck,
        table: table.clone(),
        versions,
        demand,
        is_sent,
    }];
    let writes: Vec<_> = check.into_iter().chain([(table, sentinel)]).collect();
    let settings = TransactWriteSettings::default();
    let token = settings.token(handle)?;
    let mut handle = handle.for_call();
    let observing = handle.observe_several(&TRANSACT_WRITE_ITEMS, None);
    let costs = Costs::of(&handle, &placed, &writes);
    let request = request(&handle, writes, token.clone());
    let transaction =
        Arc::new(Transaction::new(handle, request, token, placed, costs, settings.retry_timeout));
    let sent = async move {
        match transaction.clone().try_once().await {
            Ok(()) => Ok(true),
            Err(given_up) => match &given_up.last {
                TransactionFailure::Canceled(refusals, _) if refusals.iter().any(is_condition_failed) => {
                    Ok(false)
                }
                _ => Err(transaction.error(given_up)),
            },
        }
    };
    observing.watch(pin!(sent), |is_mended| usize::from(*is_mended)).await
}
