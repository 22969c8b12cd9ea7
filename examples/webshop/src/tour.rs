//! The guided tour: every access pattern once, on an embedded DynamoDB with the built-in catalogue.
//!
//! Each stop prints what is done, the requests that DynamoDB received, and what came back.

mod products;
mod users;

use dynamap::Table;
use dynamap_local::Local;
use examples_shared::{
    Failure,
    output::{Align, Columns, Output},
    tour::Guide,
};
use serde_json::Value;

use crate::{
    catalogue, import,
    model::{ProductSummary, Shop},
};
pub(crate) use products::description;

/// The name of the tour's table.
const TABLE: &str = "webshop";

/// The tour of one shop.
struct Tour<'o, 'w> {
    guide: Guide<'o, 'w>,
    shop: Table<Shop>,
}

/// Goes through all access patterns.
///
/// # Errors
/// A request fails, or the output cannot be written.
pub async fn run(out: &mut Output<'_>) -> Result<(), Failure> {
    let (local, requests) = Local::memory()?.recording();
    let guide = Guide::begin("A web shop on one DynamoDB table", out, requests)?;
    let mut tour = Tour { guide, shop: Table::new(local.client(), TABLE) };
    table(&mut tour).await?;
    fill(&mut tour).await?;
    users::visit(&mut tour).await?;
    products::visit(&mut tour).await?;
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

impl Tour<'_, '_> {
    /// Prints a put of an entity; of those in the batches since the last call the one with the least key.
    fn sent_put_of(&mut self, entity: &str) -> Result<(), Failure> {
        let requests = self.guide.take_requests();
        let tables = requests.iter().filter_map(|request| request.body["RequestItems"].as_object());
        let puts = tables.flat_map(|tables| tables.values()).filter_map(|puts| puts.as_array()).flatten();
        let item = |put: &Value| put["PutRequest"]["Item"].clone();
        let of_entity = puts.filter(|put| item(put)["entity_type"]["S"] == entity);
        let Some(put) = of_entity.min_by_key(|put| item(put)["pk"].to_string()) else { return Ok(()) };
        self.guide.sent_body("BatchWriteItem", put)
    }

    /// Prints the products that came back.
    fn got_products(&mut self, products: &[ProductSummary]) -> Result<(), Failure> {
        self.guide.got(summaries(products))
    }
}

/// A table of products.
pub(crate) fn summaries(products: &[ProductSummary]) -> Columns<3> {
    let headings = [("id", Align::Right), ("title", Align::Left), ("price", Align::Right)];
    Columns::new(headings)
        .rows(products, |product| [product.id.to_string(), product.title.clone(), product.price.to_string()])
}
