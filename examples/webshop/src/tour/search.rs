use examples_shared::Failure;

use super::guide::{Tour, found};
use crate::{
    index_products,
    model::{GroupId, ProductId},
    search, similar,
};

const MOVIES: GroupId = GroupId(2);

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Make the products searchable",
        "index_products",
        "A table of its own with a vector index, and in it a vector for each product, made of its words.",
    )?;
    let indexed = index_products(&tour.shop, &tour.finder).await?;
    tour.guide.sent_only("CreateTable")?;
    tour.guide.got(format!("{indexed} products"))?;

    tour.guide.stop(
        "Products by words",
        "search",
        "The nearest of all products, as the index holds them. A word may have another form, or a mistake in it.",
    )?;
    for group in [None, Some(MOVIES)] {
        let nearest = search(&tour.finder, "quiet harbor", group, 3).await?;
        tour.guide.sent()?;
        tour.guide.got(found(&nearest))?;
    }

    tour.guide.stop(
        "Products like a product",
        "similar",
        "The vector of a product is searched, and the product itself left out.",
    )?;
    let nearest = similar(&tour.finder, ProductId(302), 3).await?;
    tour.guide.sent_only("SearchVectors")?;
    tour.guide.got(found(&nearest))
}
