//! The tables in Markdown.

use super::{CaseResult, HEADINGS};
use std::{fs, io, path::Path};

/// All tables, with what they were measured on.
pub(crate) fn document(results: &[CaseResult]) -> io::Result<String> {
    let head =
        "# Results\n\nWritten by `cargo run --release -p bench`; `bench/README.md` says how it measures.";
    tables(head, results)
}

/// The tables of batches.
pub(crate) fn batches(results: &[CaseResult]) -> io::Result<String> {
    let head = "# Batches\n\nWritten by `cargo run --release -p bench -- batch`; `bench/README.md` says what it measures. \
                All numbers are those of one item of a batch.";
    tables(head, results)
}

fn tables(head: &str, results: &[CaseResult]) -> io::Result<String> {
    let mut out = format!(
        "{head} `x` is how many times as much as dynamap. Instructions are counted by callgrind; times are medians.\n\n",
    );
    out += &format!("Measured with {}", versions()?);
    if let Some(processor) = processor() {
        out += &format!(", on {processor}");
    }
    out += ".\n";
    for result in results {
        out += &format!("\n## {}\n\n{}.\n\n", result.name, capitalised(&result.about));
        out += &rows(&HEADINGS, result.cells());
    }
    Ok(out)
}

/// A table: the first column is aligned to the left, the others to the right.
pub(crate) fn rows<const N: usize>(headings: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut out = format!("| {} |\n|---{}|\n", headings.join(" | "), "|--:".repeat(N - 1));
    rows.for_each(|cells| out += &format!("| {} |\n", cells.join(" | ")));
    out
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The versions of the contenders, as the lock file has them.
fn versions() -> io::Result<String> {
    const NAMES: [&str; 7] = [
        "aws-sdk-dynamodb",
        "aws_lambda_events",
        "modyne",
        "serde",
        "serde_dynamo",
        "serde_json",
        "sonic-rs",
    ];
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock"))?;
    let version = |name| Some(format!("{name} {}", version_of(&lock, name)?));
    Ok(NAMES.into_iter().filter_map(version).collect::<Vec<_>>().join(", "))
}

fn version_of<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let (_, package) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    package.split('"').next()
}

fn processor() -> Option<String> {
    let text = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_lock_file() {
        let lock = "[[package]]\nname = \"modyne\"\nversion = \"0.3.1\"\nsource = \"\"\n";
        assert_eq!(version_of(lock, "modyne"), Some("0.3.1"));
        assert_eq!(version_of(lock, "other"), None);
    }

    #[test]
    fn every_contender_has_a_row() {
        let text = document(&[super::super::tests::result()]).unwrap();
        assert!(text.contains("| hand | 2,500 | 2.50x | 1.25 µs | 12.50x | 2 | 12,345 |\n"), "{text}");
    }
}
