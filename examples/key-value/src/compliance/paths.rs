use serde_json::{Value, json};

use super::{
    CaseFailure, Context,
    case::{Case, case, equal, refused},
};
use crate::{Step, StoreError, assoc, assoc_in, get, get_in, update, update_in};

pub(super) const CASES: &[Case] = &[
    case!(a_path_gives_what_is_at_its_end),
    case!(a_path_to_nothing_gives_nothing),
    case!(a_value_at_a_path_does_not_replace_the_root),
    case!(missing_maps_are_created_and_siblings_stay),
    case!(a_path_leads_through_lists),
    case!(a_path_through_no_map_is_refused),
    case!(a_function_changes_a_value),
    case!(a_function_changes_what_is_at_a_path),
    case!(a_function_gets_nothing_where_there_is_nothing),
    case!(a_change_tells_the_whole_value_before_and_after),
];

async fn a_path_gives_what_is_at_its_end(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, &*key, &json!({ "a": { "b": { "c": 1 }, "d": null } })).await?;
    equal("c", get_in(store, &key, ["a", "b", "c"]).await?, Some(1))?;
    equal("b", get_in(store, &key, ["a", "b"]).await?, Some(json!({ "c": 1 })))?;
    equal("null", get_in::<Option<i32>>(store, &key, ["a", "d"]).await?, Some(None))?;
    equal("root", get_in::<Value>(store, &key, [""; 0]).await?, get(store, &key).await?)
}

async fn a_path_to_nothing_gives_nothing(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    equal("absent key", get_in::<Value>(store, &context.key("absent"), ["a"]).await?, None)?;
    assoc(store, &*key, &json!({ "a": 1 })).await?;
    for path in [&["b"][..], &["a", "b"], &["b", "c"]] {
        equal("absent path", get_in::<Value>(store, &key, path.iter().copied()).await?, None)?;
    }
    Ok(())
}

async fn a_value_at_a_path_does_not_replace_the_root(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, &*key, &json!({ "name": "Alice" })).await?;
    assoc_in(store, &*key, ["address", "city"], &"Oslo").await?;
    let expected = json!({ "name": "Alice", "address": { "city": "Oslo" } });
    equal("get", get(store, &key).await?, Some(expected))
}

async fn missing_maps_are_created_and_siblings_stay(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc_in(store, &*key, ["a", "b", "c"], &1).await?;
    assoc_in(store, &*key, ["a", "b", "d"], &2).await?;
    assoc_in(store, &*key, ["a", "e"], &3).await?;
    assoc_in(store, &*key, ["a", "b", "c"], &4).await?;
    equal("get", get(store, &key).await?, Some(json!({ "a": { "b": { "c": 4, "d": 2 }, "e": 3 } })))
}

async fn a_path_leads_through_lists(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let path = |index: usize| [Step::from("list"), Step::from(index), Step::from("n")];
    assoc(store, &*key, &json!({ "list": [{ "n": 1 }, { "n": 2 }] })).await?;
    equal("get", get_in(store, &key, path(1)).await?, Some(2))?;
    assoc_in(store, &*key, path(0), &10).await?;
    // Behind the last element is the place of another one.
    assoc_in(store, &*key, path(2), &30).await?;
    equal("assoc", get(store, &key).await?, Some(json!({ "list": [{ "n": 10 }, { "n": 2 }, { "n": 30 }] })))
}

async fn a_path_through_no_map_is_refused(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, &*key, &json!({ "a": { "b": 1 } })).await?;
    let outcome = assoc_in(store, &*key, ["a", "b", "c"], &1).await;
    refused("assoc_in", outcome, |error| matches!(error, StoreError::NoPlace { step: 3, .. }))?;
    equal("unchanged", get(store, &key).await?, Some(json!({ "a": { "b": 1 } })))
}

async fn a_function_changes_a_value(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, &*key, &41).await?;
    update(store, &*key, |n: Option<i32>| Ok(n.unwrap_or(0) + 1)).await?;
    equal("get", get(store, &key).await?, Some(42))
}

async fn a_function_changes_what_is_at_a_path(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    assoc(store, &*key, &json!({ "n": { "count": 42 }, "m": true })).await?;
    let plus = |more: i32| move |n: Option<i32>| Ok(n.unwrap_or(0) + more);
    update_in(store, &*key, ["n", "count"], plus(1)).await?;
    equal("inc", get_in(store, &key, ["n", "count"]).await?, Some(43))?;
    update_in(store, &*key, ["n", "count"], plus(2)).await?;
    update_in(store, &*key, ["n", "count"], plus(3)).await?;
    equal("get", get(store, &key).await?, Some(json!({ "n": { "count": 48 }, "m": true })))
}

async fn a_function_gets_nothing_where_there_is_nothing(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let told = |old: Option<Value>| Ok(json!({ "was": old.is_some() }));
    update_in(store, &*key, ["a", "b"], told).await?;
    update(store, context.key("other"), told).await?;
    equal("path", get(store, &key).await?, Some(json!({ "a": { "b": { "was": false } } })))?;
    equal("key", get(store, &context.key("other")).await?, Some(json!({ "was": false })))
}

async fn a_change_tells_the_whole_value_before_and_after(context: Context) -> Result<(), CaseFailure> {
    let (store, key) = (&context.store, context.key("k"));
    let first = assoc_in(store, &*key, ["a"], &1).await?;
    equal("first", (first.before::<Value>()?, first.after()?), (None, json!({ "a": 1 })))?;
    let second = update_in(store, &*key, ["b"], |_: Option<i32>| Ok(2)).await?;
    let both = (Some(json!({ "a": 1 })), json!({ "a": 1, "b": 2 }));
    equal("second", (second.before()?, second.after()?), both)
}
