use dynamap::Table;
use examples_shared::{
    Failure,
    output::{Align, Columns, Output},
    profile::{Profile, Purpose},
};
use jiff::Timestamp;

use super::arguments::{Command, Search};
use crate::{
    PROGRAM, ProcessorError, TableNames, changes_of_day, changes_of_entity, changes_of_item, create_tables,
    low_stock,
    model::{OutboxEntry, Views},
    poison_records, sales, tour,
};

/// Runs a command on tables that are there.
pub(super) async fn run(
    command: Command,
    profile: &Profile,
    names: &TableNames,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let purpose = match command {
        Command::CreateTables => Purpose::Fill,
        _ => Purpose::Use,
    };
    let tables = names.tables(&profile.connect(purpose, PROGRAM).await?.client);
    match command {
        Command::CreateTables => {
            create_tables(&tables).await?;
            Ok(out.line("the tables are there, and the shop has a stream")?)
        }
        Command::Sales { product } => {
            let sales = sales(&tables.views, product).await.map_err(|error| explained(error, names))?;
            Ok(out.line(tour::sales_of(&sales))?)
        }
        Command::Alerts { limit } => {
            let alerts = low_stock(&tables.views, limit).await.map_err(|error| explained(error, names))?;
            Ok(write!(out.to, "{}", tour::alerts(&alerts))?)
        }
        Command::Outbox(search) => {
            let entries = found(&tables.views, &search).await.map_err(|error| explained(error, names))?;
            write!(out.to, "{}", tour::entries(&entries))?;
            Ok(out.line(format_args!("{} changes", entries.len()))?)
        }
        Command::Poison => poison(&tables.views, names, out).await,
        Command::Watch(_) => unreachable!("`cli::run` has a function for it"),
    }
}

async fn found(views: &Table<Views>, search: &Search) -> crate::Result<Vec<OutboxEntry>> {
    match search {
        Search { entity: Some(entity), .. } => {
            changes_of_entity(views, entity, Timestamp::UNIX_EPOCH..=Timestamp::MAX).await
        }
        Search { item: Some(item), .. } => changes_of_item(views, item).await,
        Search { day, .. } => changes_of_day(views, day.as_deref().unwrap_or_default()).await,
    }
}

async fn poison(views: &Table<Views>, names: &TableNames, out: &mut Output<'_>) -> Result<(), Failure> {
    let letters = poison_records(views).await.map_err(|error| explained(error, names))?;
    let headings = [("event", Align::Left), ("reason", Align::Left)];
    let table = Columns::new(headings).rows(&letters, |letter| [letter.id.clone(), letter.reason.clone()]);
    write!(out.to, "{table}")?;
    Ok(out.line(format_args!("{} records", letters.len()))?)
}

/// Says what to do if a table is absent.
pub(super) fn explained(error: ProcessorError, names: &TableNames) -> Failure {
    let absent = match &error {
        ProcessorError::Table(error) => PROGRAM.absent_table(error, &names.views),
        _ => None,
    };
    absent.unwrap_or_else(|| error.into())
}
