//! Tables of pages that repeat what is in manifests: each row is there, and no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names in back quotes of the first column of the table with this header.
fn first_column(page: &str, header: &str) -> BTreeSet<String> {
    let lines = page.lines().map(|line| line.trim_start_matches("//!").trim());
    let rows = lines.skip_while(|line| *line != header).skip(2).take_while(|line| line.starts_with('|'));
    let mut names = BTreeSet::new();
    for row in rows {
        let cell = row.split('|').nth(1).unwrap();
        let in_quotes = cell.split('`').skip(1).step_by(2);
        assert!(in_quotes.clone().next().is_some(), "nothing in back quotes: {row}");
        for name in in_quotes {
            assert!(names.insert(name.to_owned()), "`{name}` is there twice");
        }
    }
    names
}

/// The lines of the sections of a manifest with this header.
fn section<'a>(manifest: &'a str, header: &str) -> Vec<&'a str> {
    let mut is_inside = false;
    let lines = manifest.lines().filter(|line| {
        if line.starts_with('[') {
            is_inside = *line == header;
        }
        is_inside && !line.starts_with(['[', '#'])
    });
    lines.collect()
}

/// The packages of the workspace, and those beside it.
fn packages() -> Vec<String> {
    let manifest = read("Cargo.toml");
    let lists = section(&manifest, "[workspace]").into_iter();
    let lists = lists.filter(|line| line.starts_with("members") || line.starts_with("exclude"));
    lists.flat_map(|list| list.split('"').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// The examples by one name, as the table has them.
fn of_examples(path: &str) -> String {
    let Some(rest) = path.strip_prefix("examples/") else { return path.to_owned() };
    (if rest.contains("/tests/") { "examples/*/tests" } else { "examples/*" }).to_owned()
}

/// The test targets of a package: a directory, or a file.
fn targets(package: &str) -> Vec<String> {
    let manifest = read(&format!("{package}/Cargo.toml"));
    let tests = section(&manifest, "[[test]]");
    let paths: Vec<&str> = tests
        .iter()
        .filter_map(|line| line.strip_prefix("path = "))
        .map(|path| path.trim_matches('"'))
        .collect();
    if !paths.is_empty() {
        let targets = paths.iter().map(|path| path.trim_end_matches("/main.rs"));
        return targets.map(|target| format!("{package}/{target}")).collect();
    }
    let Ok(entries) = fs::read_dir(workspace().join(package).join("tests")) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    let paths =
        paths.filter(|path| path.join("main.rs").is_file() || path.extension() == Some("rs".as_ref()));
    let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.map(|path| format!("{package}/tests/{}", name(path))).collect()
}

#[test]
fn contributing_has_each_package() {
    let told = first_column(&read("CONTRIBUTING.md"), "| folder | what |");
    let packages: BTreeSet<String> = packages().iter().map(|package| of_examples(package)).collect();
    assert!(packages.contains("dynamap") && packages.contains("examples/*"), "{packages:?}");
    assert_eq!(told, packages);
}

#[test]
fn contributing_has_each_test_target() {
    let told = first_column(&read("CONTRIBUTING.md"), "| where | what | how it is written |");
    let packages = packages();
    let targets = packages.iter().flat_map(|package| targets(package));
    let targets: BTreeSet<String> = targets.map(|target| of_examples(&target)).collect();
    assert!(targets.len() > 20 && targets.contains("tests/it"), "{targets:?}");
    assert_eq!(told, targets);
}

#[test]
fn the_root_of_dynamap_has_each_feature() {
    let told = first_column(&read("dynamap/src/lib.rs"), "| feature | purpose |");
    let manifest = read("dynamap/Cargo.toml");
    let features = section(&manifest, "[features]").into_iter().filter_map(|line| line.split_once(" = "));
    let features: BTreeSet<String> =
        features.filter(|(name, _)| *name != "default").map(|(name, _)| name.to_owned()).collect();
    assert!(features.contains("derive"), "{features:?}");
    assert_eq!(told, features);
}

/// The variants of a public enum, in the source as it is formatted.
fn variants(source: &str, name: &str) -> BTreeSet<String> {
    let body = source.split_once(&format!("pub enum {name} {{\n")).unwrap().1.split_once("\n}").unwrap().0;
    let variants = body.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    variants.map(|line| line.split(['(', ',', ' ']).next().unwrap().to_owned()).collect()
}

#[test]
fn the_chapter_of_errors_has_each_variant() {
    let page = read("dynamap/guide/errors.md");
    let told = first_column(&page, "| variant | meaning | was it written? | what to do |");
    let errors = variants(&read("dynamap/src/outcome.rs"), "Error");
    assert!(errors.len() > 20 && errors.contains("Unknown"), "{errors:?}");
    assert_eq!(told, errors);
    let told = first_column(&page, "| kind | what helps |");
    let mut kinds = variants(&read("dynamap/src/error/service.rs"), "ServiceErrorKind");
    assert!(kinds.remove("Other"));
    assert_eq!(told, kinds);
}

#[test]
fn the_readme_and_the_guide_have_each_chapter() {
    let folder = fs::read_dir(workspace().join("dynamap/guide")).unwrap();
    let pages = folder.map(|page| page.unwrap().file_name().into_string().unwrap());
    // The pages of the cookbook are in a folder.
    let pages: Vec<_> = pages.filter(|page| page.ends_with(".md")).collect();
    assert!(pages.len() > 15, "{pages:?}");
    let readme = read("README.md");
    // The chapter of item collections is that of their module.
    let guide = read("dynamap/src/guide.rs") + &read("dynamap/src/collection.rs");
    for page in pages {
        assert!(guide.contains(&format!("include_str!(\"../guide/{page}\")")), "{page}");
        // The second half of a chapter is no chapter.
        assert!(page == "streams_reader.md" || readme.contains(&format!("(dynamap/guide/{page})")), "{page}");
    }
}

#[test]
fn tables_and_manifests_are_read() {
    let page = "| a | b |\n|---|---|\n| `x` | y |\n| `z/*`, `w` (on) | `v` |\n\n| `u` | t |\n";
    let told: Vec<_> = first_column(page, "| a | b |").into_iter().collect();
    assert_eq!(told, ["w", "x", "z/*"]);
    let manifest = "[features]\n# Off.\na = []\n\n[[test]]\npath = \"a\"\n[[test]]\npath = \"b\"\n";
    assert_eq!(section(manifest, "[features]"), ["a = []", ""]);
    assert_eq!(section(manifest, "[[test]]"), ["path = \"a\"", "path = \"b\""]);
    assert_eq!(of_examples("examples/wallet/tests/wallet"), "examples/*/tests");
    let source = "pub enum A {\n    /// One.\n    One,\n    #[b]\n    Two(#[from] Two),\n    Three {\n        x: u8,\n    },\n}\nenum B {\n    Four,\n}\n";
    assert_eq!(variants(source, "A").into_iter().collect::<Vec<_>>(), ["One", "Three", "Two"]);
}
