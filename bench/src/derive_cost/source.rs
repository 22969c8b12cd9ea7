//! The crates that are compiled.

/// A mapper of the entities, with the directions that it maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mapper {
    /// `Entity`, with the keys, to and from the bytes of DynamoDB-JSON and the SDK's `AttributeValue`s.
    Dynamap,
    /// The same directions for documents without keys: what serde does as well.
    DynamapAttribute,
    /// serde and `serde_dynamo`, to and from `AttributeValue`s.
    SerdeDynamo,
    /// serde and `serde_json`, to and from the bytes of JSON.
    SerdeJson,
    /// serde with both.
    SerdeBoth,
}

impl Mapper {
    pub(super) const ALL: [Self; 5] =
        [Self::Dynamap, Self::DynamapAttribute, Self::SerdeDynamo, Self::SerdeJson, Self::SerdeBoth];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Dynamap => "dynamap",
            Self::DynamapAttribute => "dynamap-attribute",
            Self::SerdeDynamo => "serde-dynamo",
            Self::SerdeJson => "serde-json",
            Self::SerdeBoth => "serde-dynamo-and-json",
        }
    }

    /// The name of the crate, which is none of those it depends on.
    pub(super) fn package(self) -> String {
        format!("entities-of-{}", self.name())
    }

    /// The manifest of the crate, if the workspace is at `workspace`.
    pub(super) fn manifest(self, workspace: &str) -> String {
        let dynamap = format!("dynamap = {{ path = \"{workspace}/dynamap\" }}\n");
        let sdk =
            "aws-sdk-dynamodb = { version = \"1\", default-features = false, features = [\"rt-tokio\"] }\n";
        let serde = "serde = { version = \"1.0\", features = [\"derive\"] }\n";
        let serde_dynamo = "serde_dynamo = { version = \"4.3\", features = [\"aws-sdk-dynamodb+1\"] }\n";
        let serde_json = "serde_json = \"1.0\"\n";
        let dependencies = match self {
            Self::Dynamap | Self::DynamapAttribute => [&dynamap, sdk].concat(),
            Self::SerdeDynamo => [sdk, serde, serde_dynamo].concat(),
            Self::SerdeJson => [serde, serde_json].concat(),
            Self::SerdeBoth => [sdk, serde, serde_dynamo, serde_json].concat(),
        };
        let name = self.package();
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}"
        )
    }

    /// A crate of `count` entities, each with its own nested types.
    pub(super) fn source(self, count: usize) -> String {
        let prelude = if self == Self::Dynamap { TABLE } else { "" };
        let entities = (0..count).map(|index| format!("pub mod entity{index} {{{}}}\n", self.entity()));
        std::iter::once(prelude.to_owned()).chain(entities).collect()
    }

    fn entity(self) -> String {
        let (derives, entity) = match self {
            Self::Dynamap => ("dynamap::Attribute", ENTITY),
            Self::DynamapAttribute => ("dynamap::Attribute", "#[derive(dynamap::Attribute)]"),
            _ => ("serde::Serialize, serde::Deserialize", "#[derive(serde::Serialize, serde::Deserialize)]"),
        };
        let absent = match self {
            Self::Dynamap | Self::DynamapAttribute => "",
            _ => "#[serde(skip_serializing_if = \"Option::is_none\")]",
        };
        let types =
            TYPES.replace("DERIVES", derives).replace("#[ENTITY]", entity).replace("#[OPTION]", absent);
        let functions = match self {
            Self::Dynamap | Self::DynamapAttribute => [DYNAMAP_TO, DYNAMAP_FROM].concat(),
            Self::SerdeDynamo => SERDE_DYNAMO.to_owned(),
            Self::SerdeJson => SERDE_JSON.to_owned(),
            Self::SerdeBoth => [SERDE_DYNAMO, SERDE_JSON].concat(),
        };
        types + &functions
    }
}

const TABLE: &str = r#"
#[derive(dynamap::TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
pub struct Shop;
"#;

const ENTITY: &str = r#"#[derive(dynamap::Entity)]
#[dynamap(table = crate::Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{order_id}")]"#;

const TYPES: &str = r"
#[derive(DERIVES)]
pub enum Status { Open, Paid, Shipped }

#[derive(DERIVES)]
pub struct Address {
    pub street: String,
    pub city: String,
    pub zip: String,
    pub country: String,
    pub door: u32,
}

#[derive(DERIVES)]
pub struct Line {
    pub sku: String,
    pub quantity: u32,
    pub price: f64,
    #[OPTION]
    pub note: Option<String>,
}

#[ENTITY]
pub struct Order {
    pub customer_id: String,
    pub order_id: String,
    pub title: String,
    pub channel: String,
    pub status: Status,
    pub created: i64,
    pub version: u64,
    pub total: f64,
    pub gift: bool,
    #[OPTION]
    pub coupon: Option<String>,
    #[OPTION]
    pub weight: Option<f64>,
    pub tags: Vec<String>,
    pub address: Address,
    pub lines: Vec<Line>,
}
";

const DYNAMAP_TO: &str = r"
type Item = std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>;
pub fn to_json(order: &Order) -> Result<Vec<u8>, dynamap::error::EncodeError> {
    dynamap::wire::item_to_json(order)
}
pub fn to_item(order: &Order) -> Result<Item, dynamap::error::EncodeError> {
    dynamap::wire::item_to_attribute_values(order)
}
";

const DYNAMAP_FROM: &str = r"
pub fn from_json(json: &[u8]) -> Result<Order, dynamap::error::DecodeError> {
    dynamap::wire::item_from_json::<Order>(json)
}
pub fn from_item(item: Item) -> Result<Order, dynamap::error::DecodeError> {
    dynamap::wire::item_from_attribute_values::<Order>(item)
}
";

const SERDE_DYNAMO: &str = r"
type Item = std::collections::HashMap<String, aws_sdk_dynamodb::types::AttributeValue>;
pub fn to_item(order: &Order) -> Result<Item, serde_dynamo::Error> {
    serde_dynamo::to_item(order)
}
pub fn from_item(item: Item) -> Result<Order, serde_dynamo::Error> {
    serde_dynamo::from_item(item)
}
";

const SERDE_JSON: &str = r"
pub fn to_json(order: &Order) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(order)
}
pub fn from_json(json: &[u8]) -> Result<Order, serde_json::Error> {
    serde_json::from_slice(json)
}
";
