use super::{
    hook::CallHook,
    operation::Operation,
    request::put_members,
    response::{self, Damaged, FailedItems},
};
use crate::{error::DecodeError, wire::JsonReader};
use aws_sdk_dynamodb::config::{Builder, ConfigBag, SharedInterceptor};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::context::{Error, Input, Output},
        orchestrator::{HttpRequest, HttpResponse, OrchestratorError},
        ser_de::{DeserializeResponse, SharedResponseDeserializer},
    },
};
use aws_smithy_types::body::SdkBody;
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Takes the items out of a response while it is read.
pub(crate) trait Receiver: Send + 'static {
    /// Reads the member of the response that holds the items, and forgets what it read before.
    ///
    /// An error ends the call with it, if the response is in order otherwise.
    fn receive(&mut self, r: &mut JsonReader<'_>) -> Result<(), DecodeError>;
}

/// One call on the direct way: what dynamap writes into the request and takes out of the response.
///
/// The SDK makes the request and signs it, sends it and repeats it, and reads all that is left of the response.
/// Its interceptors call us twice: before the call, where we put our deserializer in front of the operation's,
/// and before the request is signed, where we put our members into its document. All the code here is the same
/// for every type; only the [`Receiver`] knows what is read.
pub(crate) struct Exchange<R: ?Sized> {
    operation: &'static Operation,
    /// As if the SDK called no hooks.
    #[cfg(test)]
    pub(super) unhooked: bool,
    state: Mutex<State<R>>,
}

struct State<R: ?Sized> {
    /// Members of the request, such as `{"Item":{..}`, until they are in it.
    members: Vec<u8>,
    answer: Answer,
    receiver: R,
}

/// What came back.
#[derive(Debug, Default)]
enum Answer {
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

/// What a response had for the receiver.
#[derive(Debug)]
pub(crate) enum Received<T> {
    /// The items were read.
    Items(T),
    /// It has no items.
    None,
    /// Nothing passed our deserializer: the items, if there are any, are in the SDK's output.
    InOutput,
}

impl<T: Default> Received<T> {
    /// What was read; where it is in the SDK's output, what `read_output` reads there.
    pub(crate) fn or_read(
        self,
        read_output: impl FnOnce() -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        match self {
            Self::Items(items) => Ok(items),
            Self::None => Ok(T::default()),
            Self::InOutput => read_output(),
        }
    }
}

impl<R: Receiver> Exchange<R> {
    /// An exchange that writes `members`, such as `{"Item":{..}`, or nothing if they are empty.
    pub(crate) fn new(operation: &'static Operation, members: Vec<u8>, receiver: R) -> Arc<Self> {
        let state = State { members, answer: Answer::Missed, receiver };
        Arc::new(Self {
            operation,
            #[cfg(test)]
            unhooked: false,
            state: Mutex::new(state),
        })
    }

    /// What a call is customized with, so that it goes the direct way.
    pub(crate) fn config(self: &Arc<Self>) -> Builder {
        let mut config = Builder::default();
        #[cfg(test)]
        if self.unhooked {
            return config;
        }
        // Permanent: nobody switches it off, so the SDK need not look whether someone did.
        config.push_interceptor(SharedInterceptor::permanent(CallHook(self.clone())));
        config
    }

    /// What came back, as `take` takes it out of the receiver. The call must be over.
    pub(crate) fn finish<T>(&self, take: impl FnOnce(&mut R) -> T) -> Result<Received<T>, DecodeError> {
        let state = &mut *lock(&self.state);
        match std::mem::take(&mut state.answer) {
            Answer::Received(true) => Ok(Received::Items(take(&mut state.receiver))),
            Answer::Received(false) => Ok(Received::None),
            Answer::Refused(error) => Err(error),
            Answer::Missed | Answer::Failed(_) => Ok(Received::InOutput),
        }
    }
}

impl<R: ?Sized> Exchange<R> {
    /// The items that an error of DynamoDB holds, if it passed our deserializer.
    pub(crate) fn failed_items(&self) -> Option<FailedItems> {
        match std::mem::take(&mut lock(&self.state).answer) {
            Answer::Failed(items) => Some(items),
            _ => None,
        }
    }

    /// Our members, if DynamoDB was sent a request without them because no hook was called: it refuses that.
    pub(super) fn unsent_members<T, E>(&self, sent: &Result<T, E>) -> Option<Vec<u8>> {
        if sent.is_ok() {
            return None;
        }
        let members = std::mem::take(&mut lock(&self.state).members);
        (!members.is_empty()).then_some(members)
    }
}

/// A panic of another thread leaves nothing behind that would be wrong here.
fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads a response: the items for the receiver, the rest for the SDK.
struct Deserializer(Arc<Exchange<dyn Receiver>>);

impl<R: ?Sized> fmt::Debug for Exchange<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("operation", &self.operation.items).finish_non_exhaustive()
    }
}

impl fmt::Debug for Deserializer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dynamap::direct")
    }
}

impl DeserializeResponse for Deserializer {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        config: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let operation = self.0.operation;
        let Some(deserializer) = operation.deserializer() else {
            return Err(OrchestratorError::other("the operation has no deserializer"));
        };
        lock(&self.0.state).answer = Answer::Missed;
        let Some(document) = response::document(response) else {
            return deserializer.deserialize_nonstreaming_with_config(response, config);
        };
        match self.0.answer(response, document) {
            Ok(rest) => deserializer.deserialize_nonstreaming_with_config(&reduced(response, rest), config),
            // An error of the kind `response` is repeated, as a lost connection is.
            Err(damaged) if operation.reads => Err(OrchestratorError::response(damaged.into())),
            Err(damaged) => Err(OrchestratorError::other(damaged)),
        }
    }
}

impl Exchange<dyn Receiver> {
    /// Puts our deserializer in front of the operation's.
    pub(super) fn install(exchange: &Arc<Self>, config: &mut ConfigBag) {
        if exchange.operation.deserializer().is_some() {
            let deserializer = SharedResponseDeserializer::new(Deserializer(exchange.clone()));
            config.interceptor_state().store_put(deserializer);
        }
    }

    /// True if `input` is one of our operation.
    pub(super) fn is_of(&self, input: &Input) -> bool {
        (self.operation.is_input)(input)
    }

    pub(super) fn has_members(&self) -> bool {
        !lock(&self.state).members.is_empty()
    }

    /// Puts our members into the request.
    pub(super) fn put_members(&self, request: &mut HttpRequest) -> Result<(), BoxError> {
        let members = std::mem::take(&mut lock(&self.state).members);
        match members.is_empty() {
            true => Ok(()),
            false => put_members(request, members, self.operation.replaced),
        }
    }

    /// Takes what is ours out of a response, and gives the rest of its document.
    fn answer(&self, response: &HttpResponse, document: &[u8]) -> Result<Vec<u8>, Damaged> {
        response::check(response, document)?;
        let mut state = lock(&self.state);
        if !response.status().is_success() {
            let split = response::split_error(document)?;
            state.answer = Answer::Failed(split.taken.unwrap_or_default());
            return Ok(split.rest);
        }
        let split = response::split(document, self.operation.items, |r| state.receiver.receive(r))?;
        state.answer = match split.taken {
            Some(Err(error)) => Answer::Refused(error),
            taken => Answer::Received(taken.is_some()),
        };
        Ok(split.rest)
    }
}

/// The response with another document.
fn reduced(response: &HttpResponse, document: Vec<u8>) -> HttpResponse {
    let mut reduced = HttpResponse::new(response.status(), SdkBody::from(document));
    *reduced.headers_mut() = response.headers().clone();
    reduced
}
