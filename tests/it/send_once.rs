//! Effects that happen once for each change, while changes are delivered again and responses are lost.

use crate::MAPPING;
use aws_sdk_dynamodb::{Client, config::timeout::TimeoutConfig};
use dynamap::{
    Entity, Error, Table, TableSchema,
    stream::{EffectOutcome, OperationId},
    value::EpochSeconds,
};
use dynamap_local::{
    Local,
    faults::{Fault, FaultKind, Faults, Plan, Rates, When},
};
use fastrand::Rng;
use std::{collections::BTreeMap, time::Duration};
use tokio::{task::JoinSet, time::sleep};

#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at")]
struct Views;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Views, pk = "EFFECT#{consumer}#{id}", sk = "EFFECT")]
struct Effect {
    consumer: String,
    id: OperationId,
    #[dynamap(ttl)]
    expires_at: EpochSeconds,
}

/// Has the key of an effect.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Views, pk = "EFFECT#{consumer}#{id}", sk = "EFFECT")]
struct Squatter {
    consumer: String,
    id: String,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Views, pk = "PRODUCT#{id}", sk = "SALES")]
struct Sales {
    id: u32,
    sold: u64,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Views, pk = "ENTRY#{id}", sk = "ENTRY")]
struct Entry {
    id: OperationId,
}

const LATER: EpochSeconds = EpochSeconds(4_000_000_000);

fn effect(id: &str) -> Effect {
    Effect { consumer: "sales".into(), id: id.into(), expires_at: LATER }
}

async fn views_on(local: &Local) -> Table<Views> {
    let views = Table::<Views>::new(local.client(), "views").with_mapping(MAPPING);
    views.create_table_if_absent().send().await.unwrap();
    views
}

async fn views() -> Table<Views> {
    views_on(&Local::memory().unwrap()).await
}

/// Counts a sale, and writes an entry for the change.
async fn count(views: &Table<Views>, effect: &Effect, sold: u64) -> dynamap::Result<EffectOutcome> {
    let sales = views.upsert(Sales::key(7)).apply(Sales::SOLD.add(sold));
    let entry = Entry { id: effect.id.clone() };
    views.transact_write().update(sales).create(&entry).send_once(effect).await
}

async fn sold(views: &Table<Views>) -> u64 {
    views.get(Sales::key(7)).consistent_read().send().await.unwrap().map_or(0, |sales| sales.sold)
}

#[tokio::test]
async fn the_second_delivery_writes_nothing() {
    let views = views().await;
    for (delivery, outcome) in
        [EffectOutcome::Applied, EffectOutcome::AlreadyApplied, EffectOutcome::AlreadyApplied]
            .into_iter()
            .enumerate()
    {
        assert_eq!(count(&views, &effect("e-1"), 2).await.unwrap(), outcome, "delivery {delivery}");
        assert_eq!(sold(&views).await, 2);
    }
    assert_eq!(count(&views, &effect("e-2"), 3).await.unwrap(), EffectOutcome::Applied);
    let other = Effect { consumer: "mail".into(), ..effect("e-1") };
    let alone = views.transact_write().send_once(&other).await.unwrap();
    assert_eq!((alone, sold(&views).await), (EffectOutcome::Applied, 5));
}

#[tokio::test]
async fn the_refusal_of_another_action_is_an_error() {
    let views = views().await;
    views.create(&Entry { id: "e-1".into() }).send().await.unwrap();
    let Err(Error::TransactionCanceled(canceled)) = count(&views, &effect("e-1"), 2).await else {
        panic!("the entry is there");
    };
    let refused: Vec<usize> = canceled.refused().map(|reason| reason.position()).collect();
    assert_eq!((refused.as_slice(), sold(&views).await), (&[1][..], 0));
    assert!(!views.exists(&effect("e-1")).send().await.unwrap());

    // An effect of another change is no better.
    views.create(&effect("e-0")).send().await.unwrap();
    let outcome = views.transact_write().create(&effect("e-0")).send_once(&effect("e-2")).await;
    assert!(matches!(outcome, Err(Error::TransactionCanceled(_))), "{outcome:?}");

    // Refused as well, but the effect tells that all of it was applied.
    views.create(&effect("e-1")).send().await.unwrap();
    assert_eq!(count(&views, &effect("e-1"), 2).await.unwrap(), EffectOutcome::AlreadyApplied);
}

#[tokio::test]
async fn an_item_of_another_entity_is_not_the_effect() {
    let views = views().await;
    views.create(&Squatter { consumer: "sales".into(), id: "e-1".into() }).send().await.unwrap();
    let outcome = count(&views, &effect("e-1"), 2).await;
    assert!(matches!(outcome, Err(Error::TransactionCanceled(_))), "{outcome:?}");
    assert_eq!(sold(&views).await, 0);
}

#[tokio::test]
async fn the_place_of_the_effect_is_behind_updates_without_actions() {
    let views = views().await;
    views.create(&Entry { id: "e-9".into() }).send().await.unwrap();
    for outcome in [EffectOutcome::Applied, EffectOutcome::AlreadyApplied] {
        let nothing = views.update(Entry::key(OperationId::from("e-9"))).skip_if_empty();
        let transaction = views.transact_write().update(nothing).check_absent(Sales::key(7));
        assert_eq!(transaction.send_once(&effect("e-1")).await.unwrap(), outcome);
    }
    // The check is refused, at the place that the effect has without the update.
    views.create(&Sales { id: 7, sold: 1 }).send().await.unwrap();
    let nothing = views.update(Entry::key(OperationId::from("e-9"))).skip_if_empty();
    let transaction = views.transact_write().update(nothing).check_absent(Sales::key(7));
    assert!(matches!(transaction.send_once(&effect("e-2")).await, Err(Error::TransactionCanceled(_))));
}

#[tokio::test]
async fn an_effect_that_has_expired_is_applied_again() {
    let views = views().await;
    let expired = Effect { expires_at: EpochSeconds(1), ..effect("e-1") };
    let transaction = || views.transact_write().update(views.upsert(Sales::key(7)).apply(Sales::SOLD.add(1)));
    for _ in 0..2 {
        assert_eq!(transaction().send_once(&expired).await.unwrap(), EffectOutcome::Applied);
    }
    assert_eq!(sold(&views).await, 2);
}

/// Of two handlers of one change, which are at work together, one applies it.
#[tokio::test(start_paused = true)]
async fn deliveries_at_the_same_time_apply_it_once() {
    let plan = Plan::random(3, Rates::none()).latency(Duration::ZERO..=Duration::from_millis(40));
    let (local, faults) = Local::memory().unwrap().with_faults(plan);
    let views = views_on(&local).await;
    let mut deliveries = JoinSet::new();
    for delivery in 0..40 {
        let (views, effect) = (views.clone(), effect(&format!("e-{}", delivery % 10)));
        deliveries.spawn(async move { count(&views, &effect, 1).await.unwrap() });
    }
    let outcomes = deliveries.join_all().await;
    let applied = outcomes.iter().filter(|outcome| **outcome == EffectOutcome::Applied).count();
    assert_eq!((applied, sold(&views).await), (10, 10));
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

#[tokio::test(start_paused = true)]
async fn a_lost_response_is_no_second_effect() {
    let lost = [(When::operation("TransactWriteItems"), Fault::DropAfter)];
    let (local, _) = Local::memory().unwrap().with_faults(Plan::script(lost));
    let views = views_on(&local).await;
    assert_eq!(count(&views, &effect("e-1"), 2).await.unwrap(), EffectOutcome::Applied);
    assert_eq!(sold(&views).await, 2);
}

/// An attempt without a response may still arrive: but it finds the effect.
#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_request_tells_as_much() {
    let healthy = Local::memory().unwrap();
    let views = views_on(&healthy).await;
    assert_eq!(count(&views, &effect("e-1"), 2).await.unwrap(), EffectOutcome::Applied);
    let lost = [(When::operation("TransactWriteItems"), Fault::DropBefore)];
    let (local, faults) = healthy.with_faults(Plan::script(lost));
    let outcome = count(&views_on(&local).await, &effect("e-1"), 2).await.unwrap();
    assert_eq!((outcome, sold(&views).await), (EffectOutcome::AlreadyApplied, 2));
    let attempts = faults.log().iter().filter(|request| request.operation == "TransactWriteItems").count();
    assert!(attempts > 1, "{attempts}");
}

/// The transaction is applied, and without a response for longer than it is sent again.
#[tokio::test(start_paused = true)]
async fn an_outage_is_resolved() {
    let lost = [(When::operation("TransactWriteItems").always(), Fault::DropAfter)];
    let (local, faults) = Local::memory().unwrap().with_faults(Plan::script(lost));
    let views = views_on(&local).await;
    let over = async {
        sleep(Duration::from_secs(40)).await;
        faults.stop();
    };
    let effect = effect("e-1");
    let (outcome, ()) = tokio::join!(count(&views, &effect, 2), over);
    assert_eq!((outcome.unwrap(), sold(&views).await), (EffectOutcome::Applied, 2));
}

/// The state of a run with faults.
struct Run {
    views: Table<Views>,
    /// The number of the first responses to a change that were `Applied`.
    applied: BTreeMap<String, usize>,
    /// The sales of each change that a handler finished.
    sales: BTreeMap<String, u64>,
}

/// A table whose requests have faults, and the same one without.
async fn faulty(seed: u64) -> (Table<Views>, Table<Views>, Faults) {
    let rates = Rates::all(0.3).with(FaultKind::DropAfter, 0.1);
    let plan = Plan::random(seed, rates).latency(Duration::ZERO..=Duration::from_millis(40));
    let healthy = Local::memory().unwrap();
    let views = views_on(&healthy).await;
    let (local, faults) = healthy.with_faults(plan);
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(2)).build();
    let client = Client::from_conf(local.config().timeout_config(timeouts).build());
    (views, Table::<Views>::new(client, "views").with_mapping(MAPPING), faults)
}

/// Delivers changes again and again, out of order, to handlers of which some are killed, until all have been handled.
async fn deliver(seed: u64) -> (Run, Faults) {
    let mut rng = Rng::with_seed(seed);
    let (views, faulty, faults) = faulty(seed).await;
    let mut changes: Vec<String> = (0..12).map(|change| format!("e-{change}")).collect();
    let mut run = Run { views, applied: BTreeMap::new(), sales: BTreeMap::new() };
    while run.sales.len() < changes.len() {
        rng.shuffle(&mut changes);
        let mut handlers = JoinSet::new();
        for change in changes.iter().take(6) {
            let (views, effect, pause) = (faulty.clone(), effect(change), rng.u64(0..200));
            let sold = change.len() as u64;
            handlers.spawn(async move {
                sleep(Duration::from_millis(pause)).await;
                let outcome = count(&views, &effect, sold).await;
                outcome.ok().map(|outcome| (effect.id.to_string(), outcome, sold))
            });
        }
        // Handlers that are still at work then are killed, in the middle of a request.
        sleep(Duration::from_millis(rng.u64(0..2000))).await;
        while let Some(ended) = handlers.try_join_next() {
            if let Some((change, outcome, sold)) = ended.unwrap() {
                *run.applied.entry(change.clone()).or_default() +=
                    usize::from(outcome == EffectOutcome::Applied);
                run.sales.insert(change, sold);
            }
        }
        handlers.shutdown().await;
    }
    (run, faults)
}

#[tokio::test(start_paused = true)]
async fn each_change_has_one_effect_whatever_is_lost_killed_or_delivered_again() {
    let cases = std::env::var("DYNAMAP_CASES").map_or(12, |cases| cases.parse().unwrap());
    let first =
        std::env::var("DYNAMAP_SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().unwrap());
    for seed in first..first.saturating_add(cases) {
        eprintln!("DYNAMAP_SEED={seed}");
        fastrand::seed(seed);
        let (run, faults) = deliver(seed).await;
        // Late requests arrive.
        faults.stop();
        faults.drain().await;
        assert_eq!(sold(&run.views).await, run.sales.values().sum::<u64>());
        let twice: Vec<_> = run.applied.iter().filter(|(_, applied)| **applied > 1).collect();
        assert!(twice.is_empty(), "told twice that it was applied: {twice:?}");
        for change in run.sales.keys() {
            let outcome = count(&run.views, &effect(change), 1000).await.unwrap();
            assert_eq!(outcome, EffectOutcome::AlreadyApplied);
            assert!(run.views.exists(&Entry { id: change.as_str().into() }).send().await.unwrap());
        }
        assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
    }
}
