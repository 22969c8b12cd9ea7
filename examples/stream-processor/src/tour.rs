//! The guided tour: traffic in a shop and the worker that follows it, side by side, on an embedded DynamoDB.
//!
//! Each stop prints what is done, the requests that DynamoDB received for the views, and what came back.

mod changes;
mod guide;
mod views;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use dynamap_local::Local;
use examples_shared::{Failure, output::Output, tour::Guide};
use tokio::sync::{mpsc, oneshot};

use crate::{TableNames, Tables, Worker, WorkerSettings, create_tables};
pub(crate) use guide::{alerts, entries, sales_of};

use guide::Tour;

/// Goes through all kinds of changes, and through the views that they leave.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<(), Failure> {
    let local = Local::memory()?;
    // What is printed is what the views are asked; the shop and the reader have clients of their own.
    let (recorded, requests) = local.recording();
    let mut guide = Guide::begin("The changes of a web shop, by its stream", out, requests)?;
    guide.stop(
        "The tables",
        "create_tables",
        "The shop with a stream of both images, the views, and the leases of the workers.",
    )?;
    create_tables(&TableNames::default().tables(&recorded.client())).await?;
    let tables = tables(&local.client(), &recorded.client());
    guide.sent_only("CreateTable")?;
    guide.got("created, and active")?;

    let (live, changes) = mpsc::unbounded_channel();
    let (end, ended) = oneshot::channel::<()>();
    let settings = WorkerSettings { poll: Duration::from_millis(20), ..WorkerSettings::default() };
    let worker = Worker { streams: local.streams_client(), tables: tables.clone(), settings };
    let running = tokio::spawn(worker.run(live, async move {
        // It ends with the tour, whatever comes.
        let _ = ended.await;
    }));
    let mut tour = Tour { guide, tables, local, changes };
    changes::visit(&mut tour).await?;
    views::visit(&mut tour).await?;
    drop(end);
    running.await??;
    tour.guide.end("cargo run -p stream-processor -- --help")
}

/// The tables, of which only the requests of the views are recorded.
fn tables(client: &Client, recorded: &Client) -> Tables {
    let names = TableNames::default();
    Tables { views: names.tables(recorded).views, ..names.tables(client) }
}
