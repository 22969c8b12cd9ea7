//! The layers of dynamap, dynamap-derive and dynamap-local, the sizes and the names of files.
//!
//! Arrows point left: a module may use those on its left, not those beside it or on its right. `lib.rs` re-exports
//! and `__private`, which is what generated code names, may use all. `guide` is documentation.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers of a crate, from left to right; modules of one layer stand beside one another.
type Layers = &'static [&'static [&'static str]];

/// Each crate with layers, by its directory.
const CRATES: [(&str, Layers); 3] =
    [("dynamap", &DYNAMAP), ("dynamap-derive", &DYNAMAP_DERIVE), ("dynamap-local", &DYNAMAP_LOCAL)];

const DYNAMAP: [&[&str]; 18] = [
    &["known_fault", "timer"],
    &["error"],
    &["value"],
    &["wire"],
    &["schema", "key"],
    &["entity"],
    &["expr"],
    &["capacity"],
    &["outcome"],
    &["observe"],
    &["cursor", "direct", "budget", "collection"],
    &["call"],
    &["op"],
    &["export"],
    &["batch"],
    &["repository"],
    &["table"],
    &["stream"],
];

/// The stages of each derive, behind what they all use.
const DYNAMAP_DERIVE: [&[&str]; 4] =
    [&["errors", "case", "used_names"], &["parse"], &["model"], &["check", "expand"]];

const DYNAMAP_LOCAL: [&[&str]; 7] = [
    &["error", "seed"],
    &["transport"],
    &["streams"],
    &["connector", "engine", "recording"],
    &["local"],
    &["config", "legality", "serve"],
    &["faults", "shards"],
];

/// The longest that a file may be.
const MAX_LINES: usize = 400;

const VAGUE_NAMES: [&str; 7] = ["utils", "util", "common", "helpers", "types", "core", "misc"];

#[test]
fn arrows_point_left() {
    let mut wrong = Vec::new();
    for (path, layers) in CRATES {
        let src = workspace().join(path).join("src");
        let exported = exports(&read(&src.join("lib.rs")), &layers.concat());
        for file in rust_files(&src) {
            let name = relative(&file, &src);
            let Some(from) = module_of(&name) else { continue };
            let own = rank(layers, &from);
            for used in uses(&read(&file)) {
                let to = exported.get(&used).cloned().unwrap_or(used);
                if to == from || to == FOREIGN || rank(layers, &to) < own {
                    continue;
                }
                wrong.push(format!("{path}: {name} uses `{to}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "against the layers:\n{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_named_for_what_they_hold() {
    let mut wrong = Vec::new();
    for src in sources() {
        for file in rust_files(&src) {
            let text = read(&file);
            let name = relative(&file, &workspace());
            let lines = text.lines().count();
            if lines > MAX_LINES {
                wrong.push(format!("{name} has {lines} lines"));
            }
            let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
            if stem == "mod" || VAGUE_NAMES.contains(&stem.as_str()) {
                wrong.push(format!("{name} says nothing by its name"));
            }
            if code(&text).contains("unsafe ") {
                wrong.push(format!("{name} has unsafe code"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The directories of sources that the rules are for.
fn sources() -> Vec<PathBuf> {
    let workspace = workspace();
    let mut sources: Vec<PathBuf> =
        ["dynamap/src", "dynamap-derive/src", "dynamap-local/src"].map(|path| workspace.join(path)).into();
    let examples = fs::read_dir(workspace.join("examples")).unwrap();
    sources.extend(examples.map(|example| example.unwrap().path().join("src")));
    sources.retain(|src| src.is_dir());
    sources
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn rust_files(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}

fn relative(file: &Path, directory: &Path) -> String {
    let path = file.strip_prefix(directory).unwrap();
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// The top module that a file belongs to, if the rules are for it. A new module needs its place in the layers.
fn module_of(file: &str) -> Option<String> {
    let module = file.split('/').next()?.trim_end_matches(".rs");
    (!matches!(module, "lib" | "__private" | "guide")).then(|| module.to_owned())
}

#[track_caller]
fn rank(layers: Layers, module: &str) -> usize {
    let rank = layers.iter().position(|layer| layer.contains(&module));
    rank.unwrap_or_else(|| panic!("module `{module}` has no place in the layers"))
}

/// The code of a file: no comments, and nothing from its tests on, which stand last.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = before_tests.lines().map(|line| line.split("//").next().unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

/// What stands behind each `crate::` of the code.
fn uses(text: &str) -> Vec<String> {
    let code = code(text);
    let behind = code.split("crate::").skip(1);
    behind
        .flat_map(|behind| if behind.starts_with('{') { group(behind) } else { vec![word(behind)] })
        .collect()
}

/// The names at the top of `{a::b, c::{d, e}}`.
fn group(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if matches!(c, '{' | ',') && depth == 1 {
            names.push(word(text[at + 1..].trim_start()));
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The page on architecture tells the layers of each crate, from top to bottom, with a reason for each.
#[test]
fn the_page_on_architecture_has_the_layers() {
    let page = read(&workspace().join("ARCHITECTURE.md"));
    for (path, layers) in CRATES {
        let (_, section) = page.split_once(&format!("## The layers of `{path}`\n")).unwrap();
        let section = section.split("\n## ").next().unwrap();
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        let told: Vec<Vec<&str>> = rows
            .map(|row| {
                let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
                assert!(cells.len() == 2 && !cells[1].is_empty(), "no reason: {row}");
                cells[0].split(", ").map(|module| module.trim_matches('`')).collect()
            })
            .collect();
        assert_eq!(told, layers);
        let src = workspace().join(path).join("src");
        let absent = |module: &&&str| !src.join(format!("{module}.rs")).is_file();
        assert_eq!(layers.concat().iter().filter(absent).collect::<Vec<_>>(), [&""; 0], "no such modules");
    }
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// Stands for the module of what `lib.rs` re-exports of another crate.
const FOREIGN: &str = "::";

/// The modules of the names that `lib.rs` re-exports.
fn exports(lib: &str, modules: &[&str]) -> BTreeMap<String, String> {
    let mut exports = BTreeMap::new();
    let code = code(lib);
    for export in code.split("pub use ").skip(1) {
        let (path, _) = export.split_once(';').unwrap();
        let Some((module, names)) = path.split_once("::") else { continue };
        let names = if names.starts_with('{') { group(names) } else { vec![word(names)] };
        let module = if modules.contains(&module) { module } else { FOREIGN };
        exports.extend(names.into_iter().map(|name| (name, module.to_owned())));
    }
    exports
}

#[test]
fn uses_are_found() {
    let text = "use crate::{\n    error::{A, B},\n    value,\n    wire::C,\n};\nfn f(_: crate::key::Key) {} // crate::table\n";
    assert_eq!(uses(text), ["error", "value", "wire", "key"]);
    let lib = "pub use entity::{Entity, Projection};\npub use table::Table;\npub use aws::Headers;\n";
    let exported = exports(lib, &["entity", "table"]);
    assert_eq!(exported["Projection"], "entity");
    assert_eq!(exported["Table"], "table");
    assert_eq!(exported["Headers"], FOREIGN);
}

#[test]
fn every_package_forbids_unsafe_code() {
    let manifest = |package: &str| read(&workspace().join(package).join("Cargo.toml"));
    assert!(manifest("").contains("unsafe_code = \"forbid\""));
    for package in ["dynamap", "dynamap-derive", "dynamap-local", "tests"] {
        assert!(manifest(package).contains("[lints]\nworkspace = true"), "{package} has lints of its own");
    }
}

/// SQLite's C build must never reach a user's production tree.
#[test]
fn only_the_embedded_engine_knows_its_engine() {
    for package in ["dynamap", "dynamap-derive"] {
        let manifest = read(&workspace().join(package).join("Cargo.toml"));
        let (dependencies, _) = manifest.split_once("[dev-dependencies]").unwrap_or((&manifest, ""));
        assert!(!dependencies.contains("dynoxide") && !dependencies.contains("dynamap-local"), "{package}");
    }
}
