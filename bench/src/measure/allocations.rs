//! Allocations: how many there are, and of how many bytes.

use super::region::{Region, measured_region};
use crate::case::Contender;
use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// The system's allocator, which counts while it is told to.
///
/// Counting is on for the measurement of allocations alone: counting takes a sixth of the time of a small call.
struct Allocator;

static IS_COUNTING: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicUsize = AtomicUsize::new(0);
static BYTES: AtomicUsize = AtomicUsize::new(0);

fn note(bytes: usize) {
    if IS_COUNTING.load(Relaxed) {
        COUNT.fetch_add(1, Relaxed);
        BYTES.fetch_add(bytes, Relaxed);
    }
}

// SAFETY: every call goes to the system's allocator as it came.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller keeps the promises of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller keeps the promises of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size.saturating_sub(layout.size()));
        // SAFETY: the caller keeps the promises of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the promises of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// Allocations of one repetition.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allocations {
    /// The number of allocations, reallocations included.
    pub(crate) count: f64,
    /// The bytes asked for; a reallocation asks for what it adds.
    pub(crate) bytes: f64,
}

impl Allocations {
    /// The allocations of one of so many things.
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
        let before = (COUNT.load(Relaxed), BYTES.load(Relaxed));
        IS_COUNTING.store(true, Relaxed);
        measured_region(work);
        IS_COUNTING.store(false, Relaxed);
        let (count, bytes) = (COUNT.load(Relaxed) - before.0, BYTES.load(Relaxed) - before.1);
        Allocations { count: count as f64, bytes: bytes as f64 }
    }
}
