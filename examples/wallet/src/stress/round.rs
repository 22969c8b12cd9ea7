use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use aws_sdk_dynamodb::{Client, config::timeout::TimeoutConfig};
use dynamap::{Error, Table, capacity::Meter};
use dynamap_local::{
    Local, Requests,
    faults::{Faults, Plan, Rates},
};
use examples_shared::Failure;
use fastrand::Rng;
use tokio::task::JoinSet;

use super::{
    ledger,
    proof::{Proof, ReportedOutcome},
    size::{OPENING, Stress},
};
use crate::{
    Done, Throughput, WalletError, create_table, deposit,
    model::{Amount, Bank, Transfer},
    open, transfer,
};

/// Some of the transfers, on a database of their own.
pub(super) struct Round {
    pub(super) stress: Stress,
    pub(super) seed: u64,
    pub(super) transfers: Range<u32>,
}

/// The longest latency of a request, and of a response, in milliseconds.
const LATENCY: u64 = 40;

impl Round {
    /// Transfers between wallets that have these balances; returns those afterwards.
    pub(super) async fn run(
        &self,
        balances: &[Amount],
        meter: &Meter,
        progress: Arc<impl Fn(u32) + Send + Sync + 'static>,
        proof: &mut Proof,
    ) -> Result<Vec<Amount>, Failure> {
        // The SDK draws the jitter of its backoff from here.
        let mut seeds = Rng::with_seed(self.seed);
        fastrand::seed(seeds.u64(..));
        let local = Local::memory()?;
        let bank = table(local.client(), seeds.u64(..));
        create_table(&bank, Throughput::OnDemand).await?;
        for (number, balance) in balances.iter().enumerate() {
            let id = ledger::wallet_id(number);
            open(&bank, &id, "somebody").await?;
            if *balance > 0 {
                deposit(&bank, &format!("opening-{id}"), &id, *balance).await?;
            }
        }

        let latency = Duration::ZERO..=Duration::from_millis(LATENCY);
        let plan = Plan::random(seeds.u64(..), Rates::all(self.stress.faults)).latency(latency);
        let (faulty, faults) = local.with_faults(plan);
        let (faulty, sent) = faulty.recording();
        let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(2)).build();
        let config = dynamap::direct::prepare(faulty.config()).timeout_config(timeouts);
        let faulty = table(Client::from_conf(config.build()), seeds.u64(..)).with_meter(meter);
        let reported = self.transfer(faulty, progress, proof).await?;
        // Requests that are late arrive now. Only then is it final what is in the table.
        faults.stop();
        faults.drain().await;

        self.count(&faults, &sent, proof);
        let after = ledger::check(&bank, balances.len(), &reported, proof).await?;
        let (before, now): (Amount, Amount) = (balances.iter().sum(), after.iter().sum());
        if before != now {
            proof.violated(format!("the sum of all wallets was {before} and is {now}"));
        }
        proof.sum_after += now - before;
        Ok(after)
    }

    /// Lets the clients transfer until none is left; returns what they were told.
    async fn transfer(
        &self,
        bank: Table<Bank>,
        progress: Arc<impl Fn(u32) + Send + Sync + 'static>,
        proof: &mut Proof,
    ) -> Result<HashMap<String, ReportedOutcome>, Failure> {
        let (next, done) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (Range { start, end }, wallets) = (self.transfers.clone(), self.stress.wallets);
        let mut clients = JoinSet::new();
        for client in 0..self.stress.clients {
            let (bank, next, done, progress) = (bank.clone(), next.clone(), done.clone(), progress.clone());
            let mut rng = Rng::with_seed(self.seed.wrapping_add(u64::from(client)));
            clients.spawn(async move {
                let mut reported = Vec::new();
                loop {
                    let number = start + next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        return reported;
                    }
                    let order = drawn(&mut rng, number, wallets);
                    reported.push((order.id.clone(), transfer(&bank, &order).await));
                    progress(start + done.fetch_add(1, Ordering::Relaxed) + 1);
                }
            });
        }
        let mut all = HashMap::new();
        while let Some(reported) = clients.join_next().await {
            for (id, outcome) in reported? {
                let reported = match outcome {
                    Ok(Done::Now | Done::Before) => ReportedOutcome::Applied,
                    Err(WalletError::Overdrawn { .. }) => ReportedOutcome::Overdrawn,
                    Err(WalletError::Table(Error::Unknown(_))) => ReportedOutcome::Unknown,
                    Err(WalletError::Table(Error::Service(_) | Error::TransactionCanceled(_))) => {
                        ReportedOutcome::Failed
                    }
                    Err(error) => {
                        proof.violated(format!("{id} was refused: {error}"));
                        ReportedOutcome::Failed
                    }
                };
                all.insert(id, reported);
            }
        }
        Ok(all)
    }

    /// Counts requests and faults, and the transfers that had an attempt without an answer.
    fn count(&self, faults: &Faults, sent: &Requests, proof: &mut Proof) {
        let (log, sent) = (faults.log(), sent.take());
        let mut ambiguous = HashSet::new();
        // What is sent is recorded just before it comes to the faults: both are in one order.
        for (request, logged) in sent.iter().zip(&log) {
            if logged.fault.as_ref().is_some_and(|fault| fault.kind().is_ambiguous()) {
                ambiguous.extend(request.body["ClientRequestToken"].as_str());
            }
        }
        proof.counts.requests += log.len() as u64;
        proof.counts.faults += log.iter().filter(|request| request.fault.is_some()).count() as u64;
        proof.counts.ambiguous += ambiguous.len() as u64;
        for illegal in faults.illegal().take() {
            proof.violated(format!("DynamoDB would refuse the request: {illegal:?}"));
        }
    }
}

/// The table, whose tokens come from a seed: one of its own, since a token that is used twice is refused.
fn table(client: Client, seed: u64) -> Table<Bank> {
    let rng = Mutex::new(Rng::with_seed(seed));
    let fill = move |bytes: &mut [u8]| rng.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
    Table::new(client, "wallets").with_random(fill)
}

/// The transfer with this number, between any two wallets.
fn drawn(rng: &mut Rng, number: u32, wallets: u32) -> Transfer {
    let from = rng.u32(..wallets);
    let to = (from + rng.u32(1..wallets)) % wallets;
    let wallet = |number: u32| ledger::wallet_id(number as usize);
    let amount = rng.i64(1..=OPENING / 2);
    Transfer::new(format!("transfer-{number}"), &wallet(from), &wallet(to), amount)
}
