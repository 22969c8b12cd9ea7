//! The tour shows what the README's table lists.

use examples_shared::output::{Output, Paint};

const README: &str = include_str!("../../README.md");
const LIB: &str = include_str!("../../src/lib.rs");

/// The access patterns of the README's first table, with their functions.
fn access_patterns() -> Vec<(&'static str, &'static str)> {
    let rows =
        README.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = rows.skip(2).map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    cells.map(|cells| (cells[0], cells[3].trim_matches('`'))).collect()
}

#[tokio::test]
async fn the_tour_stops_at_every_access_pattern_and_shows_each_kind_of_change() {
    let mut text = Vec::new();
    stream_processor::tour::run(&mut Output { to: &mut text, paint: Paint::OFF }).await.unwrap();
    let tour = String::from_utf8(text).unwrap();
    let patterns = access_patterns();
    assert!(patterns.len() >= 12, "{patterns:?}");
    for (pattern, function) in patterns {
        let stop = format!(". {pattern}  {function}\n");
        assert!(tour.contains(&stop), "no stop `{stop}` in:\n{tour}");
        let is_there = ["pub async fn", "pub fn"].iter().any(|of| LIB.contains(&format!("{of} {function}(")));
        assert!(is_there, "no function {function}");
    }
    for shown in [
        "=> created, and active\n",
        "recorded: INSERT stock of product 22: 5 in stock\n",
        "recorded: MODIFY stock of product 22: 5 in stock -> 3 in stock\n",
        "recorded: MODIFY stock of product 22: 3 in stock -> 2 in stock\n",
        "recorded: REMOVE product 22: `Signal from Tuva` at 24.05\n",
        "recorded: EXPIRE session of ada@example.com\n",
        "TransactWriteItems {",
        "\"EFFECT#views#",
        "after the second delivery: product 10: 2 sold in 1 sales\n",
        " stored as poison: record ",
        "recorded: INSERT stock of product 20: 1 in stock\n",
        "=> product 22: 4 sold in 3 sales\n",
        "      22     2\n",
        "\"IndexName\": \"gsi1\"",
        "\"IndexName\": \"gsi2\"",
        " BETWEEN ",
        "MODIFY  stock of product 22  5 in stock -> 3 in stock\n",
    ] {
        assert!(tour.contains(shown), "no `{shown}` in:\n{tour}");
    }
    assert!(!tour.contains('\x1b'), "colours without a terminal");
}
