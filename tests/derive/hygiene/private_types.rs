//! Private types inside public ones.
#![allow(unreachable_pub)]

use dynamap::{Attribute, Entity, TableSchema};

/// A table.
#[derive(Debug, TableSchema)]
#[dynamap(partition_key = "pk")]
pub struct Shop;

/// A public entity with private fields of private types.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "ACCOUNT#{id}")]
pub struct Account {
    /// The id.
    pub id: u32,
    /// Only this module knows.
    secret: Vec<Secret>,
}

#[derive(Debug, Clone, PartialEq, Attribute)]
enum Secret {
    Hash(Hash),
    Salted { salt: Salt, hash: Hash },
}

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Hash(String);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Salt {
    grains: u8,
}

#[test]
fn they_are_stored() {
    let hash = || Hash("#".into());
    let secret = vec![Secret::Hash(hash()), Secret::Salted { salt: Salt { grains: 3 }, hash: hash() }];
    let account = Account { id: 1, secret };
    let item = dynamap::entity::to_item(&account).unwrap_or_default();
    assert_eq!(dynamap::entity::from_item(item), Ok(account));
}
