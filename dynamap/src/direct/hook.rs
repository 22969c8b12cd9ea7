use super::{
    config::IntoConfig,
    exchange::{Exchange, Receiver},
    refusals::ConflictClassifier,
    way::{Preparing, Way, with_timeouts},
};
use aws_sdk_dynamodb::{
    Client,
    config::{
        Builder, Config, ConfigBag, Intercept, RuntimeComponents, SharedInterceptor,
        interceptors::{
            BeforeDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextRef,
            BeforeTransmitInterceptorContextMut, FinalizerInterceptorContextRef,
        },
    },
};
use aws_smithy_runtime_api::{box_error::BoxError, client::interceptors::dyn_dispatch_hint};
use std::{cell::RefCell, future::poll_fn, pin::Pin, sync::Arc};

type AnyExchange = Arc<Exchange<dyn Receiver>>;

/// The SDK's client of a configuration that is [prepared](prepare) for the direct way.
///
/// A [`Table`](crate::Table) takes any client; with this one, its calls cost least from the first one on, and it has
/// [timeouts](prepare). It is the SDK's client in all else: clone it rather than make another, which would have
/// connections and credentials of its own.
///
/// The configuration is what `aws_config` loads (`SdkConfig`), the SDK's `Config` of this service, or a builder of one.
///
/// ```
/// # let config = dynamap_local::Local::memory().unwrap().config();
/// let client = dynamap::client(config);
/// ```
///
/// # Panics
/// As [`Client::from_conf`]: the configuration has no behavior version. What `aws_config` loads has one.
pub fn client(config: impl IntoConfig) -> Client {
    Client::from_conf(prepare(config).build())
}

/// Prepares the configuration of a client for the direct way.
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
    if has_hook(&config.clone().build()) {
        return config;
    }
    with_hook(with_timeouts(config), Hook { level: Level::Client, preparing: None })
}

fn with_hook(mut config: Builder, hook: Hook) -> Builder {
    config = config.retry_classifier(ConflictClassifier);
    // Permanent: nobody switches it off, so the SDK need not look whether someone did.
    config.push_interceptor(SharedInterceptor::permanent(hook));
    config
}

const NAME: &str = "dynamap::direct";

/// True if the client was made of a prepared configuration.
pub(super) fn is_prepared(client: &Client) -> bool {
    has_hook(client.config())
}

fn has_hook(config: &Config) -> bool {
    config.interceptors().any(|interceptor| interceptor.name() == NAME)
}

/// What a call of a client that is not prepared is customized with.
pub(crate) fn config<R>(way: Option<&Way>, _exchange: &Exchange<R>) -> Builder {
    let config = way.and_then(Way::config).unwrap_or_default();
    #[cfg(test)]
    if _exchange.unhooked {
        return config;
    }
    with_hook(config, Hook { level: Level::Call, preparing: way.and_then(Way::preparing) })
}

thread_local! {
    /// The exchange of the call whose future this thread is polling.
    static CURRENT: RefCell<Option<AnyExchange>> = const { RefCell::new(None) };
}

/// The exchange of the call whose future this thread is polling.
pub(super) fn current() -> Option<AnyExchange> {
    CURRENT.with_borrow(Option::clone)
}

/// Polls a call that has the interceptor, which finds its exchange by the thread.
///
/// The SDK does all its work on a call while the call's future is polled. Should a version of it do otherwise, the
/// exchange is not found: then the items are in the SDK's output, as without the direct way.
pub(crate) fn with_exchange<F: Future>(
    exchange: AnyExchange,
    mut call: Pin<&mut F>,
) -> impl Future<Output = F::Output> {
    let mut waiting = Some(exchange);
    poll_fn(move |cx| {
        let _exchanged = Exchanged::new(&mut waiting);
        call.as_mut().poll(cx)
    })
}

/// Sends a request of a client that is not prepared, with an exchange.
macro_rules! customized {
    ($request:expr, $exchange:expr) => {
        crate::direct::customized!($request, $exchange, None)
    };
    ($request:expr, $exchange:expr, $way:expr) => {{
        let request = $request.customize().config_override(crate::direct::config($way, &$exchange));
        crate::direct::with_exchange($exchange.clone(), std::pin::pin!(request.send())).await
    }};
}
pub(crate) use customized;

/// Sends a request with an exchange, on a client that is prepared or not, as an `Option<&Way>` tells.
macro_rules! exchanged {
    ($request:expr, $exchange:expr, $way:expr) => {
        match $way.is_some_and(|way| way.prepared) {
            true => {
                // Blocks of their own: what lives while a call is awaited makes our future larger.
                let call = std::pin::pin!({
                    let request = $request;
                    request.send()
                });
                crate::direct::with_exchange($exchange.clone(), call).await
            }
            false => crate::direct::customized!($request, $exchange, $way),
        }
    };
}
pub(crate) use exchanged;

/// While it lives, the thread has our exchange, and the one of the call around ours waits. They change places again
/// also where a poll panics.
struct Exchanged<'a>(&'a mut Option<AnyExchange>);

impl<'a> Exchanged<'a> {
    fn new(waiting: &'a mut Option<AnyExchange>) -> Self {
        let mut new = Self(waiting);
        new.swap();
        new
    }

    fn swap(&mut self) {
        CURRENT.with_borrow_mut(|current| std::mem::swap(current, self.0));
    }
}

impl Drop for Exchanged<'_> {
    fn drop(&mut self) {
        self.swap();
    }
}

/// The interceptor of the direct way.
///
/// It must do nothing to a call that is not ours but runs inside one of ours, which other interceptors or a source
/// of credentials might make. That is seen when such a call begins, and [`Exchange::begin`] then gives ours up.
#[derive(Debug)]
struct Hook {
    level: Level,
    /// The client of the call, which can be prepared for the next ones.
    preparing: Option<Arc<Preparing>>,
}

/// Where an interceptor is configured. A call may have one of each: then the first to see it acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Client,
    Call,
}

/// Does `act` with the exchange of the call whose future this thread is polling, if it has one.
fn with_current<T>(act: impl FnOnce(&Exchange<dyn Receiver>) -> T) -> Option<T> {
    CURRENT.with_borrow(|current| current.as_deref().map(act))
}

#[dyn_dispatch_hint]
impl Intercept for Hook {
    fn name(&self) -> &'static str {
        NAME
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(preparing) = &self.preparing {
            preparing.note(components);
        }
        with_current(|exchange| exchange.begin(self.level, context.input()));
        Ok(())
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        with_current(|exchange| exchange.put_members(self.level, context.request_mut())).unwrap_or(Ok(()))
    }

    /// Once for each attempt, when its credentials are there.
    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        with_current(|exchange| exchange.begin_attempt(self.level, context.request_mut())).unwrap_or(Ok(()))
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        with_current(|exchange| exchange.end_attempt(self.level, context));
        Ok(())
    }

    /// As late as possible: each look into the configuration passes our layer.
    fn read_before_deserialization(
        &self,
        _: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(layer) = with_current(|exchange| exchange.layer(self.level)).flatten() {
            config.push_shared_layer(layer);
        }
        Ok(())
    }
}
