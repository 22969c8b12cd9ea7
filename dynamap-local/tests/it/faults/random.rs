//! Random plans: reproducible, and hard enough to break what is not safe.

use std::collections::BTreeMap;

use dynamap_local::faults::{FaultKind, Logged, Rates};

use super::batches::{Writes, writes};
use super::*;

fn latency() -> std::ops::RangeInclusive<Duration> {
    Duration::ZERO..=Duration::from_millis(40)
}

/// Runs on a paused clock of its own, all random numbers drawn from `seed`.
fn simulate<T>(seed: u64, work: impl Future<Output = T>) -> T {
    fastrand::seed(seed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.unwrap().block_on(work)
}

/// What the tasks of a schedule were told, the log, and the table in the end.
type Outcome = (Vec<Vec<bool>>, Vec<Logged>, BTreeMap<String, String>);

async fn tasks(seed: u64, rates: Rates) -> Outcome {
    let shop = shop(Plan::random(seed, rates).latency(latency())).await;
    let tasks = (0..3).map(|task| {
        let client = shop.client.clone();
        tokio::spawn(async move {
            let mut told = Vec::new();
            for step in 0..6 {
                told.push(put(&client, &format!("p-{}", step % 2), task * 100 + step).await);
                let batch = client.batch_write_item().set_request_items(Some(writes(10..14)));
                told.push(batch.send().await.is_ok());
                let get = client.get_item().table_name(TABLE).set_key(Some(product("p-0")));
                told.push(get.send().await.is_ok());
            }
            told
        })
    });
    let mut told = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        told.push(task.await.unwrap());
    }
    shop.faults.drain().await;
    assert!(shop.faults.illegal().is_empty(), "{:?}", shop.faults.illegal());
    (told, shop.faults.log(), table(&shop).await)
}

async fn table(shop: &Faulty) -> BTreeMap<String, String> {
    let scan = shop.local.client().scan().table_name(TABLE).send().await.unwrap();
    let text = |item: &Item, name: &str| match &item[name] {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        other => panic!("{other:?}"),
    };
    scan.items().iter().map(|item| (text(item, "sk"), text(item, "stock"))).collect()
}

#[test]
fn one_seed_gives_one_run() {
    let run = |seed| simulate(seed, tasks(seed, Rates::all(0.3)));
    let mut logs = Vec::new();
    for seed in 0..5 {
        let (one, other) = (run(seed), run(seed));
        assert_eq!(one, other, "seed {seed}");
        logs.push(one.1);
    }
    logs.dedup();
    assert_eq!(logs.len(), 5);
}

/// The SDK draws from `fastrand`, the plan does not.
#[test]
fn a_plan_draws_from_its_seed_alone() {
    let faults = |global, seed| {
        simulate(global, async {
            let (faulty, faults) = Local::memory().unwrap().with_faults(Plan::random(
                seed,
                Rates::all(0.5).with(FaultKind::HangBefore, 0.0).with(FaultKind::HangAfter, 0.0),
            ));
            for _ in 0..100 {
                fastrand::u64(..);
                let request = dynamap_local::Request::new("ListTables", "{}");
                let _ = faulty.transport().call(request).await;
            }
            faults.log().into_iter().map(|request| request.fault).collect::<Vec<_>>()
        })
    };
    assert_eq!(faults(1, 7), faults(2, 7));
    assert_ne!(faults(1, 7), faults(1, 8));
}

#[test]
fn every_kind_comes_and_only_where_it_fits() {
    let mut seen = BTreeMap::new();
    for seed in 0..12 {
        for logged in simulate(seed, tasks(seed, Rates::all(0.5))).1 {
            if let Some(fault) = logged.fault {
                assert!(fault.kind().fits(&logged.operation), "{fault:?} {}", logged.operation);
                *seen.entry(fault.kind()).or_insert(0) += 1;
            }
        }
    }
    // The other two are for transactions.
    assert_eq!(seen.len(), 18, "{seen:?}");
}

#[test]
fn rates_are_kept() {
    for (rates, least, most) in [
        (Rates::none(), 0.0, 0.0),
        (Rates::all(0.2), 0.15, 0.25),
        (Rates::none().with(FaultKind::Throttle, 0.2), 0.15, 0.25),
        (Rates::none().with(FaultKind::DropBefore, 7.0), 1.0, 1.0),
        (Rates::none().with(FaultKind::DropBefore, f64::NAN), 0.0, 0.0),
        (Rates::none().with(FaultKind::Throttle, 0.5).with(FaultKind::DropBefore, -0.5), 0.4, 0.6),
        (Rates::none().with(FaultKind::TransactionInProgress, 1.0), 0.0, 0.0),
    ] {
        let log: Vec<_> = (0..8).flat_map(|seed| simulate(seed, tasks(seed, rates.clone())).1).collect();
        let share = log.iter().filter(|request| request.fault.is_some()).count() as f64 / log.len() as f64;
        assert!((least..=most).contains(&share), "{rates:?}: {share}");
    }
}

fn seeds(default: u64) -> std::ops::Range<u64> {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    match number("DYNAMAP_SEED") {
        Some(seed) => seed..seed + 1,
        None => {
            let first = fastrand::u64(..u64::MAX / 2);
            first..first + number("DYNAMAP_CASES").unwrap_or(default)
        }
    }
}

/// Puts by several tasks; what was applied, in the order in which it was applied, is the table.
#[test]
fn puts_end_in_the_state_of_the_log() {
    for seed in seeds(100) {
        eprintln!("DYNAMAP_SEED={seed}");
        simulate(seed, async {
            let shop = shop(Plan::random(seed, Rates::all(0.4)).latency(latency())).await;
            let tasks = (0..3_i64).map(|task| {
                let client = shop.client.clone();
                tokio::spawn(async move {
                    for step in 0..5 {
                        put(&client, &format!("p-{}", (task + step) % 3), task * 100 + step).await;
                    }
                })
            });
            for task in tasks.collect::<Vec<_>>() {
                task.await.unwrap();
            }
            shop.faults.drain().await;

            let sent = shop.sent.take();
            let mut applied: Vec<Logged> = shop.faults.log().into_iter().filter(Logged::is_applied).collect();
            applied.sort_by_key(|request| request.answered_as);
            let mut expected = BTreeMap::new();
            for request in applied {
                let item = &sent[request.number as usize - 1].body["Item"];
                let text = |name: &str, kind: &str| item[name][kind].as_str().unwrap().to_owned();
                expected.insert(text("sk", "S"), text("stock", "N"));
            }
            assert_eq!(table(&shop).await, expected);
        });
    }
}

/// Every item of a batch is there in the end, if what comes back or fails is sent again.
#[test]
fn batches_sent_again_lose_nothing() {
    for seed in seeds(40) {
        eprintln!("DYNAMAP_SEED={seed}");
        simulate(seed, async {
            let rates = Rates::all(0.3).with(FaultKind::Partial, 0.3).with(FaultKind::Corrupted, 0.0);
            let shop = shop(Plan::random(seed, rates)).await;
            let mut rest: Writes = writes(0..25);
            let mut calls = 0;
            while !rest.is_empty() {
                calls += 1;
                assert!(calls < 500, "no progress");
                let batch = shop.client.batch_write_item().set_request_items(Some(rest.clone()));
                // The SDK takes an answer that was cut to nothing for one without unprocessed items.
                let cut = |shop: &Faulty| {
                    let fault = shop.faults.log().pop().and_then(|last| last.fault);
                    matches!(fault, Some(Fault::Truncated(0) | Fault::Emptied))
                };
                match batch.send().await {
                    Ok(answer) if !cut(&shop) => rest = answer.unprocessed_items.unwrap_or_default(),
                    _ => {}
                }
            }
            shop.faults.drain().await;
            assert_eq!(table(&shop).await.len(), 25);
        });
    }
}

/// A counter that the SDK's retries count twice: if this passed, the faults would show nothing.
#[test]
fn a_careless_counter_is_caught() {
    let mut wrong = 0;
    for seed in 0..60 {
        simulate(seed, async {
            let shop = shop(Plan::random(seed, Rates::all(0.2))).await;
            let mut told = 0;
            for _ in 0..12 {
                let add = shop.client.update_item().table_name(TABLE).set_key(Some(product("p-1")));
                let add = add.update_expression("ADD stock :one").expression_attribute_values(":one", one());
                told += i64::from(add.send().await.is_ok());
            }
            shop.faults.drain().await;
            wrong += u32::from(shop.stock("p-1").await != Some(told));
        });
    }
    assert!(wrong > 24, "only {wrong} of 60 schedules are wrong");
}

#[test]
fn the_environment_gives_the_seed_or_chance_does() {
    let seed = |plan: Plan| plan.seed().unwrap();
    let one = seed(Plan::random_from_env(Rates::none()));
    match std::env::var("DYNAMAP_SEED") {
        Ok(expected) => assert_eq!(one.to_string(), expected),
        Err(_) => assert_ne!(one, seed(Plan::random_from_env(Rates::none()))),
    }
    assert_eq!(Plan::none().seed(), None);
}
