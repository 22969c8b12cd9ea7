use dynamap::{ItemCollection, entity::Item};

use super::{Product, ProductGroup, Session, Shop, Stock, User};

/// An item of the shop's table, such as one that was changed.
#[derive(Debug, Clone, PartialEq, ItemCollection)]
#[dynamap(table = Shop)]
pub enum ShopItem {
    /// A login.
    Session(Session),
    /// A user.
    User(User),
    /// A group of products.
    ProductGroup(ProductGroup),
    /// A product.
    Product(Product),
    /// The stock of a product.
    Stock(Stock),
    /// An item of an entity that this program does not know yet.
    #[dynamap(unknown)]
    Unknown(Item),
}
