//! Faults that dynamap once had: with each of them put back, the schedules must find it.

use super::{FaultShare, mixes::Mix, on_all_threads, trace::mix};
use dynamap::known_fault::KnownFault;
use std::sync::atomic::{AtomicU64, Ordering};

/// The share of requests that have a fault, by which the least shares are measured.
pub const FAULTS: FaultShare = FaultShare::between(0.05, 0.6);

/// The mix that is most likely to show a fault.
pub fn shown_by(fault: KnownFault) -> Mix {
    match fault {
        KnownFault::SharedOperationId => Mix::LateCreates,
        KnownFault::ComparedNumbers => Mix::BareNumbers,
        KnownFault::KeptVersion => Mix::Overwrites,
        KnownFault::SleepingClock => Mix::Asleep,
        KnownFault::UncheckedBody => Mix::Batches,
        KnownFault::UnguardedUnique => Mix::Unique,
        KnownFault::UndemandedShape => Mix::Shapes,
        KnownFault::BlindBackfill | KnownFault::ChildBeforeParent | KnownFault::UnfencedCheckpoint => {
            unreachable!("`KnownFault::ALL` has none of them")
        }
    }
}

/// The share of schedules in which what clients were told is not true, while dynamap has the fault.
pub fn caught(fault: KnownFault, seed: u64, schedules: u64, faults: FaultShare) -> f64 {
    let wrong = AtomicU64::new(0);
    on_all_threads(schedules, |number| {
        let seed = mix(seed, number);
        KnownFault::put_back(Some(fault));
        let outcome = shown_by(fault).run(seed, faults.of(seed), false);
        KnownFault::put_back(None);
        wrong.fetch_add(u64::from(!outcome.violations.is_empty()), Ordering::Relaxed);
    });
    wrong.into_inner() as f64 / schedules.max(1) as f64
}
