//! The guided tour: every access pattern once, on an embedded DynamoDB.
//!
//! Each stop prints what is done, the requests that DynamoDB received, and what came back.

mod capacity;
mod guide;
mod lost_answers;
mod reading;
mod transfers;

use dynamap::Table;
use dynamap_local::{Local, faults::Plan};
use examples_shared::{Failure, output::Output, tour::Guide};

use crate::{Described, Throughput, change_throughput, create_table, describe};
pub use capacity::StepCapacity;
pub(crate) use guide::{entries, shown};

use guide::Tour;

/// The throughput of the tour's table.
pub(crate) const THROUGHPUT: Throughput = Throughput::Provisioned { read: 5, write: 10 };

/// Goes through all access patterns, and returns the capacity of each step. On tokio's paused clock it waits for no
/// timeout.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<Vec<StepCapacity>, Failure> {
    let (faulty, faults) = Local::memory()?.with_faults(Plan::none());
    let (local, requests) = faulty.recording();
    let guide = Guide::begin("Wallets on one DynamoDB table", out, requests)?;
    let mut tour = Tour::new(guide, faults, Table::new(local.client(), "wallets"));
    table(&mut tour).await?;
    description(&mut tour).await?;
    throughput(&mut tour).await?;
    transfers::visit(&mut tour).await?;
    lost_answers::visit(&mut tour).await?;
    reading::visit(&mut tour).await?;
    let Tour { mut guide, meter, steps, .. } = tour;
    guide.heading("Capacity", "")?;
    guide.tell(
        "What `explain()` predicts of the requests of each step, and what they consumed. The least is for small items, of\n\
         1 KB to write and 4 KB to read; the most for items of 400 KB. A `Meter` counts what DynamoDB tells with each\n\
         answer; where DynamoDB does not tell, it estimates. A transaction that is sent again reads what it has written.",
    )?;
    guide.tell(guide::capacities(&steps))?;
    guide.got(meter.consumed())?;
    guide.end("cargo run --release -p wallet -- stress")?;
    Ok(steps)
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

async fn description(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "The table described",
        "describe",
        "It costs no capacity, nor do the changes of the table.",
    )?;
    let table = describe(&tour.bank).await?.ok_or("no table")?;
    tour.guide.sent()?;
    tour.guide.got(Described(&table))
}

async fn throughput(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "The throughput",
        "change_throughput",
        "Changed while the table is in use: on demand, and back. What is so already is not changed.",
    )?;
    for to in [Throughput::OnDemand, THROUGHPUT, THROUGHPUT] {
        let is_changed = change_throughput(&tour.bank, to).await?;
        let operations = tour.guide.sent_only("UpdateTable")?.join(", ");
        let outcome = if is_changed { "changed to" } else { "it was before:" };
        tour.guide.got(format_args!("{outcome} {to}, by {operations}"))?;
    }
    Ok(())
}
