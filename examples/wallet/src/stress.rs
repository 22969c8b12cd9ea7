//! Many transfers at once while requests and responses are lost, and the proof that no money is.

mod ledger;
mod proof;
mod round;
mod size;

pub use proof::{OutcomeCounts, Proof};
pub use size::{OPENING, Stress};

use std::sync::Arc;

use dynamap::capacity::Meter;
use examples_shared::Failure;
use fastrand::Rng;

use round::Round;

impl Stress {
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
}
