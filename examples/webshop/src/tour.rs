//! The guided tour: every access pattern once, on an embedded DynamoDB with the built-in catalogue.
//!
//! Each stop prints what is done, the requests that DynamoDB received, and what came back.

mod guide;
mod products;
mod search;
mod users;

use dynamap::Table;
use dynamap_local::Local;
use examples_shared::{Failure, output::Output, tour::Guide};

use crate::{catalogue, import, passwords::Passwords};
pub(crate) use guide::{found, summaries};
pub(crate) use products::description;

use guide::Tour;

/// The name of the tour's table.
const TABLE: &str = "webshop";

/// The name of the table that its products are searched in.
const SEARCH_TABLE: &str = "webshop-search";

/// Goes through all access patterns.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<(), Failure> {
    let (local, requests) = Local::memory()?.recording();
    let guide = Guide::begin("A web shop on one DynamoDB table", out, requests)?;
    let (shop, finder) = (Table::new(local.client(), TABLE), Table::new(local.client(), SEARCH_TABLE));
    let mut tour = Tour { guide, shop, finder, passwords: Passwords::default() };
    table(&mut tour).await?;
    fill(&mut tour).await?;
    users::visit(&mut tour).await?;
    products::visit(&mut tour).await?;
    search::visit(&mut tour).await?;
    tour.guide.end("cargo run -p webshop -- help")
}

async fn table(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("The table", "create_table_if_absent", "One table for all entities, with one index.")?;
    let created = tour.shop.create_table_if_absent().send().await?;
    let operations = tour.guide.sent_only("CreateTable")?.join(", ");
    let outcome = if created { "created, and active" } else { "it was there already" };
    tour.guide.got(format_args!("{outcome}, by {operations}"))
}

async fn fill(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Import a catalogue",
        "import::write",
        "BatchWriteItem, with up to 25 items in a request. The put of a product, for example:",
    )?;
    let catalogue = catalogue::built_in()?;
    let written = import::write(&tour.shop, &catalogue, |_| {}).await?;
    tour.sent_put_of("Product")?;
    tour.guide.got(format!("{written} written"))
}
