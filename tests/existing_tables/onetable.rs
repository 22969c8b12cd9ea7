//! OneTable (`dynamodb-onetable` 2.7.7): `_type` is the entity, and times are numbers or texts, as `isoDates` says.

use crate::{
    MAPPINGS,
    forms::{epoch_millis, iso_millis},
    item, table, unchanged,
};
use dynamap::{
    Attribute, Entity, Index, TableSchema,
    value::{EpochSeconds, Number},
};
use jiff::Timestamp;
use std::collections::BTreeSet;

macro_rules! accounts {
    ($table:ident, $index:ident, $account:ident, $form:ident) => {
        #[derive(TableSchema)]
        #[dynamap(
            partition_key = "PK",
            sort_key = "SK",
            entity_type = "_type",
            ttl = "expires",
            indexes($index)
        )]
        struct $table;

        #[derive(Index)]
        #[dynamap(table = $table, name = "gs1", partition_key = "GS1PK", sort_key = "GS1SK")]
        struct $index;

        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = $table, name = "Account", pk = "account#{id}", sk = "account#")]
        #[dynamap(index = $index, pk = "account#", sk = "account#{name}")]
        struct $account {
            #[dynamap(plain)]
            id: String,
            #[dynamap(plain)]
            name: String,
            balance: Number,
            active: bool,
            roles: BTreeSet<String>,
            address: Address,
            #[dynamap(ttl)]
            expires: EpochSeconds,
            #[dynamap(with = $form)]
            seen: Timestamp,
            #[dynamap(with = $form)]
            created: Timestamp,
            #[dynamap(with = $form)]
            updated: Timestamp,
        }
    };
}

accounts!(Accounts, ByName, Account, epoch_millis);
accounts!(IsoAccounts, IsoByName, IsoAccount, iso_millis);

#[derive(Debug, Clone, PartialEq, Attribute)]
struct Address {
    city: String,
}

/// The time to live is over in 2100, not as it was.
const MILLIS: &str = r##"{"address":{"M":{"city":{"S":"Oslo"}}},"PK":{"S":"account#A2"},"SK":{"S":"account#"},"GS1PK":{"S":"account#"},
    "GS1SK":{"S":"account#Acme"},"id":{"S":"A2"},"name":{"S":"Acme"},"balance":{"N":"12.5"},"active":{"BOOL":true},
    "roles":{"SS":["admin"]},"expires":{"N":"4102444800"},"seen":{"N":"1764500000123"},"_type":{"S":"Account"},
    "created":{"N":"1796066113454"},"updated":{"N":"1796066113454"}}"##;

const ISO: &str = r##"{"address":{"M":{"city":{"S":"Oslo"}}},"PK":{"S":"account#A1"},"SK":{"S":"account#"},"GS1PK":{"S":"account#"},
    "GS1SK":{"S":"account#Acme"},"id":{"S":"A1"},"name":{"S":"Acme"},"balance":{"N":"12.5"},"active":{"BOOL":true},
    "roles":{"SS":["admin"]},"expires":{"N":"4102444800"},"seen":{"S":"2025-11-30T10:53:20.123Z"},"_type":{"S":"Account"},
    "created":{"S":"2026-11-30T19:15:13.425Z"},"updated":{"S":"2026-11-30T19:15:13.425Z"}}"##;

#[tokio::test]
async fn items_of_both_forms_are_read_and_written_again() {
    let account: Account = unchanged(&item(MILLIS)).await;
    let iso: IsoAccount = unchanged(&item(ISO)).await;
    assert_eq!((account.seen, account.address), (iso.seen, iso.address));
    assert_eq!((&*account.id, &*iso.id), ("A2", "A1"));
}

#[tokio::test]
async fn an_account_is_found_by_its_name() {
    for mapping in MAPPINGS {
        let accounts = table::<Accounts>(mapping, &item(MILLIS)).await;
        let found = accounts.query(Account::by_name().name_begins_with("Ac")).try_collect().await.unwrap();
        assert_eq!(found[0].id, "A2");
        accounts.update(&found[0]).apply(Account::NAME.set("Bell")).await.unwrap();
        let found = accounts.query(Account::by_name().name("Bell")).count().await.unwrap();
        assert_eq!(found, 1);
    }
}
