//! Tables that are verified, changed and deleted, while answers are malformed, and what is true afterwards.

use crate::model::{Bare, TABLE};
use crate::operation::{Run, Told};
use dynamap::op::TableSettings;
use dynamap::{Error, Index, Result, Table, TableSchema};

/// The table with a time to live and an index.
#[derive(TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByDay))]
struct Dated;

#[derive(Index)]
#[dynamap(table = Dated, name = "by-day", partition_key = "day")]
struct ByDay;

fn table<S: TableSchema>(run: &Run, client: &aws_sdk_dynamodb::Client) -> Table<S> {
    Table::new(client.clone(), format!("{TABLE}-{}", run.number))
}

fn settings() -> TableSettings<Dated> {
    TableSettings::new().tag("team", "shop").deletion_protection(false)
}

async fn delete_plain(plain: &Table<Bare>) {
    plain.client().delete_table().table_name(plain.name()).send().await.unwrap();
}

pub(crate) async fn verify(run: &Run) -> Told {
    let plain = table::<Bare>(run, run.plain.client());
    plain.create_table_if_absent().send().await.unwrap();
    let expected =
        table::<Dated>(run, run.plain.client()).verify().settings(settings()).send().await.unwrap();
    let found = table::<Dated>(run, run.shop.client()).verify().settings(settings()).send().await;
    delete_plain(&plain).await;
    Told::of_read(found, &expected)
}

pub(crate) async fn update(run: &Run) -> Told {
    let plain = table::<Bare>(run, run.plain.client());
    plain.create_table_if_absent().send().await.unwrap();
    let verify = || table::<Dated>(run, run.plain.client()).verify().settings(settings());
    let before = verify().send().await.unwrap();
    let changed = table::<Dated>(run, run.shop.client()).update_table().settings(settings()).send().await;
    let left = verify().send().await.unwrap();
    delete_plain(&plain).await;
    match changed {
        // Some changes may be made: another call tells, and makes the rest.
        Err(Error::Service(error)) if error.operation() != "DescribeTable" || left != before => Told::Unknown,
        changed => Told::of_write(changed, left.is_empty()),
    }
}

pub(crate) async fn delete(run: &Run) -> Told {
    let plain = table::<Bare>(run, run.plain.client());
    plain.create_table_if_absent().send().await.unwrap();
    let deleted: Result<bool> = table::<Bare>(run, run.shop.client()).delete_table(plain.name()).send().await;
    let is_gone = plain.describe().send().await.unwrap().is_none();
    if !is_gone {
        delete_plain(&plain).await;
    }
    match deleted {
        // It has no error of its own for what nobody knows.
        Err(Error::Service(error)) if error.operation() == "DeleteTable" && error.kind().is_ambiguous() => {
            Told::Unknown
        }
        Err(Error::Service(_)) if is_gone => Told::Unknown,
        deleted => Told::of_write(deleted, is_gone),
    }
}
