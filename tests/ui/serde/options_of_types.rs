use dynamap::Attribute;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Attribute)]
#[serde(rename_all = "camelCase")]
struct Address {
    street_name: String,
}

#[derive(Serialize, Deserialize, Attribute)]
#[serde(rename_all = "camelCase")]
#[dynamap(rename_all = "kebab-case")]
struct Other {
    street_name: String,
}

#[derive(Serialize, Deserialize, Attribute)]
#[serde(rename_all = "snake_case")]
enum Status {
    InTransit,
}

#[derive(Serialize, Deserialize, Attribute)]
#[serde(rename_all_fields = "camelCase")]
enum Payment {
    Card { last_four: String },
}

#[derive(Serialize, Deserialize, Attribute)]
#[serde(tag = "type")]
enum Tagged {
    Cash,
}

#[derive(Serialize, Deserialize, Attribute)]
#[serde(tag = "type", content = "value")]
#[dynamap(tag = "type")]
enum Adjacent {
    Cash,
}

#[derive(Serialize, Deserialize, Attribute)]
#[serde(untagged)]
enum Untagged {
    Text(String),
}

#[derive(Serialize, Deserialize, Attribute)]
#[serde(tag = "type")]
struct Document {
    title: String,
}

#[derive(Serialize, Deserialize, Attribute)]
#[serde(transparent)]
struct Transparent {
    title: String,
}

#[derive(Clone, Serialize, Deserialize, Attribute)]
#[serde(from = "String", into = "String")]
struct Text(String);

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

fn main() {}
