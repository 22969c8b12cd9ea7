//! Allocations: how many there are, and of how many bytes.

use super::region::{Region, measured_region};
use crate::case::Contender;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;

// The system's allocator, which counts.
#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Allocations of one repetition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allocations {
    /// How many, reallocations included.
    pub(crate) count: f64,
    /// The bytes asked for; a reallocation asks for what it adds.
    pub(crate) bytes: f64,
}

impl Allocations {
    /// Those of one of so many things.
    pub(crate) fn each_of(self, things: f64) -> Self {
        Self { count: self.count / things, bytes: self.bytes / things }
    }
}

/// The allocations of `contender`, which has run before. The mean of some: the order in which a `HashMap` is
/// written differs, and with it how often the bytes outgrow their room.
pub(crate) fn count(contender: &mut Contender) -> Allocations {
    const REPETITIONS: usize = 16;
    let Allocations { count, bytes } = contender.run(REPETITIONS, Counting);
    Allocations { count: count / REPETITIONS as f64, bytes: bytes / REPETITIONS as f64 }
}

struct Counting;

impl Region for Counting {
    type Measured = Allocations;

    fn measure(self, work: &mut dyn FnMut()) -> Allocations {
        let region = stats_alloc::Region::new(ALLOCATOR);
        measured_region(work);
        let counted = region.change();
        Allocations {
            count: (counted.allocations + counted.reallocations) as f64,
            bytes: counted.bytes_allocated as f64,
        }
    }
}
