//! The settings of a batch get.

use super::progress::OnBatchGetProgress;
use crate::call::{BatchOptions, Handle};

/// DynamoDB: the most keys of a request.
pub(in crate::batch) const MAX_KEYS: usize = 100;

/// The settings of the requests of a batch get.
#[derive(Debug, Clone)]
pub struct BatchGetSettings {
    pub(super) handle: Handle,
    pub(super) consistent_read: bool,
    pub(super) include_expired: bool,
    pub(super) options: BatchOptions,
    pub(super) on_progress: OnBatchGetProgress,
}

impl BatchGetSettings {
    pub(super) fn new(handle: Handle, consistent_read: bool, include_expired: bool) -> Self {
        let (options, on_progress) = (BatchOptions::default(), OnBatchGetProgress::default());
        Self { handle, consistent_read, include_expired, options, on_progress }
    }
}

/// The methods of `$Builder`, which has `reading`.
macro_rules! reading_methods {
    ($($generics:tt)*) => {
        $($generics)* {
            /// Uses strongly consistent reads (`ConsistentRead: true`), which cost twice the read capacity units. The
            /// default is eventually consistent: writes of the last second may be missing.
            pub fn consistent_read(mut self) -> Self {
                self.reading.consistent_read = true;
                self
            }

            /// Uses eventually consistent reads, at half the read capacity units: for entities whose default is
            /// strongly consistent (`#[dynamap(consistent_read)]`). Writes of the last second may be missing.
            pub fn eventually_consistent_read(mut self) -> Self {
                self.reading.consistent_read = false;
                self
            }

            /// Returns entities also if their time to live is over and DynamoDB has not deleted them yet.
            pub fn include_expired(mut self) -> Self {
                self.reading.include_expired = true;
                self
            }
        }
    };
}
pub(super) use reading_methods;

/// The methods of `$Builder` about the run of the batch, whose options and callback `$settings` has.
macro_rules! options_methods {
    (impl<$($rest:tt)*) => { crate::batch::get::reading::options_methods!(@ [impl<] $($rest)*); };
    (@ [$($head:tt)*] , $settings:ident) => {
        $($head)* {
            /// Sets the most requests in flight, at least one. Default: 8.
            pub fn concurrency(mut self, requests: usize) -> Self {
                self.$settings.options.set_concurrency(requests);
                self
            }

            /// Sets the retry timeout: the batch gives up on keys or writes that are unprocessed or without a response
            /// when nothing of it was processed for so long. Default: one minute.
            pub fn retry_timeout(mut self, time: std::time::Duration) -> Self {
                self.$settings.options.retry_timeout = time;
                self
            }

            /// Calls this whenever a request got a response, on the task that runs the batch.
            pub fn on_progress(
                mut self,
                call: impl FnMut(&crate::batch::BatchGetProgress) + Send + 'static,
            ) -> Self {
                self.$settings.on_progress = crate::batch::get::progress::OnBatchGetProgress::new(call);
                self
            }
        }
    };
    (@ [$($head:tt)*] $next:tt $($rest:tt)*) => {
        crate::batch::get::reading::options_methods!(@ [$($head)* $next] $($rest)*);
    };
}
pub(super) use options_methods;
