use super::{Failure, guide::Guide};
use crate::{
    ShopError, group_page,
    model::{GroupId, Product, ProductId},
    move_product,
    output::{Align, Columns},
    product, product_group, product_groups, products, products_between, products_page, products_priced,
    rename_group, restock, sell,
};

const BOOKS: GroupId = GroupId(1);
const MOVIES: GroupId = GroupId(2);
const BOARD_GAMES: GroupId = GroupId(3);

pub(super) async fn visit(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    groups(guide).await?;
    page_of_group(guide).await?;
    lists(guide).await?;
    pages(guide).await?;
    range(guide).await?;
    priced(guide).await?;
    details(guide).await?;
    stock(guide).await?;
    changes(guide).await
}

async fn groups(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop("All product groups", "product_groups", "One item collection holds them all.")?;
    let groups = product_groups(&guide.shop).await?;
    guide.sent()?;
    let headings = [("id", Align::Right), ("name", Align::Left)];
    guide.got(Columns::new(headings).rows(&groups, |group| [group.id.to_string(), group.name.clone()]))?;

    guide.stop("One product group", "product_group", "The same item, by its whole key.")?;
    let group = product_group(&guide.shop, BOARD_GAMES).await?;
    guide.sent()?;
    guide.got(group.map_or("no such group".to_owned(), |group| group.name))
}

async fn page_of_group(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "A group's page",
        "group_page",
        "The group and its products are one item collection of the index: one request, which asks for what the\n\
         page shows. The index does not hold what an item is; its key tells.",
    )?;
    let page = group_page(&guide.shop, BOARD_GAMES).await?;
    guide.sent()?;
    guide.got(format!("{}: {}", page.group.id, page.group.name))?;
    guide.got_products(&page.products)?;

    guide.stop(
        "A group's page, of no group",
        "group_page",
        "An item collection that needs a group says so.",
    )?;
    let refused = group_page(&guide.shop, GroupId(9)).await.err();
    guide.sent()?;
    guide.got(refused.map_or("a page".to_owned(), |refused| format!("refused: {refused}")))
}

async fn lists(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Products of a group",
        "products",
        "The index holds of a product its title and price only, so this reads no more than the list shows. Asking\n\
         it for whole products does not compile. The ids are in the keys, in the order of numbers.",
    )?;
    let books = products(&guide.shop, BOOKS).await?;
    guide.sent()?;
    guide.got_products(&books)
}

async fn pages(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Products of a group, page by page",
        "products_page",
        "Three at a time. A cursor says where the next page begins.",
    )?;
    let mut cursor = None;
    loop {
        let page = products_page(&guide.shop, MOVIES, 3, cursor).await?;
        guide.sent()?;
        guide.got_products(&page.items)?;
        cursor = page.cursor;
        match &cursor {
            Some(cursor) => guide.got(format!("more after cursor {:.24}...", cursor.to_string()))?,
            None => return guide.got("no more"),
        }
    }
}

async fn range(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Products of a group with ids in a range",
        "products_between",
        "From 9 to 11. As text, 100 would come between 10 and 11; keys hold numbers in a fixed width.",
    )?;
    let books = products_between(&guide.shop, BOOKS, ProductId(9)..=ProductId(11)).await?;
    guide.sent()?;
    guide.got_products(&books)
}

async fn priced(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Products of a group in a range of prices",
        "products_priced",
        "The price is in the index, and no part of its key: a filter. All products of the group are read and paid\n\
         for, and these travel.",
    )?;
    let books = products_priced(&guide.shop, BOOKS, "10.00".parse()?..="13.00".parse()?).await?;
    guide.sent()?;
    guide.got_products(&books)
}

async fn stock(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Restock a product",
        "restock",
        "DynamoDB adds: nothing is read first, and where two restock at once nothing is lost. An upsert creates\n\
         the item.",
    )?;
    let stock = restock(&guide.shop, ProductId(22), 5).await?;
    guide.sent()?;
    guide.got(format!("{stock} in stock"))?;

    guide.stop(
        "Sell a product",
        "sell",
        "Only if there are enough; the refusal brings the product as it is.",
    )?;
    for count in [4, 2] {
        let left = sell(&guide.shop, ProductId(22), count).await;
        guide.sent()?;
        match left {
            Ok(left) => guide.got(format!("{count} sold, {left} left"))?,
            Err(ShopError::SoldOut { left }) => {
                guide.got(format!("refused: {count} wanted, only {left} left"))?
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

async fn changes(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop(
        "Move a product to another group",
        "move_product",
        "One attribute is set. The key in the index is made of it, so it is written with it.",
    )?;
    move_product(&guide.shop, ProductId(22), BOARD_GAMES).await?;
    guide.sent()?;
    let games = products(&guide.shop, BOARD_GAMES).await?;
    guide.got_products(&games)?;

    guide.stop("Rename a product group", "rename_group", "An update needs the item to be there.")?;
    rename_group(&guide.shop, BOARD_GAMES, "Games and one film").await?;
    guide.sent()?;
    let group = product_group(&guide.shop, BOARD_GAMES).await?;
    guide.got(group.map_or("no such group".to_owned(), |group| group.name))
}

async fn details(guide: &mut Guide<'_, '_>) -> Result<(), Failure> {
    guide.stop("One product", "product", "With all its details, from the table.")?;
    let film = product(&guide.shop, MOVIES, ProductId(22)).await?;
    guide.sent()?;
    guide.got(film.as_ref().map_or("no such product".to_owned(), description))?;

    guide.stop("One product, which is not there", "product", "An absent item is None, not an error.")?;
    let film = product(&guide.shop, MOVIES, ProductId(999)).await?;
    guide.sent()?;
    guide.got(film.as_ref().map_or("no such product".to_owned(), description))
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
