//! The structure of the sources: which module may use which, how long a file is, how modules are called.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The modules of `dynamap`, from left to right: each may use itself and those in the lists before its own.
const LAYERS: [&[&str]; 7] = [
    &["error"],
    &["value"],
    &["wire"],
    &["schema", "key"],
    &["entity", "expr", "cursor"],
    &["op"],
    &["table", "repository"],
];

/// Uses against the arrows, each with its reason.
const EXCEPTIONS: [(&str, &str, &str); 1] = [(
    "error/condition.rs",
    "entity",
    "a failed condition carries the stored entity, which it decodes when asked",
)];

/// The longest that a source file may be.
const MOST_LINES: usize = 400;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All `.rs` files below a folder of the workspace, with their paths from it.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = workspace().join(folder);
    let mut folders = vec![root.clone()];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                sources.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!sources.is_empty(), "{folder} has no sources");
    sources.sort();
    sources
}

/// Every folder of sources that users get or read.
fn all_sources() -> Vec<(String, String)> {
    let mut folders = ["dynamap/src", "dynamap-derive/src", "dynamap-local/src"].map(str::to_owned).to_vec();
    for example in fs::read_dir(workspace().join("examples")).unwrap() {
        folders.push(format!("examples/{}/src", example.unwrap().file_name().to_str().unwrap()));
    }
    let sources = folders.iter().flat_map(|folder| {
        sources(folder).into_iter().map(move |(name, text)| (format!("{folder}/{name}"), text))
    });
    sources.collect()
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

/// The modules of the crate that code names by `crate::module` or in `use crate::{module, ..}`.
fn used_modules(text: &str) -> Vec<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut modules = Vec::new();
    for (at, prefix) in code.match_indices("crate::") {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(list) => modules.extend(members(list)),
            None => modules.push(first_name(rest)),
        }
    }
    modules
}

/// The first names of the members of a `{..}` list, up to its closing brace.
fn members(list: &str) -> Vec<String> {
    let (mut depth, mut start, mut members) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' | ',' if depth == 0 => {
                members.push(first_name(list[start..at].trim_start()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    members.retain(|member| !member.is_empty());
    members
}

fn first_name(path: &str) -> String {
    path.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn arrows_point_left() {
    let mut upward = Vec::new();
    let mut edges = 0;
    for (file, text) in sources("dynamap/src") {
        let module = file.split('/').next().unwrap().trim_end_matches(".rs");
        // `lib.rs` re-exports everything, and generated code calls into every layer.
        let Some(own) = layer(module) else {
            assert!(["lib", "__private"].contains(&module), "{file}: the module `{module}` is in no layer");
            continue;
        };
        for used in used_modules(&text) {
            let Some(other) = layer(&used) else { continue };
            edges += 1;
            let allowed = EXCEPTIONS.iter().any(|(exception, of, _)| *exception == file && *of == used);
            if other > own && !allowed {
                upward.push(format!("{file} uses `{used}`"));
            }
        }
    }
    assert!(edges > 100, "only {edges} uses were found: does this test still understand the sources?");
    assert!(upward.is_empty(), "uses against the arrows:\n{}", upward.join("\n"));
}

#[test]
fn uses_are_understood() {
    let text = "use crate::{\n    error::{DecodeError, Error},\n    key::KeyPart,\n    value,\n};\nuse crate::op::Query;\n// crate::table\n";
    assert_eq!(used_modules(text), ["error", "key", "value", "op"]);
}

#[test]
fn files_are_short() {
    let long = all_sources().into_iter().filter(|(_, text)| text.lines().count() > MOST_LINES);
    let long: Vec<String> = long.map(|(file, _)| file).collect();
    assert!(long.is_empty(), "files of more than {MOST_LINES} lines: {long:?}");
}

#[test]
fn modules_say_what_they_hold() {
    for (file, _) in all_sources() {
        for name in file.trim_end_matches(".rs").split('/') {
            assert!(
                !["mod", "utils", "util", "common", "helpers", "types", "core", "misc"].contains(&name),
                "{file}"
            );
        }
    }
}

#[test]
fn nothing_is_unsafe() {
    let manifest = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    for package in ["dynamap", "dynamap-derive", "dynamap-local", "tests"] {
        let manifest = fs::read_to_string(workspace().join(package).join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{package} does not take the workspace's lints"
        );
    }
}

/// SQLite's C build must never reach a user's production tree.
#[test]
fn only_the_embedded_engine_knows_its_engine() {
    for package in ["dynamap", "dynamap-derive"] {
        let manifest = fs::read_to_string(workspace().join(package).join("Cargo.toml")).unwrap();
        let (dependencies, _) = manifest.split_once("[dev-dependencies]").unwrap_or((&manifest, ""));
        assert!(!dependencies.contains("dynoxide") && !dependencies.contains("dynamap-local"), "{package}");
    }
}
