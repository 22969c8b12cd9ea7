//! A client whose first attempt of a write is applied and gets no answer.

use aws_sdk_dynamodb::{
    Client,
    config::{
        ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextMut,
        retry::RetryConfig,
    },
    error::BoxError,
};
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::body::SdkBody;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Makes the response to the next call a server error without content, after the engine has applied it.
#[derive(Debug, Clone)]
struct LosesAnswer(Arc<AtomicBool>);

impl Intercept for LosesAnswer {
    fn name(&self) -> &'static str {
        "loses the answer"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.0.swap(false, Ordering::SeqCst) {
            *context.response_mut() = Response::new(503_u16.try_into()?, SdkBody::empty());
        }
        Ok(())
    }
}

/// A client that loses one answer as soon as it is told to.
pub(super) struct LosingClient {
    pub(super) client: Client,
    loses: LosesAnswer,
}

impl LosingClient {
    pub(super) fn new(client: &Client) -> Self {
        let loses = LosesAnswer(Arc::default());
        let config = client.config().to_builder().interceptor(loses.clone());
        let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(20));
        Self { client: Client::from_conf(config.retry_config(retries).build()), loses }
    }

    /// Loses the answer to the next attempt.
    pub(super) fn lose_next(&self) {
        self.loses.0.store(true, Ordering::SeqCst);
    }

    /// Returns true if no answer is to be lost any more.
    pub(super) fn has_lost(&self) -> bool {
        !self.loses.0.load(Ordering::SeqCst)
    }
}
