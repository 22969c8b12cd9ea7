//! Retries of transactions: exponential backoff with full jitter, and the life of an idempotency token.

use super::{Backoff, Handle};
use crate::{
    direct::{OnAttempt, Refusal},
    known_fault::KnownFault,
    timer::Timer,
};
use aws_smithy_runtime_api::box_error::BoxError;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// DynamoDB: the most actions of a transaction.
pub(crate) const MAX_ACTIONS: usize = 100;

/// The default retry timeout of a transaction.
const DEFAULT_RETRY_TIMEOUT: Duration = Duration::from_secs(30);

/// DynamoDB: a token is remembered for 10 minutes after the transaction with it; the same request later is a new one. And a
/// request is taken up to 5 minutes after it was signed: one that is late must arrive while the token is remembered.
const MAX_PATIENCE: Duration = Duration::from_secs(4 * 60);

/// The pauses between two attempts.
const BACKOFF: Backoff = Backoff::new(Duration::from_millis(50), Duration::from_secs(2));

/// The retry timeout of a transaction: the time for which it is sent again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RetryTimeout(Duration);

impl Default for RetryTimeout {
    fn default() -> Self {
        Self(DEFAULT_RETRY_TIMEOUT)
    }
}

impl RetryTimeout {
    pub(crate) fn of(time: Duration) -> Self {
        Self(time.min(MAX_PATIENCE))
    }

    /// The attempts of a transaction that begins now.
    pub(crate) fn begin(self, timer: Timer) -> RetryState {
        RetryState { end: Instant::now() + self.0, backoff: BACKOFF, timer }
    }

    /// More attempts of a transaction with this token; `None` if DynamoDB may have forgotten it.
    pub(crate) fn begin_again(self, token: &TokenLife) -> Option<RetryState> {
        let left = token.left()?;
        let timer = token.handle.timer();
        Some(RetryState { end: Instant::now() + self.0.min(left), backoff: BACKOFF, timer })
    }
}

/// The time for which DynamoDB is trusted to remember the idempotency token of a transaction.
///
/// The clock of pauses and timeouts stands still while a machine or a Lambda function sleeps, but DynamoDB's does not.
/// So the time of day is read as well, and the clock by which more time has passed is believed.
#[derive(Debug, Clone)]
pub(crate) struct TokenLife {
    handle: Handle,
    begun: (Instant, SystemTime),
}

impl TokenLife {
    /// The life of a token that is about to be sent for the first time.
    pub(crate) fn begin(handle: &Handle) -> Self {
        Self { handle: handle.clone(), begun: (Instant::now(), handle.time()) }
    }

    /// The rest of the time for which the token is trusted; `None` if DynamoDB may have forgotten it.
    pub(crate) fn left(&self) -> Option<Duration> {
        let (begun, begun_at) = self.begun;
        let passed = match KnownFault::SleepingClock.is_back() {
            true => Duration::ZERO,
            // A time of day that was set back tells nothing: then the clock of the runtime counts.
            false => self.handle.time().duration_since(begun_at).unwrap_or_default(),
        };
        MAX_PATIENCE.checked_sub(begun.elapsed().max(passed)).filter(|left| !left.is_zero())
    }
}

/// The SDK sends a request again by itself: with a token that DynamoDB has forgotten, that would do it twice.
impl OnAttempt for TokenLife {
    fn document(&self, is_first: bool, _: &[u8]) -> Result<Option<Vec<u8>>, BoxError> {
        match is_first || self.left().is_some() {
            true => Ok(None),
            false => Err("DynamoDB may have forgotten the token".into()),
        }
    }

    fn unchanged(&self, is_first: bool, _: bool) -> Result<(), BoxError> {
        self.document(is_first, &[]).map(drop)
    }
}

/// The attempts of one transaction.
#[derive(Debug)]
pub(crate) struct RetryState {
    /// The time at which the transaction is given up.
    pub(crate) end: Instant,
    backoff: Backoff,
    timer: Timer,
}

impl RetryState {
    /// The output of `future`, if it is ready before the transaction is given up.
    pub(crate) async fn in_time<F: Future>(&self, future: F) -> Option<F::Output> {
        self.timer.before(self.end, future).await
    }

    /// Waits before the next attempt; false if there is no time for one.
    pub(crate) async fn pause(&mut self) -> bool {
        let pause = self.backoff.next_pause();
        // A pause up to the end would leave no time for an attempt.
        if Instant::now() + pause >= self.end {
            return false;
        }
        self.timer.sleep(pause).await;
        true
    }
}

/// True if a cancellation decides nothing about the transaction: its actions were refused for want of throughput or
/// because of another transaction, and may succeed the next time.
///
/// DynamoDB: a failed condition beside a conflict may have been read from an item on which the other transaction has
/// not finished, so it is no verdict either.
pub(crate) fn is_undecided(refusals: &[Refusal]) -> bool {
    let mut codes = refusals.iter().filter_map(|(code, _)| code.as_deref()).filter(|code| *code != "None");
    let (mut hindered, mut others) = (false, false);
    codes.by_ref().for_each(|code| match code {
        "TransactionConflict" | "ProvisionedThroughputExceeded" | "ThrottlingError" => hindered = true,
        "ConditionalCheckFailed" => {}
        _ => others = true,
    });
    hindered && !others
}

/// True if a transaction was cancelled for want of throughput.
pub(crate) fn is_throttled(refusals: &[Refusal]) -> bool {
    let mut codes = refusals.iter().filter_map(|(code, _)| code.as_deref());
    codes.any(|code| matches!(code, "ProvisionedThroughputExceeded" | "ThrottlingError"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        schema::{IndexSchema, KeyAttribute, TableSchema},
        value::DataType,
    };

    struct Bank;

    impl TableSchema for Bank {
        const PARTITION_KEY: KeyAttribute = KeyAttribute { name: "pk", data_type: DataType::S };
        const SORT_KEY: Option<KeyAttribute> = None;
        const TTL: Option<&'static str> = None;
        const ENTITY_TYPE: Option<&'static str> = None;
        const INDEXES: &'static [IndexSchema] = &[];
    }

    #[test]
    fn only_conflicts_and_throttling_leave_a_transaction_undecided() {
        let undecided = |codes: &[&str]| {
            is_undecided(&codes.iter().map(|code| (Some((*code).to_owned()), None)).collect::<Vec<_>>())
        };
        assert!(undecided(&["None", "TransactionConflict"]));
        assert!(undecided(&["ProvisionedThroughputExceeded", "ThrottlingError", "None"]));
        assert!(undecided(&["ConditionalCheckFailed", "TransactionConflict"]));
        assert!(!undecided(&["None", "ConditionalCheckFailed"]));
        assert!(!undecided(&["TransactionConflict", "ValidationError"]));
        assert!(!undecided(&["TransactionConflict", "SomethingNew"]));
        assert!(!undecided(&["None"]) && !undecided(&[]));
        assert!(!is_undecided(&[(None, None)]));
    }

    #[test]
    fn want_of_throughput_is_told_by_both_codes() {
        let throttled = |codes: &[&str]| {
            is_throttled(&codes.iter().map(|code| (Some((*code).to_owned()), None)).collect::<Vec<_>>())
        };
        assert!(throttled(&["None", "ProvisionedThroughputExceeded"]));
        assert!(throttled(&["ThrottlingError"]));
        assert!(!throttled(&["None", "TransactionConflict"]) && !throttled(&[]));
    }

    /// A token that was sent for the first time so long ago, by the time of the day.
    fn token(age: Duration) -> TokenLife {
        let client = aws_sdk_dynamodb::Client::from_conf(
            aws_sdk_dynamodb::Config::builder().behavior_version_latest().build(),
        );
        let mut life = TokenLife::begin(&Handle::new::<Bank>(client, "bank".into()));
        life.begun.1 -= age;
        life
    }

    #[test]
    fn a_token_is_trusted_for_four_minutes_and_sent_again_no_longer() {
        let second = Duration::from_secs(1);
        let ends = |token: &TokenLife| {
            let tries = RetryTimeout::default().begin_again(token)?;
            Some(tries.end.saturating_duration_since(Instant::now()))
        };
        let (young, old, forgotten) = (token(Duration::ZERO), token(235 * second), token(240 * second));
        assert!(ends(&young).is_some_and(|left| left > 25 * second && left <= DEFAULT_RETRY_TIMEOUT));
        assert!(ends(&old).is_some_and(|left| left <= 5 * second));
        assert_eq!((ends(&forgotten), forgotten.left()), (None, None));
        // The first attempt of a request is not one that was sent before.
        for token in [&young, &old, &forgotten] {
            assert!(matches!(token.document(true, b"{}"), Ok(None)));
            assert_eq!(token.document(false, b"{}").is_ok(), token.left().is_some());
        }
    }

    #[test]
    fn no_transaction_is_tried_for_longer_than_its_token_is_trusted() {
        let now = Instant::now();
        let end = |time| RetryTimeout::of(time).begin(Timer::default()).end.saturating_duration_since(now);
        let second = Duration::from_secs(1);
        assert!(end(3600 * second) >= MAX_PATIENCE && end(3600 * second) < MAX_PATIENCE + second);
        assert!(end(5 * second) >= 5 * second && end(5 * second) < 6 * second);
    }
}
