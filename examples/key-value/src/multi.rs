//! Several keys in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::{Error, batch::Fetched, outcome::CancellationReason};

use crate::{
    Revision,
    attempts::{ATTEMPTS, wait_for},
    change::Preparation,
    error::{Result, StoreError},
    model::{Head, Kind},
    store::Store,
    target::Target,
    value::removed,
};

/// The largest number of keys in a call.
///
/// DynamoDB: a transaction has at most 100 actions, and BatchGetItem at most 100 keys.
const MAX_KEYS: usize = 100;

/// The largest number of bytes in a transaction.
const MAX_BYTES: usize = 4 << 20;

/// Reads the heads of up to 100 keys, as the store says.
pub(crate) async fn get(store: &Store, keys: BTreeSet<String>) -> Result<BTreeMap<String, Head>> {
    check_count(&keys)?;
    let mut heads = read(store, keys.iter().map(String::as_str), store.is_consistent).await?;
    heads.retain(|_, head| head.kind != Kind::Removed);
    Ok(heads)
}

/// Writes the values of up to 100 keys; of pairs with one key, the last one counts.
pub(crate) async fn assoc(
    store: &Store,
    pairs: Vec<(Target, AttributeValue)>,
) -> Result<BTreeMap<String, Revision>> {
    let heads: BTreeMap<String, Head> = pairs
        .iter()
        .map(|(target, value)| (target.key.clone(), Head::of_value(&target.key, value.clone())))
        .collect();
    check_count(&heads)?;
    let size = heads.values().map(Head::size).sum::<Result<usize>>()?;
    if size > MAX_BYTES {
        return Err(StoreError::TooLarge { size, limit: MAX_BYTES });
    }
    let targets: Vec<Target> = pairs.into_iter().map(|(target, _)| target).collect();
    change_all(store, &targets, |key, _| heads.get(key).cloned()).await?;
    Ok(heads.into_iter().map(|(key, head)| (key, head.revision)).collect())
}

/// Removes up to 100 keys; tells of each whether it was there.
pub(crate) async fn dissoc(store: &Store, targets: Vec<Target>) -> Result<BTreeMap<String, bool>> {
    let keys: BTreeSet<&str> = targets.iter().map(|target| &*target.key).collect();
    check_count(&keys)?;
    let next = |key: &str, head: Option<&Head>| head.map(|_| removed(store, key));
    let old = change_all(store, &targets, next).await?;
    Ok(keys.into_iter().map(|key| (key.to_owned(), old.contains_key(key))).collect())
}

fn check_count<K>(keys: impl IntoIterator<Item = K, IntoIter: ExactSizeIterator>) -> Result<()> {
    match keys.into_iter().len() {
        count if count > MAX_KEYS => Err(StoreError::TooManyKeys { count, limit: MAX_KEYS }),
        _ => Ok(()),
    }
}

/// Reads the heads of the keys that are there, by their keys.
async fn read(
    store: &Store,
    keys: impl IntoIterator<Item = &str>,
    is_consistent: bool,
) -> Result<BTreeMap<String, Head>> {
    let batch = store.table.batch_get(keys.into_iter().map(Head::at));
    let batch = if is_consistent { batch.consistent_read() } else { batch };
    let found = batch.send().await?.into_iter().filter_map(Fetched::found);
    Ok(found.map(|head| (head.key.clone(), head)).collect())
}

/// Replaces the heads of all keys, or of none, by what `next` makes of them; returns those that were there.
///
/// A key of which it makes nothing must stay as it is.
///
/// # Errors
/// [`StoreError::RevisionMismatch`], [`StoreError::Contended`].
async fn change_all(
    store: &Store,
    targets: &[Target],
    next: impl Fn(&str, Option<&Head>) -> Option<Head>,
) -> Result<BTreeMap<String, Head>> {
    let keys: BTreeSet<&str> = targets.iter().map(|target| &*target.key).collect();
    for attempt in 0..ATTEMPTS {
        wait_for(attempt).await;
        let stored = read(store, keys.iter().copied(), true).await?;
        let old = |key: &str| stored.get(key).filter(|head| head.kind != Kind::Removed);
        targets.iter().try_for_each(|target| target.check(old(&target.key)))?;
        let mut heads: Vec<Head> = keys.iter().filter_map(|key| next(key, old(key))).collect();
        for head in &mut heads {
            head.version = stored.get(&head.key).map(|stored| stored.version).unwrap_or_default();
        }
        let is_left = |key: &&&str| !heads.iter().any(|head| head.key == ***key);
        let left = keys.iter().filter(is_left).map(|key| (*key, stored.get(*key))).collect();
        if heads.is_empty() || transact(store, heads, left, &stored).await? {
            return Ok(stored.into_iter().filter(|(_, head)| head.kind != Kind::Removed).collect());
        }
    }
    let key = keys.first().copied().unwrap_or_default().to_owned();
    Err(StoreError::Contended { key, attempts: ATTEMPTS })
}

/// Writes all heads, if the keys that are `left` are as they were; false if another writer was faster.
async fn transact(
    store: &Store,
    mut heads: Vec<Head>,
    left: Vec<(&str, Option<&Head>)>,
    stored: &BTreeMap<String, Head>,
) -> Result<bool> {
    let mut work = Preparation::default();
    for head in &heads {
        work.prepare(store, stored.get(&head.key), head).await?;
    }
    let mut transaction = store.table.transact_write();
    for (key, head) in left {
        transaction = match head {
            None => transaction.check_absent(Head::at(key)),
            Some(head) => transaction.check(head, Head::REVISION.eq(head.revision)),
        };
    }
    for head in &mut heads {
        transaction = match head.version.is_new() {
            true => transaction.create(head),
            false => transaction.replace(head),
        };
    }
    let outcome = match transaction.send().await {
        // An answer was lost. With its token DynamoDB applies the transaction once.
        Err(Error::Unknown(unknown)) => unknown.resolve().await,
        outcome => outcome,
    };
    match outcome {
        Ok(()) => {
            work.finish(store).await;
            Ok(true)
        }
        Err(Error::TransactionCanceled(canceled)) if canceled.refused().any(is_condition) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn is_condition(reason: &CancellationReason) -> bool {
    reason.is_condition_failed()
}
