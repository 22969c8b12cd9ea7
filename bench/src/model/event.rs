use super::{Bench, Model};
use dynamap::{Entity, key::IntoKeyCondition, schema::Primary};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Nine attributes, about 300 bytes.
#[derive(Debug, Clone, PartialEq, Entity, Serialize, Deserialize)]
#[dynamap(table = Bench, pk = pk, sk = sk)]
pub(crate) struct Event {
    pub(crate) pk: String,
    pub(crate) sk: String,
    pub(crate) kind: String,
    pub(crate) device: String,
    pub(crate) at: i64,
    pub(crate) level: u32,
    pub(crate) ok: bool,
    pub(crate) message: String,
    pub(crate) value: f64,
}

const MESSAGE: &str = "Reading within the calibrated range; battery voltage nominal, link quality good, next \
                       report expected in sixty seconds. Firmware 4.12.7 (build 20240418).";

impl Model for Event {
    fn sample(index: usize) -> Self {
        Self {
            pk: format!("DEVICE#{:012}", 42),
            sk: format!("2024-05-18T02:40:{:02}.{:03}Z#{index:06}", index % 60, index % 1000),
            kind: "temperature.reading".into(),
            device: format!("sensor-{:06}", index % 31),
            at: 1_716_000_000_000 + index as i64,
            level: (index % 7) as u32,
            ok: !index.is_multiple_of(5),
            message: MESSAGE.into(),
            value: 20.5 + (index % 100) as f64 / 8.0,
        }
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("entity_type", json!({ "S": "Event" })),
            ("pk", json!({ "S": self.pk })),
            ("sk", json!({ "S": self.sk })),
            ("kind", json!({ "S": self.kind })),
            ("device", json!({ "S": self.device })),
            ("at", json!({ "N": self.at.to_string() })),
            ("level", json!({ "N": self.level.to_string() })),
            ("ok", json!({ "BOOL": self.ok })),
            ("message", json!({ "S": self.message })),
            ("value", json!({ "N": self.value.to_string() })),
        ]
    }

    fn key_values(&self) -> (&str, &str) {
        (&self.pk, &self.sk)
    }

    fn partition_of(&self) -> impl IntoKeyCondition<Entity = Self, Source = Primary> + use<> {
        Self::partition(self.pk.as_str())
    }
}
