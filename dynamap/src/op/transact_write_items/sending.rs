use super::{check::Placed, cost::Costs, sentinels::Sentinel};
use crate::{
    call::{
        Handle,
        metering::Permit,
        send,
        transaction_retry::{RetryState, RetryTimeout, TokenLife, is_throttled, is_undecided},
    },
    direct::{Exchange, NullReceiver, Refusal, RetryAfterUnknown, TRANSACT_WRITE_ITEMS, passes, refusals},
    error::ServiceError,
    observe,
    outcome::{Resolve, Result},
};
use aws_sdk_dynamodb::{
    config::http::HttpResponse,
    error::SdkError,
    operation::transact_write_items::{TransactWriteItemsError, builders::TransactWriteItemsFluentBuilder},
};
use std::{
    pin::{Pin, pin},
    sync::Arc,
};

/// A transaction that can be sent, and sent again.
pub(super) struct Transaction {
    pub(super) handle: Handle,
    pub(super) request: TransactWriteItemsFluentBuilder,
    pub(super) token: String,
    pub(super) placed: Vec<Placed>,
    /// True if it stands for its only action, whose errors it has.
    pub(super) is_single: bool,
    /// The sentinel items of unique fields, whose members come after those of the actions.
    pub(super) sentinels: Vec<Sentinel>,
    pub(super) costs: Costs,
    pub(super) retry_timeout: RetryTimeout,
    pub(super) life: Arc<TokenLife>,
}

/// A transaction that was given up.
pub(super) struct GivenUp {
    pub(super) last: TransactionFailure,
    /// True if an attempt may have been applied without a response, or may still be.
    pub(super) ambiguous: bool,
}

/// The end of the last attempt.
pub(super) enum TransactionFailure {
    /// A cancellation, with a refusal for each action and the SDK's error.
    Canceled(Vec<Refusal>, ServiceError),
    Error(ServiceError),
}

impl Transaction {
    pub(super) fn new(
        handle: Handle,
        request: TransactWriteItemsFluentBuilder,
        token: String,
        placed: Vec<Placed>,
        costs: Costs,
        retry_timeout: RetryTimeout,
    ) -> Self {
        let life = Arc::new(TokenLife::begin(&handle));
        let (is_single, sentinels) = (false, Vec::new());
        Self { handle, request, token, placed, is_single, sentinels, costs, retry_timeout, life }
    }

    /// Sends it for the first time.
    pub(super) async fn send_once(self: Arc<Self>) -> Result<()> {
        self.clone().try_once().await.map_err(|given_up| self.error(given_up))
    }

    /// Sends it for the first time, and leaves it to the caller to make an error of what it comes to.
    pub(super) async fn try_once(self: Arc<Self>) -> Result<(), GivenUp> {
        // While it waits for its units it is not tried yet.
        let permit = self.handle.permit(|| self.costs.forecast()).await;
        let tries = self.retry_timeout.begin(self.handle.timer());
        match self.attempt(&self.handle, tries, false, Some(permit)).await {
            Err(given_up) if self.is_recognized(&given_up) => Ok(()),
            outcome => outcome,
        }
    }

    async fn send_on(
        self: Arc<Self>,
        handle: &Handle,
        tries: RetryState,
        ambiguous: bool,
        permit: Option<Permit>,
    ) -> Result<()> {
        match self.attempt(handle, tries, ambiguous, permit).await {
            Ok(()) => Ok(()),
            // All actions are applied or none.
            Err(given_up) if self.is_recognized(&given_up) => Ok(()),
            Err(given_up) => Err(self.error(given_up)),
        }
    }

    /// Sends the same request again and again, until there is a verdict or no time left.
    ///
    /// DynamoDB: a token is remembered once a transaction with it has succeeded, and answered with success again. One that
    /// was cancelled stored nothing and is not remembered. So a request with its token can be sent again after any failure.
    async fn attempt(
        &self,
        handle: &Handle,
        mut tries: RetryState,
        mut ambiguous: bool,
        mut permit: Option<Permit>,
    ) -> Result<(), GivenUp> {
        let request = &self.request;
        let mut before =
            TransactionFailure::Error(ServiceError::no_answer(TRANSACT_WRITE_ITEMS.name, &handle.table));
        loop {
            let permitted = match permit.take() {
                Some(permit) => permit,
                None => {
                    let permit = handle.permit(|| self.costs.forecast());
                    match tries.in_time(permit).await {
                        Some(permit) => permit,
                        None => return Err(GivenUp { last: before, ambiguous }),
                    }
                }
            };
            // It may have waited for its units for longer than DynamoDB remembers the token.
            if ambiguous && self.life.left().is_none() {
                return Err(GivenUp { last: before, ambiguous });
            }
            let options = (RetryAfterUnknown::Always, Some(self.life.clone() as _));
            let exchange = handle.write_exchange(&TRANSACT_WRITE_ITEMS, options, Vec::new(), NullReceiver);
            let call = async { send!(handle, request.clone(), exchange) };
            let sent = tries.in_time(call).await;
            let error = match sent {
                Some(Ok(output)) => {
                    let (likely, processed) = (self.costs.least(), self.costs.processed());
                    permitted.committed(&exchange, output.consumed_capacity(), likely, processed);
                    return Ok(());
                }
                Some(Err(error)) => error,
                // The SDK was at work on the request, or pausing before it tried again.
                None => {
                    let is_open = exchange.is_open();
                    ambiguous |= is_open || exchange.is_ambiguous() == Some(true);
                    if !is_open {
                        permitted.given_up(&exchange);
                    }
                    let last = match is_open {
                        true => TransactionFailure::Error(ServiceError::no_answer(
                            TRANSACT_WRITE_ITEMS.name,
                            &handle.table,
                        )),
                        false => before,
                    };
                    return Err(GivenUp { last, ambiguous });
                }
            };
            let attempt = Attempt::of(handle, error, &exchange);
            match &attempt.last {
                TransactionFailure::Canceled(refusals, _) if is_throttled(refusals) => {
                    handle.was_throttled();
                    permitted.throttled(&exchange)
                }
                TransactionFailure::Canceled(refusals, _) => {
                    permitted.canceled(&exchange, self.costs.of_canceled(refusals))
                }
                TransactionFailure::Error(error) => permitted.refused(&exchange, error),
            }
            ambiguous |= attempt.ambiguous;
            if !attempt.may_succeed_later || !tries.pause().await {
                return Err(GivenUp { last: attempt.last, ambiguous });
            }
            if matches!(&attempt.last, TransactionFailure::Canceled(refusals, _) if !is_throttled(refusals)) {
                observe::conflict(TRANSACT_WRITE_ITEMS.name, "TransactionCanceledException");
            }
            before = attempt.last;
            observe::retry(TRANSACT_WRITE_ITEMS.name, None);
        }
    }
}

impl Resolve for Transaction {
    /// Sends it again, as long as DynamoDB knows its token.
    fn resolve(self: Arc<Self>) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> {
        let tries = self.retry_timeout.begin_again(&self.life);
        Box::pin(async move {
            let Some(tries) = tries else { return Err(self.forgotten()) };
            let (mut handle, sent) =
                (self.handle.clone(), self.placed.iter().filter(|placed| placed.is_sent));
            let actions = sent.count();
            let observing = handle.observe_several(&TRANSACT_WRITE_ITEMS, None);
            observing.watch(pin!(self.send_on(&handle, tries, true, None)), |()| actions).await
        })
    }
}

/// The end of one call of the SDK, which has its own attempts.
struct Attempt {
    last: TransactionFailure,
    ambiguous: bool,
    may_succeed_later: bool,
}

impl Attempt {
    fn of(
        handle: &Handle,
        error: SdkError<TransactWriteItemsError, HttpResponse>,
        exchange: &Exchange<NullReceiver>,
    ) -> Self {
        let items = exchange.failed_items().map(|items| items.reasons);
        let refusals = refusals(&error, items.unwrap_or_default());
        let (error, ambiguous) = handle.failed(exchange, error);
        // Only an attempt without an answer can be in progress.
        let in_progress = error.code() == Some("TransactionInProgressException");
        let ambiguous = ambiguous || in_progress;
        if let Some(refusals) = refusals {
            let may_succeed_later = is_undecided(&refusals);
            return Self {
                last: TransactionFailure::Canceled(refusals, error),
                ambiguous,
                may_succeed_later,
            };
        }
        let may_succeed_later = in_progress
            || passes(error.kind())
            // Where nothing was sent, the SDK has tried often enough.
            || error.kind().is_ambiguous() && ambiguous;
        Self { last: TransactionFailure::Error(error), ambiguous, may_succeed_later }
    }
}
