use std::time::Duration;

use super::fault::Fault;

/// One request that reached the fault layer, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Logged {
    /// The number of the request, from 1; each attempt of the SDK is one.
    pub number: u64,
    /// The operation's name, such as `PutItem`.
    pub operation: String,
    /// The fault that it had.
    pub fault: Option<Fault>,
    /// What DynamoDB did with it.
    pub effect: Effect,
    /// When it arrived, in tokio's time since the fault layer was made.
    pub at: Duration,
    /// When DynamoDB answered, be it to nobody.
    pub answered_at: Option<Duration>,
    /// The place of that answer among all answers, from 1: DynamoDB applied the requests in this order.
    pub answered_as: Option<u64>,
}

impl Logged {
    /// Whether DynamoDB applied the request, wholly or in part.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        matches!(self.effect, Effect::Applied | Effect::PartlyApplied)
    }
}

/// What DynamoDB did with a request, whatever the caller was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// It never had the request, or not yet.
    Untouched,
    /// It answered with success.
    Applied,
    /// It processed a part of the batch with success.
    PartlyApplied,
    /// It answered with an error, such as a failed condition, and changed nothing.
    Refused,
    /// It will have the request: a zombie waits.
    Pending,
    /// The request was passed on and the answer never came: another transport below broke the connection, or the caller
    /// gave up meanwhile.
    Unknown,
}
