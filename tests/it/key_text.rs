//! Keys as text, which items of other entities keep as references.

use crate::MAPPING;
use dynamap::entity::Key;
use dynamap::value::Bytes;
use dynamap::{Entity, Table, TableSchema};
use dynamap_local::Local;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk")]
struct Shop;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer}", sk = "ORDER#{number}")]
struct Order {
    customer: String,
    number: u32,
}

/// A payment refers to any order by the text of its key.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "PAYMENT#{id}", sk = "PAYMENT")]
struct Payment {
    id: u32,
    order_pk: String,
    order_sk: Option<String>,
}

#[derive(TableSchema)]
#[dynamap(partition_key = number("id"), sort_key = binary("hash"))]
struct Files;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Files, pk = id, sk = hash)]
struct File {
    id: i64,
    hash: Bytes,
}

#[tokio::test]
async fn an_item_is_found_by_the_text_that_another_one_keeps() {
    let shop = Table::<Shop>::new(Local::memory().unwrap().client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    // Texts with the separator and the escapes of templates in them.
    for customer in ["ada", "a#b", "", "%23", "a%b#ORDER#7", "ü\u{10ffff}"] {
        let order = Order { customer: customer.into(), number: 7 };
        let (order_pk, order_sk) = order.to_key().to_text().unwrap();
        shop.put(&order).send().await.unwrap();
        shop.put(&Payment { id: 1, order_pk, order_sk }).send().await.unwrap();
        let payment = shop.get(Payment::key(1)).send().await.unwrap().unwrap();
        let key = OrderKey::from_text(&payment.order_pk, payment.order_sk.as_deref()).unwrap();
        assert_eq!(key, order.to_key());
        assert_eq!(shop.get(key).send().await.unwrap(), Some(order));
    }
}

#[test]
fn a_text_that_is_no_key_of_the_entity_is_refused() {
    let read = |pk: &str, sk: Option<&str>| OrderKey::from_text(pk, sk);
    let known = "CUSTOMER#ada";
    assert!(read(known, Some("ORDER#0000000007")).is_ok());
    for (pk, sk) in [
        (known, None),
        (known, Some("")),
        (known, Some("ORDER#7")),
        (known, Some("ORDER#+000000007")),
        (known, Some("ORDER#0000000007#")),
        (known, Some("LINE#0000000007")),
        ("customer#ada", Some("ORDER#0000000007")),
        ("", Some("ORDER#0000000007")),
    ] {
        let error = read(pk, sk).unwrap_err().to_string();
        assert!(error.contains("Order") && !error.contains("ada"), "{pk} {sk:?}: {error}");
    }
}

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Settings;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Settings, pk = "SETTING#{name}")]
struct Setting {
    name: String,
}

#[test]
fn a_sort_key_is_refused_where_the_table_has_none() {
    let key = Setting::key("dark");
    assert_eq!(key.to_text().unwrap(), ("SETTING#dark".to_owned(), None));
    assert_eq!(SettingKey::from_text("SETTING#dark", None).unwrap(), key);
    let error = SettingKey::from_text("SETTING#dark", Some("secret")).unwrap_err().to_string();
    assert!(
        error.contains("`Setting`") && error.contains("sort key") && !error.contains("secret"),
        "{error}"
    );
}

#[test]
fn numbers_and_binary_keys_have_a_text() {
    let key = File::key(-15, Bytes::from(vec![0, 255, 7]));
    let (pk, sk) = key.to_text().unwrap();
    assert_eq!((pk.as_str(), sk.as_deref()), ("-15", Some("AP8H")));
    assert_eq!(FileKey::from_text(&pk, sk.as_deref()).unwrap(), key);
    assert!(FileKey::from_text("-15", Some("no base64")).is_err());
    assert!(FileKey::from_text("fifteen", Some("AP8H")).is_err());
}
