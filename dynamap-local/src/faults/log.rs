use std::time::Duration;

use super::fault::Fault;

/// One request that reached the fault layer, and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Logged {
    /// The number of the request, from 1; each attempt of the SDK is one.
    pub number: u64,
    /// The operation's name, such as `PutItem`.
    pub operation: String,
    /// The fault that it had.
    pub fault: Option<Fault>,
    /// The effect of the request in DynamoDB.
    pub effect: Effect,
    /// The time of arrival, in tokio's time since the fault layer was made.
    pub at: Duration,
    /// The time of DynamoDB's response, also if no client received it.
    pub answered_at: Option<Duration>,
    /// The position of that response among all responses, from 1: DynamoDB applied the requests in this order.
    pub answered_as: Option<u64>,
}

impl Logged {
    /// Returns true if DynamoDB applied the request, wholly or in part.
    #[must_use]
    pub fn is_applied(&self) -> bool {
        matches!(self.effect, Effect::Applied | Effect::PartlyApplied)
    }
}

/// The effect of a request in DynamoDB, independent of what the caller was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// DynamoDB has not received the request, or not yet.
    Untouched,
    /// DynamoDB responded with success.
    Applied,
    /// DynamoDB processed a part of the batch with success.
    PartlyApplied,
    /// DynamoDB responded with an error, such as a failed condition, and changed nothing.
    Refused,
    /// DynamoDB will receive the request later: it is a zombie that still waits.
    Pending,
    /// The request was passed on and no response came: another transport below broke the connection, or the caller
    /// gave up meanwhile.
    Unknown,
}
