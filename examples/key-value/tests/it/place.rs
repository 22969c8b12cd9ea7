//! A store on the embedded engine, with faults between them.

use std::collections::BTreeMap;

use std::time::Duration;

use dynamap_local::{
    Local,
    faults::{Faults, Plan},
};
use futures_util::TryStreamExt;
use key_value::{Creation, Store, bget, connect, log};
use serde::de::DeserializeOwned;

/// A store, and what is beneath it.
pub(crate) struct Place {
    pub(crate) local: Local,
    pub(crate) faults: Faults,
    pub(crate) store: Store,
}

/// The time that a request or a response is on its way, so that what several clients do is interleaved.
pub(crate) const LATENCY: std::ops::RangeInclusive<Duration> =
    Duration::from_millis(1)..=Duration::from_millis(40);

/// The name of the table.
pub(crate) const TABLE: &str = "key-value";

pub(crate) async fn place() -> Place {
    place_with(Plan::none()).await
}

/// A store whose table is there before the faults of the plan begin.
pub(crate) async fn place_with(plan: Plan) -> Place {
    let engine = Local::memory().unwrap();
    connect(&Store::new(engine.client(), TABLE), Creation::OnDemand).await.unwrap();
    let (local, faults) = engine.with_faults(plan);
    let store = Store::new(local.client(), TABLE).consistent_reads();
    Place { local, faults, store }
}

impl Place {
    /// Another client of the same store.
    pub(crate) fn client(&self) -> Store {
        Store::new(self.local.client(), TABLE).consistent_reads()
    }

    /// The number of items in the table, by their entities.
    pub(crate) async fn items(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        let mut pages = self.local.client().scan().table_name(TABLE).into_paginator().items().send();
        while let Some(item) = pages.next().await {
            let entity = item.unwrap()["entity_type"].as_s().unwrap().clone();
            *counts.entry(entity).or_default() += 1;
        }
        counts
    }

    #[track_caller]
    pub(crate) fn assert_legal(&self) {
        assert!(self.faults.illegal().is_empty(), "{:?}", self.faults.illegal());
    }
}

/// Counts by entity, as [`Place::items`] gives them.
pub(crate) fn counts<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.map(|(entity, count)| (entity.to_owned(), count)).into()
}

pub(crate) async fn entries<T: DeserializeOwned + 'static>(store: &Store, key: &str) -> Vec<T> {
    log(store, key).try_collect().await.unwrap()
}

/// The bytes of a key.
pub(crate) async fn read(store: &Store, key: &str) -> Option<Vec<u8>> {
    Some(bget(store, key).await.unwrap()?.read_to_end().await.unwrap())
}

/// Bytes of which no two chunks are the same.
pub(crate) fn some_bytes(count: usize, seed: u64) -> Vec<u8> {
    let mut bytes = vec![0; count];
    fastrand::Rng::with_seed(seed).fill(&mut bytes);
    bytes
}
