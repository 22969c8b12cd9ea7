use examples_shared::Failure;
use jiff::{Timestamp, Unit};
use webshop::model::ProductId;

use super::guide::{Tour, alerts, entries, sales_of};
use crate::{changes_of_day, changes_of_entity, changes_of_item, low_stock, poison_records, sales};

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    numbers(tour).await?;
    outbox(tour).await?;
    poison(tour).await
}

async fn numbers(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("Sales of a product", "sales", "Counted by the changes of its stock.")?;
    let sales = sales(&tour.tables.views, ProductId(22)).await?;
    tour.guide.sent()?;
    tour.guide.got(sales_of(&sales))?;

    tour.guide.stop("Alerts of low stock", "low_stock", "Newest first.")?;
    let low = low_stock(&tour.tables.views, 10).await?;
    tour.guide.sent()?;
    tour.guide.got(alerts(&low))
}

async fn outbox(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    let now = Timestamp::now();
    tour.guide.stop(
        "Changes of an entity in a time",
        "changes_of_entity",
        "The stock in the last hour: one query of the outbox.",
    )?;
    let hour_ago = now.round(Unit::Second)? - jiff::SignedDuration::from_hours(1);
    let found = changes_of_entity(&tour.tables.views, "Stock", hour_ago..=now).await?;
    tour.guide.sent()?;
    tour.guide.got(entries(&found))?;

    tour.guide.stop("Changes of an item", "changes_of_item", "The life of product 22, by the index.")?;
    let found = changes_of_item(&tour.tables.views, "product 22").await?;
    tour.guide.sent()?;
    tour.guide.got(entries(&found))?;

    tour.guide.stop("Changes of a day", "changes_of_day", "Of all entities.")?;
    let day = crate::day(now);
    let found = changes_of_day(&tour.tables.views, &day).await?;
    tour.guide.sent()?;
    tour.guide.got(format_args!("{} changes", found.len()))
}

async fn poison(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Poison records",
        "poison_records",
        "With the item as it came, to be mended and written again.",
    )?;
    let letters = poison_records(&tour.tables.views).await?;
    tour.guide.sent()?;
    for letter in letters {
        tour.guide.got(format_args!("{}", letter.reason))?;
    }
    Ok(())
}
