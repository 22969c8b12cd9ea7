//! What a transaction that was given up is told to be.

use super::{
    check::Placed,
    sending::{GivenUp, Last},
};
use crate::{
    direct::Refusal,
    error::{self, CancellationReason, ConditionFailed, Error, TransactionCanceled, UnknownOutcome},
    op::{Handle, transaction::is_undecided},
};

const OPERATION: &str = "TransactWriteItems";

/// The error of a transaction.
pub(super) fn error(handle: &Handle, given_up: GivenUp, placed: &[Placed<'_>], token: String) -> Error {
    let GivenUp { last, ambiguous } = given_up;
    let unknown = |last| {
        let unknown = UnknownOutcome::new(OPERATION, entity_of(placed), &handle.table, last);
        Error::Unknown(unknown.of_transaction(token))
    };
    match last {
        Last::Error(error) if ambiguous => unknown(error::Last::Error(error)),
        Last::Error(error) => error.into(),
        Last::Canceled(refusals, _) => {
            let undecided = is_undecided(&refusals);
            let canceled = canceled(handle, refusals, placed);
            let is_final = !undecided && is_fenced(&canceled, placed);
            if ambiguous && !is_final {
                return unknown(error::Last::Canceled(canceled));
            }
            Error::TransactionCanceled(canceled)
        }
    }
}

/// The error of the only action of a transaction, as its operation would have it; a version conflict is left to the
/// action's commit.
pub(super) fn error_of_one(handle: &Handle, given_up: GivenUp, one: &Placed<'_>, token: String) -> Error {
    let GivenUp { last, ambiguous } = given_up;
    let (operation, entity, table) = (one.kind.operation(), one.action.entity, &handle.table);
    let unknown =
        |last| Error::Unknown(UnknownOutcome::new(operation, entity, table, last).of_transaction(token));
    let error = match last {
        Last::Error(error) => error.of_operation(operation),
        Last::Canceled(refusals, error) => {
            let (code, item) = refusals.into_iter().next().unwrap_or_default();
            let reason = CancellationReason::new(one.action, code, item);
            if reason.is_condition_failed() {
                let fenced = one.commit.is_fenced_by(reason.raw_item());
                let item = reason.into_item();
                return match ambiguous && !fenced {
                    true => unknown(error::Last::ConditionFailed(item)),
                    false => Error::ConditionFailed(ConditionFailed::new(operation, entity, table, item)),
                };
            }
            match reason.code() {
                Some(code) => error.of_refusal(operation, code),
                None => error.of_operation(operation),
            }
        }
    };
    if ambiguous { unknown(error::Last::Error(error)) } else { error.into() }
}

/// The reasons by the caller's actions, also those that were not in the request.
fn canceled(handle: &Handle, refusals: Vec<Refusal>, placed: &[Placed<'_>]) -> TransactionCanceled {
    let mut refusals = refusals.into_iter();
    let reasons = placed.iter().map(|placed| {
        let refusal = if placed.is_sent { refusals.next() } else { None };
        let (code, item) = refusal.unwrap_or_default();
        let reason = CancellationReason::new(placed.action, code, item);
        reason.with_version(|item| placed.commit.conflicts_with(item))
    });
    TransactionCanceled::new(handle.table.to_string(), reasons.collect())
}

/// Whether a condition failed that cannot become true again, so that no attempt can be applied any more.
fn is_fenced(canceled: &TransactionCanceled, placed: &[Placed<'_>]) -> bool {
    let mut reasons = canceled.reasons().iter().zip(placed);
    reasons
        .any(|(reason, placed)| reason.is_condition_failed() && placed.commit.is_fenced_by(reason.raw_item()))
}

/// The entity of all actions; empty if there are several.
fn entity_of(placed: &[Placed<'_>]) -> &'static str {
    let mut entities = placed.iter().map(|placed| placed.action.entity);
    let first = entities.next().unwrap_or_default();
    if entities.all(|entity| entity == first) { first } else { "" }
}
