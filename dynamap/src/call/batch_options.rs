use super::retry::DEFAULT_RETRY_TIMEOUT;
use std::time::Duration;

/// The options of a batch or a parallel scan: the most requests in flight, and the retry timeout.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BatchOptions {
    /// At least one.
    pub(crate) concurrency: usize,
    /// The time for which nothing may be processed before it gives up.
    pub(crate) retry_timeout: Duration,
}

impl Default for BatchOptions {
    fn default() -> Self {
        Self { concurrency: 8, retry_timeout: DEFAULT_RETRY_TIMEOUT }
    }
}

impl BatchOptions {
    /// So many requests at once, unless the caller says otherwise.
    pub(crate) fn of_requests(concurrency: usize) -> Self {
        Self { concurrency, ..Self::default() }
    }

    pub(crate) fn set_concurrency(&mut self, requests: usize) {
        self.concurrency = requests.max(1);
    }
}
