use std::convert::Infallible;

use dynamap::op::ModifyError;

use crate::model::Amount;

/// A refusal. Nothing was written then, unless it is [`dynamap::Error::Unknown`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WalletError {
    /// There is a wallet with this id.
    #[error("there is a wallet `{0}` already")]
    WalletExists(String),
    /// There is no wallet with this id.
    #[error("there is no wallet `{0}`")]
    NoSuchWallet(String),
    /// The amount is zero or less.
    #[error("an amount is at least 1")]
    NoAmount,
    /// Both sides are the same wallet.
    #[error("the money would go where it comes from")]
    SameWallet,
    /// There is not enough in the wallet.
    #[error("wallet `{wallet}` has only {balance}")]
    Overdrawn {
        /// The id of the wallet.
        wallet: String,
        /// The balance when the transfer was refused.
        balance: Amount,
    },
    /// The wallet would hold more than an [`Amount`] can say.
    #[error("wallet `{0}` cannot hold that much")]
    TooMuch(String),
    /// There is another transfer with this id.
    #[error("there is another transfer `{0}`")]
    OtherTransfer(String),
    /// The owner of the wallet cannot be changed.
    #[error(transparent)]
    NotModified(#[from] ModifyError<Infallible>),
    /// The table cannot be read or written.
    #[error(transparent)]
    Table(#[from] dynamap::Error),
}

/// The result of an access pattern.
pub type Result<T> = std::result::Result<T, WalletError>;
