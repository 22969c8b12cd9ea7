//! The rules for the sources of each crate: no circle of files.
//!
//! `CRATES` says which rules hold for which crate, and where not, each with its reason.
#![allow(clippy::unwrap_used, clippy::panic)]

mod circles;
mod tree;

use tree::Tree;

/// A set of files that use one another in a circle, and the reason.
type Circle = (&'static [&'static str], &'static str);

/// The rules for one crate.
struct Crate {
    /// Its directory in the workspace.
    path: &'static str,
    /// The circles of files that it may have.
    circles: &'static [Circle],
}

const CRATES: [Crate; 1] = [Crate { path: "dynamap-local", circles: &[] }];

#[test]
fn files_use_one_another_in_no_circle() {
    for checked in CRATES {
        let tree = Tree::of(checked.path);
        let (allowed, reasons): (Vec<_>, Vec<_>) = checked.circles.iter().copied().unzip();
        assert!(
            reasons.iter().all(|reason| !reason.is_empty()),
            "{}: a circle without a reason",
            checked.path
        );
        let found = circles::circles(&tree);
        let wrong: Vec<_> =
            found.iter().filter(|circle| !allowed.iter().any(|files| circle.is_of(files))).collect();
        assert!(wrong.is_empty(), "{}: files that use one another:\n{}", checked.path, listed(&wrong));
        let unneeded: Vec<_> =
            allowed.iter().filter(|files| !found.iter().any(|circle| circle.is_of(files))).collect();
        assert!(unneeded.is_empty(), "{}: circles that are there no more: {unneeded:?}", checked.path);
    }
}

fn listed(found: &[impl std::fmt::Display]) -> String {
    found.iter().map(|found| format!("  {found}\n")).collect()
}
