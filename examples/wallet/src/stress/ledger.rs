//! What the table holds is compared with itself, and with what the clients were told.

use std::collections::HashMap;

use dynamap::Table;

use super::{Proof, round::Told};
use crate::{
    model::{Amount, Bank, Entry, Transfer, Wallet},
    tour::Failure,
};

/// The id of a wallet by its number.
pub(super) fn wallet_id(number: usize) -> String {
    format!("w-{number}")
}

/// Checks the ledger; returns the balances in the order of the wallets' numbers.
pub(super) async fn check(
    bank: &Table<Bank>,
    wallets: usize,
    told: &HashMap<String, Told>,
    proof: &mut Proof,
) -> Result<Vec<Amount>, Failure> {
    let mut sums: HashMap<String, Amount> = HashMap::new();
    let mut entries: HashMap<String, Vec<Entry>> = HashMap::new();
    for entry in bank.scan::<Entry>().consistent_read().try_collect().await? {
        *sums.entry(entry.wallet.clone()).or_default() += entry.amount;
        entries.entry(entry.transfer.clone()).or_default().push(entry);
    }
    let transfers = bank.scan::<Transfer>().consistent_read().try_collect().await?;
    let transfers: HashMap<String, Transfer> =
        transfers.into_iter().map(|transfer| (transfer.id.clone(), transfer)).collect();

    let mut ids: Vec<&String> = told.keys().collect();
    ids.sort();
    for id in ids {
        check_told(id, told[id], &transfers, &entries, proof);
    }
    // Each transfer has its own entries, and there is no entry without a transfer.
    for (id, transfer) in &transfers {
        let mut found = entries.remove(id).unwrap_or_default();
        let mut expected: Vec<Entry> = transfer.entries().collect();
        let by_wallet = |one: &Entry, other: &Entry| one.wallet.cmp(&other.wallet);
        found.sort_by(by_wallet);
        expected.sort_by(by_wallet);
        if found != expected {
            proof.violated(format!("{id} has {} entries, and not its own", found.len()));
        }
    }
    if !entries.is_empty() {
        proof.violated(format!("{} transfers have entries and are not there", entries.len()));
    }
    balances(bank, wallets, &sums, proof).await
}

/// Compares what a client was told of a transfer with what is there.
fn check_told(
    id: &str,
    told: Told,
    transfers: &HashMap<String, Transfer>,
    entries: &HashMap<String, Vec<Entry>>,
    proof: &mut Proof,
) {
    let (is_there, entries) = (transfers.contains_key(id), entries.get(id).map_or(0, Vec::len));
    let count = &mut proof.count;
    let is_truth = match told {
        Told::Applied => {
            count.applied += 1;
            is_there && entries == 2
        }
        Told::Overdrawn => {
            count.overdrawn += 1;
            !is_there && entries == 0
        }
        Told::Failed => {
            count.failed += 1;
            !is_there && entries == 0
        }
        Told::Unknown => {
            count.unknown += 1;
            count.unknown_applied += u64::from(is_there);
            entries == if is_there { 2 } else { 0 }
        }
    };
    if !is_truth {
        let transfer = if is_there { "is there" } else { "is not there" };
        proof.violated(format!("{id} was told {told:?}; the transfer {transfer}, with {entries} entries"));
    }
}

/// The balances, each of which must be the sum of the wallet's entries.
async fn balances(
    bank: &Table<Bank>,
    wallets: usize,
    sums: &HashMap<String, Amount>,
    proof: &mut Proof,
) -> Result<Vec<Amount>, Failure> {
    let found = bank.scan::<Wallet>().consistent_read().try_collect().await?;
    let found: HashMap<String, Amount> =
        found.into_iter().map(|wallet| (wallet.id, wallet.balance)).collect();
    let mut balances = Vec::with_capacity(wallets);
    for id in (0..wallets).map(wallet_id) {
        let (balance, sum) = (found.get(&id).copied(), sums.get(&id).copied().unwrap_or(0));
        if balance != Some(sum) || sum < 0 {
            proof.ledger_equals_balances = false;
            proof.violated(format!("wallet {id} has {balance:?}, and its entries sum up to {sum}"));
        }
        balances.push(balance.unwrap_or(0));
    }
    Ok(balances)
}
