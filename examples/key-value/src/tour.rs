//! The guided tour: every access pattern once, on an embedded DynamoDB.
//!
//! Each stop prints what is done, the requests that DynamoDB received, and what came back.

mod bytes;
mod guide;
mod logs;
mod several;
mod values;

use dynamap::capacity::Meter;
use dynamap_local::{Local, faults::Plan};
use examples_shared::{Failure, output::Output, tour::Guide};

use crate::{Creation, Store, connect, delete_store};

use guide::Tour;

/// Goes through all access patterns. On tokio's paused clock it waits for no timeout.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<(), Failure> {
    let (faulty, faults) = Local::memory()?.with_faults(Plan::none());
    let (local, requests) = faulty.recording();
    let meter = Meter::new();
    let store = Store::new(local.client(), "key-value").chunk_size(16).with_meter(&meter);
    let guide = Guide::begin("Values by key on one DynamoDB table", out, requests)?;
    let mut tour = Tour { guide, faults, store };
    table(&mut tour).await?;
    values::visit(&mut tour).await?;
    several::visit(&mut tour).await?;
    logs::visit(&mut tour).await?;
    bytes::visit(&mut tour).await?;
    end(&mut tour).await?;
    let Tour { mut guide, .. } = tour;
    guide.heading("Capacity", "")?;
    guide.tell("What the calls of the tour consumed, as a `Meter` of the table counts it.")?;
    guide.got(meter.consumed())?;
    guide.end("cargo run -p key-value -- assoc user:1 '{\"name\":\"Alice\"}'")
}

async fn table(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("Open a store", "connect", "The table is created, since it is absent.")?;
    connect(&tour.store, Creation::OnDemand).await?;
    let operations = tour.guide.sent_only("CreateTable")?.join(", ");
    tour.guide.got(format_args!("active, by {operations}"))
}

async fn end(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("Delete the store", "delete_store", "The table, with all values.")?;
    let deleted = delete_store(&tour.store).await?;
    tour.guide.sent()?;
    tour.guide.got(deleted)
}
