//! Transactions that write unique fields: what they write depends on the stored items, and is made anew where those have changed.

use super::{
    action::{Action, ActionKind, ActionMembers},
    check::{Checked, Placed, checked},
    cost::Costs,
    plan::{Planned, of_only, planned},
    sending::{GivenUp, Transaction, TransactionFailure},
    sentinels::{PlacedUnique, SentinelId},
    settings::{TransactWriteSettings, request},
};
use crate::{
    budget::{CallForm, Cost, Forecast},
    call::{Backoff, Handle, call, send},
    direct::{GET_ITEM, ItemReceiver},
    entity::Item,
    op::write::{settle::Settlement, unique::StoredValues},
    outcome::{Error, Result},
};
use std::{collections::HashSet, pin::pin, sync::Arc, time::Duration};

/// The number of times that a transaction is made, each with the stored items as they are then.
const ROUNDS: u32 = 10;

/// The pauses between them.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(10), Duration::from_secs(1));

/// Sends the actions in one transaction. The entities in memory change if it succeeds.
pub(super) async fn run(
    handle: Handle,
    actions: Vec<Action<'_>>,
    settings: &TransactWriteSettings,
    is_single: bool,
) -> Result<()> {
    let checked = checked(&handle, actions).map_err(|error| of_only(error, is_single))?;
    let Checked { placed, settlements, writes, unique } = checked;
    let token = settings.token(&handle).map_err(|error| of_only(error, is_single))?;
    // Updates without actions, which are skipped.
    if writes.is_empty() {
        return Ok(());
    }
    let handle = handle.for_call();
    if unique.is_empty() {
        let planned = Planned { placed, writes, sentinels: Vec::new() };
        transaction(&handle, planned, settings, token, is_single).send_once().await?;
    } else {
        Rounds { handle, placed, writes, unique, foreign: HashSet::new() }.run(settings, is_single).await?;
    }
    settlements.into_iter().for_each(Settlement::advance);
    Ok(())
}

fn transaction(
    handle: &Handle,
    planned: Planned,
    settings: &TransactWriteSettings,
    token: String,
    is_single: bool,
) -> Arc<Transaction> {
    let Planned { placed, writes, sentinels } = planned;
    let costs = Costs::of(handle, &placed, &writes);
    let request = request(handle, writes, token.clone());
    let transaction = Transaction::new(handle.clone(), request, token, placed, costs, settings.retry_timeout);
    Arc::new(Transaction { is_single, sentinels, ..transaction })
}

/// The state of a transaction with unique fields between its rounds.
pub(super) struct Rounds {
    handle: Handle,
    placed: Vec<Placed>,
    writes: Vec<(Arc<str>, ActionMembers)>,
    unique: Vec<PlacedUnique>,
    /// Sentinel items that have another owner, though the stored item has their values.
    foreign: HashSet<SentinelId>,
}

impl Rounds {
    async fn run(mut self, settings: &TransactWriteSettings, is_single: bool) -> Result<()> {
        let (mut backoff, mut left) = (BACKOFF, ROUNDS);
        loop {
            self.read().await?;
            if self.is_delivered_again().await? {
                return Ok(());
            }
            let planned = self.plan(is_single)?;
            let token = settings.token(&self.handle).map_err(|error| of_only(error, is_single))?;
            let transaction = transaction(&self.handle, planned, settings, token, is_single);
            let Err(given_up) = transaction.clone().try_once().await else { return Ok(()) };
            left -= 1;
            // A transaction that may still be applied is not made anew.
            if left == 0 || !transaction.is_definite(&given_up) || !self.learn(&transaction, &given_up) {
                return Err(transaction.error(given_up));
            }
            self.handle.timer().sleep(backoff.next_pause()).await;
        }
    }

    /// Reads the stored items that are not known.
    async fn read(&mut self) -> Result<()> {
        let is_redelivery = self.handle.redelivery.is_some();
        for write in &mut self.unique {
            let is_needed = match write.unique.stored {
                StoredValues::Unread => true,
                // The second delivery of a message finds the values that the first has left.
                StoredValues::Item(_) => is_redelivery,
                StoredValues::MustBeAbsent | StoredValues::Absent => false,
            };
            if is_needed {
                let handle = of_table(&self.handle, &write.table);
                let read = read_item(&handle, write.unique.rules.entity, &write.unique.key).await?;
                write.unique.stored = read.map_or(StoredValues::Absent, StoredValues::Item);
            }
        }
        Ok(())
    }

    /// True if the stored items tell that an earlier delivery of the same message has written them all: each is recognized by its
    /// version, or was deleted at its version and is not there. Those that are not known yet are read.
    async fn is_delivered_again(&self) -> Result<bool> {
        if self.handle.redelivery.is_none() {
            return Ok(false);
        }
        let sent = self.placed.iter().enumerate().filter(|(_, placed)| placed.is_sent).zip(&self.writes);
        let (mut unread, mut is_recognized) = (Vec::new(), false);
        for ((place, placed), (table, members)) in sent {
            let Some(versions) = &placed.versions else { return Ok(false) };
            let known = self.unique.iter().find(|write| write.place == place);
            match known.map(|write| &write.unique.stored) {
                Some(StoredValues::Item(item)) if versions.is_recognized(item) => is_recognized = true,
                Some(StoredValues::Absent) if placed.kind == ActionKind::Delete => {}
                Some(StoredValues::Item(_) | StoredValues::Absent) => return Ok(false),
                Some(StoredValues::Unread | StoredValues::MustBeAbsent) | None => {
                    unread.push((placed, versions, table, members));
                }
            }
        }
        for (placed, versions, table, members) in unread {
            let handle = of_table(&self.handle, table);
            match read_item(&handle, placed.action.entity, &members.key()).await? {
                Some(item) if versions.is_recognized(&item) => is_recognized = true,
                None if placed.kind == ActionKind::Delete => {}
                _ => return Ok(false),
            }
        }
        Ok(is_recognized)
    }

    /// The transaction by what is known of the stored items.
    fn plan(&self, is_single: bool) -> Result<Planned> {
        planned(self.placed.clone(), self.writes.clone(), (&self.unique, &self.foreign), is_single)
    }

    /// Takes what the refusals tell of the stored items. True if the transaction is worth another round: nothing but what was
    /// known of them was wrong.
    fn learn(&mut self, transaction: &Transaction, given_up: &GivenUp) -> bool {
        let TransactionFailure::Canceled(refusals, _) = &given_up.last else { return false };
        let (mut learnt, mut sent) = (false, 0);
        for (place, placed) in transaction.placed.iter().enumerate().filter(|(_, placed)| placed.is_sent) {
            let Some((code, item)) = refusals.get(sent) else { return false };
            sent += 1;
            if code.as_deref() != Some("ConditionalCheckFailed") {
                continue;
            }
            let item = item.as_ref().and_then(|item| item.read::<Item>().ok());
            let is_wrong =
                placed.demand.as_ref().is_some_and(|demand| demand.unguarded(item.as_ref()).is_some());
            match self.unique.iter_mut().find(|write| write.place == place).filter(|_| is_wrong) {
                Some(write) => {
                    write.unique.stored = item.map_or(StoredValues::Absent, StoredValues::Item);
                    learnt = true;
                }
                None => return false,
            }
        }
        let sentinels = transaction.sentinels.iter().zip(refusals.iter().skip(sent));
        let refused = sentinels.filter(|(_, (code, _))| code.as_deref() == Some("ConditionalCheckFailed"));
        for (sentinel, _) in refused.filter(|(sentinel, _)| !sentinel.is_put) {
            learnt |= self.foreign.insert(sentinel.id.clone());
        }
        learnt
    }
}

/// The same handle for calls of this table.
fn of_table(handle: &Handle, table: &Arc<str>) -> Handle {
    let mut handle = handle.clone();
    if handle.table != *table {
        handle.table = table.clone();
    }
    handle
}

/// Reads the stored item of a write (GetItem, strongly consistent), as a part of the operation or as one of its own.
pub(in crate::op) async fn read_item(
    handle: &Handle,
    entity: &'static str,
    key: &Item,
) -> Result<Option<Item>> {
    let mut handle = handle.clone();
    let observing = handle.observe(&GET_ITEM, None);
    observing.watch(pin!(read(&handle, entity, key)), |item| usize::from(item.is_some())).await
}

async fn read(handle: &Handle, entity: &'static str, key: &Item) -> Result<Option<Item>> {
    let exchange = handle.exchange(&GET_ITEM, ItemReceiver::<Item>(None));
    let request = handle.client.get_item().table_name(&*handle.table).consistent_read(true);
    let request = request.set_key(Some(key.clone()));
    let request = request.set_return_consumed_capacity(handle.returned_capacity());
    let form = CallForm { operation: GET_ITEM.name, entity, index: None, consistent: true };
    let forecast = || Forecast { form, writes: false, index: None, cost: Cost::Average(1.0), items: 1 };
    let failed = |error| Error::from(handle.error(&exchange, error));
    let output = call!(handle.permit(forecast), send!(handle, request, exchange), exchange, failed)?;
    Ok(exchange.finish(|one| one.0.take())?.or_read(|| Ok(output.item))?)
}
