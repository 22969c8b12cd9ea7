use dynamap::{Entity, TableSchema, VectorIndex, value::Vector};
use fastrand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The table of passages, which are searched by their meaning.
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", vector_indexes(ByMeaning))]
pub(crate) struct Passages;

#[derive(VectorIndex)]
#[dynamap(table = Passages, name = "vec1", vector = "meaning", dimensions = 1024, distance = cosine)]
pub(crate) struct ByMeaning;

/// A passage of a text, with its embedding: the item of a vector index.
#[derive(Debug, Clone, PartialEq, Entity, Serialize, Deserialize)]
#[dynamap(table = Passages, pk = pk, sk = sk)]
#[dynamap(vector_index = ByMeaning, vector = meaning)]
pub(crate) struct Passage {
    pub(crate) pk: String,
    pub(crate) sk: String,
    pub(crate) title: String,
    pub(crate) meaning: Vector<1024>,
}

impl Passage {
    /// The passage number `index`, whose embedding has the length of those that models give.
    pub(crate) fn sample(index: usize) -> Self {
        let mut random = Rng::with_seed(index as u64);
        let meaning: Vec<f32> = (0..1024).map(|_| (random.f32() - 0.5) / 9.2).collect();
        Self {
            pk: format!("BOOK#{index:010}"),
            sk: "PASSAGE#1".into(),
            title: format!("The title of passage {index}"),
            meaning: Vector::new(meaning).unwrap(),
        }
    }

    /// The item in DynamoDB-JSON, without what any contender does.
    pub(crate) fn item(&self) -> Value {
        let number = |number: &f32| json!({ "N": number.to_string() });
        json!({
            "pk": { "S": self.pk },
            "sk": { "S": self.sk },
            "entity_type": { "S": "Passage" },
            "meaning": { "L": self.meaning.iter().map(number).collect::<Vec<_>>() },
            "title": { "S": self.title },
        })
    }
}
