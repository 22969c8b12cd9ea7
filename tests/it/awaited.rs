//! Builders that are awaited, keys of loaded entities, cursors as they come, and creates that leave what is there.

use crate::MAPPING;
use crate::model::{Customer, Order, Session, Shop, numbers, order, shop, stocked};
use crate::outcome::{Fault, Script, faulty};
use aws_sdk_dynamodb::types::{AttributeValue, StreamViewType};
use dynamap::batch::Fetched;
use dynamap::error::CursorError;
use dynamap::op::Throughput;
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Table, TableSchema};
use dynamap_local::Local;
use std::convert::Infallible;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Desk;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "NOTE#{id}")]
struct Note {
    id: u32,
    text: String,
    #[dynamap(version)]
    version: Version,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "SEAL#{id}", transactional)]
struct Seal {
    id: u32,
}

async fn desk() -> (Table<Desk>, Script) {
    let (client, script) = faulty();
    let desk = Table::<Desk>::new(client, "desk").with_mapping(MAPPING);
    desk.create_table_if_absent().await.unwrap();
    (desk, script)
}

/// As a server does it: on any thread.
fn spawned<F: Future<Output: Send + 'static> + Send + 'static>(future: F) -> F::Output
where
    F::Output: Sized,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async move { tokio::spawn(future).await.unwrap() })
}

#[test]
fn every_builder_is_awaited() {
    spawned(async {
        let local = Local::memory().unwrap();
        let shop = Table::<Shop>::new(local.client(), "shop").with_mapping(MAPPING);
        assert!(shop.create_table_if_absent().await.unwrap());
        shop.wait_until_active().await.unwrap();
        let arn = shop.enable_stream(StreamViewType::KeysOnly).await.unwrap();
        assert_eq!(shop.stream_arn().await.unwrap(), Some(arn));
        assert!(shop.update_throughput(Throughput::Provisioned { read: 1, write: 1 }).await.unwrap());
        assert!(shop.describe().await.unwrap().is_some());
        assert!(shop.verify().await.unwrap().is_empty());
        assert!(shop.update_table().await.unwrap().is_empty());
        let (one, key) = (order("c-1", 2024, 1), || Order::key("c-1", 2024, 1));
        shop.create(&one).await.unwrap();
        assert_eq!(shop.put(&one).return_old().await.unwrap(), Some(one.clone()));
        assert_eq!(shop.get(key()).await.unwrap(), Some(one.clone()));
        assert!(shop.exists(key()).await.unwrap());
        shop.update(key()).apply(Order::NOTE.set("x".to_owned())).await.unwrap();
        shop.put(&one).transactional().await.unwrap();
        shop.transact_write().put(&order("c-1", 2024, 2)).await.unwrap();
        assert!(shop.transact_get((key(), key())).await.unwrap().1.is_some());
        let query = || shop.query(Order::partition("c-1"));
        assert_eq!(query().await.unwrap().items.len(), 2);
        assert_eq!(shop.scan::<Order>().await.unwrap().items.len(), 2);
        assert_eq!(query().count().await.unwrap(), 2);
        assert_eq!(shop.scan::<Order>().count().await.unwrap(), 2);
        assert_eq!(query().hydrate().await.unwrap().items.len(), 2);
        assert_eq!(shop.batch_get([key()]).await.unwrap(), [Fetched::Found(one.clone())]);
        assert_eq!(shop.batch_get_mixed((vec![key()], vec![Customer::key("c-1")])).await.unwrap().0.len(), 1);
        assert_eq!(shop.batch_write().put(&order("c-1", 2024, 3)).await.unwrap().written(), 1);
        let mut lines = Vec::new();
        shop.dump(&mut lines).await.unwrap();
        shop.load(&*lines).await.unwrap();
        assert_eq!(shop.delete(key()).return_old().await.unwrap(), Some(one));
        shop.delete(key()).await.unwrap();
        let desk = Table::<Desk>::new(local.client(), "desk").with_mapping(MAPPING);
        desk.create_table_if_absent().await.unwrap();
        let mut note = Note { id: 1, text: "a".into(), version: Version::NEW };
        desk.create(&mut note).await.unwrap();
        let louder = |note: &mut Note| {
            note.text.push('!');
            Ok::<(), Infallible>(())
        };
        assert_eq!(desk.repository().modify(&note, louder).await.unwrap().text, "a!");
    });
}

#[tokio::test]
async fn a_loaded_entity_is_taken_for_its_key() {
    let (shop, orders) = stocked().await;
    let one = order("c-1", 2024, 1);
    assert_eq!(orders.get(&one).await.unwrap(), Some(one.clone()));
    assert!(shop.exists(&one).await.unwrap() && orders.exists(&one).await.unwrap());
    shop.update(&one).apply(Order::NOTE.set("x".to_owned())).await.unwrap();
    orders.upsert(&one).apply(Order::NOTE.set("x".to_owned())).await.unwrap();
    let noted = Order { note: Some("x".into()), ..one.clone() };
    let check = shop.transact_write().check(&one, Order::NOTE.exists()).check_exists(&order("c-1", 2024, 2));
    check.check_absent(&order("c-9", 2024, 2)).delete(&order("c-1", 2024, 3)).await.unwrap();
    assert_eq!(shop.delete(&one).return_old().await.unwrap(), Some(noted));
    orders.delete(&order("c-1", 2024, 2)).await.unwrap();
    assert_eq!(orders.query(Order::partition("c-1").year(2024)).count().await.unwrap(), 7);
}

#[tokio::test]
async fn a_cursor_is_taken_as_it_comes() {
    let (_, orders) = stocked().await;
    let query = || orders.query(Order::partition("c-1").year(2024)).limit(2);
    let cursor = query().await.unwrap().cursor.unwrap();
    let text = cursor.to_string();
    let rest = [(2024, 3), (2024, 4)];
    for page in [
        query().start_after(&cursor),
        query().start_after(Some(cursor.clone())),
        query().start_after(text.clone()),
        query().start_after(&text),
        query().start_after(Some(&*text)),
        query().start_after(Some(Some(text.clone()))),
    ] {
        assert_eq!(numbers(&page.await.unwrap().items), rest);
    }
    let from_start =
        [query().start_after(None::<String>), query().start_after(text.clone()).start_after(None::<&str>)];
    for page in from_start {
        assert_eq!(numbers(&page.await.unwrap().items), [(2024, 1), (2024, 2)]);
    }
    let damaged = query().start_after(&text[1..]);
    assert!(matches!(damaged.clone().into_sdk(), Err(Error::Cursor(_))));
    assert!(matches!(damaged.items().next().await, Some(Err(Error::Cursor(_)))));
    let of_query = orders.scan().parallel(2).start_after(text).items();
    assert!(matches!(of_query, Err(Error::Cursor(CursorError::Version | CursorError::Malformed))));
    // Pages after one another, the first without a cursor.
    let (mut at, mut seen) = (None::<String>, Vec::new());
    loop {
        let page = query().start_after(at.take()).await.unwrap();
        seen.extend(page.items);
        let Some(cursor) = page.cursor else { break };
        at = Some(cursor.to_string());
    }
    assert_eq!(seen.len(), 10);
}

#[tokio::test]
async fn a_create_leaves_what_is_there() {
    let shop = shop().await;
    let one = order("c-1", 2024, 1);
    let other = Order { total: 999, ..one.clone() };
    assert!(shop.create_if_absent(&one).await.unwrap());
    assert!(!shop.create_if_absent(&other).await.unwrap());
    assert_eq!(shop.get(&one).await.unwrap(), Some(one.clone()));
    // What fails for the caller's condition is told apart from what is there.
    assert!(!shop.create_if_absent(&other).condition(Order::NOTE.not_exists()).await.unwrap());
    let refused = shop.create_if_absent(&order("c-1", 2024, 2)).condition(Order::NOTE.exists()).await;
    assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
    // An expired item is absent, also where the caller's condition fails of it.
    let session = |at| Session { customer_id: "c-1".into(), token: "t".into(), expires_at: EpochSeconds(at) };
    shop.put(&session(1)).await.unwrap();
    let refused = shop.create_if_absent(&session(4_000_000_000)).condition(Session::TOKEN.not_exists()).await;
    assert!(matches!(refused, Err(Error::ConditionFailed(_))), "{refused:?}");
    assert!(shop.create_if_absent(&session(4_000_000_000)).await.unwrap());
    assert!(!shop.create_if_absent(&session(4_000_000_000)).await.unwrap());
    // An item of another entity is there as well.
    let text = |text: &str| AttributeValue::S(text.into());
    let put = shop.client().put_item().table_name("shop").item("entity_type", text("Other"));
    put.item("pk", text("CUSTOMER#c-2")).item("sk", text("PROFILE")).send().await.unwrap();
    let customer = Customer { customer_id: "c-2".into(), name: "Ada".into() };
    assert!(!shop.create_if_absent(&customer).await.unwrap());
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_does_not_say_that_it_was_there() {
    let (desk, script) = desk().await;
    let mut note = Note { id: 1, text: "a".into(), version: Version::NEW };
    // The item tells whose it is.
    script.set(&[Fault::LostAfter]);
    assert!(desk.create_if_absent(&mut note).await.unwrap());
    assert_eq!(script.attempts(), 2);
    assert!(!note.version.is_new());
    let mut again = Note { version: Version::NEW, ..note.clone() };
    assert!(!desk.create_if_absent(&mut again).await.unwrap());
    assert!(again.version.is_new(), "what was not written has no version");
    // A transaction is known by its token.
    script.set(&[Fault::LostAfter]);
    assert!(desk.create_if_absent(&Seal { id: 1 }).await.unwrap());
    assert!(!desk.create_if_absent(&Seal { id: 1 }).await.unwrap());
    // Nothing tells whose an item without a version is.
    let (client, script) = faulty();
    let shop = Table::<Shop>::new(client, "shop").with_mapping(MAPPING);
    shop.create_table_if_absent().await.unwrap();
    script.set(&[Fault::LostAfter]);
    let unknown = shop.create_if_absent(&order("c-1", 2024, 1)).await;
    assert!(matches!(unknown, Err(Error::Unknown(_))), "{unknown:?}");
}

#[tokio::test]
async fn a_client_of_each_configuration_is_prepared_once() {
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::config::Intercept;
    let local = Local::memory().unwrap();
    let config = local.config().build();
    let of_builder = dynamap::client(local.config());
    let clients = [
        dynamap::client(config.clone()),
        dynamap::client(&config),
        dynamap::client(of_builder.config()),
        Client::from_conf(dynamap::direct::prepare(dynamap::direct::prepare(local.config())).build()),
        of_builder,
    ];
    for (at, client) in clients.into_iter().enumerate() {
        let names: Vec<_> = client.config().interceptors().map(|interceptor| interceptor.name()).collect();
        assert_eq!(names.iter().filter(|name| **name == "dynamap::direct").count(), 1, "{names:?}");
        let shop = Table::<Shop>::new(client, format!("shop-{at}")).with_mapping(MAPPING);
        shop.create_table_if_absent().await.unwrap();
        shop.create(&order("c-1", 2024, 1)).await.unwrap();
        assert_eq!(shop.scan::<Order>().count().await.unwrap(), 1);
    }
}
