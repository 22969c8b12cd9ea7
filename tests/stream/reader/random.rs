//! Random topologies, faults and deaths of workers, judged by the order and the completeness of what was seen.

use super::Streamed;
use super::consumer::SECOND;
use crate::model::Customer;
use dynamap::stream::Change;
use dynamap::stream::reader::{ShardEvent, ShardStreams, StreamReader};
use dynamap_local::shards::{ShardEventKind, ShardPlan, ShardRates};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::{JoinHandle, JoinSet};

/// What was seen of each customer, in its order: its version, or a gap of any shard.
#[derive(Debug, Default)]
struct Seen {
    versions: BTreeMap<String, Vec<u32>>,
    gaps: usize,
}

fn consume(mut shards: ShardStreams<Customer>, seen: Arc<Mutex<Seen>>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut consumers = JoinSet::new();
        while let Some(shard) = shards.next().await {
            let (mut shard, seen) = (shard.unwrap(), seen.clone());
            let pause = Duration::from_millis(fastrand::u64(0..400));
            consumers.spawn(async move {
                while let Some(Ok(mut delivery)) = shard.next().await {
                    match &mut delivery.event {
                        ShardEvent::Changes(changes) => {
                            let change = changes.next().unwrap().change;
                            let (Change::Insert { new } | Change::Modify { new, .. }) = change else {
                                panic!()
                            };
                            let mut seen = seen.lock().unwrap();
                            seen.versions.entry(new.customer_id).or_default().push(new.name.parse().unwrap());
                        }
                        ShardEvent::Gap(_) => seen.lock().unwrap().gaps += 1,
                        other => panic!("{other:?}"),
                    }
                    tokio::time::sleep(pause).await;
                    delivery.acknowledge();
                }
            });
        }
        consumers.join_all().await;
    })
}

fn reader(streamed: &Streamed, worker: u64) -> StreamReader<Customer> {
    streamed
        .reader::<Customer>()
        .worker(format!("w-{worker}"))
        .lease_duration(9 * SECOND)
        .poll_interval(SECOND)
        .listing_interval(20 * SECOND)
        .checkpoint_every(5, 2 * SECOND)
        .buffered(8)
}

async fn topology(seed: u64, trims: bool) {
    fastrand::seed(seed);
    let mut rates = ShardRates::all(0.2);
    if !trims {
        rates = rates.with(ShardEventKind::Trim, 0.0);
    }
    let plan = ShardPlan::random(seed, rates)
        .shards(fastrand::u32(1..4))
        .most_open_shards(6)
        .listing_delay(Duration::ZERO..=Duration::from_secs(fastrand::u64(0..40)))
        .page_size(fastrand::usize(1..6));
    let (streamed, model) = Streamed::with_shards(plan).await;
    let (customers, seen) = (5, Arc::new(Mutex::new(Seen::default())));
    let mut workers: Vec<JoinHandle<()>> = Vec::new();
    let put = async |version: u32| {
        for customer in 0..customers {
            let customer = Customer { customer_id: format!("c-{customer}"), name: version.to_string() };
            streamed.shop.put(&customer).send().await.unwrap();
        }
    };
    let mut version = 0;
    for turn in 0..14 {
        if workers.len() < 2 || fastrand::u8(0..4) == 0 {
            workers.push(consume(reader(&streamed, turn).shards(), seen.clone()));
        }
        if workers.len() > 1 && fastrand::u8(0..3) == 0 {
            workers.swap_remove(fastrand::usize(0..workers.len())).abort();
        }
        for _ in 0..fastrand::u32(0..3) {
            put(version).await;
            version += 1;
        }
        tokio::time::sleep(Duration::from_millis(fastrand::u64(0..15_000))).await;
    }
    model.stop();
    put(version).await;
    let is_last = |(_, versions): (&String, &Vec<u32>)| versions.contains(&version);
    let mut patience = 0;
    while seen.lock().unwrap().versions.iter().filter(|seen| is_last(*seen)).count() < customers {
        patience += 1;
        assert!(patience < 400, "seed {seed}: no progress: {seen:?}\n{:#?}", {
            let leases: Vec<dynamap::stream::reader::Lease> =
                streamed.leases.scan::<dynamap::stream::reader::Lease>().try_collect().await.unwrap();
            leases
        });
        tokio::time::sleep(SECOND).await;
    }
    let seen = seen.lock().unwrap();
    for (customer, versions) in &seen.versions {
        let mut last = None::<u32>;
        for at in versions {
            let expected = last.map_or(0, |last| last + 1);
            assert!(
                *at <= expected || seen.gaps > 0,
                "seed {seed}: {customer} lacks {expected}: {versions:?}"
            );
            last = Some(*at);
        }
    }
    assert!(trims || seen.gaps == 0, "seed {seed}: {} gaps without a reason", seen.gaps);
    workers.iter().for_each(|worker| worker.abort());
}

#[tokio::test(start_paused = true)]
async fn random_topologies_are_read_in_order_and_completely() {
    let seeds = match std::env::var("DYNAMAP_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => {
            let first = fastrand::u64(..1 << 40);
            (first..first + 3).collect()
        }
    };
    for seed in seeds {
        eprintln!("DYNAMAP_SEED={seed}");
        topology(seed, false).await;
        topology(seed, true).await;
    }
}
