//! The page that shows the last run on each engine.
//!
//! The sections of the engines stand between two markers. Each begins with a comment that has its name, version, date and
//! sums, of which the first table is made.

use super::outcome::{Outcome, Row, Rows, Sums};
use std::{collections::BTreeMap, fmt::Write};

const BEGIN: &str = "<!-- the engine matrix: written by the command `matrix` with `--write` -->\n";
const END: &str = "<!-- end of the engine matrix -->\n";
const ENGINE: &str = "<!-- engine | ";

/// The run on one engine.
#[derive(Debug)]
pub struct Section<'a> {
    /// The name of the engine.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The day of the run, such as `2026-11-30`.
    pub date: &'a str,
    /// The cases.
    pub rows: &'a Rows,
}

impl Section<'_> {
    /// The tables of the run.
    #[must_use]
    pub fn tables(&self) -> String {
        let mut text = String::from("| topic | cases | passed | not supported | deviate | failed |\n");
        text.push_str("|---|--:|--:|--:|--:|--:|\n");
        for topic in self.rows.topics() {
            line(&mut text, &[topic], self.rows.sums_of_topic(topic));
        }
        line(&mut text, &["all"], self.rows.sums());
        let groups = groups(&self.rows.0);
        if !groups.is_empty() {
            text.push_str("\n| outcome | reason | cases |\n|---|---|---|\n");
        }
        for ((outcome, reason), cases) in groups {
            let cases: Vec<_> = cases.iter().map(|row| format!("`{}::{}`", row.topic, row.case)).collect();
            let _ = writeln!(text, "| {outcome} | {} | {} |", cell(&reason), cases.join(", "));
        }
        text
    }

    fn text(&self) -> String {
        let Self { name, version, date, .. } = self;
        let Sums { passed, not_supported, deviates, failed } = self.rows.sums();
        let sums = format!("{passed} | {not_supported} | {deviates} | {failed}");
        let head = format!("{ENGINE}{name} | {version} | {date} | {} | {sums} -->", self.rows.0.len());
        format!("{head}\n### {name}\n\n{}\n", self.tables())
    }
}

/// Rows that are not passed, by their outcome and reason.
fn groups(rows: &[Row]) -> BTreeMap<(&'static str, String), Vec<&Row>> {
    let mut groups: BTreeMap<_, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        let key = match &row.outcome {
            Outcome::Passed => continue,
            Outcome::NotSupported(capability) => ("not supported", capability.to_string()),
            Outcome::Deviates(reason) => ("deviates", (*reason).to_owned()),
            Outcome::Failed(reason) => ("failed", reason.clone()),
        };
        groups.entry(key).or_default().push(row);
    }
    groups
}

/// A line of a table: texts, the number of cases, and the sums, of which none is left empty.
fn line(text: &mut String, first: &[&str], sums: Sums) {
    let Sums { passed, not_supported, deviates, failed } = sums;
    let number = |number: usize| if number == 0 { String::new() } else { number.to_string() };
    let numbers = [sums.all(), passed, not_supported, deviates, failed].map(number);
    let _ = writeln!(text, "| {} | {} |", first.join(" | "), numbers.join(" | "));
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The page with a section in the place of that of the same engine.
///
/// # Errors
/// The page has no place for sections.
pub fn updated(page: &str, section: &Section<'_>) -> Result<String, NoPlace> {
    let (before, rest) = page.split_once(BEGIN).ok_or(NoPlace)?;
    let (inside, after) = rest.split_once(END).ok_or(NoPlace)?;
    let mut sections: BTreeMap<String, String> =
        sections(inside).map(|(name, text)| (name.into(), text)).collect();
    sections.insert(section.name.to_owned(), section.text());
    let sections: String = sections.into_values().collect();
    Ok(format!("{before}{BEGIN}\n{}\n{sections}{END}{after}", overview(&sections)))
}

/// The page has no place for sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoPlace;

impl std::fmt::Display for NoPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the page has no place for the engine matrix")
    }
}

impl std::error::Error for NoPlace {}

/// The sections of a page, by the names of their engines.
pub fn sections(page: &str) -> impl Iterator<Item = (&str, String)> {
    let inside = page.split(END).next().unwrap_or_default();
    inside.split(ENGINE).skip(1).filter_map(|text| {
        let (name, _) = text.split_once(" | ")?;
        Some((name, format!("{ENGINE}{text}")))
    })
}

fn overview(sections: &str) -> String {
    let mut text =
        String::from("| engine | version | date | cases | passed | not supported | deviate | failed |\n");
    text.push_str("|---|---|---|--:|--:|--:|--:|--:|\n");
    for head in sections.lines().filter_map(|line| line.strip_prefix(ENGINE)) {
        let _ = writeln!(text, "| {} |", head.trim_end_matches(" -->"));
    }
    text
}
