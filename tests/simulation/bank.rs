//! Wallets, and transfers between two of them with an entry in the ledger: by transactions.

use super::{
    history::Told,
    world::{Desk, World},
};
use dynamap::{Entity, Error, value::Version};
use std::rc::Rc;

const CLIENTS: u32 = 3;
const ACTIONS: u32 = 5;
const WALLETS: u32 = 4;
const BALANCE: u64 = 20;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "WALLET#{id}")]
struct Wallet {
    id: u32,
    balance: u64,
    #[dynamap(version)]
    version: Version,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Desk, pk = "ENTRY#{mark}")]
struct Entry {
    mark: String,
    from: u32,
    to: u32,
    amount: u64,
}

pub(super) async fn run(world: &Rc<World>) {
    for id in 0..WALLETS {
        world.quiet.create(&mut Wallet { id, balance: BALANCE, version: Version::NEW }).send().await.unwrap();
    }
    world
        .clients(CLIENTS, |world, client| async move {
            for action in 0..ACTIONS {
                world.think().await;
                act(&world, client, &format!("{client}-{action}")).await;
            }
        })
        .await;
    check(world).await;
}

async fn act(world: &World, client: u32, mark: &str) {
    let desk = &world.desk;
    let from = fastrand::u32(..WALLETS);
    let to = (from + fastrand::u32(1..WALLETS)) % WALLETS;
    let amount = fastrand::u64(1..=BALANCE / 2);
    let entry = Entry { mark: mark.to_owned(), from, to, amount };
    match fastrand::u8(..5) {
        0 => {
            let all = desk.transact_get((0..WALLETS).map(Wallet::key).collect::<Vec<_>>()).send();
            let found: Option<Vec<Option<Wallet>>> = world.read(client, all, |_| Vec::new()).await;
            if let Some(wallets) = found {
                let sum: u64 = wallets.iter().flatten().map(|wallet| wallet.balance).sum();
                if sum != u64::from(WALLETS) * BALANCE {
                    world.violated(format!("{sum} in all wallets, in one read"));
                }
            }
        }
        // What was read is written, if nobody else has written meanwhile.
        1 | 2 => {
            let read = desk.transact_get((Wallet::key(from), Wallet::key(to))).send();
            let Some((Some(mut payer), Some(payee))) = world.read(client, read, |_| Vec::new()).await else {
                return;
            };
            let mut payee: Wallet = payee;
            let Some(rest) = payer.balance.checked_sub(amount) else { return };
            world.think().await;
            (payer.balance, payee.balance) = (rest, payee.balance + amount);
            let versions = (payer.version, payee.version);
            let transfer = desk.transact_write().save(&mut payer).save(&mut payee).create(&entry);
            let told = world.write(client, "save", mark, transfer.send()).await;
            if told != Told::Applied && versions != (payer.version, payee.version) {
                world.violated(format!("{mark} was told {told:?} and has new versions in memory"));
            }
        }
        _ => {
            let pay = desk.update(Wallet::key(from)).apply(Wallet::BALANCE.set(Wallet::BALANCE - amount));
            let pay = pay.condition(Wallet::BALANCE.ge(amount)).ignore_version();
            let receive = desk.update(Wallet::key(to)).apply(Wallet::BALANCE.add(amount)).ignore_version();
            let transfer = async {
                let outcome = desk.transact_write().update(pay).update(receive).create(&entry).send().await;
                if let Err(Error::TransactionCanceled(canceled)) = &outcome
                    && let Some(Ok(payer)) =
                        canceled.reasons().first().and_then(|reason| reason.current::<Wallet>())
                    && payer.balance >= amount
                {
                    world
                        .violated(format!("{mark} of {amount} was refused to a wallet of {}", payer.balance));
                }
                outcome
            };
            world.write(client, "transfer", mark, transfer).await;
        }
    }
}

async fn check(world: &World) {
    let quiet = &world.quiet;
    let mut entries: Vec<Entry> = Vec::new();
    let mut wallets: Vec<Wallet> = Vec::new();
    let mut all = quiet.scan::<Entry>().items();
    while let Some(entry) = all.next().await {
        entries.push(entry.unwrap());
    }
    for id in 0..WALLETS {
        wallets.push(quiet.get(Wallet::key(id)).consistent_read().send().await.unwrap().unwrap());
    }
    world.check_marks(|mark| entries.iter().filter(|entry| entry.mark == mark).count());
    for Wallet { id, balance, .. } in wallets {
        let received: u64 = entries.iter().filter(|entry| entry.to == id).map(|entry| entry.amount).sum();
        let paid: u64 = entries.iter().filter(|entry| entry.from == id).map(|entry| entry.amount).sum();
        if balance + paid != BALANCE + received {
            world
                .violated(format!("wallet {id} has {balance}; its ledger: {received} received, {paid} paid"));
        }
    }
}
