//! The web shop's access patterns, one function each, on one DynamoDB table.
//!
//! The table in the README lists them; [`model`] has the entities.

pub mod catalogue;
pub mod cli;
pub mod clojure_hash;
pub mod embedding;
mod error;
pub mod http;
pub mod import;
pub mod load;
pub mod model;
pub mod passwords;
pub mod tour;

pub use error::{Result, ShopError};

use examples_shared::profile::Program;

use std::{
    ops::RangeInclusive,
    time::{Duration, SystemTime},
};

use dynamap::{
    Cursor, Error, Page, Table,
    cursor::{CursorSealer, SealedCursor},
    error::ItemCollectionError,
    op::{Hit, read::SealedPage},
    schema::distance::Cosine,
    value::EpochSeconds,
};

use embedding::embed;
use model::{
    Email, Finder, FoundProduct, GroupId, GroupPage, PasswordHash, Price, Product, ProductGroup, ProductId,
    ProductSummary, ProductWords, Session, SessionToken, Shop, Stock, User,
};
use passwords::{Checked, Passwords};

/// The names of this example.
const PROGRAM: Program = Program { package: "webshop", creates_table: "import" };

/// The number of products that are made searchable at once.
const PAGE: usize = 1000;

/// The lifetime of a session.
pub const SESSION_LIFETIME: Duration = Duration::from_secs(2000);

/// Adds a user whom the shop does not know yet.
///
/// # Errors
/// [`ShopError::EmailTaken`] if there is a user with this email address.
pub async fn sign_up(shop: &Table<Shop>, user: &User) -> Result<()> {
    match shop.create(user).send().await {
        Err(Error::ConditionFailed(_)) => Err(ShopError::EmailTaken),
        outcome => Ok(outcome?),
    }
}

/// Checks the password and starts a session. The old hash of an imported user is replaced.
///
/// # Errors
/// [`ShopError::WrongCredentials`] if there is no such user, or the password is another one.
pub async fn log_in(
    shop: &Table<Shop>,
    passwords: &Passwords,
    email: &Email,
    password: &str,
) -> Result<Session> {
    let user = shop.get(User::key(email)).send().await?;
    let stored = user.as_ref().map(|user| &user.password);
    match passwords.check(password, stored).await? {
        Checked::Wrong => return Err(ShopError::WrongCredentials),
        Checked::Right => {}
        Checked::Outdated(hash) => replace_hash(shop, email, stored, &hash).await?,
    }
    let expires_at = EpochSeconds::from(SystemTime::now()) + SESSION_LIFETIME;
    start_session(shop, email, expires_at).await
}

/// Replaces the hash that is stored of a user's password, if it still is.
async fn replace_hash(
    shop: &Table<Shop>,
    email: &Email,
    stored: Option<&PasswordHash>,
    hash: &PasswordHash,
) -> Result<()> {
    let Some(stored) = stored else { return Ok(()) };
    let replace =
        shop.update(User::key(email)).apply(User::PASSWORD.set(hash)).condition(User::PASSWORD.eq(stored));
    match replace.send().await {
        // Another login of the user has replaced it.
        Err(Error::ConditionFailed(_)) => Ok(()),
        outcome => Ok(outcome?),
    }
}

/// Starts a session without a password.
///
/// # Errors
/// The write fails.
pub async fn start_session(shop: &Table<Shop>, email: &Email, expires_at: EpochSeconds) -> Result<Session> {
    let session = Session { token: SessionToken::random(), email: email.clone(), expires_at };
    shop.create(&session).send().await?;
    Ok(session)
}

/// The session with this token; `None` if there is none or it has expired.
///
/// # Errors
/// The read fails.
pub async fn session(shop: &Table<Shop>, token: SessionToken) -> Result<Option<Session>> {
    Ok(shop.get(Session::key(token)).consistent_read().send().await?)
}

/// All product groups in the order of their ids.
///
/// # Errors
/// The read fails.
pub async fn product_groups(shop: &Table<Shop>) -> Result<Vec<ProductGroup>> {
    Ok(shop.query(ProductGroup::partition()).try_collect().await?)
}

/// The product group with this id.
///
/// # Errors
/// The read fails.
pub async fn product_group(shop: &Table<Shop>, group: GroupId) -> Result<Option<ProductGroup>> {
    Ok(shop.get(ProductGroup::key(group)).send().await?)
}

/// A group and its products: what the index holds of them, by one query.
///
/// # Errors
/// [`ShopError::NoSuchGroup`] if there is none with this id.
pub async fn group_page(shop: &Table<Shop>, group: GroupId) -> Result<GroupPage> {
    match shop.query(GroupPage::by_group(group)).assemble().await {
        Err(Error::ItemCollection(ItemCollectionError::Missing { .. })) => Err(ShopError::NoSuchGroup),
        page => Ok(page?),
    }
}

/// The products of a group in the order of their ids: what the index holds of them.
///
/// # Errors
/// The read fails.
pub async fn products(shop: &Table<Shop>, group: GroupId) -> Result<Vec<ProductSummary>> {
    let products = shop.query(Product::by_group(group)).project::<ProductSummary>();
    Ok(products.try_collect().await?)
}

/// The next `limit` products of a group after the cursor of an earlier page.
///
/// # Errors
/// The read fails, or the cursor is of another group.
pub async fn products_page(
    shop: &Table<Shop>,
    group: GroupId,
    limit: usize,
    after: Option<Cursor>,
) -> Result<Page<ProductSummary>> {
    let mut products = shop.query(Product::by_group(group)).project::<ProductSummary>().limit(limit);
    if let Some(cursor) = after {
        products = products.start_after(cursor);
    }
    Ok(products.send().await?)
}

/// A page of the products of a group for a client of the shop: `limit` products at a sealed cursor, which is for this reader
/// alone.
///
/// # Errors
/// The read fails, or the cursor is refused.
pub async fn sealed_products_page(
    shop: &Table<Shop>,
    group: GroupId,
    limit: usize,
    (sealer, reader): (&CursorSealer, &Email),
    cursor: Option<SealedCursor>,
) -> Result<SealedPage<ProductSummary>> {
    let products = shop.query(Product::by_group(group)).project::<ProductSummary>().limit(limit);
    Ok(products.sealed(sealer).principal(reader.to_string()).at(cursor).await?)
}

/// The products of a group whose ids lie in a range.
///
/// # Errors
/// The read fails, or the range begins after its end.
pub async fn products_between(
    shop: &Table<Shop>,
    group: GroupId,
    ids: RangeInclusive<ProductId>,
) -> Result<Vec<ProductSummary>> {
    let products = shop.query(Product::by_group(group).id(ids)).project::<ProductSummary>();
    Ok(products.try_collect().await?)
}

/// The products of a group whose prices lie in a range, cheapest id first: the others are read as well, and filtered
/// out before they travel.
///
/// # Errors
/// The read fails, or the range begins after its end.
pub async fn products_priced(
    shop: &Table<Shop>,
    group: GroupId,
    prices: RangeInclusive<Price>,
) -> Result<Vec<ProductSummary>> {
    let in_range = Product::PRICE.between(prices.start(), prices.end());
    let products = shop.query(Product::by_group(group)).project::<ProductSummary>().filter(in_range);
    Ok(products.try_collect().await?)
}

/// Adds to the stock of a product; returns how many there are then.
///
/// # Errors
/// The write fails.
pub async fn restock(shop: &Table<Shop>, id: ProductId, more: u32) -> Result<u32> {
    let more = Stock::COUNT.set(Stock::COUNT.if_not_exists(0) + more);
    let stock = shop.upsert(Stock::key(id)).apply(more).return_new().send().await?;
    Ok(stock.count)
}

/// Takes from the stock of a product, if it has that many; returns how many are left.
///
/// # Errors
/// [`ShopError::SoldOut`] if it has fewer.
pub async fn sell(shop: &Table<Shop>, id: ProductId, count: u32) -> Result<u32> {
    let sell = shop
        .update(Stock::key(id))
        .apply(Stock::COUNT.set(Stock::COUNT - count))
        .condition(Stock::COUNT.ge(count))
        .return_new();
    match sell.send().await {
        Ok(stock) => Ok(stock.count),
        Err(Error::ConditionFailed(failed)) => {
            // The stock as it is comes with the refusal.
            let stock = failed.current::<Stock>().transpose().map_err(Error::from)?;
            Err(ShopError::SoldOut { left: stock.map_or(0, |stock| stock.count) })
        }
        Err(error) => Err(error.into()),
    }
}

/// Moves a product to another group: the key in the index is written with it.
///
/// # Errors
/// [`ShopError::NoSuchProduct`] if there is none with this id.
pub async fn move_product(shop: &Table<Shop>, id: ProductId, group: GroupId) -> Result<()> {
    match shop.update(Product::key(id)).apply(Product::GROUP.set(group)).send().await {
        Err(Error::ConditionFailed(_)) => Err(ShopError::NoSuchProduct),
        outcome => Ok(outcome?),
    }
}

/// Gives a group another name.
///
/// # Errors
/// [`ShopError::NoSuchGroup`] if there is none with this id.
pub async fn rename_group(shop: &Table<Shop>, group: GroupId, name: &str) -> Result<()> {
    match shop.update(ProductGroup::key(group)).apply(ProductGroup::NAME.set(name)).send().await {
        Err(Error::ConditionFailed(_)) => Err(ShopError::NoSuchGroup),
        outcome => Ok(outcome?),
    }
}

/// One product of a group with all its details.
///
/// # Errors
/// The read fails.
pub async fn product(shop: &Table<Shop>, group: GroupId, id: ProductId) -> Result<Option<Product>> {
    let product = shop.get(Product::key(id)).send().await?;
    Ok(product.filter(|product| product.group == group))
}

/// Makes the products of the shop searchable, and creates the table for that if it is absent. Returns how many there are.
///
/// Products that are put later are not searchable until this is done again.
///
/// # Errors
/// A read or a write fails.
pub async fn index_products(shop: &Table<Shop>, finder: &Table<Finder>) -> Result<usize> {
    finder.create_table_if_absent().send().await?;
    let (mut cursor, mut count) = (None, 0);
    loop {
        let page = shop.scan::<Product>().limit(PAGE).start_after(cursor).send().await?;
        let words: Vec<ProductWords> = page.items.iter().filter_map(ProductWords::of).collect();
        count += words.len();
        finder.batch_write().put_all(words).send().await?;
        if page.cursor.is_none() {
            return Ok(count);
        }
        cursor = page.cursor;
    }
}

/// A product that was found, and how near it is.
pub type ProductHit = Hit<FoundProduct, Cosine>;

/// The products whose texts are most like the words, the nearest first; of one group or of all.
///
/// # Errors
/// [`ShopError::NoWords`] if there are none; `count` is not 1 to 100; the search fails.
pub async fn search(
    finder: &Table<Finder>,
    words: &str,
    group: Option<GroupId>,
    count: usize,
) -> Result<Vec<ProductHit>> {
    let words = embed(words).ok_or(ShopError::NoWords)?;
    let mut search = ProductWords::by_words(&words);
    if let Some(group) = group {
        search = search.group(group);
    }
    Ok(finder.search(search).top_k(count).project::<FoundProduct>().send().await?.hits)
}

/// The products whose texts are most like that of a product, the nearest first.
///
/// # Errors
/// [`ShopError::NoSuchProduct`] if there is none with this id that is searchable; `count` is not 1 to 99; a read fails.
pub async fn similar(finder: &Table<Finder>, id: ProductId, count: usize) -> Result<Vec<ProductHit>> {
    let product = finder.get(ProductWords::key(id)).send().await?.ok_or(ShopError::NoSuchProduct)?;
    // The nearest of all is the product itself.
    let search = finder.search(ProductWords::by_words(&product.words)).top_k(count + 1);
    let found = search.project::<FoundProduct>().send().await?.hits;
    Ok(found.into_iter().filter(|found| found.item.id != id).take(count).collect())
}
