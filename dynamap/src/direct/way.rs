use super::hook::is_prepared;
use aws_sdk_dynamodb::{
    Client,
    config::{Builder, timeout::TimeoutConfig},
};
use std::time::Duration;

/// How calls of a client are made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    /// Whether the client has the interceptor of the direct way.
    pub(crate) prepared: bool,
    /// The timeouts that each call gets, if the client has none of its own.
    timeouts: Option<TimeoutConfig>,
}

/// The longest that an attempt takes: a page of 1 MB at two megabits a second.
const ATTEMPT: Duration = Duration::from_secs(5);
/// The longest that a call takes with all its attempts, of which the SDK makes three.
const CALL: Duration = Duration::from_secs(30);

impl Way {
    pub(crate) fn of(client: &Client) -> Self {
        let prepared = is_prepared(client);
        // The configuration of a prepared client has them.
        let timeouts = if prepared { None } else { missing_timeouts(client.config().timeout_config()) };
        Self { prepared, timeouts }
    }

    /// What each call is configured with beside the interceptor, if anything.
    pub(crate) fn config(&self) -> Option<Builder> {
        let timeouts = self.timeouts.clone()?;
        Some(Builder::default().timeout_config(timeouts))
    }
}

/// Gives a configuration timeouts, where it has none of its own.
///
/// The SDK waits for an answer for ever.
pub(super) fn with_timeouts(config: Builder) -> Builder {
    match missing_timeouts(config.clone().build().timeout_config()) {
        Some(timeouts) => config.timeout_config(timeouts),
        None => config,
    }
}

/// The timeouts with ours in the place of those that are not set; `None` if that changes nothing.
fn missing_timeouts(own: Option<&TimeoutConfig>) -> Option<TimeoutConfig> {
    let ours = TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(CALL);
    let Some(own) = own else { return Some(ours.build()) };
    // To the SDK, no timeout at all is a wish for none.
    let all = own.to_builder().take_unset_from(ours).build();
    (own.has_timeouts() && all != *own).then_some(all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{ATTEMPT, CALL, missing_timeouts};
    use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
    use std::time::Duration;

    #[test]
    fn what_a_client_says_of_its_timeouts_stays() {
        let all = missing_timeouts(None).unwrap();
        assert_eq!((all.operation_attempt_timeout(), all.operation_timeout()), (Some(ATTEMPT), Some(CALL)));
        let own =
            TimeoutConfig::builder().connect_timeout(Duration::from_secs(3)).disable_operation_timeout();
        let all = missing_timeouts(Some(&own.build())).unwrap();
        assert_eq!((all.operation_attempt_timeout(), all.operation_timeout()), (Some(ATTEMPT), None));
        assert_eq!(all.connect_timeout(), Some(Duration::from_secs(3)));
        assert!(missing_timeouts(Some(&all)).is_none());
        assert!(missing_timeouts(Some(&TimeoutConfig::disabled())).is_none());
    }
}
