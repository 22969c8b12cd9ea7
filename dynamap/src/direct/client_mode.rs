use super::{
    client::client,
    exchange::Exchange,
    interceptor::{DirectInterceptor, install, is_installed},
    level::Level,
    shared_components::{Components, SharedComponents},
    timeouts::missing_timeouts,
};
use aws_sdk_dynamodb::{
    Client,
    config::{Builder, timeout::TimeoutConfig},
};
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

/// The way in which calls of a client are made: with its own interceptor, or with one for each call.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClientMode {
    /// True if the client has the interceptor of direct mapping.
    pub(crate) prepared: bool,
    /// The upgrade of a client that is not prepared.
    upgrade: Option<Arc<ClientUpgrade>>,
    /// The timeouts that each call gets, if the client has none of its own.
    timeouts: Option<TimeoutConfig>,
}

/// A client that is not prepared, and the same prepared, when it was worth it.
///
/// To make it from the configuration alone would not do: what the configuration leaves open, connections and cached
/// credentials, each client has for itself. A call of the given client shows them.
#[derive(Debug)]
struct ClientUpgrade {
    given: Client,
    components: Arc<SharedComponents>,
    /// The number of calls that were customized since.
    customized: AtomicUsize,
    prepared: OnceLock<Client>,
}

/// The number of customized calls that take as long as making a client.
const CUSTOMIZED: usize = 5;

impl ClientUpgrade {
    fn of(client: &Client) -> Self {
        let (components, prepared) = (Arc::default(), OnceLock::new());
        Self { given: client.clone(), components, customized: AtomicUsize::new(0), prepared }
    }

    /// The prepared client for the next call, unless that is to be customized as well.
    fn client(&self) -> Option<&Client> {
        let prepared = self.prepared.get();
        if prepared.is_some() {
            return prepared;
        }
        let Components { http_client, identity_cache } = self.components.get()?;
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
            client(config)
        };
        Some(self.prepared.get_or_init(client))
    }
}

impl ClientMode {
    pub(crate) fn of(client: &Client) -> Self {
        if is_installed(client.config()) {
            // Its configuration has the timeouts.
            return Self::of_prepared();
        }
        let timeouts = missing_timeouts(client.config().timeout_config());
        Self { prepared: false, upgrade: Some(Arc::new(ClientUpgrade::of(client))), timeouts }
    }

    pub(crate) fn of_prepared() -> Self {
        Self { prepared: true, upgrade: None, timeouts: None }
    }

    /// The way of calls about tables: they are few, and do not count for the upgrade of a client.
    pub(crate) fn without_upgrade(&self) -> Self {
        Self { upgrade: None, ..self.clone() }
    }

    /// The prepared client to make the next call with; `None` if it is to be made with the given one.
    pub(crate) fn prepared_client(&self) -> Option<&Client> {
        self.upgrade.as_ref()?.client()
    }

    /// The place where the next call leaves its components.
    fn components(&self) -> Option<Arc<SharedComponents>> {
        Some(self.upgrade.as_ref()?.components.clone())
    }

    /// The configuration that each call gets beside the interceptor, if any.
    pub(crate) fn config(&self) -> Option<Builder> {
        let timeouts = self.timeouts.clone()?;
        Some(Builder::default().timeout_config(timeouts))
    }
}

/// The configuration of a call of a client that is not prepared.
pub(crate) fn config<R>(mode: Option<&ClientMode>, _exchange: &Exchange<R>) -> Builder {
    let config = mode.and_then(ClientMode::config).unwrap_or_default();
    #[cfg(test)]
    if _exchange.unhooked {
        return config;
    }
    install(
        config,
        DirectInterceptor { level: Level::Call, components: mode.and_then(ClientMode::components) },
    )
}

/// Sends a request of a client that is not prepared, with an exchange.
macro_rules! customized {
    ($request:expr, $exchange:expr) => {
        crate::direct::customized!($request, $exchange, None)
    };
    ($request:expr, $exchange:expr, $mode:expr) => {{
        let request = $request.customize().config_override(crate::direct::config($mode, &$exchange));
        crate::direct::with_exchange($exchange.clone(), std::pin::pin!(request.send())).await
    }};
}
pub(crate) use customized;

/// Sends a request with an exchange, on a client that is prepared or not, as an `Option<&ClientMode>` tells.
macro_rules! exchanged {
    ($request:expr, $exchange:expr, $mode:expr) => {
        match $mode.is_some_and(|mode| mode.prepared) {
            true => {
                // Blocks of their own: what lives while a call is awaited makes our future larger.
                let call = std::pin::pin!({
                    let request = $request;
                    request.send()
                });
                crate::direct::with_exchange($exchange.clone(), call).await
            }
            false => crate::direct::customized!($request, $exchange, $mode),
        }
    };
}
pub(crate) use exchanged;

/// The result of a request whose members an exchange writes.
///
/// Should a version of the SDK call no hook of ours, DynamoDB refuses the request, which has no such members; a request of
/// another protocol is not sent. Then they go by the SDK's types, in the request that `$whole` makes of them.
macro_rules! sent_or_whole {
    ($request:expr, $exchange:expr, $mode:expr, |$members:tt| $whole:expr) => {{
        // A block of its own: what lives while a call is awaited makes our future larger.
        let whole = {
            let direct = exchanged!($request, $exchange, $mode);
            let Some(members) = $exchange.unsent_members(&direct) else { return direct };
            let whole = |$members: Vec<u8>| $whole;
            let Some(whole) = whole(members) else { return direct };
            whole
        };
        $exchange.begin_anew();
        Box::pin(async { exchanged!(whole, $exchange, $mode) }).await
    }};
}
pub(crate) use sent_or_whole;
