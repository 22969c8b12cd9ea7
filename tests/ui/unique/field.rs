use dynamap::{Entity, TableSchema};
use std::collections::BTreeMap;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Entity)]
#[dynamap(table = Shop, pk = "USER#{id}#{code}")]
#[dynamap(unique = "email", fields(nick))]
#[dynamap(unique = "both", fields(nick, nock, nick))]
#[dynamap(unique = "none")]
struct User {
    id: u32,
    #[dynamap(key_only, unique)]
    code: String,
    #[dynamap(unique = "lowercase")]
    name: String,
    #[dynamap(unique, alias = "mail")]
    email: String,
    #[dynamap(unique, serde)]
    nick: String,
    #[dynamap(unique, flatten)]
    more: BTreeMap<String, String>,
    #[dynamap(unique, counter)]
    count: u32,
}

fn main() {}
