use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// The progress of a batch get. A key that was given several times counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BatchGetProgress {
    /// The number of keys that were given.
    pub keys: u64,
    /// The number of keys that were read or given up.
    pub done: u64,
    /// The number of keys that were given up.
    pub given_up: u64,
    /// The number of requests that got a response.
    pub requests: u64,
}

/// The callback for the progress. A clone of a batch calls the same one.
#[derive(Clone, Default)]
pub(super) struct OnBatchGetProgress(Option<Arc<Mutex<Call>>>);

type Call = dyn FnMut(&BatchGetProgress) + Send;

impl OnBatchGetProgress {
    pub(super) fn new(call: impl FnMut(&BatchGetProgress) + Send + 'static) -> Self {
        Self(Some(Arc::new(Mutex::new(call))))
    }

    pub(super) fn tell(&self, progress: &BatchGetProgress) {
        if let Some(call) = &self.0 {
            // A panic of an earlier call is the caller's, who may go on.
            call.lock().unwrap_or_else(PoisonError::into_inner)(progress);
        }
    }
}

impl fmt::Debug for OnBatchGetProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("OnBatchGetProgress").field(&self.0.is_some()).finish()
    }
}
