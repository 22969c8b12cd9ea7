//! Batches over several tables.

use super::found;
use crate::MAPPING;
use crate::batch_write::orders;
use crate::batch_write::several_tables::{Audit, Entry, Tables, entries, entry};
use crate::model::{Customer, Order, Shop, order};
use dynamap::batch::{Absence, Fetched, InvalidBatchKind, Unread, project};
use dynamap::capacity::{Meter, Units};
use dynamap::error::ServiceErrorKind;
use dynamap::value::EpochSeconds;
use dynamap::{Budget, Entity, Error, Projection, Table, TableSchema};
use dynamap_local::faults::{Fault, Plan, Processed, When};
use dynamap_local::{Local, Request, Requests, Response, SharedTransport, Transport, TransportFuture};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = Entry)]
struct Text {
    text: String,
}

fn keys(numbers: impl IntoIterator<Item = u32>) -> impl Iterator<Item = <Order as Entity>::Key> {
    numbers.into_iter().map(|number| Order::key("c-1", 2024, number))
}

fn ids(ids: impl IntoIterator<Item = u32>) -> impl Iterator<Item = <Entry as Entity>::Key> {
    ids.into_iter().map(Entry::key)
}

/// Orders 1 to 60 of the shop, 31 to 60 of the archive with another total, and entries 1 to 50.
async fn stock(tables: &Tables) {
    let Tables { shop, archive, audit } = tables;
    let archived = orders(31..=60).map(|order| Order { total: 7, ..order });
    let batch = shop.batch_write().put_all(orders(1..=60)).and(archive.batch_write().put_all(archived));
    batch.and(audit.batch_write().put_all(entries(1..=50))).send().await.unwrap();
}

async fn stocked() -> (Tables, Requests) {
    let (local, requests) = Local::memory().unwrap().checked().0.recording();
    let tables = Tables::of(&local).await;
    stock(&tables).await;
    requests.clear();
    (tables, requests)
}

/// The number of keys of each table, of each request.
fn sizes(requests: &[Value]) -> Vec<[usize; 3]> {
    let of = |body: &Value, table: &str| {
        body["RequestItems"].get(table).map_or(0, |asked| asked["Keys"].as_array().unwrap().len())
    };
    requests.iter().map(|body| ["shop", "archive", "audit"].map(|table| of(body, table))).collect()
}

fn bodies(requests: &Requests) -> Vec<Value> {
    requests.take().into_iter().map(|request| request.body).collect()
}

#[tokio::test]
async fn the_keys_of_all_tables_are_in_the_same_requests() {
    let (Tables { shop, archive, audit }, requests) = stocked().await;
    let batch = || {
        let texts = audit.batch_get(ids((1..=50).chain([99, 3]))).project::<Text>();
        let archived = archive.repository::<Order>().batch_get(keys((21..=60).rev())).consistent_read();
        shop.batch_get(keys((1..=50).chain([7]))).and(archived).and(texts)
    };
    let (own, archived, texts) = batch().concurrency(1).send().await.unwrap();
    let sent = bodies(&requests);
    assert_eq!(sizes(&sent), [[50, 40, 10], [0, 0, 41]]);
    // Each table has its own consistency and projection.
    let asked = &sent[0]["RequestItems"];
    assert_eq!(asked["archive"]["ConsistentRead"], json!(true));
    assert!(
        asked["shop"].get("ConsistentRead").is_none() && asked["shop"].get("ProjectionExpression").is_none()
    );
    assert!(asked["audit"].get("ConsistentRead").is_none());
    assert!(asked["audit"]["ProjectionExpression"].is_string());
    let expected: Vec<Order> = orders((1..=50).chain([7])).collect();
    assert_eq!(found(own), expected);
    assert!(archived[30..].iter().all(|fetched| {
        matches!(fetched, Fetched::Absent { key, absence: Absence::NotFound } if *key != Order::key("c-1", 2024, 31))
    }));
    assert!(found(archived).into_iter().all(|order| order.total == 7 && order.number > 30));
    assert_eq!((texts.len(), texts[50].is_absent()), (52, true));
    assert_eq!(texts[51], Fetched::Found(Text { text: "entry 3".into() }));

    // The same by its report, and awaited as it is.
    let (own, archived, texts) = batch().report().await.unwrap();
    assert!(own.iter().all(Result::is_ok) && archived.len() == 40 && texts.len() == 52);
    let (_, _, texts) = batch().await.unwrap();
    assert_eq!(found(texts).len(), 51);
    assert!(format!("{:?}", batch()).starts_with("JoinedBatchGet"));
}

#[tokio::test]
async fn the_request_is_shown_with_all_tables() {
    let (Tables { shop, archive, audit }, requests) = stocked().await;
    let batch = || {
        let entries = audit.batch_get(ids(1..=70)).consistent_read();
        shop.batch_get(keys(1..=40)).and(archive.batch_get(keys([]))).and(entries)
    };
    let sdk = batch().into_sdk().unwrap();
    let asked = sdk.get_request_items().as_ref().unwrap();
    assert_eq!((asked.len(), asked["shop"].keys().len(), asked["audit"].keys().len()), (2, 40, 60));
    let explained = batch().explain().unwrap();
    assert!(requests.take().is_empty());
    // Half a unit of each of 40, a unit of each of 60.
    assert!(explained.to_string().contains("capacity: 80 to "), "{explained}");
    batch().concurrency(1).send().await.unwrap();
    let json: Value = serde_json::from_str(&explained.request_json()).unwrap();
    assert_eq!(bodies(&requests)[0]["RequestItems"], json["RequestItems"]);
    sdk.send().await.unwrap();
    let none = shop.batch_get(keys([])).and(audit.batch_get(ids([])));
    assert!(none.clone().explain().unwrap().request_json().contains("shop"));
    assert_eq!(none.send().await.unwrap(), (vec![], vec![]));
}

#[tokio::test]
async fn batches_of_several_entities_are_joined() {
    let (Tables { shop, archive, audit }, requests) = stocked().await;
    shop.put(&Customer { customer_id: "c-1".into(), name: "Ada".into() }).send().await.unwrap();
    requests.clear();
    let own = shop.batch_get_mixed(([Customer::key("c-1"), Customer::key("c-2")], keys([1, 2])));
    let texts = audit.batch_get_mixed((project::<Text>(ids([1])), ids([2, 3])));
    let ((customers, some), (texts, whole), archived) =
        own.and(texts).and(archive.batch_get(keys([40]))).send().await.unwrap();
    assert_eq!(sizes(&bodies(&requests)), [[4, 1, 3]]);
    assert!(customers[1].is_absent() && found(customers)[0].name == "Ada");
    assert_eq!(found(some), Vec::from_iter(orders([1, 2])));
    assert_eq!(found(texts), [Text { text: "entry 1".into() }]);
    assert_eq!(found(whole), [entry(2), entry(3)]);
    assert_eq!(found(archived)[0].total, 7);
}

/// Keys that are read alike are asked for once; otherwise the table is in two requests.
#[tokio::test]
async fn the_same_table_twice() {
    let (Tables { shop, audit, .. }, requests) = stocked().await;
    let again = Table::<Shop>::new(shop.client().clone(), "shop").with_mapping(MAPPING);
    let batch = shop.batch_get(keys([1, 2])).and(audit.batch_get(ids([1])));
    let (first, entries, second) = batch.clone().and(again.batch_get(keys([2, 3, 99]))).send().await.unwrap();
    assert_eq!(sizes(&bodies(&requests)), [[4, 0, 1]]);
    assert_eq!((found(first), found(entries)), (Vec::from_iter(orders([1, 2])), vec![entry(1)]));
    assert!(second[2].is_absent());
    assert_eq!(found(second), Vec::from_iter(orders([2, 3])));

    let consistent = again.batch_get(keys([2, 3])).consistent_read();
    let (first, _, second) = batch.and(consistent).send().await.unwrap();
    let sent = bodies(&requests);
    assert_eq!(sizes(&sent), [[2, 0, 1], [2, 0, 0]]);
    assert_eq!(sent[1]["RequestItems"]["shop"]["ConsistentRead"], json!(true));
    assert_eq!(
        (found(first), found(second)),
        (Vec::from_iter(orders([1, 2])), Vec::from_iter(orders([2, 3])))
    );
}

/// The schema of a program that does not know when entries expire.
#[derive(TableSchema)]
#[dynamap(partition_key = number("id"), entity_type = none)]
struct Untimed;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Untimed, pk = id)]
struct UntimedEntry {
    id: u32,
    text: String,
}

/// Each batch is judged by its own schema, in whatever order they are given.
#[tokio::test]
async fn one_table_under_two_schemas_is_read_by_both() {
    let (Tables { audit, .. }, _) = stocked().await;
    audit.put(&Entry { expires_at: Some(EpochSeconds(1)), ..entry(7) }).send().await.unwrap();
    let untimed = Table::<Untimed>::new(audit.client().clone(), audit.name()).with_mapping(MAPPING);
    let (known, unknown) = (|| audit.batch_get(ids([7])), || untimed.batch_get([UntimedEntry::key(7_u32)]));
    let (one, other) = (known().and(unknown()).send().await, unknown().and(known()).send().await);
    let ((first, second), (fourth, third)) = (one.unwrap(), other.unwrap());
    for (known, unknown) in [(first, second), (third, fourth)] {
        assert!(matches!(known[0], Fetched::Absent { absence: Absence::Expired, .. }), "{known:?}");
        assert!(matches!(unknown[0], Fetched::Found(_)), "{unknown:?}");
    }
}

/// A meter of the whole batch does not take a table apart.
#[tokio::test]
async fn the_same_table_twice_with_one_meter_is_requested_once() {
    let (Tables { shop, .. }, requests) = stocked().await;
    let meter = Meter::new();
    shop.batch_get(keys([1, 2])).and(shop.batch_get(keys([2, 3]))).meter(&meter).send().await.unwrap();
    assert_eq!(sizes(&bodies(&requests)), [[3, 0, 0]]);
    assert_eq!(meter.consumed().table.read, 1.5);
}

#[tokio::test]
async fn items_that_have_expired_are_those_of_each_batch() {
    let (Tables { audit, shop, .. }, _) = stocked().await;
    let expired = Entry { expires_at: Some(EpochSeconds(1)), ..entry(7) };
    audit.put(&expired).send().await.unwrap();
    let batch = || audit.batch_get(ids([7]));
    let (_, absent, included) =
        shop.batch_get(keys([1])).and(batch()).and(batch().include_expired()).send().await.unwrap();
    assert!(matches!(absent[0], Fetched::Absent { absence: Absence::Expired, .. }));
    assert_eq!(found(included), [expired]);
}

/// Any part of each table comes back, again and again.
#[tokio::test(start_paused = true)]
async fn keys_that_are_not_processed_are_asked_for_again() {
    let seed = std::env::var("DYNAMAP_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    eprintln!("DYNAMAP_SEED={seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (local, faults) = Local::memory().unwrap().checked().0.with_faults(Plan::none());
    let tables = Tables::of(&local).await;
    stock(&tables).await;
    let Tables { shop, archive, audit } = &tables;
    for _ in 0..20 {
        for _ in 0..random.usize(1..12) {
            let part = Fault::Partial(Processed::Mask(random.u128(..)));
            faults.add(When::operation("BatchGetItem").times(1), part);
        }
        let mut some = |most| -> Vec<u32> { (0..random.u32(..most)).map(|_| random.u32(1..80)).collect() };
        let [first, second, third] = [some(120), some(60), some(120)];
        let archived = archive.batch_get(keys(second.clone()));
        let batch =
            shop.batch_get(keys(first.clone())).and(archived).and(audit.batch_get(ids(third.clone())));
        let (own, archived, audited) = batch.concurrency(random.usize(1..4)).send().await.unwrap();
        for (number, fetched) in first.iter().zip(own) {
            assert_eq!(fetched.found(), (*number <= 60).then(|| order("c-1", 2024, *number)));
        }
        for (number, fetched) in second.iter().zip(archived) {
            let total = fetched.found().map(|order| (order.number, order.total));
            assert_eq!(total, (31..=60).contains(number).then_some((*number, 7)));
        }
        for (id, fetched) in third.iter().zip(audited) {
            assert_eq!(fetched.found(), (*id <= 50).then(|| entry(*id)));
        }
    }
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

/// Answers to BatchGetItem that are not those of the engine.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// Nothing of the audit is processed.
    AuditUnprocessed,
    /// The items of the audit are those of another table.
    OtherTable,
    /// The items of the audit are those of the shop.
    OtherKeys,
    /// The keys of the audit come back as those of another table.
    UnprocessedOther,
}

#[derive(Debug)]
struct Answers {
    inner: SharedTransport,
    of: Answer,
}

impl Transport for Answers {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            if request.operation != "BatchGetItem" {
                return self.inner.call(request).await;
            }
            let mut body: Value = serde_json::from_slice(&request.body).unwrap();
            let asked = body["RequestItems"].as_object_mut().unwrap();
            let left = match self.of {
                Answer::AuditUnprocessed => asked.remove("audit").map(|left| ("audit", left)),
                Answer::UnprocessedOther => asked.remove("audit").map(|left| ("other", left)),
                Answer::OtherTable | Answer::OtherKeys => None,
            };
            let mut answer = json!({ "Responses": {}, "UnprocessedKeys": {} });
            if !asked.is_empty() {
                request.body = serde_json::to_vec(&body).unwrap();
                answer = serde_json::from_slice(&self.inner.call(request).await?.body).unwrap();
            }
            if let Some((table, left)) = left {
                answer["UnprocessedKeys"] = json!({ table: left });
            }
            let responses = answer["Responses"].as_object_mut().unwrap();
            let to = match self.of {
                Answer::OtherTable => Some("other"),
                Answer::OtherKeys => Some("shop"),
                _ => None,
            };
            if let Some(to) = to
                && let Some(items) = responses.remove("audit")
            {
                responses.insert(to.to_owned(), items);
            }
            Ok(Response::new(200, serde_json::to_vec(&answer).unwrap()))
        })
    }
}

async fn answering(of: Answer) -> Tables {
    let tables = Tables::of(&Local::memory().unwrap().wrap(|inner| Answers { inner, of })).await;
    stock(&tables).await;
    tables
}

#[tokio::test(start_paused = true)]
async fn keys_that_stay_unprocessed_are_those_of_their_table() {
    let Tables { shop, archive, audit } = answering(Answer::AuditUnprocessed).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let noted = told.clone();
    let batch = || {
        let archived = archive.batch_get(keys(31..=40)).on_progress(|_| panic!("the first batch tells"));
        shop.batch_get(keys(1..=60)).and(archived).and(audit.batch_get(ids((1..=50).chain([1]))))
    };
    let error = batch().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "BatchGetItem on tables `shop`, `archive`, `audit`: 50 of 120 keys were not processed"
    );
    let Error::UnprocessedKeys(unprocessed) = error else { panic!("{error}") };
    assert_eq!((unprocessed.asked(), unprocessed.count(), unprocessed.table()), (120, 50, "shop"));
    let counts = unprocessed.tables().map(|table| (table.table(), table.asked(), table.count()));
    assert_eq!(Vec::from_iter(counts), [("shop", 60, 0), ("archive", 10, 0), ("audit", 50, 50)]);
    let of_audit = unprocessed.tables().last().unwrap();
    assert_eq!((of_audit.keys::<Entry>().unwrap(), of_audit.raw_keys().len()), (ids(1..=50).collect(), 50));
    assert!(!format!("{of_audit:?} {unprocessed:?}").contains("AttributeValue"));

    let batch = batch().on_progress(move |progress| noted.lock().unwrap().push(*progress));
    let (own, archived, audited) = batch.retry_timeout(Duration::from_secs(5)).report().await.unwrap();
    assert!(own.iter().all(Result::is_ok) && archived.iter().all(Result::is_ok));
    assert!(
        audited
            .iter()
            .all(|result| matches!(result, Err(unread) if matches!(unread.reason(), Unread::Unprocessed)))
    );
    let last = *told.lock().unwrap().last().unwrap();
    assert_eq!((last.keys, last.done, last.given_up), (120, 120, 50));
}

#[tokio::test(start_paused = true)]
async fn a_response_about_another_table_is_not_believed() {
    for of in [Answer::OtherTable, Answer::OtherKeys, Answer::UnprocessedOther] {
        let Tables { shop, audit, .. } = answering(of).await;
        let (own, audited) =
            shop.batch_get(keys(1..=5)).and(audit.batch_get(ids(1..=5))).report().await.unwrap();
        let is_unread = |reason: &Unread| matches!(reason, Unread::Decode(_));
        assert!(
            own.iter().all(|result| matches!(result, Err(unread) if is_unread(unread.reason()))),
            "{of:?}"
        );
        assert!(audited.iter().all(Result::is_err), "{of:?}");
        let batch = shop.batch_get(keys(1..=5)).and(audit.batch_get(ids(1..=5)));
        assert!(matches!(batch.send().await, Err(Error::Decode(_))), "{of:?}");
    }
}

/// DynamoDB refuses a request for one of its tables: the keys of the others are read.
#[tokio::test]
async fn a_table_that_is_not_there_does_not_stop_the_others() {
    let (Tables { shop, audit, .. }, requests) = stocked().await;
    for name in ["none", "not a name"] {
        let none = Table::<Audit>::new(shop.client().clone(), name).with_mapping(MAPPING);
        let batch = || {
            let missing = none.batch_get(ids(1..=70));
            shop.batch_get(keys(1..=60)).and(missing).and(audit.batch_get(ids(1..=50)))
        };
        requests.clear();
        let (own, missing, audited) = batch().report().await.unwrap();
        // The keys of the other two are together again when one of them was read.
        let sent = requests.take().len();
        assert!((2..=6).contains(&sent), "{sent} requests");
        assert!(own.iter().all(Result::is_ok) && audited.iter().all(Result::is_ok));
        let reasons = missing.iter().map(|result| match result {
            Err(unread) => unread.reason(),
            Ok(_) => panic!("{name} is not there"),
        });
        for reason in reasons {
            let Unread::Failed(error) = reason else { panic!("{reason:?}") };
            assert_eq!(error.table(), name);
        }
        let Err(Error::Service(error)) = batch().send().await else { panic!("{name} is not there") };
        let expected =
            if name == "none" { ServiceErrorKind::TableNotFound } else { ServiceErrorKind::NotSent };
        assert_eq!(error.kind(), expected);
    }
}

#[tokio::test]
async fn a_table_of_another_region_is_refused() {
    let (Tables { shop, audit, .. }, requests) = stocked().await;
    let region = aws_sdk_dynamodb::config::Region::new("ap-south-2");
    let config = audit.client().config().to_builder().region(region).build();
    let far = Table::<Audit>::new(aws_sdk_dynamodb::Client::from_conf(config), "audit").with_mapping(MAPPING);
    let batch = || shop.batch_get(keys([1])).and(far.batch_get(ids([1])));
    let Err(Error::InvalidBatch(invalid)) = batch().send().await else { panic!("it is far away") };
    assert_eq!((invalid.operation(), invalid.table()), ("BatchGetItem", "audit"));
    assert!(matches!(invalid.kind(), InvalidBatchKind::OtherRegion { .. }));
    assert!(batch().explain().is_err() && batch().report().await.is_err() && batch().into_sdk().is_err());
    assert!(requests.take().is_empty());
}

/// Tables by their ARNs, which the response names as the request does, or by their names.
#[tokio::test]
async fn tables_are_found_by_their_arns() {
    #[derive(TableSchema)]
    #[dynamap(partition_key = "pk", sort_key = "sk")]
    struct Plain;

    #[derive(Debug, Clone, PartialEq, Entity)]
    #[dynamap(table = Plain, pk = "A#{id}", sk = "A")]
    struct Item {
        id: u32,
        of: String,
    }

    for by_name in [false, true] {
        let local = Local::memory().unwrap();
        let by_arn = local.wrap(|inner| ByArn { inner, by_name });
        for name in ["own", "other"] {
            let table = Table::<Plain>::new(local.client(), name);
            table.create_table_if_absent().send().await.unwrap();
            let items = (1..=20).map(|id| Item { id, of: name.into() });
            table.batch_write().put_all(items).send().await.unwrap();
        }
        let table = |name: &str| Table::<Plain>::new(by_arn.client(), name).with_mapping(MAPPING);
        let (own, other) = (table("arn:aws:dynamodb:eu-north-1:1:table/own"), table("other"));
        let keys = || (1..=20).map(Item::key);
        let (own, other) = own.batch_get(keys()).and(other.batch_get(keys())).send().await.unwrap();
        assert!(found(own).into_iter().all(|item| item.of == "own"));
        assert!(found(other).into_iter().all(|item| item.of == "other"));
    }
}

/// Knows tables by their ARNs, and processes all of each table but its first key while it has others.
#[derive(Debug)]
struct ByArn {
    inner: SharedTransport,
    by_name: bool,
}

impl Transport for ByArn {
    fn call(&self, mut request: Request) -> TransportFuture<'_> {
        Box::pin(async move {
            let mut body: Value = serde_json::from_slice(&request.body).unwrap();
            let tables = body["RequestItems"].as_object().unwrap();
            let (mut asked, mut left) = (serde_json::Map::new(), serde_json::Map::new());
            let mut names = std::collections::HashMap::new();
            for (name, keys) in tables {
                let short = name.rsplit('/').next().unwrap().to_owned();
                let named = if self.by_name { short.clone() } else { name.clone() };
                let mut keys = keys.clone();
                let list = keys["Keys"].as_array_mut().unwrap();
                if list.len() > 1 {
                    left.insert(named.clone(), json!({ "Keys": [list.remove(0)] }));
                }
                names.insert(short.clone(), named);
                asked.insert(short, keys);
            }
            body["RequestItems"] = Value::Object(asked);
            request.body = serde_json::to_vec(&body).unwrap();
            let answer: Value = serde_json::from_slice(&self.inner.call(request).await?.body).unwrap();
            let responses = answer["Responses"].as_object().unwrap();
            let responses: serde_json::Map<String, Value> =
                responses.iter().map(|(name, items)| (names[name].clone(), items.clone())).collect();
            let answer = json!({ "Responses": responses, "UnprocessedKeys": left });
            Ok(Response::new(200, serde_json::to_vec(&answer).unwrap()))
        })
    }
}

#[tokio::test]
async fn each_table_has_its_meters() {
    let (Tables { shop, audit, .. }, _) = stocked().await;
    let [of_shop, of_audit, of_both, of_call] = [(); 4].map(|()| Meter::new());
    let shop = shop.with_meter(&of_shop).with_meter(&of_both);
    let audit = audit.with_meter(&of_audit).with_meter(&of_both);
    let audited = audit.batch_get(ids(1..=50)).consistent_read();
    let batch = shop.batch_get(keys(1..=60)).and(audited).meter(&of_call);
    batch.concurrency(1).send().await.unwrap();
    let consumed = |meter: &Meter| (meter.consumed().table.read, meter.consumed().requests);
    assert_eq!((consumed(&of_shop), consumed(&of_audit)), ((30.0, 1), (50.0, 2)));
    assert_eq!((consumed(&of_both), consumed(&of_call)), ((80.0, 2), (80.0, 2)));
}

/// The same table by two tables with a meter each: the keys of each are counted by its own.
#[tokio::test]
async fn the_same_table_with_other_meters_is_in_other_requests() {
    let (Tables { shop, .. }, requests) = stocked().await;
    let [first, second] = [(); 2].map(|()| Meter::new());
    let batch = shop.clone().with_meter(&first).batch_get(keys(1..=4));
    let batch = batch.and(shop.with_meter(&second).batch_get(keys(1..=6)));
    batch.send().await.unwrap();
    assert_eq!(sizes(&bodies(&requests)), [[4, 0, 0], [6, 0, 0]]);
    assert_eq!((first.consumed().table.read, second.consumed().table.read), (2.0, 3.0));
}

/// A request waits until each of its tables has units, for all of them at the same time.
#[tokio::test(start_paused = true)]
async fn a_request_waits_for_the_units_of_each_of_its_tables() {
    let (Tables { shop, audit, .. }, _) = stocked().await;
    for (of_shop, of_audit, seconds) in [(20.0, 0.0, 20), (0.0, 30.0, 30), (20.0, 30.0, 30), (0.0, 0.0, 0)] {
        // A budget of one unit per second, which others have used up for so many seconds.
        let used = async |units| {
            let budget = Budget::builder().reads(1.0).burst(Duration::from_secs(1)).build().unwrap();
            drop(budget.reserve(None, Units { read: units, write: 0.0 }).await.into_sent());
            budget
        };
        let (of_shop, of_audit) = (used(of_shop).await, used(of_audit).await);
        let (shop, audit) = (shop.clone().with_budget(&of_shop), audit.clone().with_budget(&of_audit));
        let begun = Instant::now();
        let batch = shop.batch_get(keys(1..=2)).and(audit.batch_get(ids(1..=2)));
        assert_eq!(found(batch.send().await.unwrap().1).len(), 2);
        let elapsed = begun.elapsed().as_secs();
        assert!((seconds..=seconds + 1).contains(&elapsed), "{elapsed} s for {seconds}");
    }
}
