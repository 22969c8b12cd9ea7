use crate::{
    direct::{Nothing, Refusal, Repeats, TRANSACT_WRITE_ITEMS, refusals},
    error::{ServiceError, ServiceErrorKind},
    op::{
        Handle, send,
        transaction::{Patience, is_undecided},
    },
};
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::SdkError,
    operation::transact_write_items::{TransactWriteItemsError, builders::TransactWriteItemsFluentBuilder},
};

/// A transaction that was given up.
pub(super) struct GivenUp {
    pub(super) last: Last,
    /// Whether an attempt may have been applied without an answer, or may be yet.
    pub(super) ambiguous: bool,
}

/// How the last attempt ended.
pub(super) enum Last {
    /// It was cancelled: with a refusal for each action, and the SDK's error.
    Canceled(Vec<Refusal>, ServiceError),
    Error(ServiceError),
}

/// Sends the same request again and again, until there is a verdict or no time left.
///
/// DynamoDB: a token is remembered once a transaction with it has succeeded, and answered with success again. One that was
/// cancelled stored nothing and is not remembered. So a request with its token can be sent again after any failure.
pub(super) async fn send(
    handle: &Handle,
    request: &TransactWriteItemsFluentBuilder,
    patience: Patience,
) -> Result<(), GivenUp> {
    let mut tries = patience.begin();
    let mut ambiguous = false;
    loop {
        let exchange =
            Some(handle.write_exchange(&TRANSACT_WRITE_ITEMS, Repeats::Always, Vec::new(), Nothing));
        let call = async { send!(handle, request.clone(), exchange) };
        let Ok(sent) = tokio::time::timeout_at(tries.end, call).await else {
            let last = Last::Error(ServiceError::no_answer("TransactWriteItems", &handle.table));
            return Err(GivenUp { last, ambiguous: true });
        };
        let Err(error) = sent else { return Ok(()) };
        let watched = exchange.as_ref().and_then(|exchange| exchange.is_ambiguous());
        let items = exchange.and_then(|exchange| exchange.failed_items());
        let attempt =
            Attempt::of(handle, error, items.map(|items| items.reasons).unwrap_or_default(), watched);
        ambiguous |= attempt.ambiguous;
        if !attempt.may_succeed_later || !tries.pause().await {
            return Err(GivenUp { last: attempt.last, ambiguous });
        }
        tracing::debug!(table = %handle.table, ambiguous, "the transaction is sent again");
    }
}

/// How one call of the SDK ended, which has its own attempts.
struct Attempt {
    last: Last,
    ambiguous: bool,
    may_succeed_later: bool,
}

impl Attempt {
    fn of(
        handle: &Handle,
        error: SdkError<TransactWriteItemsError, HttpResponse>,
        items: Vec<Option<crate::entity::RawItem>>,
        watched: Option<bool>,
    ) -> Self {
        let refusals = refusals(&error, items);
        // A timeout of the whole call ends an attempt that nobody sees the end of.
        let timed_out = matches!(error, SdkError::TimeoutError(_));
        let error = handle.error("TransactWriteItems", error);
        // Only an attempt without an answer can be in progress yet.
        let in_progress = error.code() == Some("TransactionInProgressException");
        let ambiguous =
            watched.map_or_else(|| error.kind().is_ambiguous(), |seen| seen || timed_out) || in_progress;
        let (last, may_succeed_later) = match refusals {
            Some(refusals) => {
                let undecided = is_undecided(&refusals);
                (Last::Canceled(refusals, error), undecided)
            }
            None => {
                let later = in_progress
                    || match error.kind() {
                        ServiceErrorKind::Throttled | ServiceErrorKind::TransactionConflict => true,
                        // Where nothing was sent, the SDK has tried often enough.
                        kind => kind.is_ambiguous() && ambiguous,
                    };
                (Last::Error(error), later)
            }
        };
        Self { last, ambiguous, may_succeed_later }
    }
}
