use super::{Bench, Model};
use chrono::{DateTime, SecondsFormat, Utc};
use dynamap::{Attribute, Entity, key::IntoKeyCondition, schema::Primary, value::Bytes};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashSet;

/// Eighteen attributes of almost every kind, about 1.5 KB.
#[derive(Debug, Clone, PartialEq, Entity, Serialize, Deserialize)]
#[dynamap(table = Bench, pk = pk, sk = sk)]
pub(crate) struct Order {
    pub(crate) pk: String,
    pub(crate) sk: String,
    pub(crate) order_id: String,
    pub(crate) email: String,
    pub(crate) status: Status,
    pub(crate) total_cents: i64,
    pub(crate) tax_rate: f64,
    pub(crate) gift: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) coupon: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) ship_to: Address,
    pub(crate) lines: Vec<Line>,
    #[serde(with = "serde_dynamo::string_set")]
    #[dynamap(ignore_serde)]
    pub(crate) labels: HashSet<String>,
    pub(crate) token: Bytes,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) payment: Payment,
    pub(crate) version: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute, Serialize, Deserialize)]
pub(crate) enum Status {
    Pending,
    Paid,
    Shipped,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
#[dynamap(tag = "method")]
#[serde(tag = "method")]
pub(crate) enum Payment {
    Card { last4: String, network: String },
    Invoice { number: String },
    Cash,
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
pub(crate) struct Address {
    pub(crate) street: String,
    pub(crate) city: String,
    pub(crate) zip: String,
    pub(crate) country: String,
    pub(crate) lat: f64,
}

#[derive(Debug, Clone, PartialEq, Attribute, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) sku: String,
    pub(crate) title: String,
    pub(crate) qty: u32,
    pub(crate) price_cents: i64,
}

const NOTE: &str = "Please leave the parcel with the neighbour at number 12 if nobody answers the door; the bell \
                    is broken so knock loudly. ";
const NOTE_BYTES: usize = 833;
const TITLES: [&str; 3] = ["Blue ceramic mug 330ml", "Stainless water bottle", "Notebook A5 dotted"];

/// Of an order that is nothing special.
const LINES: usize = 3;

impl Order {
    /// The order number `index`, with so many lines.
    pub(crate) fn with_lines(index: usize, count: usize) -> Self {
        let line = |at: usize| Line {
            sku: format!("SKU-{index:06}-{at}"),
            title: TITLES[at % TITLES.len()].into(),
            qty: 1 + at as u32,
            price_cents: 599 + 100 * at as i64,
        };
        let payment = match index % 3 {
            0 => Payment::Card { last4: "4242".into(), network: "visa".into() },
            1 => Payment::Invoice { number: format!("INV-{index:06}") },
            _ => Payment::Cash,
        };
        Self {
            pk: format!("CUSTOMER#{:08}", 17),
            sk: format!("ORDER#2024-05-{:02}#{index:08}", 1 + index % 28),
            order_id: format!("01HX{:022}", index * 7919),
            email: format!("customer{index}@example.com"),
            status: [Status::Pending, Status::Paid, Status::Shipped, Status::Cancelled][index % 4],
            total_cents: 1999 + index as i64 * 37,
            tax_rate: 0.0825,
            gift: index.is_multiple_of(3),
            note: Some(NOTE.chars().cycle().take(NOTE_BYTES).collect()),
            coupon: (index % 5 == 4).then(|| "SPRING-24".into()),
            tags: vec!["priority".into(), "web".into(), format!("campaign-{}", index % 9)],
            ship_to: Address {
                street: format!("{} Evergreen Terrace", 100 + index),
                city: "Springfield".into(),
                zip: "49007".into(),
                country: "US".into(),
                lat: 44.0462,
            },
            lines: (0..count).map(line).collect(),
            labels: ["fragile", "gift-wrap", "eu-warehouse"].map(str::to_owned).into(),
            token: (0..48_u8)
                .map(|at| at.wrapping_mul(37).wrapping_add(index as u8))
                .collect::<Vec<_>>()
                .into(),
            created_at: DateTime::from_timestamp(1_716_000_000 + index as i64, 123_456_789).unwrap(),
            payment,
            version: 3 + index as u64,
        }
    }
}

impl Model for Order {
    fn sample(index: usize) -> Self {
        Self::with_lines(index, LINES)
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        let line = |line: &Line| {
            json!({ "M": {
                "sku": { "S": line.sku },
                "title": { "S": line.title },
                "qty": { "N": line.qty.to_string() },
                "price_cents": { "N": line.price_cents.to_string() },
            } })
        };
        let address = &self.ship_to;
        let payment = match &self.payment {
            Payment::Card { last4, network } => {
                json!({ "method": { "S": "Card" }, "last4": { "S": last4 }, "network": { "S": network } })
            }
            Payment::Invoice { number } => json!({ "method": { "S": "Invoice" }, "number": { "S": number } }),
            Payment::Cash => json!({ "method": { "S": "Cash" } }),
        };
        let tags: Vec<Value> = self.tags.iter().map(|tag| json!({ "S": tag })).collect();
        let created_at = self.created_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        let mut attributes = vec![
            ("entity_type", json!({ "S": "Order" })),
            ("pk", json!({ "S": self.pk })),
            ("sk", json!({ "S": self.sk })),
            ("order_id", json!({ "S": self.order_id })),
            ("email", json!({ "S": self.email })),
            ("status", json!({ "S": format!("{:?}", self.status) })),
            ("total_cents", json!({ "N": self.total_cents.to_string() })),
            ("tax_rate", json!({ "N": self.tax_rate.to_string() })),
            ("gift", json!({ "BOOL": self.gift })),
            ("tags", json!({ "L": tags })),
            (
                "ship_to",
                json!({ "M": {
                    "street": { "S": address.street },
                    "city": { "S": address.city },
                    "zip": { "S": address.zip },
                    "country": { "S": address.country },
                    "lat": { "N": address.lat.to_string() },
                } }),
            ),
            ("lines", json!({ "L": self.lines.iter().map(line).collect::<Vec<_>>() })),
            ("labels", json!({ "SS": self.labels })),
            ("token", json!({ "B": base64_simd::STANDARD.encode_to_string(&*self.token) })),
            ("created_at", json!({ "S": created_at })),
            ("payment", json!({ "M": payment })),
            ("version", json!({ "N": self.version.to_string() })),
        ];
        let optional = [("note", &self.note), ("coupon", &self.coupon)];
        attributes
            .extend(optional.iter().filter_map(|(name, text)| Some((*name, json!({ "S": text.as_ref()? })))));
        attributes
    }

    fn key_values(&self) -> (&str, &str) {
        (&self.pk, &self.sk)
    }

    fn partition_of(&self) -> impl IntoKeyCondition<Entity = Self, Source = Primary> + use<> {
        Self::partition(self.pk.as_str())
    }
}
