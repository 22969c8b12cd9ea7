use dynamap::cursor::{CursorKey, CursorSealer};
use examples_shared::{
    Failure,
    output::{Align, Columns},
};

use super::guide::Tour;
use crate::{
    ShopError, group_page,
    model::{Email, GroupId, Product, ProductId},
    move_product, product, product_group, product_groups, products, products_between, products_page,
    products_priced, rename_group, restock, sealed_products_page, sell,
};

const BOOKS: GroupId = GroupId(1);
const MOVIES: GroupId = GroupId(2);
const BOARD_GAMES: GroupId = GroupId(3);

pub(super) async fn visit(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    groups(tour).await?;
    page_of_group(tour).await?;
    lists(tour).await?;
    pages(tour).await?;
    sealed_pages(tour).await?;
    range(tour).await?;
    priced(tour).await?;
    details(tour).await?;
    stock(tour).await?;
    changes(tour).await
}

async fn groups(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("All product groups", "product_groups", "One item collection holds them all.")?;
    let groups = product_groups(&tour.shop).await?;
    tour.guide.sent()?;
    let headings = [("id", Align::Right), ("name", Align::Left)];
    tour.guide
        .got(Columns::new(headings).rows(&groups, |group| [group.id.to_string(), group.name.clone()]))?;

    tour.guide.stop("One product group", "product_group", "The same item, by its whole key.")?;
    let group = product_group(&tour.shop, BOARD_GAMES).await?;
    tour.guide.sent()?;
    tour.guide.got(group.map_or("no such group".to_owned(), |group| group.name))
}

async fn page_of_group(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "A group's page",
        "group_page",
        "The group and its products are one item collection of the index: one request, which asks for what the\n\
         page shows. The index does not hold what an item is; its key tells.",
    )?;
    let page = group_page(&tour.shop, BOARD_GAMES).await?;
    tour.guide.sent()?;
    tour.guide.got(format!("{}: {}", page.group.id, page.group.name))?;
    tour.got_products(&page.products)?;

    tour.guide.stop(
        "A group's page, of no group",
        "group_page",
        "An item collection that needs a group says so.",
    )?;
    let refused = group_page(&tour.shop, GroupId(9)).await.err();
    tour.guide.sent()?;
    tour.guide.got(refused.map_or("a page".to_owned(), |refused| format!("refused: {refused}")))
}

async fn lists(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Products of a group",
        "products",
        "The index holds of a product its title and price only, so this reads no more than the list shows. Asking\n\
         it for whole products does not compile. The ids are in the keys, in the order of numbers.",
    )?;
    let books = products(&tour.shop, BOOKS).await?;
    tour.guide.sent()?;
    tour.got_products(&books)
}

async fn pages(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Products of a group, page by page",
        "products_page",
        "Three at a time. A cursor says where the next page begins.",
    )?;
    let mut cursor = None;
    loop {
        let page = products_page(&tour.shop, MOVIES, 3, cursor).await?;
        tour.guide.sent()?;
        tour.got_products(&page.items)?;
        cursor = page.cursor;
        match &cursor {
            Some(cursor) => tour.guide.got(format!("more after cursor {:.24}...", cursor.to_string()))?,
            None => return tour.guide.got("no more"),
        }
    }
}

async fn sealed_pages(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "The same for clients over HTTP, forward and backward",
        "sealed_products_page",
        "Cursors that only the shop can read and make. The page before is a query in the other direction. Of each\n\
         page one product more is read, so that it is known if there is a next one.",
    )?;
    let sealer = CursorSealer::new(CursorKey::random()?);
    let reader: Email = "ada@example.com".parse()?;
    let mut cursor = None;
    for link in ["next", "prev", "none"] {
        let page = sealed_products_page(&tour.shop, MOVIES, 2, (&sealer, &reader), cursor).await?;
        tour.guide.sent()?;
        tour.got_products(&page.items)?;
        cursor = match link {
            "next" => page.next_cursor().cloned(),
            _ => page.previous_cursor().cloned(),
        };
        if let Some(cursor) = &cursor {
            tour.guide.got(format!("{link} is a cursor of {} characters", cursor.as_str().len()))?;
        }
    }
    Ok(())
}

async fn range(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Products of a group with ids in a range",
        "products_between",
        "From 9 to 11. As text, 100 would come between 10 and 11; keys hold numbers in a fixed width.",
    )?;
    let books = products_between(&tour.shop, BOOKS, ProductId(9)..=ProductId(11)).await?;
    tour.guide.sent()?;
    tour.got_products(&books)
}

async fn priced(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Products of a group in a range of prices",
        "products_priced",
        "The price is in the index, and no part of its key: a filter. All products of the group are read and paid\n\
         for, and these travel.",
    )?;
    let books = products_priced(&tour.shop, BOOKS, "10.00".parse()?..="13.00".parse()?).await?;
    tour.guide.sent()?;
    tour.got_products(&books)
}

async fn stock(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Restock a product",
        "restock",
        "DynamoDB adds: nothing is read first, and where two restock at once nothing is lost. An upsert creates\n\
         the item.",
    )?;
    let stock = restock(&tour.shop, ProductId(22), 5).await?;
    tour.guide.sent()?;
    tour.guide.got(format!("{stock} in stock"))?;

    tour.guide.stop(
        "Sell a product",
        "sell",
        "Only if there are enough; the refusal brings the product as it is.",
    )?;
    for count in [4, 2] {
        let left = sell(&tour.shop, ProductId(22), count).await;
        tour.guide.sent()?;
        match left {
            Ok(left) => tour.guide.got(format!("{count} sold, {left} left"))?,
            Err(ShopError::SoldOut { left }) => {
                tour.guide.got(format!("refused: {count} wanted, only {left} left"))?
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn changes(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop(
        "Move a product to another group",
        "move_product",
        "One attribute is set. The key in the index is made of it, so it is written with it.",
    )?;
    move_product(&tour.shop, ProductId(22), BOARD_GAMES).await?;
    tour.guide.sent()?;
    let games = products(&tour.shop, BOARD_GAMES).await?;
    tour.got_products(&games)?;

    tour.guide.stop("Rename a product group", "rename_group", "An update needs the item to be there.")?;
    rename_group(&tour.shop, BOARD_GAMES, "Games and one film").await?;
    tour.guide.sent()?;
    let group = product_group(&tour.shop, BOARD_GAMES).await?;
    tour.guide.got(group.map_or("no such group".to_owned(), |group| group.name))
}

async fn details(tour: &mut Tour<'_, '_>) -> Result<(), Failure> {
    tour.guide.stop("One product", "product", "With all its details, from the table.")?;
    let film = product(&tour.shop, MOVIES, ProductId(22)).await?;
    tour.guide.sent()?;
    tour.guide.got(film.as_ref().map_or("no such product".to_owned(), description))?;

    tour.guide.stop("One product, which is not there", "product", "An absent item is None, not an error.")?;
    let film = product(&tour.shop, MOVIES, ProductId(999)).await?;
    tour.guide.sent()?;
    tour.guide.got(film.as_ref().map_or("no such product".to_owned(), description))
}

/// A product with all its details, one a line.
pub(crate) fn description(product: &Product) -> String {
    let year = product.year.map(|year| year.to_string());
    let [(creator_label, creator), (category_label, category)] = product.details.labelled();
    let lines = [
        ("Title", Some(product.title.as_str())),
        ("Price", Some(&product.price.to_string())),
        (creator_label, Some(creator)),
        ("Year", year.as_deref()),
        ("Country", product.country.as_deref()),
        (category_label, Some(category)),
    ];
    let known = lines.into_iter().filter_map(|(label, value)| Some(format!("{label:<9} {}", value?)));
    known.collect::<Vec<_>>().join("\n")
}
