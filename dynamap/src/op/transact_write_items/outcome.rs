//! The outcome of a transaction that was given up.

use super::{
    action::ActionKind,
    check::Placed,
    cost::only_entity,
    sending::{GivenUp, Transaction, TransactionFailure},
};
use crate::{
    call::transaction_retry::is_undecided,
    direct::{Refusal, TRANSACT_WRITE_ITEMS},
    entity::Item,
    error::ServiceError,
    op::write::demand::{Demand, explained},
    outcome::{
        self, CancellationReason, ConditionFailed, Error, ErrorDetails, NotUnique, TransactionCanceled,
        UnknownOutcome,
    },
};
use std::sync::Arc;

impl Transaction {
    pub(super) fn error(self: Arc<Self>, given_up: GivenUp) -> Error {
        match self.placed.first().filter(|_| self.is_single) {
            Some(one) => self.error_of_one(given_up, one),
            None => self.error_of_all(given_up),
        }
    }

    /// True if the items that came with the refusals tell that the transaction was applied.
    ///
    /// After a lost answer the mark of one action is enough: no other transaction has it. The message of an earlier delivery may
    /// have had fewer actions, so that all actions with a mark must be recognized: what was never written is not acknowledged.
    pub(super) fn is_recognized(&self, given_up: &GivenUp) -> bool {
        let TransactionFailure::Canceled(refusals, _) = &given_up.last else { return false };
        let sent = self.placed.iter().filter(|placed| placed.is_sent).zip(refusals);
        let mut marked = sent.clone().filter_map(|(placed, (_, item))| {
            let versions = placed.versions.as_ref().filter(|versions| versions.marks.is_some())?;
            let item = item.as_ref().and_then(|item| item.read::<Item>().ok());
            Some(item.is_some_and(|item| versions.is_recognized(&item)))
        });
        if self.handle.redelivery.is_none() {
            return given_up.ambiguous && marked.any(|is_recognized| is_recognized);
        }
        // An entity that was created is there, which refuses the second creation; one whose version was deleted is not there.
        let is_created = |placed: &Placed| placed.demand.as_ref().is_some_and(Demand::is_of_absent);
        let is_deleted = |placed: &Placed| placed.kind == ActionKind::Delete && placed.versions.is_some();
        let mut done_once = sent.filter(|(placed, _)| is_created(placed) || is_deleted(placed));
        marked.next() == Some(true)
            && marked.all(|is_recognized| is_recognized)
            && done_once.all(|(_, (code, _))| code.as_deref() == Some("ConditionalCheckFailed"))
    }

    /// The error of an outcome that cannot be resolved any more: DynamoDB has forgotten the idempotency token.
    pub(super) fn forgotten(&self) -> Error {
        let last = outcome::LastAttempt::Error(ServiceError::no_answer(
            TRANSACT_WRITE_ITEMS.name,
            &self.handle.table,
        ));
        let unknown = UnknownOutcome::new(self.operation(), self.entity(), &self.tables(), last);
        Error::Unknown(unknown.of_transaction(self.token.clone()))
    }

    /// True if the transaction was not applied, and never will be.
    pub(super) fn is_definite(&self, given_up: &GivenUp) -> bool {
        let TransactionFailure::Canceled(refusals, _) = &given_up.last else { return !given_up.ambiguous };
        !given_up.ambiguous || !is_undecided(refusals) && self.is_closed(&self.reasons(refusals.clone()))
    }

    fn error_of_all(self: &Arc<Self>, given_up: GivenUp) -> Error {
        let GivenUp { last, ambiguous } = given_up;
        match last {
            TransactionFailure::Error(error) if ambiguous => self.unknown(outcome::LastAttempt::Error(error)),
            TransactionFailure::Error(error) => error.into(),
            TransactionFailure::Canceled(refusals, error) => {
                let undecided = is_undecided(&refusals);
                let reasons = self.reasons(refusals);
                let (is_closed, details) = (self.is_closed(&reasons), ErrorDetails::of_service(&error));
                let canceled =
                    |reasons| TransactionCanceled::new(self.tables(), reasons).answered(details.clone());
                if ambiguous && (undecided || !is_closed) {
                    return self.unknown(outcome::LastAttempt::Canceled(canceled(reasons)));
                }
                match only_not_unique(&reasons) {
                    Some(not_unique) => Error::NotUnique(not_unique.answered(details)),
                    None => Error::TransactionCanceled(canceled(reasons)),
                }
            }
        }
    }

    /// The error of the only action, as its own operation would have it.
    fn error_of_one(self: &Arc<Self>, given_up: GivenUp, one: &Placed) -> Error {
        let GivenUp { last, ambiguous } = given_up;
        let operation = self.operation();
        let error = match last {
            TransactionFailure::Error(error) => error.of_operation(operation),
            TransactionFailure::Canceled(refusals, error) => {
                let reason = self.reasons(refusals).into_iter().next();
                let reason = reason.unwrap_or_else(|| CancellationReason::new(one.action, None, None));
                if let Some(not_unique) = reason.not_unique() {
                    if ambiguous {
                        return self.unknown(outcome::LastAttempt::ConditionFailed(None));
                    }
                    return Error::NotUnique(not_unique.clone().answered(ErrorDetails::of_service(&error)));
                }
                if reason.is_of_own_item() {
                    let closed = one.is_closed_by(&reason);
                    let item = reason.into_item();
                    if ambiguous && !closed {
                        return self.unknown(outcome::LastAttempt::ConditionFailed(item));
                    }
                    let failed = ConditionFailed::new(operation, one.action.entity, &self.handle.table, item);
                    let failed = failed.answered(ErrorDetails::of_service(&error));
                    let error = match &one.versions {
                        Some(versions) => versions.told(failed),
                        None => Error::ConditionFailed(failed),
                    };
                    return explained(one.demand.as_ref(), error);
                }
                match reason.code() {
                    Some(code) => error.of_refusal(operation, code),
                    None => error.of_operation(operation),
                }
            }
        };
        if ambiguous { self.unknown(outcome::LastAttempt::Error(error)) } else { error.into() }
    }

    fn unknown(self: &Arc<Self>, last: outcome::LastAttempt) -> Error {
        let unknown = UnknownOutcome::new(self.operation(), self.entity(), &self.tables(), last);
        Error::Unknown(unknown.of_transaction(self.token.clone()).resolved_by(Some(self.clone())))
    }

    /// The reasons by the caller's actions, also those that were not in the request. The refusal of a sentinel item is that of the
    /// action that it belongs to.
    fn reasons(&self, refusals: Vec<Refusal>) -> Vec<CancellationReason> {
        let mut refusals = refusals.into_iter();
        let mut reasons: Vec<CancellationReason> = Vec::with_capacity(self.placed.len());
        reasons.extend(self.placed.iter().map(|placed| {
            let refusal = if placed.is_sent { refusals.next() } else { None };
            let (code, item) = refusal.unwrap_or_default();
            let reason = CancellationReason::new(placed.action, code, item);
            let reason = match &placed.demand {
                Some(demand) => reason.because(|item| demand.failure(item)),
                None => reason,
            };
            reason.with_version(|item| {
                // An item of another entity has no version of this one.
                let mismatch =
                    placed.demand.as_ref().zip(item).and_then(|(demand, item)| demand.mismatch(item));
                mismatch.is_none()
                    && placed.versions.as_ref().is_some_and(|versions| versions.is_conflict(item))
            })
        }));
        for (sentinel, (code, item)) in self.sentinels.iter().zip(refusals) {
            let Some(code) = code.filter(|code| code != "None") else { continue };
            let reason = &mut reasons[sentinel.place];
            if reason.code().is_some() {
                continue;
            }
            let placed = &self.placed[sentinel.place];
            let is_held = sentinel.is_put && code == "ConditionalCheckFailed";
            let not_unique = is_held.then(|| {
                let held = item.and_then(|item| item.read::<Item>().ok());
                NotUnique::new(&placed.table, placed.action, sentinel.constraint, held)
            });
            let own = CancellationReason::new(placed.action, None, None);
            *reason = own.of_sentinel(&code, not_unique);
        }
        reasons
    }

    /// True if a condition failed that cannot become true again, so that no attempt can be applied any more.
    fn is_closed(&self, reasons: &[CancellationReason]) -> bool {
        let mut reasons = reasons.iter().zip(&self.placed);
        reasons.any(|(reason, placed)| placed.is_closed_by(reason))
    }

    fn operation(&self) -> &'static str {
        match self.placed.first().filter(|_| self.is_single) {
            Some(one) => one.kind.operation(),
            None => TRANSACT_WRITE_ITEMS.name,
        }
    }

    /// The names of the tables, each once.
    fn tables(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for placed in &self.placed {
            if !names.contains(&&*placed.table) {
                names.push(&placed.table);
            }
        }
        names.join(", ")
    }

    fn entity(&self) -> &'static str {
        only_entity(&self.placed)
    }
}

/// True if it was the condition of the action that failed.
pub(super) fn is_condition_failed((code, _): &Refusal) -> bool {
    code.as_deref() == Some("ConditionalCheckFailed")
}

/// The violation of unique fields, if nothing else has refused the transaction.
fn only_not_unique(reasons: &[CancellationReason]) -> Option<NotUnique> {
    let mut refused = reasons.iter().filter(|reason| reason.code().is_some());
    let first = refused.next()?.not_unique()?;
    refused.all(|reason| reason.not_unique().is_some()).then(|| first.clone())
}

impl Placed {
    /// True if the condition of the action failed, and cannot become true again.
    fn is_closed_by(&self, reason: &CancellationReason) -> bool {
        let Some(versions) = self.versions.as_ref().filter(|_| reason.is_of_own_item()) else {
            return false;
        };
        versions.is_closed_by(reason.raw_item().and_then(Result::ok).as_ref())
    }
}
