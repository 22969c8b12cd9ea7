//! The request of a transaction that writes, and the caller's settings.

use super::{
    action::{Action, ActionMembers},
    check::{Checked, checked},
    plan::{Planned, of_only, planned},
    sentinels::PlacedUnique,
};
use crate::{
    call::{Explanation, Handle, transaction_retry::RetryTimeout},
    direct::TRANSACT_WRITE_ITEMS,
    op::write::unique::StoredValues,
    outcome::{InvalidTransaction, InvalidTransactionKind, Result},
};
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use std::{collections::HashSet, sync::Arc};

/// The settings of the request.
#[derive(Debug, Clone, Default)]
pub(super) struct TransactWriteSettings {
    pub(super) token: Option<String>,
    pub(super) retry_timeout: RetryTimeout,
}

impl TransactWriteSettings {
    /// DynamoDB: the most characters of a token.
    const MAX_TOKEN: usize = 36;

    pub(super) fn token(&self, handle: &Handle) -> Result<String, InvalidTransaction> {
        let invalid = |kind| InvalidTransaction::new(TRANSACT_WRITE_ITEMS.name, None, kind);
        let of_message = || Some(handle.redelivery.as_ref()?.token());
        let Some(token) = self.token.as_deref().or_else(of_message) else {
            return handle.token().map_err(|error| invalid(InvalidTransactionKind::NoRandomBytes(error)));
        };
        let (length, limit) = (token.chars().count(), Self::MAX_TOKEN);
        match (1..=limit).contains(&length) {
            true => Ok(token.to_owned()),
            false => Err(invalid(InvalidTransactionKind::TokenLength { length, limit })),
        }
    }
}

/// The request of a transaction of these actions.
pub(super) fn explain(
    handle: &Handle,
    actions: Vec<Action<'_>>,
    settings: &TransactWriteSettings,
    is_single: bool,
) -> Result<Explanation> {
    let checked = checked(handle, actions).map_err(|error| of_only(error, is_single))?;
    settings.token(handle).map_err(|error| of_only(error, is_single))?;
    let Planned { writes, .. } = plan(checked, is_single)?;
    let actions = writes.into_iter().map(|(table, write)| (write.kind().name(), write.explain(&table)));
    Ok(Explanation::of_transaction(TRANSACT_WRITE_ITEMS.name, actions.collect(), settings.token.as_deref()))
}

/// The members of a transaction that does not depend on stored items.
pub(super) fn writes_alone(
    handle: &Handle,
    actions: Vec<Action<'_>>,
    is_single: bool,
) -> Result<Vec<(Arc<str>, ActionMembers)>> {
    let checked = checked(handle, actions).map_err(|error| of_only(error, is_single))?;
    let is_unread = |write: &&PlacedUnique| !matches!(write.unique.stored, StoredValues::MustBeAbsent);
    if let Some(unread) = checked.unique.iter().find(is_unread) {
        let (action, kind) = (checked.placed[unread.place].action, InvalidTransactionKind::NeedsStoredItem);
        return Err(InvalidTransaction::new(TRANSACT_WRITE_ITEMS.name, Some(action), kind).into());
    }
    Ok(plan(checked, is_single)?.writes)
}

/// The transaction as it is where no stored item is known.
fn plan(checked: Checked<'_>, is_single: bool) -> Result<Planned> {
    let Checked { placed, writes, unique, .. } = checked;
    if unique.is_empty() {
        return Ok(Planned { placed, writes, sentinels: Vec::new() });
    }
    planned(placed, writes, (&unique, &HashSet::new()), is_single)
}

pub(super) fn request(
    handle: &Handle,
    writes: Vec<(Arc<str>, ActionMembers)>,
    token: String,
) -> TransactWriteItemsFluentBuilder {
    let items = writes.into_iter().map(|(table, write)| write.into_sdk(&table));
    let request = handle.client.transact_write_items();
    let request = request.set_return_consumed_capacity(handle.returned_capacity());
    request.set_transact_items(Some(items.collect())).client_request_token(token)
}
