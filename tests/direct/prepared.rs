//! Tables of any client: after some calls they go on with a prepared one, which shares what the given one has.

use crate::answer::{Order, Shop, answering, order};
use aws_credential_types::provider::future;
use aws_sdk_dynamodb::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_dynamodb::config::{
    ConfigBag, Credentials, Intercept, ProvideCredentials, RuntimeComponents, StalledStreamProtectionConfig,
};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::{Client, config};
use aws_smithy_mocks::{RuleMode, mock, mock_client};
use dynamap::{Table, batch::BatchWriteReport, capacity::Meter, entity};
use dynamap_local::{Local, Response};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

/// Customized calls of a table, before it goes on with a prepared client.
const CUSTOMIZED: usize = 6;

/// Notes of each attempt how long a body may stand still: with a prepared client, nobody watches that.
#[derive(Debug, Clone, Default)]
struct Attempts(Arc<Mutex<Vec<Option<Duration>>>>);

impl Attempts {
    /// How many there were with the given client, and then with the prepared one.
    fn take(&self) -> (usize, usize) {
        let attempts = std::mem::take(&mut *self.0.lock().unwrap());
        assert!(attempts.is_sorted_by_key(Option::is_none), "a prepared client was given up: {attempts:?}");
        let prepared = attempts.iter().filter(|grace| grace.is_none()).count();
        (attempts.len() - prepared, prepared)
    }
}

impl Intercept for Attempts {
    fn name(&self) -> &'static str {
        "Attempts"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let protection = config.load::<StalledStreamProtectionConfig>().unwrap();
        self.0.lock().unwrap().push(protection.is_enabled().then(|| protection.grace_period()));
        Ok(())
    }
}

/// What dynamap switches off without being told about it is what the SDK has by default.
#[tokio::test]
async fn the_sdk_lets_a_body_stand_still_for_as_long_as_an_attempt_may_take() {
    let given = Local::memory().unwrap().config().build();
    let (attempts, mut config) = (Attempts::default(), config::Builder::new());
    config.set_http_client(given.http_client()).set_region(given.region().cloned());
    config.set_behavior_version(Some(config::BehaviorVersion::latest()));
    let config = config.credentials_provider(Counted::default()).interceptor(attempts.clone());
    for config in [config.clone(), dynamap::direct::prepare(config)] {
        Client::from_conf(config.build()).list_tables().send().await.unwrap();
    }
    assert_eq!(*attempts.0.lock().unwrap(), [Some(Duration::from_secs(5)), None]);
}

/// Gives credentials, and counts how often.
#[derive(Debug, Clone, Default)]
struct Counted(Arc<AtomicUsize>);

impl ProvideCredentials for Counted {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        self.0.fetch_add(1, Relaxed);
        future::ProvideCredentials::ready(Ok(Credentials::new("key", "secret", None, None, "test")))
    }
}

/// A client of the configuration that is not prepared, its attempts, and how often it asked for credentials.
fn watched(config: config::Builder) -> (Client, Attempts, Counted) {
    let (attempts, credentials) = (Attempts::default(), Counted::default());
    // As the SDK has it by default.
    let protection = StalledStreamProtectionConfig::enabled().grace_period(Duration::from_secs(5)).build();
    let config = config.stalled_stream_protection(protection);
    let config = config.interceptor(attempts.clone()).credentials_provider(credentials.clone());
    (Client::from_conf(config.build()), attempts, credentials)
}

async fn shop() -> (Table<Shop>, Attempts, Counted) {
    let (client, attempts, credentials) = watched(Local::memory().unwrap().config());
    let shop = Table::<Shop>::new(client, "shop");
    shop.create_table_if_absent().send().await.unwrap();
    attempts.take();
    (shop, attempts, credentials)
}

#[tokio::test]
async fn a_table_goes_on_with_a_prepared_client_that_shares_credentials() {
    let (shop, attempts, credentials) = shop().await;
    let copies = [shop.clone(), shop.clone().with_mapping(dynamap::Mapping::AttributeValue)];
    for id in 0..10 {
        copies[0].put(&order(id)).send().await.unwrap();
    }
    assert_eq!(attempts.take(), (CUSTOMIZED, 10 - CUSTOMIZED));
    // The others go on with the same.
    for table in [&shop, &copies[1]] {
        assert_eq!(table.get(Order::key(7)).send().await.unwrap(), Some(order(7)));
        assert!(table.exists(Order::key(8)).send().await.unwrap());
        table.delete(Order::key(8)).send().await.unwrap();
        table.create(&order(8)).send().await.unwrap();
        table.update(Order::key(8)).apply(Order::NOTE.set("n".to_owned())).send().await.unwrap();
        table.transact_write().put(&order(8)).send().await.unwrap();
        table.transact_get([Order::key(8)]).send().await.unwrap();
        assert_eq!(table.batch_get([Order::key(8)]).send().await.unwrap().len(), 1);
        table.query(Order::partition(8)).send().await.unwrap();
    }
    assert_eq!(attempts.take(), (0, 18));
    assert_eq!(credentials.0.load(Relaxed), 1, "the prepared client has credentials of its own");
    // What is handed out is the given client.
    shop.get(Order::key(8)).into_sdk().unwrap().send().await.unwrap();
    shop.client().list_tables().send().await.unwrap();
    assert_eq!(attempts.take(), (2, 0));
}

#[tokio::test]
async fn pages_and_batches_go_over_in_the_middle() {
    let (shop, attempts, _) = shop().await;
    let report: BatchWriteReport = shop
        .repository::<Order>()
        .batch_write()
        .put_all((0..200).map(order))
        .concurrency(1)
        .send()
        .await
        .unwrap();
    assert_eq!(report.written(), 200);
    assert_eq!(attempts.take(), (CUSTOMIZED, 2));

    let fresh = Table::<Shop>::new(shop.client().clone(), "shop");
    let orders = fresh.repository::<Order>().scan().page_size(20).try_collect().await.unwrap();
    assert_eq!(orders.len(), 200);
    let (customized, prepared) = attempts.take();
    assert_eq!((customized, customized + prepared), (CUSTOMIZED, 11));

    let fresh = Table::<Shop>::new(shop.client().clone(), "shop");
    let found = fresh.batch_get((0..1000).map(Order::key)).concurrency(1).send().await.unwrap();
    assert_eq!(found.len(), 1000);
    assert_eq!(attempts.take(), (CUSTOMIZED, 4));
}

#[tokio::test]
async fn what_a_table_is_told_later_counts_as_well() {
    let (shop, attempts, _) = shop().await;
    for id in 0..10 {
        shop.put(&order(id)).send().await.unwrap();
    }
    let (of_call, of_table) = (Meter::new(), Meter::new());
    shop.put(&order(1)).meter(&of_call).send().await.unwrap();
    let metered = shop.clone().with_meter(&of_table);
    metered.put(&order(1)).send().await.unwrap();
    metered.put(&order(1)).send().await.unwrap();
    assert_eq!(attempts.take(), (CUSTOMIZED, 13 - CUSTOMIZED));
    assert_eq!((of_call.consumed().total().write, of_table.consumed().total().write), (1.0, 2.0));
}

#[tokio::test]
async fn a_table_that_lives_for_a_call_prepares_nothing() {
    let (shop, attempts, _) = shop().await;
    for id in 0..10 {
        Table::<Shop>::new(shop.client().clone(), "shop").put(&order(id)).send().await.unwrap();
    }
    assert_eq!(attempts.take(), (10, 0));
}

#[tokio::test]
async fn mocks_go_on_answering() {
    let rule = mock!(Client::get_item)
        .then_output(|| GetItemOutput::builder().set_item(Some(entity::to_item(&order(1)).unwrap())).build());
    let client = mock_client!(aws_sdk_dynamodb, RuleMode::MatchAny, [&rule]);
    let shop = Table::<Shop>::new(client, "shop");
    for _ in 0..10 {
        assert_eq!(shop.get(Order::key(1)).send().await.unwrap(), Some(order(1)));
    }
    assert_eq!(rule.num_calls(), 10);
}

#[tokio::test]
async fn attempts_of_the_prepared_client_are_watched() {
    let (given, _) = answering(vec![Response::new(200, "{}")]);
    let (client, attempts, _) = watched(given.config().to_builder());
    let shop = Table::<Shop>::new(client, "shop");
    for id in 0..10 {
        shop.put(&order(id)).send().await.unwrap();
    }
    assert_eq!(attempts.take(), (CUSTOMIZED, 10 - CUSTOMIZED));
    let mut damaged = Response::new(200, r#"{"Item":{"id":{"N":"1"},"title":{"S":"x"}}}"#);
    damaged.body.push(b' ');
    // Another client: the transport of this one gives what it was made with.
    let (given, _) = answering(vec![damaged]);
    let (client, attempts, _) = watched(given.config().to_builder());
    let shop = Table::<Shop>::new(client, "shop");
    for _ in 0..10 {
        let error = shop.get(Order::key(1)).send().await.unwrap_err();
        assert_eq!(crate::answer::kind(&error), dynamap::error::ServiceErrorKind::UnreadableResponse);
    }
    assert!(attempts.take().1 > 0);
}
