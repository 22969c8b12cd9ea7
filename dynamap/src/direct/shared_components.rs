use aws_sdk_dynamodb::config::{RuntimeComponents, SharedHttpClient, SharedIdentityCache};
use std::sync::OnceLock;

/// Components that the prepared client shares with the given one: connections and cached credentials, as a call of the
/// given client shows them.
#[derive(Debug, Default)]
pub(super) struct SharedComponents(OnceLock<Components>);

#[derive(Debug)]
pub(super) struct Components {
    pub(super) http_client: Option<SharedHttpClient>,
    pub(super) identity_cache: SharedIdentityCache,
}

impl SharedComponents {
    /// Keeps those of a call, if they are the first.
    pub(super) fn note(&self, components: &RuntimeComponents) {
        // The SDK makes no client that has timeouts and nothing to sleep with.
        if components.sleep_impl().is_some() {
            self.0.get_or_init(|| Components {
                http_client: components.http_client(),
                identity_cache: components.identity_cache(),
            });
        }
    }

    pub(super) fn get(&self) -> Option<&Components> {
        self.0.get()
    }
}
