use futures_util::future::try_join_all;
use serde_json::json;

use super::{
    CaseFailure, Context,
    case::{Case, case, equal, refused},
};
use crate::{
    Store, StoreError, Target, append, assoc, assoc_in, bassoc, dissoc, get, get_in, meta, update, update_in,
};

pub(super) const CASES: &[Case] = &[
    case!(a_key_is_created_once),
    case!(a_stale_revision_writes_nothing),
    case!(a_current_revision_writes),
    case!(a_stale_revision_does_not_run_the_function),
    case!(a_revision_moves_with_each_write),
    case!(a_revision_does_not_come_back),
    case!(a_revision_is_of_one_key),
    case!(fenced_increments_of_four_clients_are_all_counted),
    case!(increments_of_four_clients_are_all_counted),
];

fn is_mismatch(error: &StoreError) -> bool {
    matches!(error, StoreError::RevisionMismatch { .. })
}

async fn a_key_is_created_once(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, Target::absent(&*key), &1).await?;
    refused("again", assoc(store, Target::absent(&*key), &2).await, is_mismatch)?;
    equal("get", get(store, &key).await?, Some(1))?;
    dissoc(store, &*key).await?;
    assoc(store, Target::absent(&*key), &3).await?;
    equal("after it was removed", get(store, &key).await?, Some(3))
}

async fn a_stale_revision_writes_nothing(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let stale = assoc(store, &*key, &json!({ "n": 1 })).await?;
    let current = assoc(store, &*key, &json!({ "n": 2 })).await?;
    let target = || Target::at(&*key, stale);
    refused("assoc", assoc(store, target(), &0).await, is_mismatch)?;
    refused("assoc_in", assoc_in(store, target(), ["n"], &0).await, is_mismatch)?;
    refused("update", update(store, target(), |_: Option<i32>| Ok(0)).await, is_mismatch)?;
    refused("update_in", update_in(store, target(), ["n"], |_: Option<i32>| Ok(0)).await, is_mismatch)?;
    refused("dissoc", dissoc(store, target()).await, is_mismatch)?;
    refused("append", append(store, target(), &0).await, is_mismatch)?;
    refused("bassoc", bassoc(store, target(), &b"0"[..]).await, is_mismatch)?;
    let told = |error: &StoreError| matches!(error, StoreError::RevisionMismatch { current: Some(told), .. } if *told == current);
    refused("the current one is told", assoc(store, target(), &0).await, told)?;
    let absent = assoc(store, Target::at(context.key("absent"), stale), &0).await;
    refused("absent", absent, |error| matches!(error, StoreError::RevisionMismatch { current: None, .. }))?;
    equal("get", get(store, &key).await?, Some(json!({ "n": 2 })))
}

async fn a_current_revision_writes(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let at = |revision| Target::at(&*key, revision);
    let revision = assoc(store, Target::absent(&*key), &json!({ "n": 1 })).await?;
    let revision = assoc_in(store, at(revision), ["m"], &5).await?.revision;
    let plus = |n: Option<i32>| Ok(n.unwrap_or(0) + 1);
    let revision = update_in(store, at(revision), ["n"], plus).await?.revision;
    equal("get", get(store, &key).await?, Some(json!({ "n": 2, "m": 5 })))?;
    equal("meta", meta(store, &key).await?.map(|meta| meta.revision), Some(revision))?;
    let revision = bassoc(store, at(revision), &b"bytes"[..]).await?;
    let revision = assoc(store, at(revision), &1).await?;
    equal("dissoc", dissoc(store, at(revision)).await?, true)
}

async fn a_stale_revision_does_not_run_the_function(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let stale = assoc(store, &*key, &1).await?;
    assoc(store, &*key, &2).await?;
    let runs = std::sync::atomic::AtomicU32::new(0);
    let outcome = update(store, Target::at(&*key, stale), |_: Option<i32>| {
        runs.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Ok(3)
    });
    refused("update", outcome.await, is_mismatch)?;
    equal("runs", runs.into_inner(), 0)
}

async fn a_revision_moves_with_each_write(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let mut seen = vec![];
    for _ in 0..3 {
        seen.push(assoc(store, &*key, &"same").await?);
    }
    seen.push(update(store, &*key, |same: Option<String>| Ok(same)).await?.revision);
    seen.push(bassoc(store, &*key, &b"same"[..]).await?);
    dissoc(store, &*key).await?;
    for _ in 0..3 {
        seen.push(append(store, &*key, &"same").await?);
        equal("meta", meta(store, &key).await?.map(|meta| meta.revision), seen.last().copied())?;
    }
    let different: std::collections::HashSet<_> = seen.iter().collect();
    equal("different", different.len(), seen.len())
}

async fn a_revision_does_not_come_back(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let first = assoc(store, &*key, &1).await?;
    dissoc(store, &*key).await?;
    assoc(store, &*key, &1).await?;
    refused("assoc", assoc(store, Target::at(&*key, first), &2).await, is_mismatch)
}

async fn a_revision_is_of_one_key(context: Context) -> Result<(), CaseFailure> {
    let (store, one, other) = (&context.store, context.key("one"), context.key("other"));
    let revision = assoc(store, &*one, &1).await?;
    assoc(store, &*other, &1).await?;
    refused("other", assoc(store, Target::at(&*other, revision), &2).await, is_mismatch)?;
    assoc(store, Target::at(&*one, revision), &2).await.map(drop)?;
    Ok(())
}

/// Four clients that each do something eight times, at once.
async fn four_clients<F: Future<Output = Result<(), CaseFailure>>>(
    context: &Context,
    step: impl Fn(Store) -> F,
) -> Result<(), CaseFailure> {
    let step = &step;
    let clients = (0..4).map(|_| async move {
        let store = Store::new(context.client.clone(), context.store.table_name());
        for _ in 0..8 {
            step(store.clone()).await?;
        }
        Ok::<_, CaseFailure>(())
    });
    try_join_all(clients).await.map(drop)
}

async fn fenced_increments_of_four_clients_are_all_counted(context: Context) -> Result<(), CaseFailure> {
    let key = context.key("k");
    assoc(&context.store, &*key, &0).await?;
    let step = |store: Store| {
        let key = &key;
        async move {
            loop {
                let store = store.clone().consistent_reads();
                let found = meta(&store, key).await?.ok_or("no such key")?;
                let plus = |n: Option<i32>| Ok(n.unwrap_or(0) + 1);
                match update(&store, Target::at(&**key, found.revision), plus).await {
                    Err(error) if is_mismatch(&error) => {}
                    outcome => return Ok(outcome.map(drop)?),
                }
            }
        }
    };
    four_clients(&context, step).await?;
    equal("get", get(&context.store, &key).await?, Some(32))
}

async fn increments_of_four_clients_are_all_counted(context: Context) -> Result<(), CaseFailure> {
    let key = context.key("k");
    let step = |store: Store| {
        let key = &key;
        async move {
            let plus = |n: Option<i32>| Ok(n.unwrap_or(0) + 1);
            Ok(update_in(&store, &**key, ["deep", "count"], plus).await.map(drop)?)
        }
    };
    four_clients(&context, step).await?;
    equal("get", get_in(&context.store, &key, ["deep", "count"]).await?, Some(32))
}
