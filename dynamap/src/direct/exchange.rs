mod ended;
mod foreign;
mod observed;
mod received;

pub(crate) use received::Received;

use super::{
    attempts::AttemptLog,
    call_options::{CallOptions, RetryAfterUnknown},
    damaged::Damaged,
    level::Level,
    members::{ResponseMembers, is_code},
    operation::Operation,
    request::{NoDocument, put_document, put_members, speaks_json},
    response::{self, FailedItems},
};
use crate::{error::DecodeError, known_fault::KnownFault, observe::ObservedRequest, wire::JsonReader};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::context::{Error, FinalizerInterceptorContextRef, Input},
        orchestrator::{HttpRequest, HttpResponse, OrchestratorError},
    },
};
use aws_smithy_types::body::SdkBody;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

/// Takes the items out of a response while it is read.
pub(crate) trait Receiver: Send + 'static {
    /// Reads the member of the response that holds the items, and forgets what it read before.
    ///
    /// An error ends the call with it, if the response is in order otherwise.
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError>;
}

/// Takes part in each attempt of a write, before it is signed.
pub(crate) trait OnAttempt: Send + Sync {
    /// The document of the attempt, if it is to have another than the first one, which is `first`.
    ///
    /// An error refuses the attempt: nothing is sent.
    fn document(&self, is_first: bool, first: &[u8]) -> Result<Option<Vec<u8>>, BoxError>;

    /// Refuses an attempt whose document is of another protocol and stays as it is. `is_open` is true if one before it may
    /// have been applied.
    fn unchanged(&self, is_first: bool, is_open: bool) -> Result<(), BoxError>;
}

/// One call on direct mapping: the members that dynamap writes into the request, and the items that it takes out of the
/// response.
///
/// The SDK makes the request and signs it, sends it and repeats it, and reads all that is left of the response.
/// Its interceptors call us twice: before the request is signed, where we put our members into its document, and when
/// a response has come, where we put our deserializer in front of the operation's. All the code here is the same
/// for every type; only the [`Receiver`] knows what is read.
pub(crate) struct Exchange<R: ?Sized> {
    operation: &'static Operation,
    options: CallOptions,
    /// True if it has members for the request.
    writes: bool,
    on_attempt: Option<Arc<dyn OnAttempt>>,
    observed: OnceLock<Box<ObservedRequest>>,
    /// True if the exchange acts as if the SDK called no hooks.
    #[cfg(test)]
    pub(super) unhooked: bool,
    state: Mutex<ExchangeState<R>>,
}

struct ExchangeState<R: ?Sized> {
    attempts: AttemptLog,
    stage: Stage,
    /// True if the request is of another protocol.
    is_foreign: bool,
    /// Members of the request, such as `{"Item":{..}`, until they are in it.
    members: Vec<u8>,
    answer: ResponseState,
    /// The document of the first attempt of a write.
    sent: Option<SdkBody>,
    receiver: R,
}

/// The stage of a call.
#[derive(Debug, Clone, Copy)]
enum Stage {
    Waiting,
    /// The SDK has begun it, as an interceptor at this level saw.
    Begun(Level),
    /// Another call has begun inside it.
    GivenUp,
}

/// The answer to a call.
#[derive(Debug, Default)]
enum ResponseState {
    /// Nothing that went through our deserializer.
    #[default]
    Missed,
    /// A response; false if it has no member with items.
    Received(bool),
    /// A response with items that are not of the form that was asked for.
    Refused(DecodeError),
    /// An error of DynamoDB.
    Failed(FailedItems),
}

impl<R: Receiver> Exchange<R> {
    /// An exchange that writes `members`, such as `{"Item":{..}`, or nothing if they are empty.
    pub(crate) fn new(operation: &'static Operation, members: Vec<u8>, receiver: R) -> Arc<Self> {
        Self::with_options(operation, CallOptions::default(), members, receiver)
    }

    pub(crate) fn with_options(
        operation: &'static Operation,
        options: CallOptions,
        members: Vec<u8>,
        receiver: R,
    ) -> Arc<Self> {
        Self::on_attempts(operation, options, None, members, receiver)
    }

    /// Creates an exchange that calls `on_attempt` before each attempt.
    pub(crate) fn on_attempts(
        operation: &'static Operation,
        options: CallOptions,
        on_attempt: Option<Arc<dyn OnAttempt>>,
        members: Vec<u8>,
        receiver: R,
    ) -> Arc<Self> {
        let (stage, attempts, writes) = (Stage::Waiting, AttemptLog::default(), !members.is_empty());
        let is_foreign = false;
        let state = ExchangeState {
            stage,
            attempts,
            is_foreign,
            members,
            answer: ResponseState::Missed,
            sent: None,
            receiver,
        };
        Arc::new(Self {
            operation,
            options,
            writes,
            on_attempt,
            observed: OnceLock::new(),
            #[cfg(test)]
            unhooked: false,
            state: Mutex::new(state),
        })
    }

    /// The content of the response, as `take` takes it out of the receiver. The call must be over.
    pub(crate) fn finish<T>(&self, take: impl FnOnce(&mut R) -> T) -> Result<Received<T>, DecodeError> {
        let state = &mut *lock(&self.state);
        match std::mem::take(&mut state.answer) {
            ResponseState::Received(true) => Ok(Received::Items(take(&mut state.receiver))),
            ResponseState::Received(false) => Ok(Received::None),
            ResponseState::Refused(error) => Err(error),
            ResponseState::Missed | ResponseState::Failed(_) => Ok(Received::InOutput),
        }
    }
}

impl<R: ?Sized> Exchange<R> {
    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The items that an error of DynamoDB holds, if it passed our deserializer.
    pub(crate) fn failed_items(&self) -> Option<FailedItems> {
        match std::mem::take(&mut lock(&self.state).answer) {
            ResponseState::Failed(items) => Some(items),
            _ => None,
        }
    }
}

/// A panic of another thread leaves nothing behind that would be wrong here.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<R: ?Sized> fmt::Debug for Exchange<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("operation", &self.operation.items).finish_non_exhaustive()
    }
}

impl Exchange<dyn Receiver> {
    /// Notes that a call with `input` begins, which an interceptor at `level` sees.
    ///
    /// If our call has begun already, this one is not ours and runs inside ours. From there on they cannot be told
    /// apart, so the exchange is given up, as if no hook of ours were called.
    pub(super) fn begin(&self, level: Level, input: &Input) {
        let state = &mut *lock(&self.state);
        state.stage = match state.stage {
            Stage::Waiting if (self.operation.is_input)(input) => Stage::Begun(level),
            Stage::Begun(begun_at) if begun_at == level => {
                // The attempts are not watched any more.
                state.attempts.ambiguous = true;
                Stage::GivenUp
            }
            stage => stage,
        };
    }

    /// The state, if an interceptor at `level` has seen the call begin: then it acts on the call.
    fn state_at(&self, level: Level) -> Option<MutexGuard<'_, ExchangeState<dyn Receiver>>> {
        let state = lock(&self.state);
        matches!(state.stage, Stage::Begun(begun_at) if begun_at == level).then_some(state)
    }

    /// Begins an attempt, unless it would repeat what may have been applied where that does harm.
    ///
    /// It is called before the request is signed: until then nothing is sent.
    pub(super) fn begin_attempt(&self, level: Level, request: &mut HttpRequest) -> Result<(), BoxError> {
        if !self.watches_attempts() {
            return Ok(());
        }
        let Some(mut state) = self.state_at(level) else { return Ok(()) };
        if self.options.repeats == RetryAfterUnknown::Never && state.attempts.ambiguous {
            return Err("it may have been applied, and repeating it would do it twice".into());
        }
        let is_first = state.sent.is_none();
        if is_first && !self.operation.reads {
            state.sent = request.body().try_clone();
        }
        if let Some(on_attempt) = &self.on_attempt {
            let first = state.sent.as_ref().and_then(SdkBody::bytes).unwrap_or_default();
            if state.is_foreign {
                on_attempt.unchanged(is_first, state.attempts.ambiguous)?;
            } else if let Some(document) = on_attempt.document(is_first, first)? {
                put_document(request, document);
            }
        }
        state.attempts.is_open = true;
        Ok(())
    }

    /// The error of an attempt whose response tells nothing about the request.
    ///
    /// One of the kind `response` is repeated, as a lost connection is.
    pub(super) fn damage(&self, damaged: Damaged, response: &HttpResponse) -> OrchestratorError<Error> {
        self.forget_answer();
        let is_repeated = match self.options.repeats {
            _ if self.operation.reads => true,
            RetryAfterUnknown::Always => true,
            // What is too busy asks to be asked again. The SDK knows only DynamoDB's codes for it, and 503.
            RetryAfterUnknown::AsSdk => response.status().as_u16() == 429,
            RetryAfterUnknown::Never => false,
        };
        match is_repeated {
            true => OrchestratorError::response(damaged.into()),
            false => OrchestratorError::other(damaged),
        }
    }

    /// Notes how an attempt ended.
    pub(super) fn end_attempt(&self, level: Level, context: &FinalizerInterceptorContextRef<'_>) {
        let error = context.output_or_error().and_then(Result::err);
        let is_watched = self.watches_attempts();
        if (is_watched || error.is_some())
            && let Some(mut state) = self.state_at(level)
        {
            state.attempts.ended(is_watched, error, context.response());
        }
    }

    /// True if it matters that an attempt is under way. A read may be repeated, whatever became of it.
    fn watches_attempts(&self) -> bool {
        !self.operation.reads || self.options.repeats == RetryAfterUnknown::Never
    }

    /// The operation of a call whose responses our deserializer reads, if an interceptor at `level` has seen it begin.
    pub(super) fn begun(&self, level: Level) -> Option<&'static Operation> {
        self.state_at(level).filter(|state| !state.is_foreign).map(|_| self.operation)
    }

    pub(super) fn is_by(&self, operation: &'static Operation) -> bool {
        std::ptr::eq(self.operation, operation)
    }

    /// Puts our members into the request.
    pub(super) fn put_members(&self, level: Level, request: &mut HttpRequest) -> Result<(), BoxError> {
        if let Some(fault) = self.options.fault
            && self.state_at(level).is_some()
        {
            return Err(fault.into());
        }
        if !speaks_json(request, self.operation.name) {
            return self.leave_to_sdk(level);
        }
        let Some(mut state) = self.writes.then(|| self.state_at(level)).flatten() else { return Ok(()) };
        let members = &mut state.members;
        let put = match (members.is_empty(), self.options.whole) {
            (true, _) => Ok(()),
            (false, true) => {
                put_document(request, std::mem::take(members));
                Ok(())
            }
            (false, false) => put_members(request, members, self.operation.replaced),
        };
        drop(state);
        put.or_else(|NoDocument| self.leave_to_sdk(level))
    }

    /// A response that we do not read takes the place of one before it.
    fn forget_answer(&self) {
        lock(&self.state).answer = ResponseState::Missed;
    }

    /// Takes our members out of a response, and gives the rest of its document; `None` if there are none.
    pub(super) fn answer(&self, response: &HttpResponse) -> Result<Option<Vec<u8>>, Damaged> {
        let mut state = lock(&self.state);
        state.answer = ResponseState::Missed;
        let Some(body) = response.body().bytes() else { return Ok(None) };
        if KnownFault::UncheckedBody.is_back() && !response::seems_a_document(response, body) {
            return Ok(None);
        }
        response::check(response, body)?;
        match response.status().is_success() {
            true => self.success(&mut state, response, body),
            false => self.refusal(&mut state, response, body),
        }
    }

    fn success(
        &self,
        state: &mut ExchangeState<dyn Receiver>,
        response: &HttpResponse,
        body: &[u8],
    ) -> Result<Option<Vec<u8>>, Damaged> {
        let Operation { items, required, .. } = *self.operation;
        let mut members = ResponseMembers::requiring(required);
        // DynamoDB: it has no other success, and sends at least `{}`.
        if response.status().as_u16() != 200 {
            return Err(Damaged::NotFromDynamoDb);
        }
        if body == b"{}" {
            members.check_success()?;
            state.answer =
                if self.options.direct { ResponseState::Received(false) } else { ResponseState::Missed };
            return Ok(None);
        }
        if !self.options.direct {
            response::look(body, &mut members)?;
            return members.check_success().map(|()| None);
        }
        let split = response::split(body, items, &mut members, |r| state.receiver.receive(r))?;
        members.check_success()?;
        state.answer = match split.taken {
            Some(Err(error)) => ResponseState::Refused(error),
            taken => ResponseState::Received(taken.is_some()),
        };
        Ok(split.rest)
    }

    fn refusal(
        &self,
        state: &mut ExchangeState<dyn Receiver>,
        response: &HttpResponse,
        body: &[u8],
    ) -> Result<Option<Vec<u8>>, Damaged> {
        let mut members = ResponseMembers::default();
        let header = response.headers().get("x-amzn-errortype").map(is_code);
        let rest = match (body.is_empty(), self.options.direct) {
            (true, _) => None,
            (false, false) => {
                response::look(body, &mut members)?;
                None
            }
            (false, true) => {
                let split = response::split_error(body, &mut members)?;
                state.answer = ResponseState::Failed(split.taken.unwrap_or_default());
                split.rest
            }
        };
        match header.unwrap_or_else(|| members.has_code()) {
            true => Ok(rest),
            false => Err(Damaged::NotFromDynamoDb),
        }
    }
}
