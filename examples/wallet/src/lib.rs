//! The access patterns of wallets, one function each, on one DynamoDB table.
//!
//! The table in the README lists them; [`model`] has the entities.

pub mod cli;
mod description;
mod error;
pub mod model;
pub mod requests;
pub mod stress;
pub mod tour;

pub use description::Described;
pub use dynamap::op::Throughput;
pub use error::{Result, WalletError};

use aws_sdk_dynamodb::types::TableDescription;
use dynamap::{
    Cursor, Error, Page, Table,
    op::ModifyError,
    outcome::{CancellationReason, TransactionCanceled},
    value::Version,
};

use examples_shared::profile::Program;
use model::{Amount, Bank, Entry, Transfer, Wallet};

/// The names of this example.
const PROGRAM: Program = Program { package: "wallet", creates_table: "create-table" };

/// The outcome of a transfer that is in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// This call did the transfer.
    Now,
    /// An earlier call did the transfer: the caller has sent it again.
    Before,
}

/// Creates the table if it is absent, and waits until it is active; true if this call created it.
///
/// # Errors
/// A request fails, or there is a table with other keys.
pub async fn create_table(bank: &Table<Bank>, throughput: Throughput) -> Result<bool> {
    Ok(bank.create_table_if_absent().throughput(throughput).send().await?)
}

/// The table as DynamoDB describes it, or `None` if there is none. [`Described`] displays it.
///
/// # Errors
/// The request fails.
pub async fn describe(bank: &Table<Bank>) -> Result<Option<TableDescription>> {
    Ok(bank.describe().send().await?)
}

/// Changes the billing mode of the table or its throughput, and waits until it is active; false if it was so before.
///
/// Wallets can be read and written meanwhile.
///
/// # Errors
/// A request fails, as when there is no table, or DynamoDB allows no further change today.
pub async fn change_throughput(bank: &Table<Bank>, throughput: Throughput) -> Result<bool> {
    Ok(bank.update_throughput(throughput).send().await?)
}

/// Adds a wallet with nothing in it.
///
/// # Errors
/// [`WalletError::WalletExists`] if there is one with this id.
pub async fn open(bank: &Table<Bank>, id: &str, owner: &str) -> Result<Wallet> {
    let mut wallet = Wallet { id: id.into(), owner: owner.into(), balance: 0, version: Version::NEW };
    match requests::open(bank, &mut wallet).send().await {
        Err(Error::ConditionFailed(_) | Error::VersionConflict(_)) => {
            Err(WalletError::WalletExists(id.into()))
        }
        outcome => Ok(outcome.map(|()| wallet)?),
    }
}

/// The wallet with this id.
///
/// # Errors
/// The read fails.
pub async fn wallet(bank: &Table<Bank>, id: &str) -> Result<Option<Wallet>> {
    Ok(requests::wallet(bank, id).send().await?)
}

/// Two wallets at one time: no transfer is seen in one of them only.
///
/// # Errors
/// The read fails, or both are the same wallet.
pub async fn two_wallets(
    bank: &Table<Bank>,
    one: &str,
    other: &str,
) -> Result<(Option<Wallet>, Option<Wallet>)> {
    Ok(requests::two_wallets(bank, one, other).send().await?)
}

/// Gives a wallet to another owner.
///
/// It is read and saved as a whole. If money moves in between, the version has gone on: then the wallet is not saved, but
/// read and changed again.
///
/// # Errors
/// [`WalletError::NoSuchWallet`] if there is none with this id.
pub async fn change_owner(bank: &Table<Bank>, id: &str, owner: &str) -> Result<Wallet> {
    match requests::change_owner(bank, id, owner).send().await {
        Err(ModifyError::NotFound(_)) => Err(WalletError::NoSuchWallet(id.into())),
        outcome => Ok(outcome?),
    }
}

/// Puts money into a wallet that comes from outside.
///
/// # Errors
/// As [`transfer`].
pub async fn deposit(bank: &Table<Bank>, id: &str, to: &str, amount: Amount) -> Result<Done> {
    transfer(bank, &Transfer::deposit(id, to, amount)).await
}

/// Moves money, in one transaction: the transfer, both balances, and both entries of the ledger, or nothing of it.
///
/// Nothing is read beforehand. A transfer that was done already is not done again: a caller that got no response can send it
/// again.
///
/// # Errors
/// The refusal; or [`dynamap::Error::Unknown`], if no response told whether the transfer was done. A refused transfer is
/// not done.
pub async fn transfer(bank: &Table<Bank>, transfer: &Transfer) -> Result<Done> {
    if transfer.amount <= 0 {
        return Err(WalletError::NoAmount);
    }
    if transfer.from.as_ref() == Some(&transfer.to) {
        return Err(WalletError::SameWallet);
    }
    let outcome = match requests::transfer(bank, transfer).send().await {
        // An answer was lost. `resolve` sends the transaction again with its token, and DynamoDB does it once.
        Err(Error::Unknown(unknown)) => unknown.resolve().await,
        outcome => outcome,
    };
    match outcome {
        Ok(()) => Ok(Done::Now),
        Err(Error::TransactionCanceled(canceled)) => {
            let done = refused(transfer, &canceled)?;
            done.ok_or(WalletError::Table(Error::TransactionCanceled(canceled)))
        }
        Err(Error::Unknown(unknown)) => {
            // A late attempt may still do it, but if the transfer is there, it is done.
            let done = unknown.cancellation().and_then(|canceled| refused(transfer, canceled).ok().flatten());
            done.ok_or(WalletError::Table(Error::Unknown(unknown)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the reason for a refused transfer.
///
/// [`Done::Before`] if an earlier call did the transfer, and `None` if DynamoDB could not do it.
///
/// The items as they are came with the refusal, each with its action.
fn refused(transfer: &Transfer, canceled: &TransactionCanceled) -> Result<Option<Done>> {
    let Some(reason) = canceled.refused().find(|reason| reason.is_condition_failed()) else {
        return Ok(None);
    };
    // The transfer is the first action, the payer the one before the payee.
    match reason.position() {
        0 => match reason.current::<Transfer>().transpose().map_err(Error::from)? {
            Some(earlier) if transfer.is_same(&earlier) => Ok(Some(Done::Before)),
            _ => Err(WalletError::OtherTransfer(transfer.id.clone())),
        },
        1 if let Some(payer) = &transfer.from => {
            let wallet = refused_wallet(reason, payer)?;
            Err(WalletError::Overdrawn { wallet: wallet.id, balance: wallet.balance })
        }
        _ => Err(WalletError::TooMuch(refused_wallet(reason, &transfer.to)?.id)),
    }
}

fn refused_wallet(reason: &CancellationReason, id: &str) -> Result<Wallet> {
    let wallet = reason.current::<Wallet>().transpose().map_err(Error::from)?;
    wallet.ok_or_else(|| WalletError::NoSuchWallet(id.into()))
}

/// The transfer with this id.
///
/// # Errors
/// The read fails.
pub async fn find_transfer(bank: &Table<Bank>, id: &str) -> Result<Option<Transfer>> {
    Ok(requests::find_transfer(bank, id).send().await?)
}

/// The next `limit` entries of a wallet, newest first, after the cursor of an earlier page.
///
/// # Errors
/// The read fails, or the cursor is of another wallet.
pub async fn statement(
    bank: &Table<Bank>,
    wallet: &str,
    limit: usize,
    after: Option<Cursor>,
) -> Result<Page<Entry>> {
    Ok(requests::statement(bank, wallet, limit, after).send().await?)
}
