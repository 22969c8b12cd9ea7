use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// How far a batch get has come. A key that was given several times counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct BatchGetProgress {
    /// How many keys are asked for.
    pub keys: u64,
    /// How many of them were answered or given up.
    pub done: u64,
    /// How many of those were given up.
    pub given_up: u64,
    /// How many requests were answered.
    pub requests: u64,
}

/// What is told of it. A clone of a batch tells the same.
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
