//! Decoding of a body to the engine's request, or to the error that DynamoDB gives for it.

use dynoxide::DynoxideError;
use serde::de::DeserializeOwned;

/// The body as text that may be a JSON object.
pub(super) fn text(body: &[u8]) -> Result<&str, DynoxideError> {
    std::str::from_utf8(body)
        .ok()
        // The decoder would also take an array for a structure.
        .filter(|text| text.trim_ascii_start().starts_with('{'))
        .ok_or_else(|| DynoxideError::SerializationException(String::new()))
}

pub(super) fn decode<T: DeserializeOwned>(operation: &str, body: &str) -> Result<T, DynoxideError> {
    serde_json::from_str(body).map_err(|error| classify(operation, &error.to_string()))
}

/// The engine's decoders put the class of their error before its text; no marker may reach the client.
fn classify(operation: &str, message: &str) -> DynoxideError {
    if let Some(as_read) = message.strip_prefix("SERIALIZATION_AS_READ:") {
        return DynoxideError::SerializationException(as_read.to_owned());
    }
    if let Some(as_read) = message.strip_prefix("VALIDATION_AS_READ:") {
        return DynoxideError::ValidationException(as_read.to_owned());
    }
    let message = without_position(message);
    if let Some(refusal) = message.strip_prefix("VALIDATION_REQUEST:") {
        return DynoxideError::ValidationException(enveloped(operation, refusal));
    }
    if let Some(refusal) = message.strip_prefix("VALIDATION:") {
        return DynoxideError::ValidationException(refusal.to_owned());
    }
    if let Some(refusal) = message.strip_prefix("SERIALIZATION:") {
        return DynoxideError::SerializationException(refusal.to_owned());
    }
    unmarked(message)
}

fn unmarked(message: &str) -> DynoxideError {
    const INVALID: [&str; 4] =
        ["missing field", "unknown variant", "invalid type: null", "Supplied AttributeValue"];
    if message.starts_with("recursion limit exceeded") {
        return DynoxideError::ValidationException(TOO_DEEP.to_owned());
    }
    if message.contains("empty AttributeValue") {
        return DynoxideError::ValidationException(EMPTY.to_owned());
    }
    if INVALID.iter().any(|refusal| message.contains(refusal)) {
        return DynoxideError::ValidationException(message.to_owned());
    }
    DynoxideError::SerializationException(message.to_owned())
}

const EMPTY: &str = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";

/// DynamoDB: a value nests at most 32 levels; the decoder stops at 127 levels of JSON, about 61 of values.
const TOO_DEEP: &str = "Nesting Levels have exceeded supported limits: \
                        Attributes in the item have nested levels beyond supported limit";

/// DynamoDB: only these operations put request validation into an envelope.
fn enveloped(operation: &str, refusal: &str) -> String {
    match operation {
        "PutItem" | "UpdateItem" | "DeleteItem" => format!("1 validation error detected: {refusal}"),
        _ => refusal.to_owned(),
    }
}

fn without_position(message: &str) -> &str {
    message.rfind(" at line ").map_or(message, |position| &message[..position])
}
