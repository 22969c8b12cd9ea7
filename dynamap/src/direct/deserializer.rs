use super::{hook, operation::Operation, response};
use aws_sdk_dynamodb::config::ConfigBag;
use aws_smithy_runtime_api::client::{
    interceptors::context::{Error, Output},
    orchestrator::{HttpResponse, OrchestratorError},
    ser_de::DeserializeResponse,
};
use aws_smithy_types::body::SdkBody;

/// Reads the responses of an operation: the items for the exchange of the call, the rest for the SDK.
///
/// It is the same for all calls, so that a call need not make one. It finds the exchange by the thread.
#[derive(Debug)]
pub(super) struct Deserializer(pub(super) &'static Operation);

impl DeserializeResponse for Deserializer {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        config: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let Some(deserializer) = self.0.deserializer() else {
            return Err(OrchestratorError::other("the operation has no deserializer"));
        };
        let read_whole = || deserializer.deserialize_nonstreaming_with_config(response, config);
        let Some(exchange) = hook::current().filter(|exchange| exchange.is_by(self.0)) else {
            return read_whole();
        };
        let Some(document) = response::document(response) else {
            exchange.forget_answer();
            // An answer that was cut to nothing reads as one without items.
            let body = response.body().bytes().filter(|body| self.0.reads && body.is_empty());
            if let Some(Err(damaged)) = body.map(|body| response::check(response, body)) {
                return Err(OrchestratorError::response(damaged.into()));
            }
            return read_whole();
        };
        match exchange.answer(response, document) {
            Ok(None) => read_whole(),
            Ok(Some(rest)) => {
                deserializer.deserialize_nonstreaming_with_config(&reduced(response, rest), config)
            }
            // An error of the kind `response` is repeated, as a lost connection is.
            Err(damaged) if exchange.repeats_after_damage() => {
                Err(OrchestratorError::response(damaged.into()))
            }
            Err(damaged) => Err(OrchestratorError::other(damaged)),
        }
    }
}

/// The response with another document.
fn reduced(response: &HttpResponse, document: Vec<u8>) -> HttpResponse {
    // An empty document is the same to the SDK, and needs fewer allocations than a short one.
    let body = if document == b"{}" { SdkBody::empty() } else { SdkBody::from(document) };
    let mut reduced = HttpResponse::new(response.status(), body);
    *reduced.headers_mut() = response.headers().clone();
    reduced
}
