use super::{
    config::IntoConfig,
    interceptor::{DirectInterceptor, install, is_installed},
    level::Level,
    timeouts::with_timeouts,
};
use aws_sdk_dynamodb::{Client, config::Builder};

/// The SDK's client of a configuration that is [prepared](prepare) for direct mapping.
///
/// A [`Table`](crate::Table) takes any client; with this one, its calls cost least from the first one on, and it has
/// [timeouts](prepare). It is the SDK's client in all else: clone it rather than make another, which would have
/// connections and credentials of its own.
///
/// The configuration is the one that `aws_config` loads (`SdkConfig`), the SDK's `Config` of this service, or a builder of one.
///
/// ```
/// # let config = dynamap_local::Local::memory().unwrap().config();
/// let client = dynamap::client(config);
/// ```
///
/// # Panics
/// As [`Client::from_conf`]: the configuration has no behavior version. The one that `aws_config` loads has it.
pub fn client(config: impl IntoConfig) -> Client {
    Client::from_conf(prepare(config).build())
}

/// Prepares the configuration of a client for direct mapping.
///
/// Without it everything works as well: a table then customizes its first calls, which the SDK makes its callers pay
/// with some microseconds, a twentieth of a small call, and prepares a client of its own for the others.
///
/// It gives the configuration timeouts as well, unless it has its own: five seconds for an attempt, thirty for a call with all
/// its attempts. The SDK has none and would wait for an answer for ever. Without it, each call of a table has these timeouts.
///
/// Where a timeout ends an attempt before the SDK's protection against stalled streams could (it waits for five seconds),
/// that is switched off: it would watch each body for nothing.
///
/// And it lets the SDK retry a write that was refused because a transaction had the item (`TransactionConflictException`).
///
/// ```
/// # let config = dynamap_local::Local::memory().unwrap().config();
/// let client = aws_sdk_dynamodb::Client::from_conf(dynamap::direct::prepare(config).build());
/// ```
///
/// [`dynamap::client`](client) does both.
pub fn prepare(config: impl IntoConfig) -> Builder {
    let config = config.into_builder();
    // A second interceptor would take the call for another one inside it.
    if is_installed(&config.clone().build()) {
        return config;
    }
    install(with_timeouts(config), DirectInterceptor { level: Level::Client, components: None })
}
