//! The web shop's access patterns, one function each, on one DynamoDB table.
//!
//! The table in the README lists them; [`model`] has the entities.

pub mod catalogue;
pub mod cli;
pub mod clojure_hash;
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

use dynamap::{Cursor, Error, Page, Table, error::ItemCollectionError, value::EpochSeconds};

use model::{
    Email, GroupId, GroupPage, PasswordHash, Price, Product, ProductGroup, ProductId, ProductSummary,
    Session, SessionToken, Shop, Stock, User,
};
use passwords::{Checked, Passwords};

/// The names of this example.
const PROGRAM: Program = Program { package: "webshop", creates_table: "import" };

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
