use dynamap::Attribute;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Attribute)]
struct Options {
    #[serde(rename = "n")]
    name: String,
    #[serde(rename(serialize = "a", deserialize = "b"))]
    both: String,
    #[serde(default)]
    absent: u8,
    #[serde(default = "seven")]
    seven: Option<u8>,
    #[serde(skip, default = "seven")]
    #[dynamap(skip)]
    skipped: Option<u8>,
    #[serde(skip_serializing)]
    written: u8,
    #[serde(flatten)]
    inner: Inner,
    #[serde(with = "text")]
    number: u8,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    list: Vec<u8>,
    #[serde(alias = "old")]
    new: u8,
}

#[derive(Serialize, Deserialize, Attribute)]
struct Inner {
    line: u8,
}

fn seven() -> Option<u8> {
    Some(7)
}

mod text {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&number.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        String::deserialize(deserializer).map(|text| text.parse().unwrap_or_default())
    }
}

fn main() {}
