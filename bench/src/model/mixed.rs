use super::{Bench, Model};
use dynamap::{Attribute, Entity, key::IntoKeyCondition, schema::Primary};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashSet;

/// The attributes of the entity that EfficientDynamoDb publishes its measurements for; how many elements its
/// lists and sets have is ours.
#[derive(Debug, Clone, PartialEq, Entity, Serialize, Deserialize)]
#[dynamap(table = Bench, pk = pk, sk = sk)]
pub(crate) struct Mixed {
    pub(crate) pk: String,
    pub(crate) sk: String,
    pub(crate) m: MapObject,
    pub(crate) l1: Vec<MapObject>,
    pub(crate) l2: Vec<MapObject>,
    pub(crate) l3: Vec<MapObject>,
    #[serde(with = "serde_dynamo::string_set")]
    #[dynamap(ignore_serde)]
    pub(crate) ss: HashSet<String>,
    #[serde(with = "serde_dynamo::number_set")]
    #[dynamap(ignore_serde)]
    pub(crate) ns: HashSet<i32>,
    pub(crate) s: String,
    pub(crate) n: i32,
    pub(crate) b: bool,
}

/// A map with one member.
#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
pub(crate) struct MapObject {
    pub(crate) p1: String,
}

impl Model for Mixed {
    fn sample(index: usize) -> Self {
        let object = |name: &str| MapObject { p1: format!("{name}-{index}") };
        let list = |name: &str| (0..3).map(|at| object(&format!("{name}-{at}"))).collect();
        Self {
            pk: "MIXED#1".into(),
            sk: format!("sort-key-{index:06}"),
            m: object("map"),
            l1: list("first"),
            l2: list("second"),
            l3: list("third"),
            ss: (0..3).map(|at| format!("member-{at}-{index}")).collect(),
            ns: (0..3).map(|at| index as i32 * 10 + at).collect(),
            s: format!("a text with some words, number {index}"),
            n: index as i32,
            b: index.is_multiple_of(2),
        }
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        let object = |object: &MapObject| json!({ "M": { "p1": { "S": object.p1 } } });
        let list = |objects: &[MapObject]| json!({ "L": objects.iter().map(object).collect::<Vec<_>>() });
        let numbers: Vec<String> = self.ns.iter().map(i32::to_string).collect();
        vec![
            ("entity_type", json!({ "S": "Mixed" })),
            ("pk", json!({ "S": self.pk })),
            ("sk", json!({ "S": self.sk })),
            ("m", object(&self.m)),
            ("l1", list(&self.l1)),
            ("l2", list(&self.l2)),
            ("l3", list(&self.l3)),
            ("ss", json!({ "SS": self.ss })),
            ("ns", json!({ "NS": numbers })),
            ("s", json!({ "S": self.s })),
            ("n", json!({ "N": self.n.to_string() })),
            ("b", json!({ "BOOL": self.b })),
        ]
    }

    fn key_values(&self) -> (&str, &str) {
        (&self.pk, &self.sk)
    }

    fn partition_of(&self) -> impl IntoKeyCondition<Entity = Self, Source = Primary> + use<> {
        Self::partition(self.pk.as_str())
    }
}
