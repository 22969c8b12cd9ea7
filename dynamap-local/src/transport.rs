//! The interface between the SDK's client and DynamoDB.

mod request;
mod response;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use aws_sdk_dynamodb::error::ConnectorError;

pub use request::Request;
pub use response::Response;

/// A [`Transport`] that many clients share.
pub type SharedTransport = Arc<dyn Transport>;

/// The answer to one request: a response, or the reason that none arrived.
pub type TransportFuture<'a> = Pin<Box<dyn Future<Output = Result<Response, ConnectorError>> + Send + 'a>>;

/// Carries one attempt of one request to DynamoDB.
///
/// The embedded engine is the innermost transport. A transport that holds another one decides what
/// happens on the way: [`Local::wrap`](crate::Local::wrap) puts it between the clients and the engine.
/// The SDK calls it once per attempt, after signing, and applies its own retries and timeouts to what
/// it returns. Whatever it waits for should be tokio time, so that a test can pause the clock.
///
/// A transport may call the inner one any number of times, or never:
///
/// ```
/// use dynamap_local::{ConnectorError, Local, Request, SharedTransport, Transport, TransportFuture};
///
/// /// Applies every request, then loses the response.
/// #[derive(Debug)]
/// struct LoseResponses(SharedTransport);
///
/// impl Transport for LoseResponses {
///     fn call(&self, request: Request) -> TransportFuture<'_> {
///         Box::pin(async move {
///             self.0.call(request).await?;
///             Err(ConnectorError::timeout("response lost".into()))
///         })
///     }
/// }
///
/// let client = Local::memory()?.wrap(LoseResponses).client();
/// # drop(client);
/// # Ok::<(), dynamap_local::LocalError>(())
/// ```
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends the request when it is first polled: dropped before that, the request never reaches DynamoDB.
    ///
    /// # Errors
    /// A [`ConnectorError`] stands for a connection that broke or timed out: the SDK retries timeouts and
    /// input/output errors. An answer of DynamoDB, errors included, is a [`Response`].
    fn call(&self, request: Request) -> TransportFuture<'_>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        (**self).call(request)
    }
}
