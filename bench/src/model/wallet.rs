use super::{Bench, Model};
use dynamap::{Entity, key::IntoKeyCondition, schema::Primary};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Four attributes: the small item.
#[derive(Debug, Clone, PartialEq, Entity, Serialize, Deserialize)]
#[dynamap(table = Bench, pk = pk, sk = sk)]
pub(crate) struct Wallet {
    pub(crate) pk: String,
    pub(crate) sk: String,
    pub(crate) balance: i64,
    pub(crate) currency: String,
}

impl Model for Wallet {
    fn sample(index: usize) -> Self {
        Self {
            pk: format!("USER#{index:010}"),
            sk: "WALLET#EUR".into(),
            balance: 1_234_567 + index as i64,
            currency: "EUR".into(),
        }
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("entity_type", json!({ "S": "Wallet" })),
            ("pk", json!({ "S": self.pk })),
            ("sk", json!({ "S": self.sk })),
            ("balance", json!({ "N": self.balance.to_string() })),
            ("currency", json!({ "S": self.currency })),
        ]
    }

    fn key_values(&self) -> (&str, &str) {
        (&self.pk, &self.sk)
    }

    fn partition_of(&self) -> impl IntoKeyCondition<Entity = Self, Source = Primary> + use<> {
        Self::partition(self.pk.as_str())
    }
}
