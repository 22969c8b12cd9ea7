//! The requests of the access patterns. The functions of the crate send them; `explain()` shows one and its capacity.

use std::convert::Infallible;

use dynamap::{
    Cursor, Entity, Table,
    op::{GetItem, Modify, PutItem, Query, TransactGetItems, TransactWriteItems},
};

use crate::model::{Amount, Bank, Entry, Transfer, Wallet};

/// A key of a wallet.
type WalletKey = <Wallet as Entity>::Key;

/// Writes a wallet that must be absent.
pub fn open<'a>(bank: &Table<Bank>, wallet: &'a mut Wallet) -> PutItem<'a, Wallet> {
    bank.create(wallet)
}

/// Reads a wallet as it is now.
pub fn wallet(bank: &Table<Bank>, id: &str) -> GetItem<Wallet> {
    bank.get(Wallet::key(id)).consistent_read()
}

/// Reads two wallets at one time.
pub fn two_wallets(bank: &Table<Bank>, one: &str, other: &str) -> TransactGetItems<(WalletKey, WalletKey)> {
    bank.transact_get((Wallet::key(one), Wallet::key(other)))
}

/// Reads a wallet and saves it with another owner.
pub fn change_owner(
    bank: &Table<Bank>,
    id: &str,
    owner: &str,
) -> Modify<Wallet, Infallible, impl FnMut(&mut Wallet) -> Result<(), Infallible>> {
    let change = move |wallet: &mut Wallet| {
        owner.clone_into(&mut wallet.owner);
        Ok(())
    };
    bank.repository::<Wallet>().modify(Wallet::key(id), change)
}

/// Writes a transfer, both balances and both entries, if the payer has enough and the payee can hold it.
pub fn transfer(bank: &Table<Bank>, transfer: &Transfer) -> TransactWriteItems<'static, Bank> {
    let amount = transfer.amount;
    // DynamoDB computes with the balance as it is, so that no version has to be checked.
    let pays = transfer.from.as_deref().map(|from| {
        let pays = bank
            .update(Wallet::key(from))
            .ignore_version()
            .apply(Wallet::BALANCE.set(Wallet::BALANCE - amount));
        pays.condition(Wallet::BALANCE.ge(amount))
    });
    let receives = bank
        .update(Wallet::key(&*transfer.to))
        .ignore_version()
        .apply(Wallet::BALANCE.set(Wallet::BALANCE + amount));
    let receives = receives.condition(Wallet::BALANCE.le(Amount::MAX - amount));

    let transaction = bank.transact_write().create(transfer).write_all(pays).update(receives);
    transfer.entries().fold(transaction, |transaction, entry| transaction.create(&entry))
}

/// Reads a transfer as it is now.
pub fn find_transfer(bank: &Table<Bank>, id: &str) -> GetItem<Transfer> {
    bank.get(Transfer::key(id)).consistent_read()
}

/// Reads a page of the entries of a wallet, newest first.
pub fn statement(bank: &Table<Bank>, wallet: &str, limit: usize, after: Option<Cursor>) -> Query<Entry> {
    let entries = bank.query(Entry::partition(wallet)).descending().limit(limit);
    match after {
        Some(cursor) => entries.start_after(cursor),
        None => entries,
    }
}
