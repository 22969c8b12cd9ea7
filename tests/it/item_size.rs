//! Items that are too large for DynamoDB: refused before any request, to the byte.

use crate::model::{Customer, Shop, table};
use dynamap::{Error, Table, wire};
use dynamap_local::{Local, Requests};

const MAX: usize = 409_600;

async fn shop() -> (Table<Shop>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = table(&local).await;
    requests.clear();
    (shop, requests)
}

/// A customer whose item has `size` bytes; its name has `wide` letters of several bytes, which JSON may write longer.
fn customer(size: usize, letter: &str) -> Customer {
    let mut customer = Customer { customer_id: "c-1".into(), name: String::new() };
    let around = wire::item_size(&dynamap::entity::to_item(&customer).unwrap());
    let left = size - around;
    customer.name = letter.repeat(left / letter.len()) + &"x".repeat(left % letter.len());
    assert_eq!(wire::item_size(&dynamap::entity::to_item(&customer).unwrap()), size);
    customer
}

#[tokio::test]
async fn a_put_is_refused_from_the_first_byte_too_many() {
    let (shop, requests) = shop().await;
    // Quotes and control characters are longer in JSON than in the item, so that only the exact size can tell.
    for letter in ["x", "\"", "\u{1}", "ü", "日"] {
        let (largest, too_large) = (customer(MAX, letter), customer(MAX + 1, letter));
        let refused = [
            shop.put(&too_large).send().await,
            shop.create(&too_large).send().await,
            shop.replace(&too_large).send().await,
            shop.put(&too_large).into_sdk().map(drop),
            shop.put(&too_large).explain().map(drop),
        ];
        for refused in refused {
            let Err(Error::Encode(error)) = refused else { panic!("{refused:?}") };
            assert_eq!(error.entity(), Some("Customer"));
            assert_eq!(
                error.to_string(),
                "item of entity `Customer`: the item has 409601 bytes, and DynamoDB takes 409600"
            );
        }
        assert!(requests.take().is_empty(), "it was sent");
        shop.put(&largest).send().await.unwrap();
        shop.replace(&largest).send().await.unwrap();
        assert_eq!(requests.take().len(), 2);
    }
}

#[tokio::test]
async fn batches_and_transactions_say_so_as_well() {
    let (shop, requests) = shop().await;
    let too_large = customer(MAX + 1, "\"");
    let batch = shop.batch_write().put(&too_large).send().await.unwrap_err();
    let Error::IncompleteBatch(batch) = batch else { panic!("{batch}") };
    assert!(batch.report().not_written()[0].reason().to_string().contains("409601"), "{batch}");
    let error = shop.transact_write().put(&too_large).send().await.unwrap_err();
    assert!(matches!(error, Error::InvalidTransaction(_)), "{error}");
    assert!(requests.take().is_empty());
    let largest = customer(MAX, "\"");
    shop.batch_write().put(&largest).send().await.unwrap();
    shop.transact_write().put(&largest).send().await.unwrap();
}
