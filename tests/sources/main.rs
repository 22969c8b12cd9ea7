//! The rules for the sources of each crate: no circle of files, and one type for each name.
//!
//! `CRATES` says which rules hold for which crate, and where not, each with its reason.
#![allow(clippy::unwrap_used, clippy::panic)]

mod circles;
mod names;
mod tree;

use tree::Tree;

/// A set of files that use one another in a circle, and the reason.
type Circle = (&'static [&'static str], &'static str);

/// A name that several types of a crate have, and the reason.
type SharedName = (&'static str, &'static str);

/// The rules for one crate.
struct Crate {
    /// Its directory in the workspace.
    path: &'static str,
    /// The circles of files that it may have; none if the rule is not for it.
    circles: Option<&'static [Circle]>,
    /// The names that several of its types may have; none if the rule is not for it.
    shared_names: Option<&'static [SharedName]>,
}

const CRATES: [Crate; 4] = [
    Crate { path: "dynamap-local", circles: Some(&[]), shared_names: Some(&[]) },
    Crate { path: "bench", circles: None, shared_names: Some(&[]) },
    Crate { path: "examples/wallet", circles: None, shared_names: Some(&[]) },
    Crate { path: "examples/webshop", circles: None, shared_names: Some(&[]) },
];

#[test]
fn files_use_one_another_in_no_circle() {
    for checked in CRATES {
        let (path, Some(allowed)) = (checked.path, checked.circles) else { continue };
        let found = circles::circles(&Tree::of(path));
        let is_allowed = |circle: &circles::Circle| allowed.iter().any(|(files, _)| circle.is_of(files));
        let wrong: Vec<_> = found.iter().filter(|circle| !is_allowed(circle)).collect();
        assert!(wrong.is_empty(), "{path}: files that use one another:\n{}", listed(&wrong));
        let is_there = |files: &[&str]| found.iter().any(|circle| circle.is_of(files));
        let unneeded: Vec<_> = allowed.iter().filter(|(files, _)| !is_there(files)).collect();
        assert!(unneeded.is_empty(), "{path}: circles that are not there: {unneeded:?}");
    }
}

#[test]
fn each_name_is_of_one_type() {
    for checked in CRATES {
        let (path, Some(allowed)) = (checked.path, checked.shared_names) else { continue };
        let found = names::shared(&Tree::of(path));
        let is_allowed = |shared: &names::Shared| allowed.iter().any(|(name, _)| shared.name == *name);
        let wrong: Vec<_> = found.iter().filter(|shared| !is_allowed(shared)).collect();
        assert!(wrong.is_empty(), "{path}: types of one name:\n{}", listed(&wrong));
        let is_there = |name: &str| found.iter().any(|shared| shared.name == name);
        let unneeded: Vec<_> = allowed.iter().filter(|(name, _)| !is_there(name)).collect();
        assert!(unneeded.is_empty(), "{path}: names that no two types have: {unneeded:?}");
    }
}

fn listed(found: &[impl std::fmt::Display]) -> String {
    found.iter().map(|found| format!("  {found}\n")).collect()
}
