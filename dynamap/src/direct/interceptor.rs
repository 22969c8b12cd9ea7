use super::{
    current::with_current, deserializer, level::Level, refusals::ConflictClassifier,
    shared_components::SharedComponents,
};
use aws_sdk_dynamodb::config::{
    Builder, Config, ConfigBag, Intercept, RuntimeComponents, SharedInterceptor,
    interceptors::{
        BeforeDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextRef,
        BeforeTransmitInterceptorContextMut, FinalizerInterceptorContextRef,
    },
};
use aws_smithy_runtime_api::{box_error::BoxError, client::interceptors::dyn_dispatch_hint};
use std::sync::Arc;

/// The interceptor of direct mapping.
///
/// It must do nothing to a call that is not ours but runs inside one of ours, which other interceptors or a source
/// of credentials might make. That is seen when such a call begins, and [`Exchange::begin`](super::Exchange::begin) then gives
/// ours up.
#[derive(Debug)]
pub(super) struct DirectInterceptor {
    pub(super) level: Level,
    /// The place where the components of the call are kept for the prepared client.
    pub(super) components: Option<Arc<SharedComponents>>,
}

const NAME: &str = "dynamap::direct";

/// Adds the interceptor to a configuration.
pub(super) fn install(mut config: Builder, interceptor: DirectInterceptor) -> Builder {
    config = config.retry_classifier(ConflictClassifier);
    // Permanent: it is never switched off, so the SDK need not check that.
    config.push_interceptor(SharedInterceptor::permanent(interceptor));
    config
}

/// True if a configuration has the interceptor.
pub(super) fn is_installed(config: &Config) -> bool {
    config.interceptors().any(|interceptor| interceptor.name() == NAME)
}

#[dyn_dispatch_hint]
impl Intercept for DirectInterceptor {
    fn name(&self) -> &'static str {
        NAME
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(shared) = &self.components {
            shared.note(components);
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
        let begun = with_current(|exchange| {
            exchange.begin_attempt(self.level, context.request_mut())?;
            exchange.observe_attempt(self.level);
            Ok(())
        });
        begun.unwrap_or(Ok(()))
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        with_current(|exchange| {
            exchange.end_attempt(self.level, context);
            exchange.observe_end(self.level, context);
        });
        Ok(())
    }

    /// Adds our deserializer as late as possible: each look into the configuration passes our layer. It stays there for
    /// further attempts.
    fn read_before_deserialization(
        &self,
        _: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = with_current(|exchange| exchange.begun(self.level)).flatten();
        if let Some(layer) = operation.and_then(|operation| deserializer::layer(operation, config)) {
            config.push_shared_layer(layer);
        }
        Ok(())
    }
}
