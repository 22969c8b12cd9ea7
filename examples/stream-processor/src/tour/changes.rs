use aws_sdk_dynamodb::types::AttributeValue;
use dynamap::value::EpochSeconds;
use examples_shared::{Failure, tour::unexpected};
use webshop::{
    import,
    model::{Product, ProductId},
};

use super::guide::{Tour, sales_of};
use crate::{sales, stream_handler};

/// The product that is sold.
const PRODUCT: ProductId = ProductId(22);

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    inserted(tour).await?;
    modified(tour).await?;
    removed(tour).await?;
    again(tour).await?;
    poison(tour).await
}

async fn inserted(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Record a change",
        "record_change",
        "INSERT: the shop gets its first five pieces. The worker writes an entry of the outbox and, in the same\n\
         transaction, a mark under the id of the change.",
    )?;
    webshop::restock(&tour.tables.shop, PRODUCT, 5).await?;
    tour.got_changes(1).await
}

async fn modified(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Record a sale",
        "record_change",
        "MODIFY, with the item before and after it: two pieces fewer are a sale.",
    )?;
    webshop::sell(&tour.tables.shop, PRODUCT, 2).await?;
    tour.got_changes(1).await?;

    tour.guide.stop(
        "Record an alert",
        "record_change",
        "MODIFY: fewer than three are left, and were not before. That is told once.",
    )?;
    webshop::sell(&tour.tables.shop, PRODUCT, 1).await?;
    webshop::sell(&tour.tables.shop, PRODUCT, 1).await?;
    tour.got_changes(2).await
}

async fn removed(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    let shop = tour.tables.shop.clone();
    tour.guide.stop(
        "Record what was deleted",
        "record_change",
        "REMOVE: a product is deleted, which the shop has imported before.",
    )?;
    import::write(&shop, &webshop::catalogue::built_in()?, |_| {}).await?;
    tour.pass_changes(17).await?;
    shop.delete(Product::key(PRODUCT)).send().await?;
    tour.got_changes(1).await?;

    tour.guide.stop(
        "Record what has expired",
        "record_change",
        "REMOVE, by DynamoDB itself: the session's time to live is over. (The embedded DynamoDB deletes when it is told to.)",
    )?;
    webshop::start_session(&shop, &"ada@example.com".parse()?, EpochSeconds(1_700_000_000)).await?;
    tour.local.sweep_ttl()?;
    tour.got_changes(2).await
}

/// An event as Lambda delivers it.
const EVENT: &str = include_str!("../../tests/events/sale.json");

async fn again(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Handle an event of Lambda",
        "stream_handler",
        "tests/events/sale.json, a sale of product 10, which Lambda delivers twice. The mark of the change is there the second\n\
         time: its transaction is refused, and nothing happens twice.",
    )?;
    for delivery in ["first", "second"] {
        let response = stream_handler(&tour.tables.views).handle(EVENT.as_bytes(), None).await?;
        if !response.is_complete() {
            return Err(unexpected("an event", response));
        }
        let sales = sales(&tour.tables.views, ProductId(10)).await?;
        tour.guide.got(format_args!("after the {delivery} delivery: {}", sales_of(&sales)))?;
    }
    Ok(())
}

async fn poison(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Store a poison record",
        "store_poison",
        "Another program has written a stock that is no number. The record cannot be read, now or later: it is stored, and the\n\
         others go on.",
    )?;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = tour.local.client().put_item().table_name(tour.tables.shop.name());
    let put = put.item("pk", text("PRODUCT#0000000023")).item("sk", text("STOCK"));
    put.item("entity_type", text("Stock")).item("count", text("many")).send().await?;
    tour.got_changes(1).await?;
    webshop::restock(&tour.tables.shop, ProductId(20), 1).await?;
    tour.got_changes(1).await
}
