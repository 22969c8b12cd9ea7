//! The chapter of the guide that shows the model of each example.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

const CHAPTER: &str = "dynamap/guide/systems.md";
const FENCE: &str = "```";

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The path of a source file, if the line announces one that is shown.
fn announced(line: &str) -> Option<&str> {
    line.strip_prefix('`')?.strip_suffix("`:").filter(|path| path.ends_with(".rs"))
}

/// The page with each announced file as `file` gives it, and the paths of these files.
fn with_files(page: &str, file: impl Fn(&str) -> String) -> (String, BTreeSet<String>) {
    let (mut text, mut paths) = (String::new(), BTreeSet::new());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        text.push_str(&format!("{line}\n"));
        let Some(path) = announced(line) else { continue };
        assert!(paths.insert(path.to_owned()), "{path} is there twice");
        let opening: Vec<&str> = lines.by_ref().take(2).collect();
        assert_eq!(opening, ["", "```rust,ignore"], "after {path}");
        assert!(lines.by_ref().any(|line| line == FENCE), "no end of {path}");
        let file = file(path);
        assert!(!file.contains(FENCE), "{path} would end its block");
        text.push_str(&format!("\n```rust,ignore\n{file}{FENCE}\n"));
    }
    (text, paths)
}

#[test]
fn the_guide_shows_the_model_of_each_example_as_it_is() {
    let page = read(CHAPTER);
    let (text, shown) = with_files(&page, read);
    if env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(workspace().join(CHAPTER), &text).unwrap();
    }
    let is_as_it_is = text == read(CHAPTER);
    assert!(is_as_it_is, "{CHAPTER} has an old model; UPDATE_EXPECT=1 writes it anew");
    let examples = fs::read_dir(workspace().join("examples")).unwrap().map(|entry| entry.unwrap().path());
    let models = examples.map(|example| example.join("src/model.rs")).filter(|model| model.is_file());
    let models: BTreeSet<String> =
        models.map(|model| model.strip_prefix(workspace()).unwrap().to_string_lossy().into_owned()).collect();
    assert!(models.len() >= 5, "{models:?}");
    assert_eq!(shown, models);
}

#[test]
fn files_are_put_into_a_page() {
    let page = "# A\n\n`a/b.rs`:\n\n```rust,ignore\nold\n```\n\n`not.md`:\nend\n";
    let (text, paths) = with_files(page, |path| format!("// {path}\n"));
    assert_eq!(text, "# A\n\n`a/b.rs`:\n\n```rust,ignore\n// a/b.rs\n```\n\n`not.md`:\nend\n");
    assert_eq!(paths.into_iter().collect::<Vec<_>>(), ["a/b.rs"]);
}
