//! A table in which everything is secret but the names that are declared.

use crate::NUMBER;
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::Client;
use dynamap::entity::Item;
use dynamap::value::{Vector, Version};
use dynamap::{Entity, Index, ItemCollection, Mapping, Projection, Table, TableSchema, VectorIndex};
use dynamap_local::Local;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

#[derive(TableSchema)]
#[dynamap(
    partition_key = "pk",
    sort_key = "sk",
    ttl = "expires_at",
    indexes(ByTag),
    vector_indexes(ByVector)
)]
pub(crate) struct Vault;

#[derive(VectorIndex)]
#[dynamap(table = Vault, name = "vec1", vector = "vector", dimensions = 2, distance = euclidean)]
#[dynamap(partition_key = "vec1pk", inline_filters("text"))]
pub(crate) struct ByVector;

#[derive(Index)]
#[dynamap(table = Vault, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
pub(crate) struct ByTag;

#[derive(Clone, PartialEq, Entity)]
#[dynamap(table = Vault, pk = "OWNER#{owner}", sk = "SECRET#{name}#{number}")]
#[dynamap(index = ByTag, pk = "TAG#{tag}", sk = "{number}")]
#[dynamap(vector_index = ByVector, vector = vector, pk = "OWNER#{owner}", inline_filters(text))]
pub(crate) struct Secret {
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) number: u64,
    pub(crate) tag: Option<String>,
    pub(crate) text: String,
    pub(crate) count: u64,
    pub(crate) prices: BTreeMap<String, f64>,
    pub(crate) parts: Vec<String>,
    pub(crate) names: BTreeSet<String>,
    pub(crate) vector: Vector<2>,
}

#[derive(Clone, PartialEq, Entity)]
#[dynamap(table = Vault, pk = "LOCK#{id}", sk = "LOCK")]
pub(crate) struct Locked {
    pub(crate) id: String,
    pub(crate) text: String,
    #[dynamap(version)]
    pub(crate) version: Version,
}

#[derive(Clone, PartialEq, Entity)]
#[dynamap(table = Vault, pk = "NAMED#{id}", sk = "NAMED")]
pub(crate) struct Named {
    pub(crate) id: String,
    #[dynamap(unique)]
    pub(crate) name: String,
}

#[derive(Clone, PartialEq, Projection)]
#[dynamap(entity = Secret)]
pub(crate) struct OnlyText {
    pub(crate) text: String,
}

#[derive(ItemCollection)]
#[expect(dead_code, reason = "what is read does not matter here")]
pub(crate) enum OwnerItem {
    Secret(Secret),
}

/// What an entity shows of itself is its own: here it is nothing, so that whatever is shown is dynamap's.
macro_rules! shows_nothing {
    ($($name:ident)*) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )* };
}

shows_nothing! { Secret Locked Named OnlyText OwnerItem }

pub(crate) const HUSH: &str = "Hush";

pub(crate) fn secret(name: &str) -> Secret {
    Secret {
        owner: HUSH.into(),
        name: format!("{HUSH} {name}"),
        number: NUMBER,
        tag: Some(HUSH.into()),
        text: HUSH.into(),
        count: NUMBER,
        prices: [(HUSH.into(), 0.5), ("hush.at night".into(), NUMBER as f64)].into(),
        parts: vec![HUSH.into()],
        names: [HUSH.into()].into(),
        vector: Vector::new([NUMBER as f32, 0.5]).unwrap(),
    }
}

/// One that cannot be stored, for a value under a secret key of a map.
pub(crate) fn not_storable() -> Secret {
    Secret { prices: [(HUSH.into(), f64::NAN)].into(), ..secret("nan") }
}

pub(crate) fn key(name: &str) -> SecretKey {
    Secret::key(HUSH, format!("{HUSH} {name}"), NUMBER)
}

pub(crate) fn locked() -> Locked {
    Locked { id: HUSH.into(), text: HUSH.into(), version: Version::NEW }
}

pub(crate) fn client(local: &Local) -> Client {
    let token = Some("hush-session".to_owned());
    let credentials = Credentials::new("AKIAHUSHHUSHHUSH", "hush-secret-key", token, None, "hush-provider");
    Client::from_conf(dynamap::direct::prepare(local.config().credentials_provider(credentials)).build())
}

/// The table, with a clock of a secret time.
pub(crate) async fn vault(local: &Local, mapping: Mapping) -> Table<Vault> {
    let now = UNIX_EPOCH + Duration::from_secs(NUMBER);
    let vault = Table::new(client(local), "vault").with_mapping(mapping).with_clock(move || now);
    vault.create_table_if_absent().send().await.unwrap();
    vault
}

/// An item of an entity that nobody knows, whose name is secret as well.
pub(crate) fn foreign() -> Item {
    let mut item = dynamap::entity::to_item(&secret("foreign")).unwrap();
    for value in item.values_mut() {
        if value.as_s().is_ok_and(|text| text == <Secret as Entity>::NAME) {
            *value = aws_sdk_dynamodb::types::AttributeValue::S(HUSH.into());
        }
    }
    item
}
