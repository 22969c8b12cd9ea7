//! The table of wallets and its entities.

use dynamap::{Entity, TableSchema, value::Version};
use jiff::Timestamp;

/// The table: wallets, their ledger, and the transfers.
#[derive(Debug, Clone, Copy, TableSchema)]
#[dynamap(partition_key = "pk", sort_key = "sk", entities(Wallet, Entry, Transfer))]
pub struct Bank;

/// An amount in the smallest unit of the currency, such as cents.
pub type Amount = i64;

/// A wallet: money with an owner.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "WALLET#{id}", sk = "WALLET")]
pub struct Wallet {
    /// The id.
    #[dynamap(key_only)]
    pub id: String,
    /// The owner's name.
    pub owner: String,
    /// The balance, never less than zero.
    pub balance: Amount,
    /// Every write advances it: a wallet that was read before a transfer cannot be saved over that.
    #[dynamap(version)]
    pub version: Version,
}

/// An entry of the ledger: the part of a transfer that concerns one wallet.
///
/// The entries of a wallet lie in its partition in the order of time: the statement is one query.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "WALLET#{wallet}", sk = "ENTRY#{at}#{transfer}")]
pub struct Entry {
    /// The wallet.
    #[dynamap(key_only)]
    pub wallet: String,
    /// The time at which the transfer was ordered.
    #[dynamap(key_only)]
    pub at: Timestamp,
    /// The id of the transfer.
    #[dynamap(key_only)]
    pub transfer: String,
    /// The change of the balance; less than zero if the wallet paid.
    pub amount: Amount,
    /// The wallet on the other side; `None` if the money came from outside.
    pub other: Option<String>,
}

/// Money that goes to a wallet, once: there can be no second transfer with its id.
#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "TRANSFER#{id}", sk = "TRANSFER")]
pub struct Transfer {
    /// The id that the caller gave it.
    #[dynamap(key_only)]
    pub id: String,
    /// The payer's wallet; `None` if the money comes from outside.
    pub from: Option<String>,
    /// The payee's wallet.
    pub to: String,
    /// The amount.
    pub amount: Amount,
    /// The time at which it was ordered.
    pub at: Timestamp,
}

impl Transfer {
    /// From one wallet to another, now.
    pub fn new(id: impl Into<String>, from: &str, to: &str, amount: Amount) -> Self {
        Self { from: Some(from.into()), ..Self::deposit(id, to, amount) }
    }

    /// From outside to a wallet, now.
    pub fn deposit(id: impl Into<String>, to: &str, amount: Amount) -> Self {
        Self { id: id.into(), from: None, to: to.into(), amount, at: Timestamp::now() }
    }

    /// The entry of each wallet that it concerns: first the payer's, if there is one.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        let entry = |wallet: &str, other: Option<&String>, amount| Entry {
            wallet: wallet.to_owned(),
            at: self.at,
            transfer: self.id.clone(),
            amount,
            other: other.cloned(),
        };
        let out = self.from.as_deref().map(|from| entry(from, Some(&self.to), -self.amount));
        out.into_iter().chain([entry(&self.to, self.from.as_ref(), self.amount)])
    }

    /// True if the other moves the same money between the same wallets.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.id, &self.from, &self.to, self.amount) == (&other.id, &other.from, &other.to, other.amount)
    }
}
