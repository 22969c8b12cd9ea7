use aws_sdk_dynamodb::config::{Builder, StalledStreamProtectionConfig, timeout::TimeoutConfig};
use std::time::Duration;

/// The longest that an attempt takes: a page of 1 MB at two megabits a second.
const ATTEMPT: Duration = Duration::from_secs(5);
/// The longest that a call takes with all its attempts, of which the SDK makes three.
const CALL: Duration = Duration::from_secs(30);

/// Gives a configuration timeouts, where it has none of its own, and takes away what they make idle.
///
/// The SDK waits for an answer for ever.
pub(super) fn with_timeouts(mut config: Builder) -> Builder {
    let own = config.clone().build();
    let missing = missing_timeouts(own.timeout_config());
    let timeouts = missing.as_ref().or(own.timeout_config());
    let attempt = timeouts.and_then(TimeoutConfig::operation_attempt_timeout);
    let grace = own.stalled_stream_protection().map_or(GRACE, StalledStreamProtectionConfig::grace_period);
    if attempt.is_some_and(|attempt| attempt <= grace) {
        config = config.stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    }
    if missing.is_some() {
        config.set_timeout_config(missing);
    }
    config
}

/// The SDK's default time for which a body may stand still before the attempt ends.
///
/// An attempt with a timeout that is no longer than that has ended before: then watching the body does nothing, but for a
/// twentieth of the time of a small call.
const GRACE: Duration = Duration::from_secs(5);

/// The timeouts with ours in the place of those that are not set; `None` if that changes nothing.
pub(super) fn missing_timeouts(own: Option<&TimeoutConfig>) -> Option<TimeoutConfig> {
    let ours = TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT).operation_timeout(CALL);
    let Some(own) = own else { return Some(ours.build()) };
    // To the SDK, no timeout at all is a wish for none.
    let all = own.to_builder().take_unset_from(ours).build();
    (own.has_timeouts() && all != *own).then_some(all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{ATTEMPT, CALL, missing_timeouts, with_timeouts};
    use aws_sdk_dynamodb::config::{Builder, StalledStreamProtectionConfig, timeout::TimeoutConfig};
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

    #[test]
    fn stalled_bodies_are_watched_unless_a_timeout_comes_first() {
        let is_watched = |config: Builder| {
            let config = with_timeouts(config).build();
            config.stalled_stream_protection().is_none_or(StalledStreamProtectionConfig::is_enabled)
        };
        let with_grace = |seconds| {
            let protection =
                StalledStreamProtectionConfig::enabled().grace_period(Duration::from_secs(seconds));
            Builder::default().stalled_stream_protection(protection.build())
        };
        let with_attempt = |seconds| {
            let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(seconds));
            Builder::default().timeout_config(timeouts.build())
        };
        assert!(!is_watched(Builder::default()));
        assert!(!is_watched(with_grace(5)));
        assert!(is_watched(with_grace(4)));
        assert!(!is_watched(with_attempt(3)));
        assert!(is_watched(with_attempt(6)));
        assert!(is_watched(Builder::default().timeout_config(TimeoutConfig::disabled())));
    }
}
