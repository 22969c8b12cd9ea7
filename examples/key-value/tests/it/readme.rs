//! The README's tables say what the code does.

use std::{fs, path::Path};

use key_value::compliance;

const README: &str = include_str!("../../README.md");
pub(crate) const LIB: &str = include_str!("../../src/lib.rs");

/// The cells of the table whose first heading this is.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let begins = format!("| {heading} |");
    let rows = README.lines().skip_while(|line| !line.starts_with(&begins));
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
    let cells: Vec<Vec<_>> =
        rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect();
    assert!(!cells.is_empty(), "no table `{heading}`");
    cells
}

/// The access patterns of the README's first table, with their functions.
pub(crate) fn access_patterns() -> Vec<(&'static str, &'static str)> {
    table("access pattern").into_iter().map(|cells| (cells[0], cells[3].trim_matches('`'))).collect()
}

/// The public functions of a file.
pub(crate) fn functions(file: &'static str) -> Vec<&'static str> {
    let lines = file
        .lines()
        .filter_map(|line| line.strip_prefix("pub async fn ").or_else(|| line.strip_prefix("pub fn ")));
    lines.map(|line| line.split(['(', '<']).next().unwrap()).collect()
}

#[test]
fn each_report_has_its_test() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut sources: String =
        fs::read_dir(tests).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    sources.push_str(include_str!("../../src/store.rs"));
    for cells in table("report") {
        for test in cells[2].split(", ").map(|test| test.trim_matches('`')) {
            let is_case = compliance::cases().any(|case| case.name == test);
            assert!(is_case || sources.contains(&format!("fn {test}()")), "no test `{test}`");
        }
    }
}

#[test]
fn the_items_are_those_of_the_entities() {
    let model = include_str!("../../src/model.rs");
    for cells in table("entity") {
        let entity = cells[0].trim_matches('`');
        let at =
            model.find(&format!("pub struct {entity} {{")).unwrap_or_else(|| panic!("no entity {entity}"));
        let keys = format!(
            "pk = \"{}\", sk = \"{}\")]\npub struct {entity} {{",
            cells[1].trim_matches('`'),
            cells[2].trim_matches('`')
        );
        assert!(model[..at + 60].contains(&keys), "{entity}: {keys}");
    }
}
