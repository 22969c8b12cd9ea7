//! Transactions of messages that are delivered more than once: every verb with every kind of version and stamp.

use crate::MAPPING;
use dynamap::error::ServiceErrorKind;
use dynamap::op::{IntoTransactWrite, TransactWriteItems};
use dynamap::value::{EpochSeconds, Version};
use dynamap::{Entity, Error, Table, TableSchema};
use dynamap_local::{Local, Requests};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use uuid::Uuid;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at")]
struct Inbox;

macro_rules! entities {
    ($($name:ident, $prefix:literal, $version:ty;)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Inbox, pk = $prefix, sk = "{id}")]
        struct $name {
            #[dynamap(key_only)]
            id: u32,
            text: String,
            hits: u32,
            #[dynamap(created_at)]
            created: EpochSeconds,
            #[dynamap(updated_at)]
            changed: jiff::Timestamp,
            #[dynamap(counter)]
            writes: u32,
            #[dynamap(ttl)]
            expires_at: Option<EpochSeconds>,
            #[dynamap(version)]
            version: $version,
        }

        impl $name {
            fn new(text: &str) -> Self {
                let (created, changed) = (EpochSeconds(-1), jiff::Timestamp::UNIX_EPOCH);
                let (expires_at, version) = (Some(EpochSeconds(5_000)), Version::default());
                Self { id: 1, text: text.into(), hits: 0, created, changed, writes: 0, expires_at, version }
            }
        }
    )* };
}

entities! {
    Counted, "COUNTED", Version<u64>;
    FromZero, "ZERO", Version<dynamap::value::FromZero<u32>>;
    Unique, "UNIQUE", Version<Uuid>;
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Inbox, pk = "PLAIN", sk = "{id}")]
struct Plain {
    id: u32,
    total: u32,
}

/// An inbox, its requests and its clock.
struct Setup {
    inbox: Table<Inbox>,
    requests: Requests,
    seconds: Arc<AtomicU64>,
}

async fn setup() -> Setup {
    let seconds = Arc::new(AtomicU64::new(1_000));
    let clock = seconds.clone();
    let now = move || -> SystemTime { UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed)) };
    let (local, requests) = Local::memory().unwrap().recording();
    let inbox = Table::new(local.client(), "inbox").with_mapping(MAPPING).with_clock(now);
    inbox.create_table_if_absent().send().await.unwrap();
    Setup { inbox, requests, seconds }
}

fn message_time() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(990)
}

impl Setup {
    fn message(&self, token: &str) -> Table<Inbox> {
        self.inbox.clone().with_client_request_token(token, message_time())
    }

    /// All items, in the order of their keys.
    async fn items(&self) -> Vec<String> {
        let scan = self.inbox.client().scan().table_name("inbox").consistent_read(true).send().await.unwrap();
        let mut items: Vec<String> = scan
            .items()
            .iter()
            .map(|item| {
                let item: std::collections::BTreeMap<_, _> = item.iter().collect();
                format!("{item:?}")
            })
            .collect();
        items.sort();
        items
    }

    /// Delivers a message thrice, later each time, and a counter beside it: everything is applied once.
    async fn thrice(
        &self,
        what: &str,
        act: impl AsyncFn(&Table<Inbox>, TransactWriteItems<'_, Inbox>) -> dynamap::Result<()>,
    ) {
        let mut first = None;
        for delivery in 1..=3 {
            self.requests.clear();
            let table = self.message(what);
            let count = table.repository::<Plain>().upsert(Plain::key(1)).apply(Plain::TOTAL.add(1_u32));
            let transaction = table.transact_write().update(count);
            act(&table, transaction).await.unwrap_or_else(|error| panic!("{what}, {delivery}: {error}"));
            let bodies: Vec<_> = self.requests.take().into_iter().map(|request| request.body).collect();
            let seen = (bodies, self.items().await);
            assert_eq!(first.get_or_insert_with(|| seen.clone()), &seen, "{what}, delivery {delivery}");
            self.seconds.fetch_add(7, Ordering::Relaxed);
        }
    }
}

macro_rules! every_verb {
    ($($test:ident: $entity:ident;)*) => { $(
        #[tokio::test]
        async fn $test() {
            type E = $entity;
            let setup = setup().await;
            let name = |verb: &str| format!("{verb}-{}", stringify!($entity));
            setup.thrice(&name("create"), async |_, transaction| {
                let mut entity = E::new("a");
                transaction.create(&mut entity).send().await?;
                assert_eq!(entity.created, EpochSeconds(990), "the time of the message");
                assert_eq!((entity.version.is_new(), entity.writes), (false, 1));
                Ok(())
            }).await;
            let stored = async || setup.inbox.get(E::key(1)).consistent_read().send().await.unwrap().unwrap();

            let read = stored().await;
            setup.thrice(&name("save"), async |_, transaction| {
                let mut entity = E { text: "b".into(), ..read.clone() };
                transaction.save(&mut entity).send().await?;
                assert_eq!(entity.version, stored().await.version, "memory has what is stored");
                Ok(())
            }).await;
            assert_eq!((stored().await.text.as_str(), stored().await.writes), ("b", 2));

            let read = stored().await;
            setup.thrice(&name("replace"), async |_, transaction| {
                let mut entity = E { text: "c".into(), ..read.clone() };
                transaction.replace(&mut entity).send().await?;
                assert_eq!(entity.version, stored().await.version);
                Ok(())
            }).await;

            let read = stored().await;
            setup.thrice(&name("update"), async |table, transaction| {
                let update = table.repository::<E>().update(E::key(1)).apply(E::HITS.add(1_u32));
                transaction.update(update.expect_version(&read.version)).send().await
            }).await;
            assert_eq!(stored().await.hits, 1);

            setup.thrice(&name("whatever"), async |table, transaction| {
                let update = table.repository::<E>().update(E::key(1)).apply(E::HITS.add(1_u32));
                transaction.update(update.ignore_version()).send().await
            }).await;
            assert_eq!(stored().await.hits, 2);

            let read = stored().await;
            setup.thrice(&name("delete"), async |table, transaction| {
                transaction.delete(table.delete(E::key(1)).expect_version(&read.version)).send().await
            }).await;
            assert!(!setup.inbox.exists(E::key(1)).send().await.unwrap());

            setup.thrice(&name("upsert"), async |table, transaction| {
                let upsert = table.repository::<E>().upsert(E::key(1));
                let upsert = upsert.apply(E::TEXT.set("u")).apply(E::HITS.set(3_u32)).ignore_version();
                transaction.update(upsert).check_absent(Plain::key(9)).send().await
            }).await;
            assert_eq!((stored().await.text.as_str(), stored().await.created), ("u", EpochSeconds(990)));
            // Seven messages, each counted once.
            let total = setup.inbox.get(Plain::key(1)).consistent_read().send().await.unwrap().unwrap().total;
            assert_eq!(total, 7);
        }
    )* };
}

every_verb! {
    a_message_about_counted_versions_is_applied_once: Counted;
    a_message_about_versions_from_zero_is_applied_once: FromZero;
    a_message_about_random_versions_is_applied_once: Unique;
}

fn transaction<'a>(
    table: &Table<Inbox>,
    write: impl IntoTransactWrite<'a, Inbox>,
) -> TransactWriteItems<'a, Inbox> {
    table.transact_write().write(write)
}

#[tokio::test]
async fn other_messages_tables_and_positions_have_marks_of_their_own() {
    let setup = setup().await;
    let mark = async |table: Table<Inbox>, earlier: u32| {
        for _ in 0..earlier {
            table.create(&mut Counted::new("not sent")).into_sdk().unwrap();
        }
        setup.requests.clear();
        let mut entity = Counted::new("a");
        transaction(&table, table.create(&mut entity)).send().await.unwrap();
        let item = setup.requests.take().remove(0).body["TransactItems"][0]["Put"]["Item"].clone();
        transaction(&setup.inbox, setup.inbox.delete(Counted::key(1)).ignore_version()).send().await.unwrap();
        item
    };
    let one = mark(setup.message("m-1"), 0).await;
    assert_ne!(one, mark(setup.message("m-2"), 0).await);
    assert_ne!(one, mark(setup.message("m-3"), 1).await);
}

#[tokio::test]
async fn another_transaction_with_the_token_of_a_message_is_refused() {
    let setup = setup().await;
    let message = setup.message("m-1");
    message.transact_write().create(&mut Counted::new("a")).send().await.unwrap();
    let other = message.transact_write().create(&mut Unique::new("b")).send().await;
    let Err(Error::Service(error)) = other else { panic!("{other:?}") };
    assert_eq!(error.kind(), ServiceErrorKind::IdempotencyMismatch);
    assert!(!setup.inbox.exists(Unique::key(1)).send().await.unwrap());
}

/// What is no transaction has no token, so it must not look like its second delivery.
#[tokio::test]
async fn single_writes_of_a_message_have_marks_of_their_own() {
    let setup = setup().await;
    let mut bodies = Vec::new();
    for _ in 0..2 {
        setup.requests.clear();
        let message = setup.message("m-1");
        let mut entity = Counted::new("a");
        message.create(&mut entity).send().await.unwrap();
        bodies.push(setup.requests.take().remove(0).body);
        assert_eq!(setup.inbox.get(Counted::key(1)).send().await.unwrap(), Some(entity.clone()));
        message.delete(Counted::key(1)).expect_version(&entity.version).send().await.unwrap();
    }
    assert_ne!(bodies[0], bodies[1]);
}

/// DynamoDB forgets a token after ten minutes; the engine does when it is opened anew.
#[tokio::test]
async fn a_transaction_whose_token_is_forgotten_recognizes_its_items() {
    let path = std::env::temp_dir().join(format!("dynamap-redelivery-{}-{MAPPING:?}.db", std::process::id()));
    let mut totals = Vec::new();
    for delivery in 1..=2 {
        let local = Local::file(&path).unwrap();
        let (local, requests) = local.recording();
        let inbox = Table::<Inbox>::new(local.client(), "inbox").with_mapping(MAPPING);
        inbox.create_table_if_absent().send().await.unwrap();
        requests.clear();
        let message = inbox.clone().with_client_request_token("m-1", message_time());
        let count = message.repository::<Plain>().upsert(Plain::key(1)).apply(Plain::TOTAL.add(1_u32));
        let mut entity = Unique::new("a");
        entity.expires_at = None;
        message.transact_write().update(count).create(&mut entity).send().await.unwrap();
        let statuses: Vec<_> = requests.take().into_iter().map(|request| request.operation).collect();
        assert_eq!(statuses, ["TransactWriteItems"], "delivery {delivery}");
        assert_eq!(inbox.get(Unique::key(1)).send().await.unwrap(), Some(entity));
        totals.push(inbox.get(Plain::key(1)).send().await.unwrap().unwrap().total);

        // Of another message it is refused.
        let other = inbox.clone().with_client_request_token("m-2", message_time());
        let refused = other.transact_write().create(&mut Unique::new("b")).send().await;
        assert!(matches!(refused, Err(Error::TransactionCanceled(_))), "{refused:?}");
    }
    assert_eq!(totals, [1, 1]);

    // With an action more, the message is another one: what was never written is not acknowledged.
    let inbox = Table::<Inbox>::new(Local::file(&path).unwrap().client(), "inbox").with_mapping(MAPPING);
    let message = inbox.clone().with_client_request_token("m-1", message_time());
    let count = message.repository::<Plain>().upsert(Plain::key(1)).apply(Plain::TOTAL.add(1_u32));
    let (mut one, mut more) = (Unique { expires_at: None, ..Unique::new("a") }, Counted::new("b"));
    let sent = message.transact_write().update(count).create(&mut one).create(&mut more).send().await;
    assert!(matches!(sent, Err(Error::TransactionCanceled(_))), "{sent:?}");
    assert!(!inbox.exists(Counted::key(1)).send().await.unwrap());
    // Nor an entity without a version, whose creation was not refused.
    let message = inbox.clone().with_client_request_token("m-1", message_time());
    let count = message.repository::<Plain>().upsert(Plain::key(1)).apply(Plain::TOTAL.add(1_u32));
    let (mut one, plain) = (Unique { expires_at: None, ..Unique::new("a") }, Plain { id: 2, total: 0 });
    let sent = message.transact_write().update(count).create(&mut one).create(&plain).send().await;
    assert!(matches!(sent, Err(Error::TransactionCanceled(_))), "{sent:?}");
    assert!(!inbox.exists(Plain::key(2)).send().await.unwrap());
    std::fs::remove_file(&path).unwrap();
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Inbox, pk = "SESSION", sk = "{id}")]
struct Session {
    id: u32,
    hits: u32,
    #[dynamap(ttl)]
    expires_at: Option<EpochSeconds>,
}

/// Each of its writes is a transaction.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Inbox, pk = "BASKET", sk = "{id}", transactional)]
struct Basket {
    id: u32,
    hits: u32,
    #[dynamap(ttl)]
    expires_at: Option<EpochSeconds>,
}

/// The clock is at 1000, and the message was sent at 990.
#[tokio::test]
async fn single_writes_of_a_message_go_by_the_clock() {
    let setup = setup().await;
    for (expires_at, is_there) in [(980, false), (995, false), (1_005, true)] {
        let message = setup.message("m-1");
        let session = Session { id: 1, hits: 5, expires_at: Some(EpochSeconds(expires_at)) };
        let stored = async || setup.inbox.put(&session).send().await.unwrap();
        stored().await;
        assert_eq!(message.save(&session).send().await.is_ok(), is_there, "save, {expires_at}");
        assert_eq!(message.replace(&session).send().await.is_ok(), is_there, "replace, {expires_at}");
        assert_eq!(message.create(&session).send().await.is_ok(), !is_there, "create, {expires_at}");
        stored().await;
        assert_eq!(message.create_if_absent(&session).send().await.unwrap(), !is_there, "{expires_at}");
        stored().await;
        assert_eq!(message.delete(&session).return_old().send().await.unwrap().is_some(), is_there);
        stored().await;
        message.upsert(Session::key(1)).apply(Session::HITS.add(1_u32)).send().await.unwrap();
        let hits = setup.inbox.get(Session::key(1)).send().await.unwrap().map(|session| session.hits);
        assert_eq!(hits, Some(if is_there { 6 } else { 1 }), "upsert, {expires_at}");
    }
}

#[tokio::test]
async fn an_upsert_over_an_expired_item_is_applied_once() {
    let setup = setup().await;
    setup.inbox.put(&Basket { id: 1, hits: 5, expires_at: Some(EpochSeconds(980)) }).send().await.unwrap();
    for delivery in 1..=3 {
        let message = setup.message("m-1");
        let upsert = message.upsert(Basket::key(1)).apply(Basket::HITS.add(1_u32)).send().await;
        upsert.unwrap_or_else(|error| panic!("delivery {delivery}: {error}"));
        let stored = setup.inbox.get(Basket::key(1)).send().await.unwrap();
        assert_eq!(stored, Some(Basket { id: 1, hits: 1, expires_at: None }), "delivery {delivery}");
    }
}

macro_rules! versioned_baskets {
    ($($test:ident: $basket:ident, $prefix:literal, $version:ty $(, $option:ident)?;)*) => { $(
        #[derive(Debug, Clone, PartialEq, Entity)]
        #[dynamap(table = Inbox, pk = $prefix, sk = "{id}", transactional)]
        struct $basket {
            #[dynamap(key_only)]
            id: u32,
            hits: u32,
            #[dynamap(ttl)]
            expires_at: Option<EpochSeconds>,
            #[dynamap(version $(, $option = none)?)]
            version: $version,
        }

        /// The request after the delete is the first request of the next delivery.
        #[tokio::test]
        async fn $test() {
            let setup = setup().await;
            let (expires_at, version) = (Some(EpochSeconds(980)), Version::default());
            setup.inbox.create(&mut $basket { id: 1, hits: 5, expires_at, version }).send().await.unwrap();
            for delivery in 1..=3 {
                let message = setup.message("m-1");
                let upsert = message.upsert($basket::key(1)).apply($basket::HITS.add(1_u32)).ignore_version();
                upsert.send().await.unwrap_or_else(|error| panic!("delivery {delivery}: {error}"));
                let stored = setup.inbox.get($basket::key(1)).send().await.unwrap().unwrap();
                assert_eq!((stored.hits, stored.expires_at), (1, None), "delivery {delivery}");
            }
        }
    )* };
}

versioned_baskets! {
    an_upsert_of_counted_versions_over_an_expired_item_is_applied_once: CountedBasket, "CBASKET", Version<u64>;
    an_upsert_of_random_versions_over_an_expired_item_is_applied_once: UniqueBasket, "UBASKET", Version<Uuid>;
    an_upsert_without_a_lineage_over_an_expired_item_is_applied_once: BareBasket, "BBASKET", Version<Uuid>, lineage;
}
