use super::exchange::{Exchange, Receiver};
use aws_sdk_dynamodb::{
    Client,
    config::{
        Builder, ConfigBag, Intercept, RuntimeComponents, SharedInterceptor,
        interceptors::{BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut},
    },
};
use aws_smithy_runtime_api::{box_error::BoxError, client::interceptors::dyn_dispatch_hint};
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use std::{cell::RefCell, future::poll_fn, pin::pin, sync::Arc};

type AnyExchange = Arc<Exchange<dyn Receiver>>;

/// Prepares the configuration of a client for the direct way.
///
/// Without it everything works as well: dynamap then customizes each call, which the SDK makes its callers pay
/// with about two microseconds. With it, a call through dynamap costs what a plain one costs.
///
/// ```
/// # let config = dynamap_local::Local::memory().unwrap().config();
/// let client = aws_sdk_dynamodb::Client::from_conf(dynamap::direct::prepare(config).build());
/// ```
pub fn prepare(mut config: Builder) -> Builder {
    // Permanent: nobody switches it off, so the SDK need not look whether someone did.
    config.push_interceptor(SharedInterceptor::permanent(ClientHook));
    config
}

const NAME: &str = "dynamap::direct";

/// True if the client was made of a prepared configuration.
pub(crate) fn is_prepared(client: &Client) -> bool {
    client.config().interceptors().any(|interceptor| interceptor.name() == NAME)
}

thread_local! {
    /// The exchange of the call whose future this thread is polling.
    static CURRENT: RefCell<Option<AnyExchange>> = const { RefCell::new(None) };
}

/// Polls a call of a prepared client, which finds its exchange by the thread.
///
/// The SDK begins a call in the first poll of its future, and before it begins another. Should a version of it do
/// otherwise, the exchange is not found: then the items are in the SDK's output, as without the direct way.
pub(crate) async fn with_exchange<F: Future>(exchange: AnyExchange, call: F) -> F::Output {
    let mut call = pin!(call);
    let mut waiting = Some(exchange);
    poll_fn(move |cx| {
        let outer = Outer(CURRENT.replace(waiting.take()));
        let polled = call.as_mut().poll(cx);
        waiting = CURRENT.take();
        drop(outer);
        polled
    })
    .await
}

/// The exchange of the call around this one, which comes back also where a poll panics.
struct Outer(Option<AnyExchange>);

impl Drop for Outer {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

/// The interceptor of a prepared client.
#[derive(Debug)]
struct ClientHook;

/// The exchange of a call, once the call has begun.
#[derive(Debug)]
struct Begun(AnyExchange);

impl Storable for Begun {
    type Storer = StoreReplace<Self>;
}

#[dyn_dispatch_hint]
impl Intercept for ClientHook {
    fn name(&self) -> &'static str {
        NAME
    }

    fn read_before_execution(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(exchange) = CURRENT.take() else { return Ok(()) };
        if !exchange.is_of(context.input()) {
            // Another interceptor has begun a call of its own.
            CURRENT.set(Some(exchange));
            return Ok(());
        }
        Exchange::install(&exchange, config);
        if exchange.has_members() {
            config.interceptor_state().store_put(Begun(exchange));
        }
        Ok(())
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        match config.load::<Begun>() {
            Some(Begun(exchange)) => exchange.put_members(context.request_mut()),
            None => Ok(()),
        }
    }
}

/// The interceptor of one call of a client that is not prepared.
#[derive(Debug)]
pub(super) struct CallHook(pub(super) AnyExchange);

#[dyn_dispatch_hint]
impl Intercept for CallHook {
    fn name(&self) -> &'static str {
        "dynamap::direct::call"
    }

    fn read_before_execution(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        Exchange::install(&self.0, config);
        Ok(())
    }

    fn modify_before_retry_loop(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.put_members(context.request_mut())
    }
}
