//! The part of a contender's work that is measured.

/// Measures the work that it is given to do.
pub(crate) trait Region {
    /// The result of a measurement.
    type Measured;

    /// Does `work`.
    fn measure(self, work: &mut dyn FnMut()) -> Self::Measured;
}

/// The name that tells callgrind where to count: see [`measured_region`].
pub(crate) const NAME: &str = "measured_region";

/// Does `work`. Everything that is measured runs inside this function, and nothing else does.
#[inline(never)]
pub(crate) fn measured_region(work: &mut dyn FnMut()) {
    work();
}

/// Only does the work.
pub(crate) struct Nothing;

impl Region for Nothing {
    type Measured = ();

    fn measure(self, work: &mut dyn FnMut()) {
        measured_region(work);
    }
}
