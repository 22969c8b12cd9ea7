use serde::Deserialize;
use serde_json::value::RawValue;
use std::fmt;

/// An event as it came, so that records are read from its bytes: the payload of a function
/// (`LambdaEvent<RawEvent>`).
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct RawEvent(Box<RawValue>);

impl RawEvent {
    /// The JSON of the event. It holds values: keep it out of logs.
    pub fn json_unredacted(&self) -> &str {
        self.0.get()
    }
}

/// Shows the size, and no value.
impl fmt::Debug for RawEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawEvent").field("bytes", &self.0.get().len()).finish()
    }
}
