//! The shop's table, its index and its entities.

mod details;
mod email;
mod finder;
mod password_hash;
mod price;
mod shop_item;

pub use details::{Details, Kind};
pub use email::{Email, NoEmail};
pub use finder::{ByWords, Finder, FoundProduct, ProductWords};
pub use password_hash::PasswordHash;
pub use price::{BadPrice, Price};
pub use shop_item::ShopItem;

use dynamap::{Attribute, Entity, Index, ItemCollection, Projection, TableSchema, value::EpochSeconds};
use uuid::Uuid;

/// The web shop's table.
#[derive(Debug, Clone, Copy, TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", ttl = "expires_at", indexes(ByGroup))]
#[dynamap(entities(User, Session, ProductGroup, Product, Stock))]
pub struct Shop;

/// A group, and behind it its products in the order of their ids.
///
/// It holds no more than the page of a group shows. Reading a whole [`Product`] from it does not compile.
#[derive(Debug, Clone, Copy, Index)]
#[dynamap(table = Shop, name = "gsi1", partition_key = "gsi1pk", sort_key = "gsi1sk")]
#[dynamap(projection = include("name", "title", "price"))]
pub struct ByGroup;

/// A logged-in user, until the session expires.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "SESSION#{token}", sk = "SESSION")]
pub struct Session {
    /// The login token.
    #[dynamap(key_only)]
    pub token: SessionToken,
    /// The user who logged in.
    pub email: Email,
    /// The table's time to live: from then on the session is absent, and DynamoDB deletes it some time later.
    #[dynamap(ttl)]
    pub expires_at: EpochSeconds,
}

/// A user who can log in.
///
/// The email address is the key: no two users can have the same.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "USER#{email}", sk = "USER")]
pub struct User {
    /// The address, in lower case.
    #[dynamap(key_only)]
    pub email: Email,
    /// The number that imported users have.
    pub id: Option<UserId>,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The hashed password.
    pub password: PasswordHash,
}

/// A group of products, such as books.
///
/// All groups are one item collection of the table, since the shop always shows them together. In the index each is
/// in one with its products, and before them.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "GROUPS", sk = "GROUP#{id}")]
#[dynamap(index = ByGroup, pk = "GROUP#{id}", sk = "GROUP")]
pub struct ProductGroup {
    /// The group's number.
    #[dynamap(key_only)]
    pub id: GroupId,
    /// The name.
    pub name: String,
}

/// A product of the shop.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "PRODUCT#{id}", sk = "PRODUCT")]
#[dynamap(index = ByGroup, pk = "GROUP#{group}", sk = "PRODUCT#{id}")]
pub struct Product {
    /// The product's number, unique in the whole shop.
    #[dynamap(key_only)]
    pub id: ProductId,
    /// The group it belongs to.
    pub group: GroupId,
    /// The title.
    pub title: String,
    /// The price.
    pub price: Price,
    /// The year in which it came out, where known.
    pub year: Option<u16>,
    /// The country it comes from, where known.
    pub country: Option<String>,
    /// The details that only products of its kind have.
    pub details: Details,
}

/// The stock of a product, an item beside the product: an import replaces the product, and not its stock.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Shop, pk = "PRODUCT#{id}", sk = "STOCK")]
pub struct Stock {
    /// The product's number.
    #[dynamap(key_only)]
    pub id: ProductId,
    /// The number in stock.
    pub count: u32,
}

/// The part of a product that the index [`ByGroup`] holds.
///
/// It can be shown, and not be saved: nothing that was not read is lost.
#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = Product, index = ByGroup)]
pub struct ProductSummary {
    /// The product's number, read from the key.
    #[dynamap(key)]
    pub id: ProductId,
    /// The title.
    pub title: String,
    /// The price.
    pub price: Price,
}

/// The part of a product group that the index [`ByGroup`] holds.
#[derive(Debug, Clone, PartialEq, Projection)]
#[dynamap(entity = ProductGroup, index = ByGroup)]
pub struct GroupTitle {
    /// The group's number, read from the key.
    #[dynamap(key)]
    pub id: GroupId,
    /// The name.
    pub name: String,
}

/// The page of a group: all that the index [`ByGroup`] has in one partition.
#[derive(Debug, Clone, PartialEq, ItemCollection)]
#[dynamap(index = ByGroup)]
pub struct GroupPage {
    /// The group.
    pub group: GroupTitle,
    /// Its products in the order of their ids.
    pub products: Vec<ProductSummary>,
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Attribute)]
        pub struct $name(pub u32);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = std::num::ParseIntError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )* };
}

numbers! {
    /// The number of a product group.
    GroupId;
    /// The number of a product.
    ProductId;
    /// The number of a user.
    UserId;
}

/// A login token: 122 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Attribute)]
pub struct SessionToken(pub Uuid);

impl SessionToken {
    /// A new random token, which cannot be guessed.
    #[must_use]
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
}

impl std::fmt::Display for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
