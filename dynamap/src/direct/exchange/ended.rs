//! Facts about a call that is over.

use super::{super::attempts::AttemptSummary, Exchange, Stage, lock};
use crate::error::ServiceError;
use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::body::SdkBody;

impl<R: ?Sized> Exchange<R> {
    /// True if an attempt of the call may have been applied without a response; `None` if no hook saw the call.
    pub(crate) fn is_ambiguous(&self) -> Option<bool> {
        let state = lock(&self.state);
        (!matches!(state.stage, Stage::Waiting)).then_some(state.attempts.ambiguous)
    }

    /// The facts that the attempts of the call tell. The call must be over.
    pub(crate) fn attempt_summary(&self) -> AttemptSummary {
        let attempts = &mut lock(&self.state).attempts;
        AttemptSummary { ambiguous: attempts.ambiguous, throttled: std::mem::take(&mut attempts.throttled) }
    }

    /// True if an attempt has begun and not ended, as far as the hooks saw the call.
    pub(crate) fn is_open(&self) -> bool {
        let state = lock(&self.state);
        state.attempts.is_open || !matches!(state.stage, Stage::Begun(_))
    }

    /// The document of the first attempt of a write, if there was one.
    pub(crate) fn sent(&self) -> Option<Vec<u8>> {
        lock(&self.state).sent.as_ref().and_then(SdkBody::bytes).map(<[u8]>::to_vec)
    }

    /// True if the call, which failed with `error`, may have been applied; `None` if no hook saw the call.
    pub(crate) fn is_ambiguous_after<E>(&self, error: &SdkError<E, HttpResponse>) -> Option<bool> {
        // A timeout of the whole call may end an attempt whose end no hook sees.
        let is_cut_off = || matches!(error, SdkError::TimeoutError(_)) && self.is_open();
        self.is_ambiguous().map(|ambiguous| ambiguous || is_cut_off())
    }

    /// The error of the call, and whether it may have been applied: as its attempts tell, or where no hook saw them, as the
    /// error does.
    pub(crate) fn failed<E>(&self, table: &str, error: SdkError<E, HttpResponse>) -> (ServiceError, bool)
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let (watched, is_unsent) = (self.is_ambiguous_after(&error), self.is_unsent(&error));
        let error = ServiceError::new(self.operation.name, table, error, is_unsent);
        let ambiguous = watched.unwrap_or_else(|| error.kind().is_ambiguous());
        (error, ambiguous)
    }

    /// The error of the call.
    pub(in crate::direct) fn error<E>(&self, table: &str, error: SdkError<E, HttpResponse>) -> ServiceError
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let (error, _) = self.failed(table, error);
        // The last attempt was not sent, but one before it was, and may have been applied.
        if lock(&self.state).attempts.ambiguous { error.after_another() } else { error }
    }

    /// True if the call failed before its last attempt was given to a connection, as far as the hooks saw it: there is no
    /// endpoint, no credentials or no HTTP client, or an interceptor refused it.
    pub(crate) fn is_unsent<E>(&self, error: &SdkError<E, HttpResponse>) -> bool {
        let state = lock(&self.state);
        match (error, state.attempts.last_sent) {
            (SdkError::ConstructionFailure(_), _) => true,
            _ if !matches!(state.stage, Stage::Begun(_)) => false,
            (SdkError::DispatchFailure(_) | SdkError::TimeoutError(_), Some(sent)) => !sent,
            // It did not come to an attempt.
            (SdkError::DispatchFailure(failure), None) => !failure.is_timeout(),
            _ => false,
        }
    }

    /// Our members, if the request was made without them: because no hook was called, and DynamoDB refuses it, or because it
    /// is of another protocol, and was not sent.
    pub(in crate::direct) fn unsent_members<T, E>(&self, sent: &Result<T, E>) -> Option<Vec<u8>> {
        if sent.is_ok() {
            return None;
        }
        let mut state = lock(&self.state);
        // Our hook was called, and would have put them in: the request was never made.
        if matches!(state.stage, Stage::Begun(_)) {
            return None;
        }
        let members = std::mem::take(&mut state.members);
        (!members.is_empty()).then_some(members)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::direct::{NullReceiver, TRANSACT_WRITE_ITEMS, exchange::Receiver, level::Level};
    use aws_sdk_dynamodb::operation::transact_write_items::{
        TransactWriteItemsError, TransactWriteItemsInput,
    };
    use aws_smithy_runtime_api::client::{interceptors::context::Input, result::ConnectorError};

    type Failure = SdkError<TransactWriteItemsError, HttpResponse>;

    fn failures() -> [Failure; 4] {
        [
            SdkError::construction_failure("no region"),
            SdkError::dispatch_failure(ConnectorError::io("no credentials".into())),
            SdkError::dispatch_failure(ConnectorError::timeout("no connection".into())),
            SdkError::timeout_error("no answer"),
        ]
    }

    #[test]
    fn what_no_hook_saw_is_open_and_what_one_saw_is_told() {
        let exchange = Exchange::new(&TRANSACT_WRITE_ITEMS, Vec::new(), NullReceiver)
            as std::sync::Arc<Exchange<dyn Receiver>>;
        let state = || (exchange.is_open(), exchange.is_ambiguous());
        let after = || failures().map(|error| exchange.is_ambiguous_after(&error));
        let unsent = || failures().map(|error| exchange.is_unsent(&error));
        assert_eq!((state(), after()), ((true, None), [None; 4]));
        assert_eq!(unsent(), [true, false, false, false]);
        let input = Input::erase(TransactWriteItemsInput::builder().build().unwrap());
        // Another call, and then ours.
        exchange.begin(Level::Client, &Input::erase(()));
        assert_eq!(state(), (true, None));
        exchange.begin(Level::Client, &input);
        assert_eq!((state(), after()), ((false, Some(false)), [Some(false); 4]));
        assert_eq!(unsent(), [true, true, false, false], "it did not come to an attempt");
        lock(&exchange.state).attempts.is_open = true;
        assert_eq!((exchange.is_open(), after()[3]), (true, Some(true)), "the end of the call cut it off");
        lock(&exchange.state).attempts.is_open = false;
        lock(&exchange.state).attempts.last_sent = Some(true);
        assert_eq!(unsent(), [true, false, false, false]);
        lock(&exchange.state).attempts.last_sent = Some(false);
        assert_eq!(unsent(), [true; 4]);
        // An attempt before it may have been applied: then it is not told that nothing was sent.
        let kinds = || failures().map(|error| exchange.error("t", error).kind().is_ambiguous());
        assert_eq!(kinds(), [false; 4]);
        lock(&exchange.state).attempts.ambiguous = true;
        assert_eq!(kinds(), [true; 4]);
        lock(&exchange.state).attempts.ambiguous = false;
        // A call inside it, after which the attempts are unknown.
        exchange.begin(Level::Client, &Input::erase(()));
        assert_eq!((state(), unsent()), ((true, Some(true)), [true, false, false, false]));
    }
}
