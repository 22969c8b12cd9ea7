use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::transport::{Request, SharedTransport, Transport, TransportFuture};

/// The requests that passed a recording [`Local`](crate::Local), oldest first; clones share them.
///
/// Every attempt is one entry, those that fail on the way included. The entries stay in memory until taken.
#[derive(Clone, Default)]
pub struct Requests {
    recorded: Arc<Mutex<Vec<RecordedRequest>>>,
}

impl Requests {
    /// Takes the requests recorded since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<RecordedRequest> {
        std::mem::take(&mut *self.recorded())
    }

    /// Forgets the requests recorded since the last call, such as those that set the scene.
    pub fn clear(&self) {
        self.recorded().clear();
    }

    fn recorded(&self) -> MutexGuard<'_, Vec<RecordedRequest>> {
        self.recorded.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requests").field("len", &self.recorded().len()).finish()
    }
}

/// One attempt of one request, with its body parsed.
///
/// `Display` gives the operation's name and the indented JSON with its members in alphabetical order. Both
/// `Display` and `Debug` show attribute values.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The operation's name, such as `PutItem`.
    pub operation: String,
    /// The JSON body; a string if the body is not JSON.
    pub body: Value,
}

impl fmt::Display for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = self.body.clone();
        // Where the feature `preserve_order` of serde_json is on, members are as they came.
        body.sort_all_objects();
        write!(f, "{} {body:#}", self.operation)
    }
}

impl From<&Request> for RecordedRequest {
    fn from(request: &Request) -> Self {
        let body = serde_json::from_slice(&request.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&request.body).into_owned()));
        Self { operation: request.operation.clone(), body }
    }
}

/// Records each request, then passes it on.
#[derive(Debug)]
pub(crate) struct Recorder {
    inner: SharedTransport,
    requests: Requests,
}

impl Recorder {
    pub(crate) fn new(inner: SharedTransport, requests: Requests) -> Self {
        Self { inner, requests }
    }
}

impl Transport for Recorder {
    fn call(&self, request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            self.requests.recorded().push(RecordedRequest::from(&request));
            self.inner.call(request).await
        })
    }
}
