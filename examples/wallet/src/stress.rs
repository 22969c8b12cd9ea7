//! Many transfers at once while requests and responses are lost, and the proof that no money is.

mod ledger;
mod proof;
mod round;

pub use proof::{OutcomeCounts, Proof};

use std::{fmt, ops::Range, sync::Arc};

use dynamap::capacity::Meter;
use examples_shared::Failure;
use fastrand::Rng;

use crate::model::Amount;
use round::Round;

/// The opening balance of each wallet.
pub const OPENING: Amount = 1_000;

/// The size of a stress test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stress {
    wallets: u32,
    transfers: u32,
    faults: f64,
    seed: u64,
    clients: u32,
    round: u32,
}

impl Stress {
    /// So many wallets and transfers; `faults` is the share of requests that have a fault. The seed draws them all.
    #[must_use]
    pub const fn new(wallets: u32, transfers: u32, faults: f64, seed: u64) -> Self {
        Self { wallets, transfers, faults, seed, clients: 8, round: 4_000 }
    }

    /// So many transfers on one database; 4000 if nothing is said.
    #[must_use]
    pub const fn round(self, transfers: u32) -> Self {
        Self { round: if transfers == 0 { 1 } else { transfers }, ..self }
    }

    /// Transfers, and tells `progress` how many are done.
    ///
    /// It wants a current-thread runtime with a paused clock: then time-outs take no time, and one seed has one course.
    ///
    /// # Errors
    /// The embedded engine cannot be used, or there are fewer than two wallets. What is wrong with the money is in the proof.
    pub async fn run(&self, progress: impl Fn(u32) + Send + Sync + 'static) -> Result<Proof, Failure> {
        if self.wallets < 2 {
            return Err("a transfer needs two wallets".into());
        }
        let (progress, meter) = (Arc::new(progress), Meter::new());
        let mut rng = Rng::with_seed(self.seed);
        let mut balances = vec![OPENING; self.wallets as usize];
        let mut proof = Proof::new(*self, balances.iter().sum());
        // The engine looks through the tokens of all transactions at each transaction: a database of 100000 transfers would take
        // hours. So there is a new one now and then, to which the balances are carried over, once they are checked.
        for transfers in self.rounds() {
            let round = Round { stress: *self, seed: rng.u64(..), transfers };
            balances = round.run(&balances, &meter, progress.clone(), &mut proof).await?;
        }
        proof.consumed = meter.consumed();
        Ok(proof)
    }

    fn rounds(&self) -> impl Iterator<Item = Range<u32>> {
        let (all, round) = (self.transfers, self.round);
        (0..all.div_ceil(round)).map(move |number| {
            let begin = number * round;
            begin..begin.saturating_add(round).min(all)
        })
    }
}

/// Such as `100 wallets, 2000 transfers by 8 clients, 20 % of the requests with a fault, seed 7`.
impl fmt::Display for Stress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wallets, transfers, clients, seed, .. } = self;
        let faults = self.faults * 100.0;
        write!(f, "{wallets} wallets, {transfers} transfers by {clients} clients, ")?;
        write!(f, "{faults} % of the requests with a fault, seed {seed}")
    }
}
