//! Values in whose place something must stay: elements of tuples, and the whole content of a variant.

use super::MAPPING;
use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{Attribute, Entity, Error, Table, TableSchema};
use dynamap_local::Local;
use std::collections::BTreeSet;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Shop;

#[derive(Debug, Clone, PartialEq, Attribute)]
enum Contact {
    Email(Option<String>),
    #[dynamap(alias = "tel")]
    Phone(String),
    Tags(BTreeSet<String>),
}

#[derive(Debug, Clone, PartialEq, Attribute)]
#[dynamap(tag = "kind", content = "of")]
enum Beside {
    Email(Option<String>),
    Tags(BTreeSet<String>),
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{id}")]
struct Customer {
    id: u32,
    contact: Contact,
    beside: Beside,
    pair: (BTreeSet<String>, Option<BTreeSet<String>>, u32),
}

fn tags() -> BTreeSet<String> {
    ["a".to_owned()].into()
}

fn customer() -> Customer {
    let (contact, beside) = (Contact::Email(Some("ada@example.org".into())), Beside::Email(Some("b".into())));
    Customer { id: 1, contact, beside, pair: (tags(), Some(tags()), 7) }
}

async fn shop(customer: &Customer) -> Table<Shop> {
    let shop = Table::new(Local::memory().unwrap().client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    shop.put(customer).send().await.unwrap();
    shop
}

#[tokio::test]
async fn none_is_null_where_something_must_stay() {
    let shop = shop(&customer()).await;
    let update = Customer::CONTACT.at(Contact::VARIANT.email).set(None::<String>);
    let update = update.and(Customer::BESIDE.at(Beside::VARIANT.email).set(None::<String>));
    let update = update.and(Customer::PAIR.element::<1>().set(None::<BTreeSet<String>>));
    shop.update(Customer::key(1)).apply(update).send().await.unwrap();
    let (contact, beside) = (Contact::Email(None), Beside::Email(None));
    let expected = Customer { contact, beside, pair: (tags(), None, 7), ..customer() };
    assert_eq!(shop.get(Customer::key(1)).send().await.unwrap(), Some(expected));
}

#[tokio::test]
async fn an_empty_set_is_an_error_where_something_must_stay() {
    let stored = Customer { contact: Contact::Tags(tags()), beside: Beside::Tags(tags()), ..customer() };
    let shop = shop(&stored).await;
    let empty = BTreeSet::<String>::new;
    for update in [
        Customer::CONTACT.at(Contact::VARIANT.tags).set(empty()),
        Customer::BESIDE.at(Beside::VARIANT.tags).set(empty()),
        Customer::PAIR.element::<0>().set(empty()),
        Customer::PAIR.element::<1>().set(Some(empty())),
    ] {
        let sent = shop.update(Customer::key(1)).apply(update).send().await;
        let Err(Error::Expression(error)) = sent else { panic!("{sent:?}") };
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(cause.contains("an empty set"), "{error}: {cause}");
    }
    assert_eq!(shop.get(Customer::key(1)).send().await.unwrap(), Some(stored));
}

#[tokio::test]
async fn a_variant_is_asked_for_by_all_its_names() {
    let stored = Customer { contact: Contact::Phone("1".into()), ..customer() };
    let shop = shop(&stored).await;
    let is_phone = || Customer::CONTACT.is(Contact::VARIANT.phone);
    let found =
        async || shop.repository::<Customer>().scan().filter(is_phone()).try_collect().await.unwrap().len();
    assert_eq!(found().await, 1);
    // As an earlier version of the program wrote it.
    let old = AttributeValue::M([("tel".to_owned(), AttributeValue::S("1".into()))].into());
    let write =
        shop.client().update_item().table_name("shop").key("pk", AttributeValue::S("CUSTOMER#1".into()));
    let write = write.update_expression("SET contact = :c").expression_attribute_values(":c", old);
    write.send().await.unwrap();
    assert_eq!(shop.get(Customer::key(1)).send().await.unwrap(), Some(stored));
    assert_eq!(found().await, 1);
    let refused = shop.delete(Customer::key(1)).condition(!is_phone()).send().await;
    assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
}
