//! Requests of another protocol, which the SDK or an interceptor may choose.

use super::{super::level::Level, Exchange, Receiver, Stage};
use aws_smithy_runtime_api::box_error::BoxError;

impl Exchange<dyn Receiver> {
    /// Keeps out of a request that is not AWS JSON 1.0: the SDK's own types make it, and read its response.
    #[cold]
    pub(super) fn leave_to_sdk(&self, level: Level) -> Result<(), BoxError> {
        let Some(mut state) = self.state_at(level) else { return Ok(()) };
        if self.options.whole {
            return Err("the request is not of the protocol that it was made for".into());
        }
        state.is_foreign = true;
        if !state.members.is_empty() {
            // Another call is sent in its place, which no hook watches.
            (state.stage, state.attempts.ambiguous) = (Stage::GivenUp, true);
        }
        Ok(())
    }
}
