//! The request that the README shows is the one that its example sends.

use crate::model::Shop;
use dynamap::{Entity, Table};
use dynamap_local::Local;

#[derive(Debug, Entity)]
#[dynamap(table = Shop, pk = "CUSTOMER#{customer_id}", sk = "ORDER#{year}#{number}")]
struct ReadmeOrder {
    customer_id: String,
    year: u16,
    number: u32,
}

#[tokio::test]
async fn the_readme_shows_the_request() {
    let readme = include_str!("../../README.md");
    assert!(readme.contains(r#"sk = "ORDER#{year}#{number}""#), "the example has another key");
    assert!(
        readme.contains(r#"Order::partition("c-1").year(2026).number(1..=9)).descending().limit(20)"#),
        "the example has another query"
    );
    let (_, shown) = readme.split_once("```json\n").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    let shown: serde_json::Value = serde_json::from_str(shown).unwrap();

    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop");
    shop.create_table_if_absent().send().await.unwrap();
    requests.clear();
    let condition = ReadmeOrder::partition("c-1").year(2026).number(1..=9);
    shop.query(condition).descending().limit(20).send().await.unwrap();
    assert_eq!(requests.take().pop().unwrap().body, shown);
}
