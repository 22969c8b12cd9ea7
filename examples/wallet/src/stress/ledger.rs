//! The check of the ledger: the table's items against each other, and against what the clients were told.

use std::collections::HashMap;

use dynamap::Table;
use examples_shared::Failure;

use super::proof::{Proof, ReportedOutcome};
use crate::model::{Amount, Bank, Entry, Transfer, Wallet};

/// The id of a wallet by its number.
pub(super) fn wallet_id(number: usize) -> String {
    format!("w-{number}")
}

/// Checks the ledger; returns the balances in the order of the wallets' numbers.
pub(super) async fn check(
    bank: &Table<Bank>,
    wallets: usize,
    reported: &HashMap<String, ReportedOutcome>,
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

    let mut ids: Vec<&String> = reported.keys().collect();
    ids.sort();
    for id in ids {
        check_reported(id, reported[id], &transfers, &entries, proof);
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

/// Compares the outcome that a client was told of a transfer with the table.
fn check_reported(
    id: &str,
    reported: ReportedOutcome,
    transfers: &HashMap<String, Transfer>,
    entries: &HashMap<String, Vec<Entry>>,
    proof: &mut Proof,
) {
    let (is_there, entries) = (transfers.contains_key(id), entries.get(id).map_or(0, Vec::len));
    let counts = &mut proof.counts;
    let is_truth = match reported {
        ReportedOutcome::Applied => {
            counts.applied += 1;
            is_there && entries == 2
        }
        ReportedOutcome::Overdrawn => {
            counts.overdrawn += 1;
            !is_there && entries == 0
        }
        ReportedOutcome::Failed => {
            counts.failed += 1;
            !is_there && entries == 0
        }
        ReportedOutcome::Unknown => {
            counts.unknown += 1;
            counts.unknown_applied += u64::from(is_there);
            entries == if is_there { 2 } else { 0 }
        }
    };
    if !is_truth {
        let transfer = if is_there { "is there" } else { "is not there" };
        proof
            .violated(format!("{id} was told {reported:?}; the transfer {transfer}, with {entries} entries"));
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashMap;

    use dynamap::Table;
    use dynamap_local::Local;

    use super::{super::Stress, Proof, ReportedOutcome, check, wallet_id};
    use crate::{
        Throughput, create_table, deposit,
        model::{Bank, Entry, Transfer, Wallet},
        open, transfer,
    };

    /// Two wallets of 100, and one transfer of 30.
    async fn bank() -> (Table<Bank>, Transfer) {
        let bank = Table::<Bank>::new(Local::memory().unwrap().client(), "wallets");
        create_table(&bank, Throughput::OnDemand).await.unwrap();
        for id in [wallet_id(0), wallet_id(1)] {
            open(&bank, &id, "somebody").await.unwrap();
            deposit(&bank, &format!("opening-{id}"), &id, 100).await.unwrap();
        }
        let done = Transfer::new("t", &wallet_id(0), &wallet_id(1), 30);
        transfer(&bank, &done).await.unwrap();
        (bank, done)
    }

    /// The violations, if a client was told this of the transfer, or of one that was never sent.
    async fn violations(bank: &Table<Bank>, id: &str, reported: ReportedOutcome) -> Vec<String> {
        let mut proof = Proof::new(Stress::new(2, 1, 0.0, 0), 200);
        let reported = HashMap::from([(id.to_owned(), reported)]);
        let balances = check(bank, 2, &reported, &mut proof).await.unwrap();
        assert_eq!(balances.len(), 2);
        proof.violations
    }

    #[tokio::test]
    async fn what_is_right_is_not_found_fault_with() {
        let (bank, _) = bank().await;
        for (id, reported) in [
            ("t", ReportedOutcome::Applied),
            ("t", ReportedOutcome::Unknown),
            ("other", ReportedOutcome::Unknown),
            ("other", ReportedOutcome::Overdrawn),
            ("other", ReportedOutcome::Failed),
        ] {
            assert_eq!(violations(&bank, id, reported).await, [""; 0], "{id} {reported:?}");
        }
    }

    #[tokio::test]
    async fn lies_are_found() {
        let (bank, _) = bank().await;
        for (id, reported) in [
            ("t", ReportedOutcome::Overdrawn),
            ("t", ReportedOutcome::Failed),
            ("other", ReportedOutcome::Applied),
        ] {
            assert_eq!(violations(&bank, id, reported).await.len(), 1, "{id} {reported:?}");
        }
    }

    #[tokio::test]
    async fn lost_money_is_found() {
        let (bank, _) = bank().await;
        let lost = bank.update(Wallet::key(wallet_id(1))).apply(Wallet::BALANCE.set(129));
        lost.ignore_version().send().await.unwrap();
        let found = violations(&bank, "t", ReportedOutcome::Applied).await;
        assert_eq!(found, ["wallet w-1 has Some(129), and its entries sum up to 130"]);
    }

    #[tokio::test]
    async fn a_ledger_that_does_not_fit_its_transfers_is_found() {
        let (bank, done) = bank().await;
        let of_payer = done.entries().next().unwrap();
        let key = Entry::key(&of_payer.wallet, of_payer.at, &of_payer.transfer);
        bank.delete(key).send().await.unwrap();
        // The client was told the truth no more, the entries are not those of the transfer, and the wallet has less than them.
        assert_eq!(violations(&bank, "t", ReportedOutcome::Applied).await.len(), 3);
        bank.create(&of_payer).send().await.unwrap();
        assert_eq!(violations(&bank, "t", ReportedOutcome::Applied).await, [""; 0]);
        bank.delete(Transfer::key("t")).send().await.unwrap();
        assert_eq!(violations(&bank, "t", ReportedOutcome::Unknown).await.len(), 2);
    }
}
