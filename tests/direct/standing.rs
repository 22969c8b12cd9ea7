//! What counts as an item of the entity, whatever stands where: by both ways.

use crate::answer::{Order, Shop, client};
use dynamap::{Mapping, Table};

/// How a query reads a page of one item behind an order that counts: the ids, and how many were passed over.
async fn read(second: &str) -> (Vec<u32>, usize) {
    let first = item(1, r#""entity_type":{"S":"Order"}"#);
    let document =
        format!(r#"{{"Items":[{first},{second},{}],"Count":3}}"#, item(3, r#""entity_type":{"S":"Order"}"#));
    let mut results = Vec::new();
    for mapping in [Mapping::Direct, Mapping::AttributeValue] {
        let shop = Table::<Shop>::new(client(&document), "shop").with_mapping(mapping);
        let page = shop.query(Order::partition(1)).send().await.unwrap();
        let ids: Vec<u32> = page.items.iter().map(|order| order.id).collect();
        results.push((ids, page.skipped));
        let streamed = shop.query(Order::partition(1)).try_collect().await.unwrap();
        assert_eq!(streamed, page.items);
    }
    assert_eq!(results[0], results[1], "{second}");
    results.remove(0)
}

fn item(id: u32, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(
        r#"{{"title":{{"S":"x"}},"pk":{{"S":"ORDER#{id:010}"}},"id":{{"N":"{id}"}},"sk":{{"S":"ORDER"}}{comma}{more}}}"#
    )
}

#[tokio::test]
async fn items_are_told_apart_by_what_they_say() {
    let counts = (vec![1, 2, 3], 0);
    let other = (vec![1, 3], 1);
    for (more, expected) in [
        (r#""entity_type":{"S":"Order"}"#, &counts),
        // As long as its own name, longer, and shorter.
        (r#""entity_type":{"S":"Other"}"#, &other),
        (r#""entity_type":{"S":"Orders"}"#, &other),
        (r#""entity_type":{"S":"Orde"}"#, &other),
        (r#""entity_type":{"S":""}"#, &other),
        (r#""entity_type":{"S":"\u004frder"}"#, &counts),
        (r#""entity_type" : { "S" : "Order" }"#, &counts),
        (r#""entity_type":{"S":"Order\u0000"}"#, &other),
        // The last one counts.
        (r#""entity_type":{"S":"Other"},"entity_type":{"S":"Order"}"#, &counts),
        (r#""entity_type":{"S":"Order"},"entity_type":{"S":"Other"}"#, &other),
        // What does not say what it is is told by its key.
        ("", &counts),
        (r#""entity_type":{"N":"7"}"#, &counts),
        (r#""unknown":{"M":{"entity_type":{"S":"Other"}}}"#, &counts),
    ] {
        assert_eq!(&read(&item(2, more)).await, expected, "{more}");
    }
}

#[tokio::test]
async fn an_item_without_a_name_is_told_by_its_own_key_and_not_by_the_item_before() {
    for second in [
        r#"{"pk":{"S":"CUSTOMER#1"},"sk":{"S":"ORDER"},"id":{"N":"2"},"title":{"S":"x"}}"#,
        r#"{"pk":{"S":"ORDER#0000000002"},"sk":{"S":"LINE"},"id":{"N":"2"},"title":{"S":"x"}}"#,
        r#"{"id":{"N":"2"},"title":{"S":"x"}}"#,
        "{}",
        // Nothing of it fits, and nobody asks.
        r#"{"pk":{"S":"CUSTOMER#1"},"sk":{"S":"C"},"id":{"S":"2"}}"#,
        r#"{"entity_type":{"S":"Other"},"id":{"L":[{"S":"]}"}]},"title":{"NULL":true}}"#,
    ] {
        assert_eq!(read(second).await, (vec![1, 3], 1), "{second}");
    }
}
