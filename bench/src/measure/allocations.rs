//! Allocations: how many there are, and of how many bytes.

use super::region::{Region, measured_region};
use crate::case::Contender;
use alloc_tracker::{Allocator, Session};
use std::alloc::System;

// It is the system's allocator; what it counts, it counts for each thread.
#[global_allocator]
static ALLOCATOR: Allocator<System> = Allocator::system();

/// Allocations of one repetition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allocations {
    /// How many, reallocations included.
    pub(crate) count: f64,
    /// The bytes asked for; a reallocation asks for its new size.
    pub(crate) bytes: f64,
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
        let session = Session::new().no_stdout().no_file();
        let operation = session.operation("region");
        let span = operation.measure_thread().iterations(1);
        measured_region(work);
        drop(span);
        let report = session.to_report();
        let (_, counted) = report.operations().next().expect("one operation was measured");
        Allocations {
            count: counted.total_allocations_count() as f64,
            bytes: counted.total_bytes_allocated() as f64,
        }
    }
}
