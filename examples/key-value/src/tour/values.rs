use aws_sdk_dynamodb::types::AttributeValue;
use dynamap_local::faults::{Fault, When};
use examples_shared::{Failure, tour::unexpected};
use futures_util::TryStreamExt;
use serde_json::{Value, json};

use super::guide::Tour;
use crate::{
    StoreError, Target, assoc, assoc_attribute_value, assoc_in, dissoc, exists, get, get_attribute_value,
    get_in, keys, meta, update, update_in,
};

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    whole(tour).await?;
    inside(tour).await?;
    compare_and_set(tour).await?;
    lost_answer(tour).await?;
    of_the_sdk(tour).await?;
    metadata(tour).await
}

async fn whole(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Write a value",
        "assoc",
        "The head of the key is read, and written if it is still the one that was read.",
    )?;
    assoc(&tour.store, "user:1", &json!({ "name": "Alice", "visits": 41 })).await?;
    tour.guide.sent()?;

    tour.guide.stop("Read a value", "get", "Any serde type: here JSON.")?;
    let value: Option<Value> = get(&tour.store, "user:1").await?;
    tour.guide.sent()?;
    tour.guide.got(sorted(value.unwrap_or_default()))?;

    tour.guide.stop(
        "Change a value by a function",
        "update",
        "Of an absent key the function gets `None`.",
    )?;
    let change = update(&tour.store, "greeting", |old: Option<String>| {
        Ok(old.unwrap_or_else(|| "hello".to_owned()) + "!")
    });
    let change = change.await?;
    tour.sent_operations()?;
    tour.guide.got(change.after::<String>()?)
}

async fn inside(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Write inside a value",
        "assoc_in",
        "Maps that are missing are created, and siblings stay as they are.",
    )?;
    let change = assoc_in(&tour.store, "user:1", ["address", "city"], "Oslo").await?;
    tour.sent_operations()?;
    tour.guide.got(sorted(change.after()?))?;

    tour.guide.stop(
        "Change inside a value by a function",
        "update_in",
        "Again if another writer is faster.",
    )?;
    let plus = |visits: Option<u32>| Ok(visits.unwrap_or(0) + 1);
    let change = update_in(&tour.store, "user:1", ["visits"], plus).await?;
    tour.sent_operations()?;
    tour.guide.got(sorted(change.after()?))?;

    tour.guide.stop("Read inside a value", "get_in", "A path that leads to nothing gives nothing.")?;
    for path in [&["address", "city"][..], &["address", "street"]] {
        let found: Option<Value> = get_in(&tour.store, "user:1", path.iter().copied()).await?;
        tour.guide.got(format_args!("{}: {found:?}", path.join(".")))?;
    }
    Ok(())
}

async fn compare_and_set(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Compare and set",
        "assoc",
        "A write can expect a revision, or that the key is absent. Each write leaves another revision.",
    )?;
    let seen = assoc(&tour.store, Target::absent("lock"), "mine").await?;
    let other = assoc(&tour.store, Target::at("lock", seen), "theirs").await?;
    for target in [Target::at("lock", seen), Target::absent("lock")] {
        match assoc(&tour.store, target, "mine").await {
            Err(StoreError::RevisionMismatch { current, .. }) if current == Some(other) => {
                tour.guide.got("refused: the key is at another revision")?;
            }
            outcome => return Err(unexpected("a stale revision", outcome)),
        }
    }
    Ok(())
}

async fn lost_answer(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Change inside a value, whose answer is lost",
        "update_in",
        "DynamoDB applies the write, and the connection breaks before the answer. The second attempt finds the mark of the\n\
         first one in the item, so that nothing is counted twice.",
    )?;
    tour.faults.add(When::operation("PutItem"), Fault::DropAfter);
    let plus = |visits: Option<u32>| Ok(visits.unwrap_or(0) + 1);
    let change = update_in(&tour.store, "user:1", ["visits"], plus).await?;
    tour.sent_operations()?;
    tour.guide.got(sorted(change.after()?))
}

async fn of_the_sdk(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Write a value of the SDK",
        "assoc_attribute_value",
        "An item that came from the SDK goes on as it is, also where serde has no word for it: sets, 38 digits.",
    )?;
    let tags = AttributeValue::Ss(vec!["new".to_owned(), "sale".to_owned()]);
    let price = AttributeValue::N("0.12345678901234567890123456789012345678".to_owned());
    let item = AttributeValue::M([("tags".to_owned(), tags), ("price".to_owned(), price)].into());
    assoc_attribute_value(&tour.store, "product:7", item.clone()).await?;
    tour.sent_operations()?;
    tour.guide.got(get_in::<Value>(&tour.store, "product:7", ["tags"]).await?.unwrap_or_default())?;

    tour.guide.stop("Read a value of the SDK", "get_attribute_value", "As DynamoDB has it.")?;
    match get_attribute_value(&tour.store, "product:7").await? {
        Some(found) if found == item => tour.guide.got("what was written"),
        outcome => Err(unexpected("the value", outcome)),
    }
}

async fn metadata(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("Is a key there?", "exists", "The value is not asked for.")?;
    let there = exists(&tour.store, "user:1").await?;
    tour.guide.sent()?;
    tour.guide.got(there)?;

    tour.guide.stop(
        "What is told of a key",
        "meta",
        "Its kind, the time of the last write and the revision.",
    )?;
    let found = meta(&tour.store, "user:1").await?.ok_or("no such key")?;
    tour.guide.got(format_args!("{}: a {}, written at {}", found.key, found.kind, found.last_write))?;

    tour.guide.stop(
        "Remove a key",
        "dissoc",
        "True if it was there. For an hour a small item remembers it.",
    )?;
    let removed = (dissoc(&tour.store, "lock").await?, dissoc(&tour.store, "lock").await?);
    tour.sent_operations()?;
    tour.guide.got(format_args!("{}, then {}", removed.0, removed.1))?;

    tour.guide.stop(
        "All keys",
        "keys",
        "Page by page, of the 16 partitions that share the heads: no chunk and no entry is read on the way.",
    )?;
    let mut all: Vec<_> = keys(&tour.store).map_ok(|meta| meta.key).try_collect().await?;
    all.sort();
    let requests = tour.guide.take_requests();
    tour.guide.got(format_args!("{}, by {} queries", all.join(", "), requests.len()))
}

/// The same value with the members of each object in the order of their names, whatever the features of `serde_json`.
fn sorted(mut value: Value) -> Value {
    value.sort_all_objects();
    value
}
