use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    Capability, CaseFailure, Context,
    case::{Case, case, equal, refused},
};
use crate::{
    StoreError, Target, append, assoc, bassoc, bget, dissoc, exists, get, log, meta, multi_assoc,
    multi_dissoc, multi_get,
};
use futures_util::TryStreamExt;

const TRANSACTIONS: [Capability; 1] = [Capability::Transactions];

pub(super) const CASES: &[Case] = &[
    case!(several_values_are_read_where_they_are),
    case!(more_than_a_hundred_keys_are_refused),
    case!(more_than_four_megabytes_are_refused),
    case!(several_values_are_written_together needs TRANSACTIONS),
    case!(pairs_are_written_in_order needs TRANSACTIONS),
    case!(a_hundred_values_are_written_together needs TRANSACTIONS),
    case!(one_stale_revision_refuses_all_values needs TRANSACTIONS),
    case!(values_take_the_place_of_logs_and_bytes needs TRANSACTIONS),
    case!(several_keys_are_removed_together needs TRANSACTIONS),
    case!(one_stale_revision_removes_nothing needs TRANSACTIONS),
    case!(a_removed_key_is_written_and_removed_again needs TRANSACTIONS),
];

fn is_mismatch(error: &StoreError) -> bool {
    matches!(error, StoreError::RevisionMismatch { .. })
}

async fn several_values_are_read_where_they_are(context: Context) -> Result<(), CaseFailure> {
    let (store, a, b, c) = (&context.store, context.key("a"), context.key("b"), context.key("c"));
    assoc(store, &*a, &1).await?;
    assoc(store, &*b, &2).await?;
    assoc(store, context.key("removed"), &3).await?;
    dissoc(store, context.key("removed")).await?;
    let map = |pairs: &[(&String, i32)]| -> BTreeMap<String, i32> {
        pairs.iter().map(|(key, value)| ((*key).clone(), *value)).collect()
    };
    equal("all", multi_get(store, [&*a, &*b]).await?, map(&[(&a, 1), (&b, 2)]))?;
    equal("some", multi_get(store, [&*c, &*b, &*b]).await?, map(&[(&b, 2)]))?;
    equal("none", multi_get(store, [&*c, &*context.key("removed")]).await?, map(&[]))?;
    equal("empty", multi_get(store, [""; 0]).await?, map(&[]))
}

async fn more_than_a_hundred_keys_are_refused(context: Context) -> Result<(), CaseFailure> {
    let store = &context.store;
    let keys = |count: usize| (0..count).map(|number| context.key(&number.to_string())).collect::<Vec<_>>();
    let is_many = |error: &StoreError| matches!(error, StoreError::TooManyKeys { count: 101, limit: 100 });
    refused("multi_get", multi_get::<Value>(store, keys(101)).await, is_many)?;
    refused("multi_assoc", multi_assoc(store, keys(101).into_iter().map(|key| (key, 1))).await, is_many)?;
    refused("multi_dissoc", multi_dissoc(store, keys(101)).await, is_many)?;
    equal("a hundred", multi_get::<Value>(store, keys(100)).await?, BTreeMap::new())?;
    equal("nothing was written", exists(store, &context.key("0")).await?, false)
}

async fn more_than_four_megabytes_are_refused(context: Context) -> Result<(), CaseFailure> {
    let store = &context.store;
    let large = "x".repeat(390_000);
    let pairs = |count: usize| (0..count).map(|number| (context.key(&number.to_string()), &large));
    let is_large = |error: &StoreError| matches!(error, StoreError::TooLarge { limit: 4_194_304, .. });
    refused("multi_assoc", multi_assoc(store, pairs(11)).await, is_large)?;
    equal("nothing was written", exists(store, &context.key("0")).await?, false)?;
    let one = [(context.key("one"), "x".repeat(400 << 10))];
    refused("one", multi_assoc(store, one).await, |error| matches!(error, StoreError::ItemTooLarge { .. }))
}

async fn several_values_are_written_together(context: Context) -> Result<(), CaseFailure> {
    let (store, a, b) = (&context.store, context.key("a"), context.key("b"));
    assoc(store, &*a, &"old").await?;
    let revisions = multi_assoc(store, [(&*a, json!({ "n": 1 })), (&*b, json!(null))]).await?;
    equal("a", get(store, &a).await?, Some(json!({ "n": 1 })))?;
    equal("b", get::<Option<i32>>(store, &b).await?, Some(None))?;
    for key in [&a, &b] {
        let revision = meta(store, key).await?.map(|meta| meta.revision);
        equal("revision", revision, revisions.get(key).copied())?;
    }
    equal("nothing", multi_assoc(store, [("", 0); 0]).await?, BTreeMap::new())
}

async fn pairs_are_written_in_order(context: Context) -> Result<(), CaseFailure> {
    let (store, a, b) = (&context.store, context.key("a"), context.key("b"));
    let revisions = multi_assoc(store, vec![(&*a, 1), (&*b, 2), (&*a, 3)]).await?;
    equal("keys", revisions.len(), 2)?;
    equal("the last one counts", multi_get(store, [&*a, &*b]).await?, [(a, 3), (b, 2)].into())
}

async fn a_hundred_values_are_written_together(context: Context) -> Result<(), CaseFailure> {
    let store = &context.store;
    let keys: Vec<String> = (0..100).map(|number| context.key(&number.to_string())).collect();
    let pairs = || keys.iter().map(|key| (key.clone(), key.len()));
    multi_assoc(store, pairs()).await?;
    multi_assoc(store, pairs()).await?;
    equal("all", multi_get(store, keys.clone()).await?, pairs().collect())?;
    let removed = multi_dissoc(store, keys.clone()).await?;
    equal("removed", removed, keys.iter().map(|key| (key.clone(), true)).collect())
}

async fn one_stale_revision_refuses_all_values(context: Context) -> Result<(), CaseFailure> {
    let (store, a, b) = (&context.store, context.key("a"), context.key("b"));
    let stale = assoc(store, &*a, &1).await?;
    let current = assoc(store, &*a, &2).await?;
    let pairs = |revision| vec![(Target::absent(&*b), 9), (Target::at(&*a, revision), 9)];
    refused("stale", multi_assoc(store, pairs(stale)).await, is_mismatch)?;
    equal("a", get(store, &a).await?, Some(2))?;
    equal("b", exists(store, &b).await?, false)?;
    multi_assoc(store, pairs(current)).await?;
    equal("current", multi_get(store, [&*a, &*b]).await?, [(a, 9), (b, 9)].into())
}

async fn values_take_the_place_of_logs_and_bytes(context: Context) -> Result<(), CaseFailure> {
    let (store, a, b) = (&context.store, context.key("log"), context.key("bytes"));
    append(store, &*a, &1).await?;
    append(store, &*a, &2).await?;
    bassoc(store, &*b, &b"bytes"[..]).await?;
    multi_assoc(store, [(&*a, 1), (&*b, 2)]).await?;
    equal("values", multi_get(store, [&*a, &*b]).await?, [(a.clone(), 1), (b.clone(), 2)].into())?;
    refused("log", log::<Value>(store, &a).try_collect::<Vec<_>>().await, |_| true)?;
    refused("bytes", bget(store, &b).await, |_| true)
}

async fn several_keys_are_removed_together(context: Context) -> Result<(), CaseFailure> {
    let (store, a, b, c) = (&context.store, context.key("a"), context.key("b"), context.key("c"));
    let told = |pairs: &[(&String, bool)]| -> BTreeMap<String, bool> {
        pairs.iter().map(|(key, was)| ((*key).clone(), *was)).collect()
    };
    assoc(store, &*a, &1).await?;
    bassoc(store, &*b, &b"bytes"[..]).await?;
    equal(
        "mixed",
        multi_dissoc(store, [&*a, &*b, &*c]).await?,
        told(&[(&a, true), (&b, true), (&c, false)]),
    )?;
    for key in [&a, &b, &c] {
        equal("gone", exists(store, key).await?, false)?;
    }
    equal("absent", multi_dissoc(store, [&*a, &*c]).await?, told(&[(&a, false), (&c, false)]))?;
    append(store, &*a, &1).await?;
    equal("existing", multi_dissoc(store, [&*a]).await?, told(&[(&a, true)]))?;
    equal("empty", multi_dissoc(store, [""; 0]).await?, BTreeMap::new())
}

async fn one_stale_revision_removes_nothing(context: Context) -> Result<(), CaseFailure> {
    let (store, a, b) = (&context.store, context.key("a"), context.key("b"));
    let stale = assoc(store, &*a, &1).await?;
    let current = assoc(store, &*a, &2).await?;
    assoc(store, &*b, &1).await?;
    let targets = |revision| vec![Target::from(&*b), Target::at(&*a, revision)];
    refused("stale", multi_dissoc(store, targets(stale)).await, is_mismatch)?;
    equal("both are there", multi_get(store, [&*a, &*b]).await?, [(a.clone(), 2), (b.clone(), 1)].into())?;
    equal("current", multi_dissoc(store, targets(current)).await?, [(a, true), (b, true)].into())
}

async fn a_removed_key_is_written_and_removed_again(context: Context) -> Result<(), CaseFailure> {
    let (store, a, b) = (&context.store, context.key("a"), context.key("b"));
    for number in 0..3 {
        multi_assoc(store, [(Target::absent(&*a), number), (Target::from(&*b), number)]).await?;
        equal("b", dissoc(store, &*b).await?, true)?;
        let told = multi_dissoc(store, [&*a, &*b]).await?;
        equal("a", told, [(a.clone(), true), (b.clone(), false)].into())?;
    }
    Ok(())
}
