//! The tour shows what the README's table lists.

use examples_shared::output::{Output, Paint};

const README: &str = include_str!("../../README.md");
const LIB: &str = include_str!("../../src/lib.rs");

async fn tour() -> String {
    let mut text = Vec::new();
    webshop::tour::run(&mut Output { to: &mut text, paint: Paint::OFF }).await.unwrap();
    String::from_utf8(text).unwrap()
}

/// The access patterns of the README's first table, with their functions.
fn access_patterns() -> Vec<(&'static str, &'static str)> {
    let rows =
        README.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = rows.skip(2).map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    cells.map(|cells| (cells[0], cells[3].trim_matches('`'))).collect()
}

#[tokio::test]
async fn the_tour_stops_at_every_access_pattern() {
    let tour = tour().await;
    let patterns = access_patterns();
    assert!(patterns.len() >= 10, "{patterns:?}");
    for (pattern, function) in patterns {
        let stop = format!(". {pattern}  {function}\n");
        assert!(tour.contains(&stop), "no stop `{stop}` in:\n{tour}");
        // Those two are no functions of the shop's own.
        if !["create_table_if_absent", "import::write"].contains(&function) {
            assert!(LIB.contains(&format!("pub async fn {function}(")), "no function {function}");
        }
    }
}

#[tokio::test]
async fn the_tour_shows_requests_and_outcomes() {
    let tour = tour().await;
    for shown in [
        "CreateTable {",
        "\"ConditionExpression\": \"attribute_not_exists(",
        "refused: there is a user with this email address already",
        "refused: wrong email address or password",
        "=> no such session",
        "\"IndexName\": \"gsi1\"",
        "\"ProjectionExpression\"",
        "\"ExclusiveStartKey\": {",
        " BETWEEN ",
        "100  Night Trains to Luleå      12.80",
        "more after cursor ",
        "=> 3: Board games\n",
        "=> refused: no such product group\n",
        "=> no such product\n",
        "=> 5 in stock\n",
        "=> 4 sold, 1 left\n",
        "=> refused: 2 wanted, only 1 left\n",
        "\"UpdateExpression\": \"SET #n0 = :v0, #n1 = :v1\"",
        "\"FilterExpression\": ",
        "=> Games and one film\n",
        "=> 12 products\n",
        "\"SearchVector\": [{ \"N\": ",
        "\"SearchConditionExpression\": ",
    ] {
        assert!(tour.contains(shown), "no `{shown}` in:\n{tour}");
    }
    assert!(!tour.contains('\x1b'), "colours without a terminal");
}
