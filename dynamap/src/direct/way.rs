use super::hook::is_prepared;
use aws_sdk_dynamodb::{
    Client,
    config::{
        Builder, RuntimeComponents, SharedHttpClient, SharedIdentityCache, StalledStreamProtectionConfig,
        timeout::TimeoutConfig,
    },
};
use std::{
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// How calls of a client are made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    /// Whether the client has the interceptor of the direct way.
    pub(crate) prepared: bool,
    /// What a client that is not prepared becomes.
    preparing: Option<Arc<Preparing>>,
    /// The timeouts that each call gets, if the client has none of its own.
    timeouts: Option<TimeoutConfig>,
}

/// A client that is not prepared, and the same prepared, when it was worth it.
///
/// To make it from the configuration alone would not do: what the configuration leaves open, connections and cached
/// credentials, each client has for itself. A call of the given client shows them.
#[derive(Debug)]
pub(super) struct Preparing {
    given: Client,
    shared: OnceLock<Shared>,
    /// How many calls were customized since.
    customized: AtomicUsize,
    prepared: OnceLock<Client>,
}

#[derive(Debug)]
struct Shared {
    http_client: Option<SharedHttpClient>,
    identity_cache: SharedIdentityCache,
}

/// How many customized calls take as long as making a client.
const CUSTOMIZED: usize = 5;

impl Preparing {
    fn of(client: &Client) -> Self {
        let (shared, prepared) = (OnceLock::new(), OnceLock::new());
        Self { given: client.clone(), shared, customized: AtomicUsize::new(0), prepared }
    }

    /// Takes what the prepared client is to share with the given one from the components of a call of that.
    pub(super) fn note(&self, components: &RuntimeComponents) {
        // The SDK makes no client that has timeouts and nothing to sleep with.
        if components.sleep_impl().is_some() {
            self.shared.get_or_init(|| Shared {
                http_client: components.http_client(),
                identity_cache: components.identity_cache(),
            });
        }
    }

    /// The prepared client for the next call, unless that is to be customized as well.
    fn client(&self) -> Option<&Client> {
        let prepared = self.prepared.get();
        if prepared.is_some() {
            return prepared;
        }
        let Shared { http_client, identity_cache } = self.shared.get()?;
        if self.customized.fetch_add(1, Ordering::Relaxed) < CUSTOMIZED {
            return None;
        }
        let client = || {
            let own = self.given.config();
            let mut config = own.to_builder();
            config.set_http_client(http_client.clone());
            if own.identity_cache().is_none() {
                config.set_identity_cache(identity_cache.clone());
            }
            super::client(config)
        };
        Some(self.prepared.get_or_init(client))
    }
}

/// The longest that an attempt takes: a page of 1 MB at two megabits a second.
const ATTEMPT: Duration = Duration::from_secs(5);
/// The longest that a call takes with all its attempts, of which the SDK makes three.
const CALL: Duration = Duration::from_secs(30);

impl Way {
    pub(crate) fn of(client: &Client) -> Self {
        if is_prepared(client) {
            // Its configuration has the timeouts.
            return Self::of_prepared();
        }
        let timeouts = missing_timeouts(client.config().timeout_config());
        Self { prepared: false, preparing: Some(Arc::new(Preparing::of(client))), timeouts }
    }

    pub(crate) fn of_prepared() -> Self {
        Self { prepared: true, preparing: None, timeouts: None }
    }

    /// The prepared client to make the next call with; `None` if it is to be made with the given one.
    pub(crate) fn prepared_client(&self) -> Option<&Client> {
        self.preparing.as_ref()?.client()
    }

    /// What is to be told of the next call.
    pub(super) fn preparing(&self) -> Option<Arc<Preparing>> {
        self.preparing.clone()
    }

    /// What each call is configured with beside the interceptor, if anything.
    pub(crate) fn config(&self) -> Option<Builder> {
        let timeouts = self.timeouts.clone()?;
        Some(Builder::default().timeout_config(timeouts))
    }
}

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

/// How long the SDK lets a body stand still before it ends the attempt, unless it is told otherwise.
///
/// An attempt with a timeout that is no longer than that has ended before: then watching the body does nothing, but for a
/// twentieth of the time of a small call.
const GRACE: Duration = Duration::from_secs(5);

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
