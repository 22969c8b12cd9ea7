//! Vector indexes that are added and removed, while answers are malformed, and what is true afterwards.

use crate::model::{Bare, ByTaste, Shop, TABLE};
use crate::operation::{Run, Told};
use aws_sdk_dynamodb::types::IndexStatus;
use dynamap::{Error, Result, Table};
use std::time::Duration;

/// The time after which an index is filled and may be removed.
const FILLED: Duration = Duration::from_secs(60);

fn table(run: &Run, client: &aws_sdk_dynamodb::Client) -> Table<Shop> {
    Table::new(client.clone(), format!("{TABLE}-{}", run.number))
}

async fn is_there(plain: &Table<Shop>) -> bool {
    let described = plain.describe().send().await.unwrap().unwrap();
    described.vector_indexes().iter().any(|index| index.index_status() != Some(&IndexStatus::Deleting))
}

async fn told(plain: &Table<Shop>, changed: Result<bool>, wanted: bool) -> Told {
    let holds = is_there(plain).await == wanted;
    tokio::time::sleep(FILLED).await;
    plain.client().delete_table().table_name(plain.name()).send().await.unwrap();
    match changed {
        // It has no error of its own for what nobody knows.
        Err(Error::Service(error)) if error.operation() == "UpdateTable" && error.kind().is_ambiguous() => {
            Told::Unknown
        }
        Err(Error::Service(error)) if error.operation() == "DescribeTable" && holds => Told::Unknown,
        changed => Told::of_write(changed, holds),
    }
}

pub(crate) async fn add(run: &Run) -> Told {
    let plain = table(run, run.plain.client());
    let bare = Table::<Bare>::new(plain.client().clone(), plain.name());
    bare.create_table_if_absent().send().await.unwrap();
    let added = table(run, run.shop.client()).add_vector_index::<ByTaste>().send().await;
    told(&plain, added, true).await
}

pub(crate) async fn remove(run: &Run) -> Told {
    let plain = table(run, run.plain.client());
    plain.create_table_if_absent().send().await.unwrap();
    let removed = table(run, run.shop.client()).remove_vector_index::<ByTaste>();
    let removed = removed.retry_timeout(FILLED).send().await;
    told(&plain, removed, false).await
}
