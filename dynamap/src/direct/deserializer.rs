use super::{current::current, damaged::Damaged, in_front::InFront, operation::Operation};
use aws_sdk_dynamodb::config::{ConfigBag, FrozenLayer};
use aws_smithy_runtime_api::client::{
    interceptors::context::{Error, Output},
    orchestrator::{HttpResponse, OrchestratorError},
    ser_de::{DeserializeResponse, SharedResponseDeserializer},
};
use aws_smithy_types::{body::SdkBody, config_bag::Layer};

/// Reads the responses of an operation: the items for the exchange of the call, the rest for the SDK.
///
/// Whatever was damaged on the way, and whatever does not come from DynamoDB, ends here. It is the same for all calls, so
/// that a call need not make one. It finds the exchange by the thread.
#[derive(Debug)]
struct OperationDeserializer(&'static Operation);

impl DeserializeResponse for OperationDeserializer {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        config: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let Some(deserializer) = self.0.deserializer() else {
            return Err(OrchestratorError::other("the operation has no deserializer"));
        };
        let read_whole = || deserializer.deserialize_nonstreaming_with_config(response, config);
        let Some(exchange) = current().filter(|exchange| exchange.is_by(self.0)) else {
            return read_whole();
        };
        let read = match exchange.answer(response) {
            Ok(None) => read_whole(),
            Ok(Some(rest)) => {
                deserializer.deserialize_nonstreaming_with_config(&reduced(response, rest), config)
            }
            Err(damaged) => return Err(exchange.damage(damaged, response)),
        };
        match read {
            // Its error would count as DynamoDB's, which does not answer a success with one.
            Err(_) if response.status().is_success() => Err(exchange.damage(Damaged::Unread, response)),
            read => read,
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

/// The configuration layer that puts our deserializer in front of the SDK's, if `config` has that one: another one reads
/// documents of another form, or looks at them.
pub(super) fn layer(operation: &'static Operation, config: &ConfigBag) -> Option<FrozenLayer> {
    let in_front = || {
        let mut layer = Layer::new("dynamap::direct");
        layer.store_put(SharedResponseDeserializer::new(OperationDeserializer(operation)));
        Some(InFront::of(operation.deserializer()?, layer.freeze()))
    };
    let in_front = operation.in_front.get_or_init(in_front).as_ref()?;
    in_front.layer_for(config.load::<SharedResponseDeserializer>()?)
}
