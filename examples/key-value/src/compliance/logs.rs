use futures_util::{TryStreamExt, future::try_join_all};
use serde_json::{Value, json};

use super::{
    CaseFailure, Context,
    case::{Case, case, equal, refused},
};
use crate::{StoreError, append, assoc, bassoc, dissoc, get, log, meta, model::Kind, reduce_log};

pub(super) const CASES: &[Case] = &[
    case!(entries_come_back_in_order),
    case!(a_log_is_folded_in_order),
    case!(an_absent_log_is_empty),
    case!(what_is_no_log_is_an_error),
    case!(any_value_is_an_entry),
    case!(a_log_has_any_number_of_entries),
    case!(writers_at_once_lose_no_entry),
    case!(a_removed_log_begins_anew),
];

async fn entries_come_back_in_order(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    append(store, &*key, &json!({ "event": "first" })).await?;
    append(store, &*key, &json!({ "event": "second" })).await?;
    let expected = vec![json!({ "event": "first" }), json!({ "event": "second" })];
    equal("log", log::<Value>(store, &key).try_collect().await?, expected)?;
    equal("meta", meta(store, &key).await?.map(|meta| meta.kind), Some(Kind::Log))
}

async fn a_log_is_folded_in_order(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    for letter in ["a", "b", "c"] {
        append(store, &*key, letter).await?;
    }
    let joined = reduce_log(store, &key, String::new(), |all, letter: String| all + &letter).await?;
    equal("reduce_log", joined.as_str(), "abc")
}

async fn an_absent_log_is_empty(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    equal("log", log::<Value>(store, &key).try_collect().await?, Vec::<Value>::new())?;
    equal("reduce_log", reduce_log(store, &key, 0, |count, _: Value| count + 1).await?, 0)
}

async fn what_is_no_log_is_an_error(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let is_kind = |kind| move |error: &StoreError| matches!(error, StoreError::OtherKind { found, expected: Kind::Log, .. } if *found == kind);
    assoc(store, &*key, &[1, 2]).await?;
    refused("append", append(store, &*key, &3).await, is_kind(Kind::Value))?;
    refused("log", log::<Value>(store, &key).try_collect::<Vec<_>>().await, is_kind(Kind::Value))?;
    equal("unchanged", get(store, &key).await?, Some(vec![1, 2]))?;
    bassoc(store, &*key, &b"bytes"[..]).await?;
    refused("append", append(store, &*key, &3).await, is_kind(Kind::Binary))
}

async fn any_value_is_an_entry(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let entries = vec![json!(null), json!(false), json!({}), json!([null]), json!("text"), json!(null)];
    for entry in &entries {
        append(store, &*key, entry).await?;
    }
    equal("log", log::<Value>(store, &key).try_collect().await?, entries)
}

async fn a_log_has_any_number_of_entries(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    // More than an item, and than a page of DynamoDB.
    let text = "x".repeat(60_000);
    for number in 0..25 {
        append(store, &*key, &(number, &text)).await?;
    }
    let entries: Vec<_> = log::<(u32, String)>(store, &key).try_collect().await?;
    equal("text", entries.iter().all(|(_, entry)| *entry == text), true)?;
    equal("numbers", entries.into_iter().map(|(number, _)| number).collect(), (0..25).collect::<Vec<_>>())
}

async fn writers_at_once_lose_no_entry(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let writers = (0..4).map(|writer| {
        let key = &key;
        async move {
            for number in 0..8 {
                append(store, &**key, &(writer, number)).await?;
            }
            Ok::<_, StoreError>(())
        }
    });
    try_join_all(writers).await?;
    let entries: Vec<_> = log::<(u32, u32)>(store, &key).try_collect().await?;
    equal("entries", entries.len(), 32)?;
    for writer in 0..4 {
        let own = entries.iter().filter(|(of, _)| *of == writer).map(|(_, number)| *number);
        equal("in the order of each writer", own.collect(), (0..8).collect::<Vec<_>>())?;
    }
    Ok(())
}

async fn a_removed_log_begins_anew(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    for number in 0..4 {
        append(store, &*key, &number).await?;
    }
    equal("dissoc", dissoc(store, &*key).await?, true)?;
    equal("removed", log::<u32>(store, &key).try_collect().await?, Vec::<u32>::new())?;
    append(store, &*key, &9).await?;
    equal("anew", log::<u32>(store, &key).try_collect().await?, vec![9])
}
