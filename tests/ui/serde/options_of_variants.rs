use dynamap::Attribute;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Attribute)]
enum Status {
    #[serde(rename = "open")]
    Open,
    #[serde(alias = "sent")]
    Shipped,
    #[serde(skip)]
    Hidden,
    #[serde(rename_all = "camelCase")]
    Returned { why_not: String },
    #[serde(other)]
    Unknown,
}

fn main() {}
