use std::{fmt::Display, path::PathBuf, time::Duration};

use examples_shared::{
    Failure,
    output::{Align, Columns, Output},
    profile::{Profile, Program, Purpose},
};
use futures_util::TryStreamExt;

use super::{
    Cli, Command, files,
    json::{self, Json, JsonObject},
};
use crate::{
    Store, assoc_attribute_value, collect,
    compliance::{self, Capability},
    connect, delete_store, dissoc, entries, exists, get_attribute_value, keys, meta,
    model::Meta,
    multi, multi_dissoc, path, update_in,
    value::change_in,
};

/// The names of this example.
const PROGRAM: Program = Program { package: "key-value", creates_table: "assoc" };

/// The file of the store where no option names its location.
const FILE: &str = "key-value.db";

/// Runs a command on a store that is kept.
pub(super) async fn run(command: &Command, cli: &Cli, out: &mut Output<'_>) -> Result<(), Failure> {
    let profile = match cli.profile.profile() {
        Profile::Memory => Profile::File(PathBuf::from(FILE)),
        profile => profile,
    };
    let client = profile.connect(Purpose::Fill, PROGRAM).await?.client;
    if let Command::Compliance { without_transactions } = command {
        let capabilities = [Capability::Transactions];
        let report =
            compliance::run(&client, if *without_transactions { &[] } else { &capabilities }).await?;
        out.line(&report)?;
        return if report.is_passed() { Ok(()) } else { Err("the store does not comply".into()) };
    }
    let store = Store::new(client, &*cli.table);
    let store = if cli.consistent { store.consistent_reads() } else { store };
    if !matches!(command, Command::DeleteStore) {
        connect(&store, cli.creation.creation()).await?;
    }
    run_on(&store, command, out).await
}

async fn run_on(store: &Store, command: &Command, out: &mut Output<'_>) -> Result<(), Failure> {
    match command {
        Command::Get { key, path } => {
            let value = get_attribute_value(store, key).await?.and_then(|value| path::get_in(value, path));
            line(out, json::text(key, &value.ok_or("there is nothing")?)?)
        }
        Command::Assoc { target, value: Json(value) } => {
            line(out, assoc_attribute_value(store, target.target(), value.clone()).await?)
        }
        Command::AssocIn { target, value: Json(value), path } => {
            let target = target.target();
            let change = change_in(store, &target, path.iter().cloned(), |_| Ok(value.clone()));
            line(out, change.await?.revision)
        }
        Command::Increment { target, number, path } => {
            let plus =
                |old: Option<i64>| old.unwrap_or(0).checked_add(*number).ok_or("the sum is too large".into());
            line(out, update_in(store, target.target(), path.iter().cloned(), plus).await?.revision)
        }
        Command::Dissoc { target } => line(out, dissoc(store, target.target()).await?),
        Command::Exists { key } => line(out, exists(store, key).await?),
        Command::Meta { key } => table(out, &[meta(store, key).await?.ok_or("there is no such key")?]),
        Command::Keys => {
            let mut all: Vec<Meta> = keys(store).try_collect().await?;
            all.sort_by(|one, other| one.key.cmp(&other.key));
            table(out, &all)
        }
        Command::MultiGet { keys } => {
            let heads = multi::get(store, keys.iter().cloned().collect()).await?;
            let values = heads.into_iter().map(|(key, head)| Ok((key, head.into_value()?)));
            line(out, json::object_text(&values.collect::<crate::Result<_>>()?)?)
        }
        Command::MultiAssoc { values: JsonObject(values) } => {
            let pairs = values.iter().map(|(key, value)| (key.as_str().into(), value.clone()));
            let revisions = multi::assoc(store, pairs.collect()).await?;
            revisions.iter().try_for_each(|(key, revision)| line(out, format_args!("{key}  {revision}")))
        }
        Command::MultiDissoc { keys } => {
            let removed = multi_dissoc(store, keys.iter().cloned()).await?;
            line(out, serde_json::to_string(&removed)?)
        }
        Command::Append { target, entry: Json(entry) } => {
            let appended = entries::append(store, &target.target(), entry.clone()).await?;
            line(out, appended.new.revision)
        }
        Command::Log { key } => {
            let mut entries = entries::read(store, key);
            while let Some(entry) = entries.try_next().await? {
                line(out, json::text(key, &entry)?)?;
            }
            Ok(())
        }
        Command::Bassoc { target, file } => line(out, files::bassoc(store, target.target(), file).await?),
        Command::Bget { key, file } => files::bget(store, key, file.as_deref(), out).await,
        Command::Collect { age } => line(out, collect(store, Duration::from_secs(*age)).await?),
        Command::DeleteStore => line(out, delete_store(store).await?),
        Command::Compliance { .. } => unreachable!("`run` has its own way for it"),
    }
}

fn line(out: &mut Output<'_>, outcome: impl Display) -> Result<(), Failure> {
    Ok(out.line(outcome)?)
}

fn table(out: &mut Output<'_>, keys: &[Meta]) -> Result<(), Failure> {
    Ok(write!(out.to, "{}", listed(keys))?)
}

/// A table of keys.
pub(crate) fn listed(keys: &[Meta]) -> Columns<4> {
    let headings =
        [("key", Align::Left), ("kind", Align::Left), ("last write", Align::Left), ("revision", Align::Left)];
    Columns::new(headings).rows(keys, |meta| {
        let Meta { key, kind, revision, last_write } = meta;
        [
            key.clone(),
            kind.to_string(),
            last_write.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            revision.to_string(),
        ]
    })
}
