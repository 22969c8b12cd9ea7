//! Java's DynamoDB enhanced client 2.33.0: names in camel case, times as `Instant` displays, a duration in seconds, NULL in
//! nested beans, and a version.

use crate::{MAPPINGS, item, shown, stored, table};
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{
    Attribute, Entity, Index, TableSchema,
    value::{Bytes, Nullable, Number, Version},
};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

#[derive(TableSchema)]
#[dynamap(partition_key = "accountId", sort_key = number("subId"), entity_type = none, indexes(ByName))]
struct Customers;

#[derive(Index)]
#[dynamap(table = Customers, name = "customers_by_name", partition_key = "name", sort_key = "createdDate")]
struct ByName;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Customers, pk = account_id, sk = sub_id, rename_all = "camelCase")]
#[dynamap(index = ByName, pk = name, sk = created_date)]
struct Customer {
    account_id: String,
    sub_id: i32,
    name: String,
    created_date: Instant,
    status: Status,
    credit: Number,
    emails: BTreeSet<String>,
    address: Address,
    former: Vec<Address>,
    limits: BTreeMap<String, u32>,
    active: bool,
    photo: Bytes,
    /// A `LocalDate`.
    birthday: jiff::civil::Date,
    /// A `UUID`.
    id: String,
    /// A `Duration`, in seconds.
    wait: Number,
    note: Option<String>,
    #[dynamap(version, lineage = none)]
    version: Version,
}

#[derive(Debug, Clone, Copy, PartialEq, Attribute)]
#[dynamap(rename_all = "UPPERCASE")]
enum Status {
    Active,
    Closed,
}

/// A nested bean has NULL for what is absent.
#[derive(Debug, Clone, PartialEq, Attribute)]
struct Address {
    city: String,
    street: Nullable<String>,
}

/// A time as Java's `Instant` displays: with no digits of the fraction, or 3, 6 or 9.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Attribute)]
struct Instant(String);

impl Instant {
    fn of(time: Timestamp) -> Self {
        let nanoseconds = time.subsec_nanosecond();
        let digits = [(1_000_000_000, 0), (1_000_000, 3), (1_000, 6), (1, 9)];
        let digits = digits.iter().find(|(unit, _)| nanoseconds % unit == 0).map_or(9, |(_, digits)| *digits);
        Self(format!("{time:.digits$}"))
    }

    fn time(&self) -> Timestamp {
        self.0.parse().unwrap()
    }
}

const CUSTOMER: &str = r##"{"accountId":{"S":"a-1"},"subId":{"N":"7"},"name":{"S":"Ada"},"createdDate":{"S":"2026-11-30T12:00:00.120Z"},
    "status":{"S":"ACTIVE"},"credit":{"N":"12.5"},"emails":{"SS":["a@example.com","b@example.com"]},
    "address":{"M":{"city":{"S":"Oslo"},"street":{"NULL":true}}},
    "former":{"L":[{"M":{"street":{"S":"Kong"},"city":{"S":"Bergen"}}},{"M":{"street":{"NULL":true},"city":{"S":"Oslo"}}}]},
    "limits":{"M":{"day":{"N":"5"}}},"active":{"BOOL":true},"photo":{"B":"AAH/"},"birthday":{"S":"1990-02-28"},
    "id":{"S":"7b1b2f5a-6a58-4f0e-9d8e-0c1a2b3c4d5e"},"wait":{"N":"90.5"},"version":{"N":"1"}}"##;

#[tokio::test]
async fn an_item_is_read_and_saved_with_the_next_version() {
    let mut expected = item(CUSTOMER);
    expected.insert("version".into(), AttributeValue::N("2".into()));
    for mapping in MAPPINGS {
        let customers = table::<Customers>(mapping, &item(CUSTOMER)).await;
        let found = customers.query(Customer::by_name("Ada")).try_collect().await.unwrap();
        let mut customer = customers.get(Customer::key("a-1", 7)).await.unwrap().unwrap();
        assert_eq!(found, [customer.clone()]);
        assert_eq!((customer.status, &customer.address.street), (Status::Active, &Nullable(None)));
        assert_eq!((customer.birthday, &customer.note), (jiff::civil::date(1990, 2, 28), &None));
        assert_eq!(Instant::of(customer.created_date.time()), customer.created_date);
        customers.save(&mut customer).await.unwrap();
        assert_eq!(stored(&customers).await, shown(&expected), "{mapping:?}");
    }
}

#[test]
fn an_instant_displays_as_in_java() {
    for text in [
        "2026-11-30T12:00:00Z",
        "2026-11-30T12:00:00.120Z",
        "2026-11-30T12:00:00.123456Z",
        "2026-11-30T12:00:00.000000001Z",
    ] {
        assert_eq!(Instant::of(text.parse().unwrap()).0, text);
    }
    assert_ne!(Status::Active, Status::Closed);
}
