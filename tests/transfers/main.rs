//! Money is neither made nor lost: several clients transfer it between wallets by transactions, while answers are lost,
//! delayed, cut and damaged, transactions hinder one another, and requests arrive late.
//!
//! `DYNAMAP_SEED` repeats a run, `DYNAMAP_SCHEDULES` sets how many schedules there are.
#![allow(clippy::unwrap_used, clippy::panic)]

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use dynamap::value::Version;
use dynamap::{Entity, Error, Table, TableSchema};
use dynamap_local::Local;
use dynamap_local::faults::{Plan, Rates};
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::sync::Mutex;
use std::time::Duration;
use uuid::Uuid;

const CLIENTS: u32 = 3;
const TRANSFERS: u32 = 4;
const WALLETS: u32 = 3;
const MONEY: u64 = 20;

#[derive(TableSchema)]
#[dynamap(partition_key = "pk")]
struct Bank;

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "WALLET#{id}")]
struct Wallet {
    id: u32,
    balance: u64,
    #[dynamap(version)]
    version: Version<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "TRANSFER#{id}")]
struct Transfer {
    id: String,
    from: u32,
    to: u32,
    amount: u64,
}

#[derive(Debug, Clone, PartialEq, Entity)]
#[dynamap(table = Bank, pk = "COUNTER")]
struct Counter {
    count: u64,
}

/// What a client was told.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Applied,
    NotApplied,
    Unknown,
}

impl Told {
    fn of(outcome: &Result<(), Error>) -> Self {
        match outcome {
            Ok(()) => Self::Applied,
            Err(Error::Unknown(_)) => Self::Unknown,
            Err(Error::TransactionCanceled(_) | Error::ConditionFailed(_) | Error::Service(_)) => {
                Self::NotApplied
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// A transfer, what its transaction was told to be, and what was found out later.
#[derive(Debug)]
struct Tried {
    transfer: Transfer,
    first: Told,
    later: Option<Told>,
}

/// How often each was told.
#[derive(Debug, Default)]
struct Tally {
    applied: usize,
    not_applied: usize,
    unknown: usize,
    resolved: usize,
    faults: usize,
}

impl Tally {
    fn add(&mut self, told: Told) {
        match told {
            Told::Applied => self.applied += 1,
            Told::NotApplied => self.not_applied += 1,
            Told::Unknown => self.unknown += 1,
        }
    }
}

#[test]
fn money_is_neither_made_nor_lost_and_every_outcome_is_the_truth() {
    let number = |name| std::env::var(name).ok().map(|value| value.parse::<u64>().unwrap());
    let first = number("DYNAMAP_SEED").unwrap_or_else(|| fastrand::u64(..u64::from(u32::MAX)));
    let schedules = number("DYNAMAP_SCHEDULES").unwrap_or(200);
    let line = format!("transfers: {schedules} schedules, DYNAMAP_SEED={first}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
    let mut tally = Tally::default();
    for seed in first..first + schedules {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(schedule(seed, &mut tally));
    }
    std::io::stderr().write_all(format!("{tally:?}\n").as_bytes()).unwrap();
    // Where nothing happens, nothing is tested.
    assert!(tally.faults > schedules as usize && tally.not_applied > 0, "{tally:?}");
    // Most ends with a verdict.
    assert!(tally.unknown * 20 < tally.applied + tally.not_applied, "{tally:?}");
}

async fn schedule(seed: u64, tally: &mut Tally) {
    fastrand::seed(seed);
    let local = Local::memory().unwrap();
    let quiet = Table::<Bank>::new(local.client(), "bank");
    quiet.create_table_if_absent().send().await.unwrap();
    for id in 0..WALLETS {
        quiet.create(&mut Wallet { id, balance: MONEY, version: Version::NEW }).send().await.unwrap();
    }
    quiet.create(&Counter { count: 0 }).send().await.unwrap();

    let plan = Plan::random(seed, Rates::all(0.2)).latency(Duration::ZERO..=Duration::from_millis(40));
    let (faulty, faults) = local.with_faults(plan);
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(2)).build();
    let config = dynamap::direct::prepare(faulty.config()).timeout_config(timeouts);
    let random = Mutex::new(fastrand::Rng::with_seed(seed));
    let bank = Table::<Bank>::new(Client::from_conf(config.build()), "bank")
        .with_random(move |bytes| random.lock().unwrap().fill(bytes));

    let told: Rc<RefCell<Vec<Tried>>> = Rc::default();
    let counted: Rc<RefCell<Vec<Told>>> = Rc::default();
    let (tasks, mut clients) = (tokio::task::LocalSet::new(), Vec::new());
    for client in 0..CLIENTS {
        let (bank, told, counted) = (bank.clone(), told.clone(), counted.clone());
        let client = tasks.spawn_local(async move {
            for number in 0..TRANSFERS {
                tokio::time::sleep(Duration::from_millis(fastrand::u64(..50))).await;
                let from = fastrand::u32(..WALLETS);
                let to = (from + fastrand::u32(1..WALLETS)) % WALLETS;
                let amount = fastrand::u64(1..=15);
                let transfer = Transfer { id: format!("{client}-{number}"), from, to, amount };
                let outcome = transfer_by(&bank, &transfer).await;
                let Some(outcome) = outcome else { continue };
                let first = Told::of(&outcome);
                let later = match outcome {
                    Err(Error::Unknown(unknown)) if fastrand::bool() => {
                        Some(Told::of(&unknown.resolve().await))
                    }
                    _ => None,
                };
                told.borrow_mut().push(Tried { transfer, first, later });
                let count = bank.update(Counter::key()).apply(Counter::COUNT.add(1_u64)).transactional();
                let count = Told::of(&count.send().await);
                counted.borrow_mut().push(count);
            }
        });
        clients.push(client);
    }
    tasks.await;
    for client in clients {
        client.await.unwrap();
    }
    faults.stop();
    faults.drain().await;

    let wallets = quiet.repository::<Wallet>().transact_get((0..WALLETS).map(Wallet::key));
    let wallets: Vec<Wallet> = wallets.send().await.unwrap().into_iter().flatten().collect();
    let total: u64 = wallets.iter().map(|wallet| wallet.balance).sum();
    assert_eq!(total, u64::from(WALLETS) * MONEY, "money was made or lost, DYNAMAP_SEED={seed}");
    let mut expected = vec![MONEY as i64; WALLETS as usize];
    for Tried { transfer, first, later } in told.take() {
        let stored = quiet.get(Transfer::key(transfer.id.as_str())).consistent_read().send().await.unwrap();
        let truth = match later.unwrap_or(first) {
            Told::Applied => stored.is_some(),
            Told::NotApplied => stored.is_none(),
            Told::Unknown => true,
        };
        assert!(
            truth,
            "{} was told {first:?}, {later:?}, and is there: {}, DYNAMAP_SEED={seed}",
            transfer.id,
            stored.is_some()
        );
        if stored.is_some() {
            expected[transfer.from as usize] -= transfer.amount as i64;
            expected[transfer.to as usize] += transfer.amount as i64;
        }
        tally.add(first);
        tally.resolved += usize::from(later.is_some_and(|later| later != Told::Unknown));
    }
    let balances: Vec<i64> = wallets.iter().map(|wallet| wallet.balance as i64).collect();
    assert_eq!(balances, expected, "balances are those of the transfers, DYNAMAP_SEED={seed}");

    let count = quiet.get(Counter::key()).consistent_read().send().await.unwrap().unwrap().count as usize;
    let told_of = |wanted| counted.borrow().iter().filter(|told| **told == wanted).count();
    let (applied, unknown) = (told_of(Told::Applied), told_of(Told::Unknown));
    assert!(
        (applied..=applied + unknown).contains(&count),
        "{count} counted, {applied} told, {unknown} unknown, DYNAMAP_SEED={seed}"
    );
    counted.borrow().iter().for_each(|told| tally.add(*told));
    tally.faults += faults.log().iter().filter(|request| request.fault.is_some()).count();
    assert!(faults.illegal().is_empty(), "{:?}", faults.illegal());
}

/// By what was read, or blindly with a condition; `None` if nothing was read.
async fn transfer_by(bank: &Table<Bank>, transfer: &Transfer) -> Option<Result<(), Error>> {
    let Transfer { from, to, amount, .. } = *transfer;
    if fastrand::bool() {
        let wallet = |id| bank.update(Wallet::key(id));
        let pay = wallet(from).apply(Wallet::BALANCE.set(Wallet::BALANCE - amount));
        let transaction = bank
            .transact_write()
            .create(transfer)
            .update(pay.condition(Wallet::BALANCE.ge(amount)))
            .update(wallet(to).apply(Wallet::BALANCE.add(amount)));
        return Some(transaction.send().await);
    }
    // What cannot be read is left.
    let (payer, payee) = bank.transact_get((Wallet::key(from), Wallet::key(to))).send().await.ok()?;
    let (mut payer, mut payee) = (payer.unwrap(), payee.unwrap());
    payer.balance = payer.balance.checked_sub(amount)?;
    payee.balance += amount;
    let before = (payer.clone(), payee.clone());
    let outcome = bank.transact_write().create(transfer).save(&mut payer).replace(&mut payee).send().await;
    assert_eq!(outcome.is_ok(), payer.version != before.0.version && payee.version != before.1.version);
    Some(outcome)
}
