use crate::matrix::{
    case::{CaseFailure, cases, equal, given, refused},
    context::Context,
    model::Note,
};
use dynamap::{Error, value::Version};
use std::convert::Infallible;

cases!("versions":
    each_write_advances_the_version,
    a_stale_save_is_refused,
    a_stale_save_is_told_the_current_item [FailedConditionItem],
    a_stale_update_and_delete_are_refused,
    an_update_may_ignore_the_version,
    racing_writers_lose_no_change,
);

fn note(shop: &str) -> Note {
    Note { shop: shop.to_owned(), id: 1, text: String::new(), version: Version::NEW }
}

fn is_stale(error: &Error) -> bool {
    matches!(error, Error::VersionConflict(_) | Error::ConditionFailed(_))
}

async fn each_write_advances_the_version(context: Context) -> Result<(), CaseFailure> {
    let (table, mut note) = (&context.table, note(&context.shop));
    table.create(&mut note).await?;
    equal("created", note.version.stored(), Some(&1))?;
    table.save(&mut note).await?;
    table.replace(&mut note).await?;
    equal("saved and replaced", note.version.stored(), Some(&3))?;
    let update = table.update(note.to_key()).apply(Note::TEXT.set("x"));
    let after = update.expect_version(&note.version).return_new().await?;
    equal("updated", after.version.stored(), Some(&4))?;
    equal("stored", table.get(&note).consistent_read().await?, Some(after))
}

/// A note with a change of another writer, and as it was before.
async fn stale(context: &Context) -> Result<(Note, Note), CaseFailure> {
    let mut mine = note(&context.shop);
    context.table.create(&mut mine).await?;
    let mut theirs = given("note", context.table.get(&mine).consistent_read().await?)?;
    theirs.text = "theirs".into();
    context.table.save(&mut theirs).await?;
    Ok((mine, theirs))
}

async fn a_stale_save_is_refused(context: Context) -> Result<(), CaseFailure> {
    let (mut mine, theirs) = stale(&context).await?;
    let before = mine.clone();
    refused("save", context.table.save(&mut mine).await, is_stale)?;
    refused("replace", context.table.replace(&mut mine).await, is_stale)?;
    equal("in memory", mine, before)?;
    equal("stored", context.table.get(&theirs).consistent_read().await?, Some(theirs.clone()))?;
    refused("create", context.table.create(&mut note(&context.shop)).await, is_stale)?;
    Ok(())
}

async fn a_stale_save_is_told_the_current_item(context: Context) -> Result<(), CaseFailure> {
    let (mut mine, theirs) = stale(&context).await?;
    let error = refused("save", context.table.save(&mut mine).await, is_stale)?;
    let Error::VersionConflict(conflict) = error else { return Err(error.into()) };
    equal("current", conflict.current::<Note>().transpose()?, Some(theirs))
}

async fn a_stale_update_and_delete_are_refused(context: Context) -> Result<(), CaseFailure> {
    let (mine, theirs) = stale(&context).await?;
    let update =
        |version| context.table.update(mine.to_key()).apply(Note::TEXT.set("x")).expect_version(version);
    refused("update", update(&mine.version).await, is_stale)?;
    let delete = |version| context.table.delete(&mine).expect_version(version);
    refused("delete", delete(&mine.version).await, is_stale)?;
    update(&theirs.version).await?;
    refused("delete", delete(&theirs.version).await, is_stale)?;
    let current = given("note", context.table.get(&mine).consistent_read().await?)?;
    delete(&current.version).await?;
    equal("gone", context.table.exists(&mine).consistent_read().await?, false)
}

async fn an_update_may_ignore_the_version(context: Context) -> Result<(), CaseFailure> {
    let (mut mine, _) = stale(&context).await?;
    context.table.update(mine.to_key()).apply(Note::TEXT.set("x")).ignore_version().await?;
    refused("save", context.table.save(&mut mine).await, is_stale)?;
    context.table.delete(&mine).ignore_version().await?;
    equal("gone", context.table.exists(&mine).consistent_read().await?, false)
}

async fn racing_writers_lose_no_change(context: Context) -> Result<(), CaseFailure> {
    let notes = context.table.repository::<Note>();
    notes.create(&mut note(&context.shop)).await?;
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let (notes, key) = (notes.clone(), Note::key(&context.shop, 1));
        tasks.spawn(async move {
            for _ in 0..4 {
                let change = |note: &mut Note| {
                    note.text.push(char::from(b'a' + writer));
                    Ok::<(), Infallible>(())
                };
                notes.modify(key.clone(), change).attempts(1_000).send().await?;
            }
            Ok::<_, CaseFailure>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let note = given("note", notes.get(Note::key(&context.shop, 1)).consistent_read().await?)?;
    let mut text: Vec<char> = note.text.chars().collect();
    text.sort_unstable();
    equal("text", text.into_iter().collect::<String>(), "aaaabbbbccccdddd")?;
    equal("version", note.version.stored(), Some(&17))
}
