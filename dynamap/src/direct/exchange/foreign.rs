//! Requests of another protocol, which the SDK or an interceptor may choose.

use super::{super::level::Level, Exchange, Receiver, ResponseState, Stage, lock};
use aws_smithy_runtime_api::box_error::BoxError;

impl Exchange<dyn Receiver> {
    /// Keeps out of a request that is not AWS JSON 1.0 or has no document in memory: the SDK's own types make it, and read its
    /// response. An error, so that it is not sent, if it lacks our members.
    #[cold]
    pub(super) fn leave_to_sdk(&self, level: Level) -> Result<(), BoxError> {
        let Some(mut state) = self.state_at(level) else { return Ok(()) };
        if self.options.whole {
            return Err("the request is not of the protocol that it was made for".into());
        }
        state.is_foreign = true;
        if state.members.is_empty() {
            return Ok(());
        }
        state.stage = Stage::GivenUp;
        Err("the request is made by the SDK's types instead".into())
    }
}

impl<R: ?Sized> Exchange<R> {
    /// Lets the call be made again, with all its members by the SDK's types. Nothing of it was applied.
    pub(in crate::direct) fn begin_anew(&self) {
        let state = &mut *lock(&self.state);
        (state.stage, state.answer, state.sent) = (Stage::Waiting, ResponseState::Missed, None);
        (state.attempts.ambiguous, state.attempts.is_open) = (false, false);
    }
}
