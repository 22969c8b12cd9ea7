//! The tables of the chapter, compared with the names in the source.

use std::collections::BTreeSet;

const CHAPTER: &str = include_str!("../../dynamap/guide/observability.md");
const NAMES: &str = include_str!("../../dynamap/src/observe/names.rs");

/// The first cells of the tables under a heading, without the backticks.
fn cells(heading: &str) -> BTreeSet<String> {
    let (_, section) = CHAPTER.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(cell, _)| cell.to_owned()).collect()
}

/// The values of the constants whose names these are true of.
fn constants(module: &str, takes: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let body = match module {
        "" => NAMES.split("pub(super) mod").next().unwrap(),
        module => {
            let (_, body) = NAMES.split_once(&format!("mod {module} {{")).unwrap();
            body.split("\n}").next().unwrap()
        }
    };
    let constants = body.lines().filter_map(|line| line.split_once("const ")?.1.split_once(": &str = \""));
    let constants = constants.filter(|(name, _)| takes(name));
    constants.map(|(_, value)| value.trim_end_matches("\";").to_owned()).collect()
}

fn is_target(name: &str) -> bool {
    name.ends_with("_TARGET")
}

#[test]
fn the_chapter_has_each_name() {
    let attributes = constants("", |name| !is_target(name) && name != "DYNAMODB");
    assert!(attributes.len() > 20 && attributes.contains("db.system.name"), "{attributes:?}");
    assert_eq!(cells("Attributes"), attributes);
    assert_eq!(cells("Spans"), constants("", is_target));
    assert_eq!(cells("Events"), constants("message", |_| true));
    assert_eq!(cells("Metrics"), constants("metric", |_| true));
}

#[test]
fn the_chapter_has_each_outcome() {
    let source = include_str!("../../dynamap/src/observe/observer.rs");
    let arms = source.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" => \""));
    let outcomes: BTreeSet<String> = arms.map(|(_, name)| name.trim_end_matches("\",").to_owned()).collect();
    assert!(outcomes.len() >= 7 && outcomes.contains("conflict"), "{outcomes:?}");
    assert_eq!(cells("Outcomes"), outcomes);
}
