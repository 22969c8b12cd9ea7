//! Calls to a service that does not answer end.

use crate::MAPPING;
use crate::model::{Order, Shop, order};
use aws_sdk_dynamodb::{
    Client,
    config::{retry::RetryConfig, timeout::TimeoutConfig},
    types::StreamViewType,
};
use dynamap::direct;
use dynamap::error::ServiceErrorKind;
use dynamap::op::Throughput;
use dynamap::{Error, Table};
use dynamap_local::Local;
use dynamap_local::faults::{Fault, Faults, Plan, When};
use std::time::Duration;
use tokio::time::Instant;

/// Tables of clients of both kinds, without timeouts of their own.
async fn shops() -> Vec<(Table<Shop>, Faults)> {
    let mut shops = Vec::new();
    for prepare in [direct::prepare, std::convert::identity] {
        let local = Local::memory().unwrap();
        Table::<Shop>::new(local.client(), "shop").create_table_if_absent().send().await.unwrap();
        let (faulty, faults) = local.with_faults(Plan::script([]));
        let client = Client::from_conf(prepare(faulty.config()).build());
        shops.push((Table::new(client, "shop").with_mapping(MAPPING), faults));
    }
    shops
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_not_answered_ends() {
    for (shop, faults) in shops().await {
        faults.add(When::any().always(), Fault::HangBefore);
        let start = Instant::now();
        let read = shop.get(Order::key("c-1", 2024, 1)).send().await;
        assert!(
            matches!(&read, Err(Error::Service(error)) if error.kind() == ServiceErrorKind::TimedOut),
            "{read:?}"
        );
        let page = shop.query(Order::partition("c-1")).send().await;
        assert!(matches!(page, Err(Error::Service(_))), "{page:?}");
        for outcome in [
            shop.put(&order("c-1", 2024, 1)).send().await,
            shop.save(&order("c-1", 2024, 1)).send().await,
            shop.delete(Order::key("c-1", 2024, 1)).send().await,
        ] {
            assert!(matches!(outcome, Err(Error::Unknown(_))), "{outcome:?}");
        }
        assert!(start.elapsed() < 5 * Duration::from_secs(31), "{:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_of_a_table_that_is_not_answered_ends() {
    for (shop, faults) in shops().await {
        faults.add(When::any().always(), Fault::HangBefore);
        let start = Instant::now();
        let outcomes = [
            shop.create_table_if_absent().send().await.map(drop),
            shop.wait_until_active().send().await,
            shop.describe().send().await.map(drop),
            shop.update_throughput(Throughput::OnDemand).send().await.map(drop),
            shop.enable_stream(StreamViewType::KeysOnly).send().await.map(drop),
            shop.stream_arn().send().await.map(drop),
            shop.verify().send().await.map(drop),
            shop.update_table().send().await.map(drop),
            shop.delete_table(shop.name()).send().await.map(drop),
        ];
        for outcome in outcomes {
            let Err(Error::Service(error)) = outcome else { panic!("{outcome:?}") };
            assert_eq!(error.kind(), ServiceErrorKind::TimedOut);
        }
        assert!(start.elapsed() < 9 * Duration::from_secs(31), "{:?}", start.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_not_answered_is_repeated() {
    for (shop, faults) in shops().await {
        faults.add(When::any().times(2), Fault::HangAfter);
        let start = Instant::now();
        shop.put(&order("c-1", 2024, 1)).send().await.unwrap();
        faults.add(When::any().times(2), Fault::HangBefore);
        assert_eq!(shop.get(Order::key("c-1", 2024, 1)).send().await.unwrap(), Some(order("c-1", 2024, 1)));
        assert!(start.elapsed() < 2 * Duration::from_secs(20), "{:?}", start.elapsed());
    }
}

/// The end of the call ends an attempt that nobody sees the end of: it may be applied.
#[tokio::test(start_paused = true)]
async fn a_call_that_ends_before_its_first_attempt_is_unknown() {
    let timeouts = TimeoutConfig::builder()
        .operation_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(9))
        .build();
    for fault in [Fault::HangBefore, Fault::HangAfter] {
        let local = Local::memory().unwrap();
        Table::<Shop>::new(local.client(), "shop").create_table_if_absent().send().await.unwrap();
        let (faulty, faults) = local.with_faults(Plan::script([(When::any().always(), fault)]));
        let client = Client::from_conf(faulty.config().timeout_config(timeouts.clone()).build());
        let shop = Table::<Shop>::new(client, "shop").with_mapping(MAPPING);
        for outcome in [
            shop.put(&order("c-1", 2024, 1)).send().await,
            shop.delete(Order::key("c-1", 2024, 1)).send().await,
        ] {
            assert!(matches!(outcome, Err(Error::Unknown(_))), "{outcome:?}");
        }
        assert_eq!(faults.log().len(), 2);
        let outcome = shop.put(&order("c-1", 2024, 1)).transactional().send().await;
        let Err(Error::Unknown(unknown)) = outcome else { panic!("{outcome:?}") };
        assert!(unknown.can_be_resolved(), "it may be applied, by its token");
    }
}

/// The time of a transaction may be over while an attempt is on its way, or while the SDK pauses between two.
#[tokio::test(start_paused = true)]
async fn a_transaction_that_ends_without_an_answer_is_unknown() {
    let pauses = Duration::from_secs(1_000_000);
    let retries = RetryConfig::standard().with_initial_backoff(pauses).with_max_backoff(pauses);
    for fault in [Fault::HangBefore, Fault::HangAfter, Fault::DropBefore, Fault::DropAfter] {
        let local = Local::memory().unwrap();
        Table::<Shop>::new(local.client(), "shop").create_table_if_absent().send().await.unwrap();
        let (faulty, faults) = local.with_faults(Plan::script([(When::any().always(), fault.clone())]));
        let config = faulty.config().retry_config(retries.clone());
        let shop = Table::<Shop>::new(Client::from_conf(config.build()), "shop").with_mapping(MAPPING);
        let one = shop.put(&order("c-1", 2024, 1)).transactional().send().await;
        // Before the SDK itself ends the call.
        let (begun, second) = (Instant::now(), Duration::from_secs(1));
        let all = shop.transact_write().put(&order("c-1", 2024, 2)).retry_timeout(second).send().await;
        assert_eq!(begun.elapsed().as_secs(), 1);
        for outcome in [one, all] {
            let Err(Error::Unknown(unknown)) = outcome else { panic!("{fault:?}: {outcome:?}") };
            assert!(unknown.can_be_resolved(), "{fault:?}");
            faults.stop();
            unknown.resolve().await.unwrap();
        }
    }
}
