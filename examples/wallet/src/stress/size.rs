use std::{fmt, ops::Range};

use crate::model::Amount;

/// The opening balance of each wallet.
pub const OPENING: Amount = 1_000;

/// The size of a stress test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stress {
    pub(super) wallets: u32,
    pub(super) transfers: u32,
    pub(super) faults: f64,
    pub(super) seed: u64,
    pub(super) clients: u32,
    pub(super) round: u32,
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

    pub(super) fn rounds(&self) -> impl Iterator<Item = Range<u32>> {
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
