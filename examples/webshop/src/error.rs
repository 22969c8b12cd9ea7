use crate::passwords::PasswordError;

/// A refusal of the shop.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShopError {
    /// There is a user with this email address.
    #[error("there is a user with this email address already")]
    EmailTaken,
    /// There is no such user, or the password is another one; the shop does not say which.
    #[error("wrong email address or password")]
    WrongCredentials,
    /// There is no product with this id.
    #[error("no such product")]
    NoSuchProduct,
    /// There is no product group with this id.
    #[error("no such product group")]
    NoSuchGroup,
    /// A search without words.
    #[error("a search needs a word")]
    NoWords,
    /// The stock is too small.
    #[error("only {left} left")]
    SoldOut {
        /// The number in stock.
        left: u32,
    },
    /// A password cannot be hashed or checked.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The table cannot be read or written.
    #[error(transparent)]
    Table(#[from] dynamap::Error),
}

/// The result of an access pattern.
pub type Result<T> = std::result::Result<T, ShopError>;
