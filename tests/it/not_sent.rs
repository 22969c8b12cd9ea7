//! Requests that never leave the process.

use crate::MAPPING;
use crate::model::{Order, Shop, order};
use aws_sdk_dynamodb::{
    Client,
    config::{
        BehaviorVersion, Builder, ConfigBag, Credentials, Intercept, ProvideCredentials, Region,
        RuntimeComponents,
        interceptors::{
            BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
            BeforeTransmitInterceptorContextRef,
        },
    },
    error::BoxError,
};
use dynamap::batch::Unwritten;
use dynamap::error::{ServiceError, ServiceErrorKind};
use dynamap::{Entity, Error, Table, direct, value::Version};
use dynamap_local::Local;
use std::time::Duration;
use tokio::time::Instant;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "DRAFT#{id}", sk = "DRAFT")]
struct Draft {
    id: u32,
    text: String,
    #[dynamap(version)]
    version: Version<u64>,
}

/// A step of a request at which an interceptor can refuse it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Serialization,
    RetryLoop,
    Attempt,
    Signing,
    Transmit,
}

/// An interceptor that refuses each request.
#[derive(Debug)]
struct Refuses(Step);

impl Refuses {
    fn at(&self, step: Step) -> Result<(), BoxError> {
        if self.0 == step { Err("the request has no tenant".into()) } else { Ok(()) }
    }
}

impl Intercept for Refuses {
    fn name(&self) -> &'static str {
        "refuses"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.at(Step::Serialization)
    }

    fn modify_before_retry_loop(
        &self,
        _: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.at(Step::RetryLoop)
    }

    fn read_before_attempt(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.at(Step::Attempt)
    }

    fn modify_before_signing(
        &self,
        _: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.at(Step::Signing)
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.at(Step::Transmit)
    }
}

/// Credentials that never come.
#[derive(Debug)]
struct Hanging;

impl ProvideCredentials for Hanging {
    fn provide_credentials<'a>(&'a self) -> aws_credential_types::provider::future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        aws_credential_types::provider::future::ProvideCredentials::new(std::future::pending())
    }
}

/// Every reason why a client can send nothing, and a part of what the SDK says of it.
fn causes() -> Vec<(&'static str, Builder)> {
    let bare = || aws_sdk_dynamodb::Config::builder().behavior_version(BehaviorVersion::latest());
    let http = || bare().http_client(Local::memory().unwrap().http_client());
    let credentials = || Credentials::new("local", "local", None, None, "test");
    let region = Region::new("eu-north-1");
    let mut causes = vec![
        ("Missing Region", http().credentials_provider(credentials())),
        ("credentials", http().region(region.clone())),
        ("endpoint must contain scheme", Local::memory().unwrap().config().endpoint_url("localhost:8000")),
        ("HTTP client", bare().region(region).credentials_provider(credentials())),
    ];
    for step in [Step::Serialization, Step::RetryLoop, Step::Attempt, Step::Signing, Step::Transmit] {
        let refuses = Local::memory().unwrap().config().interceptor(Refuses(step));
        causes.push(("the request has no tenant", refuses));
    }
    causes
}

/// The error of a request that was not sent.
fn not_sent<T: std::fmt::Debug>(outcome: dynamap::Result<T>) -> ServiceError {
    match outcome {
        Err(Error::Service(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn check(error: &ServiceError, reason: &str) {
    assert_eq!(error.kind(), ServiceErrorKind::NotSent, "{error}");
    assert!(!error.kind().is_ambiguous());
    let shown = error.to_string();
    assert!(shown.contains(": not sent: ") && shown.contains(reason), "{shown}");
    assert!(!shown.contains("dispatch failure") && !shown.contains("c-1"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_is_told_at_once_and_by_every_operation() {
    for (reason, config) in causes() {
        for prepare in [direct::prepare, std::convert::identity] {
            let client = Client::from_conf(prepare(config.clone()).build());
            let shop = Table::<Shop>::new(client, "shop").with_mapping(MAPPING);
            let orders = shop.repository::<Order>();
            let entity = order("c-1", 2024, 1);
            let mut draft = Draft { id: 1, text: "x".into(), version: Version::NEW };
            let mut read = Draft { id: 1, text: "x".into(), version: Version::from_stored(3) };
            let start = Instant::now();
            let errors = [
                not_sent(orders.get(Order::key("c-1", 2024, 1)).send().await),
                not_sent(orders.exists(Order::key("c-1", 2024, 1)).send().await),
                not_sent(orders.put(&entity).send().await),
                not_sent(orders.create(&entity).send().await),
                not_sent(shop.create(&mut draft).send().await),
                not_sent(shop.save(&mut read).send().await),
                not_sent(shop.replace(&mut read).send().await),
                not_sent(
                    orders
                        .update(Order::key("c-1", 2024, 1))
                        .apply(Order::NOTE.set("x".to_owned()))
                        .send()
                        .await,
                ),
                not_sent(orders.put(&entity).at_most_once().send().await),
                not_sent(orders.delete(Order::key("c-1", 2024, 1)).send().await),
                not_sent(orders.put(&entity).transactional().send().await),
                not_sent(shop.transact_write().put(&entity).create(&mut draft).send().await),
                not_sent(
                    shop.transact_get((Order::key("c-1", 2024, 1), Order::key("c-1", 2024, 2))).send().await,
                ),
                not_sent(orders.batch_get([Order::key("c-1", 2024, 1)]).send().await),
                not_sent(orders.query(Order::partition("c-1")).send().await),
                not_sent(orders.scan().send().await),
                not_sent(shop.wait_until_active().send().await),
                not_sent(shop.create_table_if_absent().send().await),
            ];
            for error in &errors {
                check(error, reason);
            }
            assert!(draft.version.is_new(), "{reason}");
            let segment = orders.scan().parallel(1).try_collect().await.unwrap_err();
            let Error::Service(error) = &segment else { panic!("{segment:?}") };
            check(error, reason);
            let batch = orders.batch_write().put_all([entity.clone()]).report().await;
            assert_eq!((batch.not_written_count(), batch.unknown_count()), (1, 0), "{batch}");
            let Unwritten::Failed(error) = batch.not_written()[0].reason() else { panic!("{batch}") };
            check(error, reason);
            let line = br#"{"Item":{"pk":{"S":"x"},"sk":{"S":"x"}}}"#;
            let Err(Error::IncompleteLoad(load)) = shop.load(&line[..]).send().await else { panic!() };
            assert_eq!((load.report().not_written(), load.report().unknown()), (1, 0), "{load}");
            assert!(load.to_string().contains(reason), "{load}");
            let Err(Error::IncompleteDump(dump)) = shop.dump(Vec::new()).send().await else { panic!() };
            assert!(dump.to_string().contains(reason), "{dump}");
            // Nothing of it is tried again.
            assert_eq!(start.elapsed(), Duration::ZERO, "{reason}");
        }
    }
}

/// The time is over before the request is signed: a write was certainly not applied.
#[tokio::test(start_paused = true)]
async fn a_write_whose_credentials_never_come_is_not_unknown() {
    for prepare in [direct::prepare, std::convert::identity] {
        let config = Local::memory().unwrap().config().credentials_provider(Hanging);
        let shop =
            Table::<Shop>::new(Client::from_conf(prepare(config).build()), "shop").with_mapping(MAPPING);
        let mut draft = Draft { id: 1, text: "x".into(), version: Version::NEW };
        check(&not_sent(shop.put(&order("c-1", 2024, 1)).send().await), "timeout");
        check(&not_sent(shop.create(&mut draft).send().await), "timeout");
        check(&not_sent(shop.delete(Order::key("c-1", 2024, 1)).send().await), "timeout");
        assert!(draft.version.is_new());
    }
}
