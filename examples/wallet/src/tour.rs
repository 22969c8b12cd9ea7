//! The guided tour: every access pattern once, on an embedded DynamoDB.
//!
//! Each stop prints what is done, the requests that DynamoDB received, and what came back.

mod guide;
mod lost_answers;
mod reading;
mod transfers;

use dynamap::{Table, capacity::Meter};
use dynamap_local::{Local, faults::Plan};
use examples_shared::{Failure, output::Output, tour::Guide};

use crate::{Throughput, create_table};
pub(crate) use guide::{entries, shown};

use guide::Tour;

/// The throughput of the tour's table.
const THROUGHPUT: Throughput = Throughput::Provisioned { read: 5, write: 10 };

/// Goes through all access patterns. On tokio's paused clock it waits for no timeout.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<(), Failure> {
    let (faulty, faults) = Local::memory()?.with_faults(Plan::none());
    let (local, requests) = faulty.recording();
    let meter = Meter::new();
    let bank = Table::new(local.client(), "wallets").with_meter(&meter);
    let guide = Guide::begin("Wallets on one DynamoDB table", out, requests)?;
    let mut tour = Tour { guide, faults, bank };
    table(&mut tour).await?;
    transfers::visit(&mut tour).await?;
    lost_answers::visit(&mut tour).await?;
    reading::visit(&mut tour).await?;
    let Tour { mut guide, .. } = tour;
    guide.heading("Capacity", "")?;
    guide.tell(
        "What the calls of the tour consumed, as a `Meter` of the table counts it: DynamoDB tells it with each answer.",
    )?;
    guide.got(meter.consumed())?;
    guide.end("cargo run --release -p wallet -- stress")
}

async fn table(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "The table",
        "create_table",
        "One table for wallets, ledger and transfers, created since it is absent, with a throughput of 5 read and\n\
         10 write units in each second.",
    )?;
    let created = create_table(&tour.bank, THROUGHPUT).await?;
    let operations = tour.guide.sent_only("CreateTable")?.join(", ");
    let outcome = if created { "created, and active" } else { "it was there already" };
    tour.guide.got(format_args!("{outcome}, by {operations}"))
}
