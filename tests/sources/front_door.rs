//! The chapters in which readers look things up: the cookbook, and the page of DynamoDB's operations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const GUIDE: &str = "dynamap/guide";
const COOKBOOK: &str = "crate::guide::cookbook::";

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The pages of a folder, by their names without the extension.
fn pages(folder: &str) -> BTreeMap<String, String> {
    let entries = fs::read_dir(workspace().join(folder)).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let pages = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    pages
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// The headings of a page, without those of code blocks.
fn headings(page: &str) -> Vec<&str> {
    let mut is_code = false;
    let lines = page.lines().filter(|line| {
        is_code ^= line.starts_with("```");
        !is_code && line.starts_with('#')
    });
    lines.map(|line| line.trim_start_matches('#').trim()).collect()
}

/// The id that rustdoc gives to a heading.
fn id(heading: &str) -> String {
    let kept = heading.chars().filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'));
    kept.map(|char| if char == ' ' { '-' } else { char.to_ascii_lowercase() }).collect()
}

/// The targets of the links of a page.
fn links(page: &str) -> Vec<&str> {
    page.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link).collect()
}

/// The headings of the chapter that `crate::guide::..` names; both pages of the chapter on streams are one.
fn ids_of(chapter: &str) -> BTreeSet<String> {
    let path = chapter.trim_start_matches("crate::guide::").replace("::", "/");
    let second = format!("{GUIDE}/{path}_reader.md");
    let second = if workspace().join(&second).exists() { read(&second) } else { String::new() };
    let page = read(&format!("{GUIDE}/{path}.md")) + &second;
    headings(&page).into_iter().map(id).collect()
}

#[test]
fn links_to_a_place_in_a_chapter_find_it() {
    let mut seen = 0;
    for (name, page) in pages(GUIDE)
        .into_iter()
        .chain(pages(&format!("{GUIDE}/cookbook")))
        .chain(pages(&format!("{GUIDE}/existing_tables")))
    {
        let places = links(&page).into_iter().filter_map(|link| link.split_once('#'));
        for (chapter, place) in places.filter(|(chapter, _)| chapter.starts_with("crate::guide::")) {
            assert!(ids_of(chapter).contains(place), "{name}: no {place} in {chapter}");
            seen += 1;
        }
    }
    assert!(seen > 70, "{seen}");
}

#[test]
fn the_index_of_the_cookbook_has_each_task() {
    let index = read(&format!("{GUIDE}/cookbook.md"));
    let told = links(&index).into_iter().filter_map(|link| link.strip_prefix(COOKBOOK)?.split_once('#'));
    let told: BTreeSet<(String, String)> =
        told.map(|(page, place)| (page.to_owned(), place.to_owned())).collect();
    let tasks: BTreeSet<(String, String)> = pages(&format!("{GUIDE}/cookbook"))
        .iter()
        .flat_map(|(name, page)| headings(page).into_iter().skip(1).map(move |task| (name.clone(), id(task))))
        .collect();
    assert!(tasks.len() >= 30, "{}", tasks.len());
    assert_eq!(told, tasks);
    let modules = read("dynamap/src/guide/cookbook.rs");
    for (page, _) in &tasks {
        assert!(modules.contains(&format!("/guide/cookbook/{page}.md")), "{page}");
    }
}

#[test]
fn the_guide_lists_its_chapters() {
    let guide = read("dynamap/src/guide.rs");
    let (list, modules): (Vec<&str>, Vec<&str>) = guide.lines().partition(|line| line.starts_with("//!"));
    let chapters = modules.iter().filter_map(|line| line.strip_prefix("pub mod ")?.split([' ', ';']).next());
    let chapters: Vec<&str> = chapters.collect();
    assert!(chapters.len() > 20, "{chapters:?}");
    for chapter in chapters {
        let links = [format!("]({chapter})"), format!("[{chapter}]")];
        assert!(list.iter().any(|line| links.iter().any(|link| line.contains(link))), "{chapter}");
    }
}

#[test]
fn each_task_has_code_that_runs_and_a_line_about_it() {
    for (name, page) in pages(&format!("{GUIDE}/cookbook")) {
        for task in page.split("\n## ").skip(1) {
            let title = task.lines().next().unwrap();
            let [_, code, text]: [&str; 3] = task.split("```").collect::<Vec<_>>().try_into().unwrap();
            // One connects to a port that no test has.
            assert!(code.starts_with("rust\n") || title.contains("endpoint URL"), "{name}: {title}");
            let shown = code.lines().skip(1).filter(|line| !line.starts_with("# ")).count();
            assert!((1..=30).contains(&shown), "{name}: {title} has {shown} lines");
            assert!(text.trim().len() > 40, "{name}: {title} says nothing");
        }
    }
}

/// The operations of an SDK crate, as its sources have them.
fn operations_of(krate: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline"])
        .current_dir(workspace())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == krate).unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let modules = fs::read_to_string(manifest.with_file_name("src").join("operation.rs")).unwrap();
    let modules = modules.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    modules.map(camel_case).collect()
}

fn camel_case(module: &str) -> String {
    let words = module.split('_').map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect()
}

/// The names in back quotes in the first cells of the tables with this header.
fn first_cells(page: &str, header: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for table in page.split(&format!("{header}\n")).skip(1) {
        for row in table.lines().skip(1).take_while(|line| line.starts_with('|')) {
            let cell = row.split('|').nth(1).unwrap();
            for name in cell.split('`').skip(1).step_by(2) {
                assert!(names.insert(name.to_owned()), "`{name}` is there twice");
            }
        }
    }
    names
}

#[test]
fn each_operation_of_the_sdk_has_a_row() {
    let page = read(&format!("{GUIDE}/operations.md"));
    let mut called = first_cells(&page, "| operation | call | chapter |");
    called.extend(first_cells(&page, "| operation | call |"));
    let by_client = first_cells(&page, "| operation | for |");
    assert_eq!(called.intersection(&by_client).count(), 0);
    let told: BTreeSet<String> = called.union(&by_client).cloned().collect();
    let mut operations = operations_of("aws-sdk-dynamodb");
    operations.extend(operations_of("aws-sdk-dynamodbstreams"));
    assert!(operations.len() > 55, "{}", operations.len());
    assert_eq!(told, operations);
    // Those that dynamap sends have a call.
    let source = read("dynamap/src/direct/operation.rs");
    let sent = source
        .lines()
        .filter_map(|line| line.split_once("::{")?.1.split_once("Input, "))
        .map(|(names, _)| names);
    let sent: Vec<&str> = sent.filter_map(|names| names.split(',').next()).collect();
    assert!(sent.len() > 15, "{sent:?}");
    for operation in sent {
        assert!(called.contains(operation), "{operation} has no call");
    }
}

/// The names in the attributes `doc(alias)` of the sources below a folder, and those of public structs.
fn searched_names(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            searched_names(&path, names);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for line in source.lines().map(str::trim_start) {
            if line.starts_with("#[doc(alias") {
                names.extend(line.split('"').skip(1).step_by(2).map(str::to_owned));
            }
            let name =
                line.strip_prefix("pub struct ").and_then(|rest| rest.split(['<', '(', ' ', ';']).next());
            names.extend(name.map(str::to_owned));
        }
        // The variants of `Error`.
        if path.ends_with("src/outcome.rs") {
            let variants = source.lines().filter_map(|line| line.strip_prefix("    ")?.split_once('('));
            names.extend(variants.map(|(variant, _)| variant.to_owned()));
        }
    }
}

#[test]
fn the_search_of_the_docs_finds_the_words_of_dynamodb() {
    let page = read(&format!("{GUIDE}/operations.md"));
    let mut wanted = first_cells(&page, "| operation | call | chapter |");
    wanted.extend(first_cells(&page, "| member | call |"));
    wanted.extend(first_cells(&page, "| exception | error |"));
    wanted.extend(
        ["attribute_exists", "attribute_not_exists", "attribute_type", "if_not_exists", "list_append"]
            .map(str::to_owned),
    );
    let mut found = BTreeSet::new();
    searched_names(&workspace().join("dynamap/src"), &mut found);
    let is_word = |name: &String| name.chars().all(|char| char.is_alphanumeric() || char == '_');
    // DynamoDB's PartiQL, and what no call of dynamap is named after.
    let without = ["ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction", "COUNT"];
    let missing: Vec<&String> = wanted
        .iter()
        .filter(|name| is_word(name) && !without.contains(&name.as_str()) && !found.contains(*name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(wanted.len() > 40);
}

#[test]
fn headings_links_and_tables_are_read() {
    let page = "# A\n```\n# not\n```\n## Put, then get (`x`)\n[b](crate::c#d) [e](f)\n";
    assert_eq!(headings(page), ["A", "Put, then get (`x`)"]);
    assert_eq!(id("Put, then get (`x_y`)"), "put-then-get-x_y");
    assert_eq!(links(page), ["crate::c#d", "f"]);
    assert_eq!(camel_case("batch_get_item"), "BatchGetItem");
    let table = "| a | b |\n|---|---|\n| `X`, `Y` | `z` |\n\n| a | b |\n|---|---|\n| `W` | |\n";
    assert_eq!(first_cells(table, "| a | b |").into_iter().collect::<Vec<_>>(), ["W", "X", "Y"]);
}
