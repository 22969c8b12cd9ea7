//! The rules for the sources of each crate: no circle of files, one type for each name, and docs that say what a thing
//! is. And the tables of pages, which are compared with the manifests.
//!
//! `CRATES` says which rules hold for which crate, and where not, each with its reason.
#![allow(clippy::unwrap_used, clippy::panic)]

mod circles;
mod docs;
mod front_door;
mod names;
mod systems;
mod tables;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use tree::Tree;

/// A set of files that use one another in a circle, and the reason.
type Circle = (&'static [&'static str], &'static str);

/// A name that several types of a crate have, the files that they are in, and the reason.
///
/// Without files, those in any file may have it.
type SharedName = (&'static str, &'static [&'static str], &'static str);

/// The rules for one crate.
struct Crate {
    /// Its directory in the workspace.
    path: &'static str,
    /// The circles of files that it may have; none if the rule is not for it.
    circles: Option<&'static [Circle]>,
    /// The names that several of its types may have; none if the rule is not for it.
    shared_names: Option<&'static [SharedName]>,
    /// The share of its doc blocks, in per cent, that may open with a question word; none if the rule is not for it.
    questions: Option<f64>,
}

/// The most doc blocks of a crate, in per cent, that may open with a question word.
///
/// A crate with fewer keeps its own limit in `CRATES`, which only falls.
const MOST_QUESTIONS: f64 = 2.0;

/// The names of several types of `dynamap`.
const SHARED_NAMES: [SharedName; 8] = [
    ("Inner", &[], "Rust's convention for what is behind a box or an `Arc`"),
    ("Sealed", &[], "Rust's convention for the trait that seals another"),
    ("Arithmetic", &["expr/computed.rs", "expr/operand.rs"], IS_A_KIND),
    ("Function", &["expr/computed.rs", "expr/operand.rs"], IS_A_KIND),
    ("Size", &["expr/operand.rs", "expr/operator.rs"], IS_A_KIND),
    ("Value", &["expr/operand.rs", "value/dynamic.rs"], IS_A_KIND),
    (
        "KeysOnly",
        &["op/read/reads.rs", "stream/view.rs"],
        "public: a shape of reads, and DynamoDB's name of a view type of streams",
    ),
    (
        "Members",
        &["op/read/reads.rs", "value/reader.rs"],
        "public: a shape of reads, and what is left of a container",
    ),
];

const IS_A_KIND: &str = "public: `expr::kind` names each kind of operand after what it is";

/// What is recursive by nature.
const DYNAMAP_CIRCLES: &[Circle] = &[
    (
        &[
            "entity.rs",
            "entity/any_key.rs",
            "entity/changed.rs",
            "entity/into_key.rs",
            "entity/key_text.rs",
            "entity/key_values.rs",
        ],
        "an entity has a key, which is the key of an entity",
    ),
    (
        &[
            "expr/attribute.rs",
            "expr/computed.rs",
            "expr/condition.rs",
            "expr/condition/evaluate.rs",
            "expr/condition/node.rs",
            "expr/condition/render.rs",
            "expr/data_types.rs",
            "expr/flattened.rs",
            "expr/given.rs",
            "expr/named.rs",
            "expr/nesting.rs",
            "expr/operand.rs",
            "expr/operator.rs",
            "expr/path.rs",
            "expr/role.rs",
            "expr/text.rs",
            "expr/update.rs",
            "expr/update/action.rs",
            "expr/update/evaluate.rs",
            "expr/update/render.rs",
            "expr/variant.rs",
        ],
        "conditions, operands and updates are made of attributes, which have the methods that make them",
    ),
    (
        &[
            "outcome.rs",
            "outcome/backfill.rs",
            "outcome/batch_write.rs",
            "outcome/cancellation.rs",
            "outcome/dump.rs",
            "outcome/load.rs",
            "outcome/not_unique.rs",
            "outcome/segment.rs",
            "outcome/transaction.rs",
            "outcome/unknown.rs",
        ],
        "the error of a call holds reports, which hold the errors of their calls",
    ),
    (
        &["value.rs", "value/reader.rs", "value/writer.rs"],
        "a value reads and writes itself by a reader and a writer, which read and write values",
    ),
    (
        &["value/serde/access.rs", "value/serde/deserializer.rs", "value/serde/map_key.rs"],
        "a list, a map or an enum is deserialized by what deserializes its members",
    ),
    (
        &["value/serde/compound.rs", "value/serde/serializer.rs", "value/serde/set.rs"],
        "a list, a map or a set is serialized by what serializes its members",
    ),
];

const CRATES: [Crate; 10] = [
    Crate {
        path: "dynamap",
        circles: Some(DYNAMAP_CIRCLES),
        shared_names: Some(&SHARED_NAMES),
        questions: Some(0.0),
    },
    Crate { path: "dynamap-derive", circles: Some(&[]), shared_names: Some(&[]), questions: Some(0.0) },
    Crate { path: "dynamap-local", circles: Some(&[]), shared_names: Some(&[]), questions: Some(0.0) },
    Crate { path: "bench", circles: Some(&[]), shared_names: Some(&[]), questions: Some(0.0) },
    Crate {
        path: "examples/session-store",
        circles: Some(&[]),
        shared_names: Some(&[]),
        questions: Some(0.0),
    },
    Crate { path: "examples/key-value", circles: Some(&[]), shared_names: Some(&[]), questions: Some(0.0) },
    Crate { path: "examples/shared", circles: Some(&[]), shared_names: Some(&[]), questions: Some(0.0) },
    Crate {
        path: "examples/stream-processor",
        circles: Some(&[]),
        shared_names: Some(&[]),
        questions: Some(0.0),
    },
    Crate { path: "examples/wallet", circles: Some(&[]), shared_names: Some(&[]), questions: Some(0.0) },
    Crate { path: "examples/webshop", circles: Some(&[]), shared_names: Some(&[]), questions: Some(0.0) },
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
        let is_allowed =
            |shared: &names::Shared| allowed.iter().any(|(name, files, _)| shared.is(name, files));
        let wrong: Vec<_> = found.iter().filter(|shared| !is_allowed(shared)).collect();
        assert!(wrong.is_empty(), "{path}: types of one name:\n{}", listed(&wrong));
        let is_there = |name: &str| found.iter().any(|shared| shared.name == name);
        let unneeded: Vec<_> = allowed.iter().filter(|(name, ..)| !is_there(name)).collect();
        assert!(unneeded.is_empty(), "{path}: names that no two types have: {unneeded:?}");
    }
}

#[test]
fn docs_open_with_a_noun_or_a_verb() {
    for checked in CRATES {
        let (path, Some(most)) = (checked.path, checked.questions) else { continue };
        assert!(most <= MOST_QUESTIONS, "{path}");
        let blocks = docs::blocks(&Tree::of(path));
        let questions: Vec<_> = blocks.iter().filter(|block| block.opens_with_a_question_word()).collect();
        let (count, all) = (questions.len(), blocks.len());
        let share = 100.0 * count as f64 / all as f64;
        assert!(
            share <= most,
            "{path}: {count} of {all} doc blocks ({share:.1} %) open with a question word:\n{}",
            listed(&questions)
        );
    }
}

/// The example that reads the changes of another one's table, and so its entities.
const READS_ANOTHER: [&str; 2] = ["stream-processor", "webshop"];

/// What examples have in common is in `examples/shared`: each can be read, and copied, without another.
#[test]
fn no_example_depends_on_another() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("examples");
    let directories = fs::read_dir(&examples).unwrap().map(|entry| entry.unwrap().path());
    let directories: Vec<_> = directories.filter(|path| path.join("Cargo.toml").is_file()).collect();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    let names: Vec<String> = directories.iter().map(name).filter(|name| name != "shared").collect();
    assert!(names.len() > 1, "{names:?}");
    for directory in &directories {
        let manifest = fs::read_to_string(directory.join("Cargo.toml")).unwrap();
        let (_, dependencies) = manifest.split_once("[dependencies]").unwrap();
        let own = name(directory);
        for other in names.iter().filter(|other| **other != own && [&*own, &***other] != READS_ANOTHER) {
            let is_named = dependencies
                .lines()
                .any(|line| line.starts_with(&**other) || line.contains(&format!("/{other}\"")));
            assert!(!is_named, "{} depends on {other}", directory.display());
        }
    }
}

fn listed(found: &[impl std::fmt::Display]) -> String {
    found.iter().map(|found| format!("  {found}\n")).collect()
}
