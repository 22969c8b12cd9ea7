//! Many clients, while a part of all requests is lost, delayed, cut or damaged: what a client was told is true.

use std::{collections::BTreeMap, env};

use dynamap_local::faults::{Plan, Rates};
use futures_util::future::join_all;
use key_value::{append, bassoc, bget, get_in, multi_assoc, multi_get, update_in};

use crate::place::{LATENCY, Place, entries, place_with, some_bytes};

const CLIENTS: u32 = 4;
const STEPS: u32 = 6;

/// A place for each seed; `DYNAMAP_SEED` repeats one, and `DYNAMAP_CASES` sets how many.
async fn each(mut test: impl AsyncFnMut(Place, u64)) {
    let number = |name: &str| env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let cases = number("DYNAMAP_CASES").unwrap_or(6);
    let first = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..1 << 32));
    for seed in first..first + cases {
        println!("DYNAMAP_SEED={seed} DYNAMAP_CASES=1");
        fastrand::seed(seed);
        test(place_with(Plan::random(seed, Rates::all(0.25)).latency(LATENCY)).await, seed).await;
    }
}

/// The outcomes of all steps of all clients, by client and step; true if the client was told that it is done.
async fn clients<F: Future<Output = bool>>(step: impl Fn(u32, u32) -> F) -> BTreeMap<(u32, u32), bool> {
    let step = &step;
    let run = |client| async move {
        let mut told = Vec::new();
        for number in 0..STEPS {
            told.push(((client, number), step(client, number).await));
        }
        told
    };
    join_all((0..CLIENTS).map(run)).await.into_iter().flatten().collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_appended_is_there_once_and_in_order() {
    let (mut done, mut open) = (0, 0);
    each(async |place, seed| {
        let told = clients(|client, number| {
            let store = place.client();
            async move { append(&store, "log", &(client, number)).await.is_ok() }
        })
        .await;
        place.faults.stop();
        place.faults.drain().await;
        let found: Vec<(u32, u32)> = entries(&place.store, "log").await;
        for (entry, told) in &told {
            let times = found.iter().filter(|found| *found == entry).count();
            assert!(
                times == 1 || !told && times == 0,
                "seed {seed}: {entry:?} is there {times} times, {told}"
            );
        }
        for client in 0..CLIENTS {
            let own = found.iter().filter(|(of, _)| *of == client);
            assert!(own.is_sorted(), "seed {seed}: {found:?}");
        }
        done += told.values().filter(|told| **told).count();
        open += told.values().filter(|told| !**told).count();
    })
    .await;
    println!("{done} appended, {open} without an answer");
    assert!(done > open, "{done} {open}");
}

#[tokio::test(start_paused = true)]
async fn what_is_counted_is_counted_once() {
    each(async |place, seed| {
        let told = clients(|_, _| {
            let store = place.client();
            let plus = |n: Option<usize>| Ok(n.unwrap_or(0) + 1);
            async move { update_in(&store, "k", ["a", "count"], plus).await.is_ok() }
        })
        .await;
        place.faults.stop();
        place.faults.drain().await;
        let done = told.values().filter(|told| **told).count();
        let count: usize = get_in(&place.store, "k", ["a", "count"]).await.unwrap().unwrap_or(0);
        assert!((done..=told.len()).contains(&count), "seed {seed}: {done} done, {count} counted");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn values_that_are_written_together_are_the_same() {
    each(async |place, seed| {
        let told =
            clients(|client, number| {
                let store = place.client();
                async move {
                    multi_assoc(&store, ["a", "b", "c"].map(|key| (key, (client, number)))).await.is_ok()
                }
            })
            .await;
        place.faults.stop();
        place.faults.drain().await;
        let found: BTreeMap<String, (u32, u32)> = multi_get(&place.store, ["a", "b", "c"]).await.unwrap();
        let mut values = found.values();
        if let Some(first) = values.next() {
            assert!(found.len() == 3 && values.all(|value| value == first), "seed {seed}: {found:?}");
        } else {
            assert!(told.values().all(|told| !told), "seed {seed}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn bytes_are_those_of_one_client() {
    each(async |place, seed| {
        let bytes = |client: u32, number: u32| some_bytes(350, u64::from(client * STEPS + number));
        let told = clients(|client, number| {
            let store = place.client().chunk_size(100);
            let bytes = bytes(client, number);
            async move { bassoc(&store, "file", &bytes[..]).await.is_ok() }
        })
        .await;
        place.faults.stop();
        place.faults.drain().await;
        match bget(&place.store, "file").await.unwrap() {
            Some(found) => {
                let found = found.read_to_end().await.unwrap();
                assert!(told.keys().any(|(client, number)| bytes(*client, *number) == found), "seed {seed}");
            }
            None => assert!(told.values().all(|told| !told), "seed {seed}"),
        }
    })
    .await;
}
