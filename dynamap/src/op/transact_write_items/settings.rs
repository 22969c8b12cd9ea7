//! The request of a transaction that writes, and the caller's settings.

use super::{
    action::{Action, ActionMembers},
    check::{Checked, checked},
};
use crate::{
    call::{Explanation, Handle, transaction_retry::RetryTimeout},
    direct::TRANSACT_WRITE_ITEMS,
    outcome::{InvalidTransaction, InvalidTransactionKind, Result},
};
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use std::sync::Arc;

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
) -> Result<Explanation> {
    let Checked { writes, .. } = checked(handle, actions)?;
    settings.token(handle)?;
    let actions = writes.into_iter().map(|(table, write)| (write.kind().name(), write.explain(&table)));
    Ok(Explanation::of_transaction(TRANSACT_WRITE_ITEMS.name, actions.collect(), settings.token.as_deref()))
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
