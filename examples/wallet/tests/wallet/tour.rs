//! The tour shows what the README's table lists.

use examples_shared::output::{Output, Paint};

const README: &str = include_str!("../../README.md");
const LIB: &str = include_str!("../../src/lib.rs");

async fn tour() -> String {
    let mut text = Vec::new();
    wallet::tour::run(&mut Output { to: &mut text, paint: Paint::OFF }).await.unwrap();
    String::from_utf8(text).unwrap()
}

/// The access patterns of the README's first table, with their functions.
fn access_patterns() -> Vec<(&'static str, &'static str)> {
    let rows =
        README.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = rows.skip(2).map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    cells.map(|cells| (cells[0], cells[3].trim_matches('`'))).collect()
}

#[tokio::test(start_paused = true)]
async fn the_tour_stops_at_every_access_pattern() {
    let tour = tour().await;
    let patterns = access_patterns();
    assert_eq!(LIB.matches("\npub async fn ").count(), patterns.len(), "{patterns:?}");
    for (pattern, function) in patterns {
        let stop = format!(". {pattern}  {function}\n");
        assert!(tour.contains(&stop), "no stop `{stop}` in:\n{tour}");
        assert!(LIB.contains(&format!("pub async fn {function}(")), "no function {function}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_tour_shows_requests_and_outcomes() {
    let tour = tour().await;
    for shown in [
        "\"ProvisionedThroughput\": { \"ReadCapacityUnits\": 5, \"WriteCapacityUnits\": 10 }",
        "=> created, and active, by ",
        "=> refused: there is a wallet `ada` already\n",
        "=> ada has 1000, bob has 0\n",
        "TransactWriteItems {",
        "\"ClientRequestToken\": \"",
        "\"ConditionExpression\": ",
        "=> ada has 700, bob has 300\n",
        "=> done before; ada has 700, bob has 300\n",
        "=> refused: wallet `ada` has only 700\n",
        "=> refused: the money would go where it comes from\n",
        "=> refused: an amount is at least 1\n",
        "=> refused: there is no wallet `eve`\n",
        "=> refused: there is another transfer `t-1`\n",
        "\" }  => done, and the answer lost\n  TransactWriteItems { ..., ",
        "\" }  => success\n  => done once: ada has 600, bob has 400\n",
        "=> sent again and again with this token, until there was an answer\n  => done once: ada has 550, bob has 450\n",
        "\"ScanIndexForward\": false",
        "\"ExclusiveStartKey\": {",
        "  (outside)   +1000\n",
        "more after cursor ",
        "=> 550 and 450: 1000 together\n",
        "=> t-6: 100 to bob\n",
        "=> t-2: no such transfer\n",
        "=> bob of Berta Bull: 450 (version 5)\n",
        "\nCapacity\n",
        "=> table: ",
        " write units\n     requests: ",
    ] {
        assert!(tour.contains(shown), "no `{shown}` in:\n{tour}");
    }
    assert!(tour.ends_with("That was all. Go on with: cargo run --release -p wallet -- stress\n"), "{tour}");
    assert!(!tour.contains('\x1b'), "colours without a terminal");
}
