use super::{ReadTyped, read};
use crate::model::Event;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(remote = "Event")]
struct EventFields {
    #[serde(deserialize_with = "read::s")]
    pk: String,
    #[serde(deserialize_with = "read::s")]
    sk: String,
    #[serde(deserialize_with = "read::s")]
    kind: String,
    #[serde(deserialize_with = "read::s")]
    device: String,
    #[serde(deserialize_with = "read::n")]
    at: i64,
    #[serde(deserialize_with = "read::n")]
    level: u32,
    #[serde(deserialize_with = "read::boolean")]
    ok: bool,
    #[serde(deserialize_with = "read::s")]
    message: String,
    #[serde(deserialize_with = "read::n")]
    value: f64,
}

#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct EventWire(#[serde(with = "EventFields")] Event);

impl From<EventWire> for Event {
    fn from(wire: EventWire) -> Self {
        wire.0
    }
}

impl ReadTyped for Event {
    type Wire = EventWire;
}
