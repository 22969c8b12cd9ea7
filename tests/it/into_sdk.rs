//! The SDK's builders of what is modified, loaded and dumped.

use crate::MAPPING;
use crate::model::{Order, Shop, order};
use dynamap::op::Capacity;
use dynamap::outcome::LoadFailure;
use dynamap::value::Version;
use dynamap::{Entity, Error, Table};
use dynamap_local::{Local, Requests};
use serde_json::Value;
use std::convert::Infallible;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "NOTE#{id}", sk = "NOTE")]
struct Note {
    id: u32,
    #[dynamap(version)]
    version: Version,
}

async fn shop() -> (Table<Shop>, Requests) {
    let (local, requests) = Local::memory().unwrap().recording();
    let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().send().await.unwrap();
    requests.clear();
    (shop, requests)
}

/// The only request since the last look.
fn only(requests: &Requests) -> (String, Value) {
    let mut sent = requests.take();
    assert_eq!(sent.len(), 1);
    let sent = sent.remove(0);
    (sent.operation, sent.body)
}

#[tokio::test]
async fn a_modification_begins_with_a_consistent_read() {
    let (shop, requests) = shop().await;
    shop.create(&mut Note { id: 1, version: Version::NEW }).send().await.unwrap();
    requests.clear();
    let modify = || shop.repository::<Note>().modify(Note::key(1), |_: &mut Note| Ok::<_, Infallible>(()));
    modify().send().await.unwrap();
    let first = requests.take().remove(0);
    assert!(modify().into_sdk().unwrap().send().await.unwrap().item.is_some());
    assert_eq!(only(&requests), (first.operation, first.body));
}

#[tokio::test]
async fn a_dump_begins_with_the_first_page_of_the_first_segment() {
    let (shop, requests) = shop().await;
    for number in 1..=3 {
        shop.put(&order("c-1", 2024, number)).send().await.unwrap();
    }
    requests.clear();
    let mut lines = Vec::new();
    let sent = shop.dump(&mut lines).segments(1).consistent_read().into_sdk().unwrap().send().await.unwrap();
    assert_eq!((sent.count, lines.len()), (3, 0));
    let handed_out = only(&requests);
    shop.dump(&mut lines).segments(1).consistent_read().send().await.unwrap();
    let dumped = requests.take().remove(0);
    assert_eq!(handed_out, (dumped.operation, dumped.body));
    assert!(matches!(shop.dump(Vec::new()).segments(0).into_sdk(), Err(Error::InvalidSegmentCount(_))));
}

#[tokio::test]
async fn a_load_begins_with_its_first_lines() {
    let (shop, requests) = shop().await;
    let line = |number: u32| {
        let item =
            format!(r#""pk":{{"S":"p"}},"sk":{{"S":"{number:03}"}},"text":{{"S":"{}"}}"#, "x".repeat(2000));
        format!("{{\"Item\":{{{item}}}}}\n")
    };
    // Blank lines and those that cannot be written are passed over.
    let text = |lines: u32| format!("\n{{}}\nno item\n{}", (1..=lines).map(line).collect::<String>());
    let (few, many) = (text(3), text(70));
    let explanation = shop.load(few.as_bytes()).explain().await.unwrap();
    assert!(requests.take().is_empty());
    let request = shop.load(few.as_bytes()).into_sdk().await.unwrap();
    assert!(request.send().await.unwrap().unprocessed_items.is_none_or(|items| items.is_empty()));
    let (operation, handed_out) = only(&requests);
    let report = shop.load(few.as_bytes()).report().await;
    assert_eq!((report.written(), report.not_written()), (3, 2));
    assert_eq!(only(&requests), (operation.clone(), handed_out.clone()));
    let explained: Value = serde_json::from_str(&explanation.request_json()).unwrap();
    assert_eq!((explanation.operation(), &explained), (operation.as_str(), &handed_out));
    assert_eq!(explanation.capacity(), &Capacity::Write(6.0..=1200.0));
    let writes = |explanation: &dynamap::op::Explanation| {
        let request: Value = serde_json::from_str(&explanation.request_json()).unwrap();
        request["RequestItems"]["shop"].as_array().unwrap().len()
    };
    let first = shop.load(many.as_bytes()).explain().await.unwrap();
    assert_eq!(writes(&first), 25);
    // After a checkpoint it is what comes next.
    let checkpoint = shop.load(few.as_bytes()).report().await.checkpoint();
    let next = shop.load(many.as_bytes()).resume_from(checkpoint).explain().await.unwrap();
    assert!(!next.request_json().contains("003") && next.request_json().contains("004"));
    let other = shop.load(&b"{}\n"[..]).resume_from(checkpoint).explain().await;
    let Err(Error::IncompleteLoad(incomplete)) = other else { panic!("{other:?}") };
    assert!(matches!(incomplete.report().failure(), Some(LoadFailure::OtherInput)));
    let none = shop.load(&b""[..]).explain().await.unwrap();
    assert_eq!(writes(&none), 0);
    let of_orders = shop.query(Order::partition("p")).count().send().await.unwrap();
    assert_eq!(of_orders, 0);
}
