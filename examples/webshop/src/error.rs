/// Why the shop refuses something.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShopError {
    /// There is a user with this email address.
    #[error("there is a user with this email address already")]
    EmailTaken,
    /// There is no such user, or the password is another one; the shop does not say which.
    #[error("wrong email address or password")]
    WrongCredentials,
    /// The table cannot be read or written.
    #[error(transparent)]
    Table(#[from] dynamap::Error),
}

/// The result of an access pattern.
pub type Result<T> = std::result::Result<T, ShopError>;
