//! The guided tour: every access pattern once, on an embedded DynamoDB with the built-in catalogue.
//!
//! Each stop prints what is done, the requests that DynamoDB received, and what came back.

mod guide;
mod products;
mod users;

use std::error::Error;

use dynamap::Table;
use dynamap_local::Local;

use crate::{catalogue, import, output::Output};
pub(crate) use guide::summaries;
pub(crate) use products::description;

use guide::Guide;

/// An error that ends the program.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The name of the tour's table.
const TABLE: &str = "webshop";

/// Goes through all access patterns.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<(), Failure> {
    let (local, requests) = Local::memory()?.recording();
    let shop = Table::new(local.client(), TABLE);
    out.line(out.paint.heading("A web shop on one DynamoDB table"))?;
    out.line("")?;
    out.line("It runs on a DynamoDB inside this program: nothing is installed, nothing leaves the machine.")?;
    out.line("Each stop shows a function of src/lib.rs, the requests DynamoDB received, and the outcome.")?;

    let mut guide = Guide::new(out, requests, shop);
    table(&mut guide).await?;
    fill(&mut guide).await?;
    users::visit(&mut guide).await?;
    products::visit(&mut guide).await?;
    guide.end()
}

async fn table(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop("The table", "create_table_if_absent", "One table for all entities, with one index.")?;
    let created = guide.shop.create_table_if_absent().send().await?;
    let operations = guide.sent_only("CreateTable")?.join(", ");
    let outcome = if created { "created, and active" } else { "it was there already" };
    guide.got(format_args!("{outcome}, by {operations}"))
}

async fn fill(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Import a catalogue",
        "import::write",
        "BatchWriteItem, with up to 25 items in a request. The put of a product, for example:",
    )?;
    let catalogue = catalogue::built_in()?;
    let written = import::write(&guide.shop, &catalogue, |_| {}).await?;
    guide.sent_put_of("Product")?;
    guide.got(format!("{written} written"))
}
